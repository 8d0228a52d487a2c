"""The best any pair of a portfolio does against games that none can do well in.

Impossibility results speak of two or more games at once: some player must fare badly in one of
them. A `Cell` is one such game with the player whose regret counts in it; what a pair is judged by
is the worst of its cells, and the portfolio by its best pair.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.reproduce.evidence import Estimate, Series
from stackel.reproduce.experiments.lab import CONFIDENCE
from stackel.reproduce.experiments.python_call import call_for
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from stackel.reproduce.evidence import Effort
    from stackel.reproduce.experiments.instances import Against, Instance
    from stackel.reproduce.experiments.lab import Curve, Lab
    from stackel.reproduce.experiments.learner_pairs import Pair


class Cell(NamedTuple):
    """A game, and the player whose regret in it counts."""

    instance: Instance
    player: int


class Least(NamedTuple):
    """Smallest value any pair reached at one horizon.

    The pair is the one with the smallest mean; `close` others have limits below its upper one, and may
    be as good.
    """

    horizon: int
    value: Estimate
    pair: str
    close: int
    pairs: int
    curves: tuple[Curve, ...]
    """What that pair did in every cell."""
    code: str
    """The value as an expression in ``regret``; see `call_for`."""

    def call_in(self, unit: str) -> str:
        """Python that measures the value again in a unit, an expression in T."""
        return call_for(self.curves, f"{self.code} / {unit}")

    @property
    def note(self) -> str:
        """Say which pair it was, as far as that can be told."""
        return f"least mean: {self.pair}" + (
            f"; {self.close} others within its interval" if self.close else ""
        )


@dataclass(frozen=True)
class LeastOfWorst:
    """From the mean regrets of all pairs in all cells to the least over pairs of the worst over cells."""

    players: tuple[int, ...]

    def __call__(self, means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Reduce."""
        *batch, curves, two, horizons = means.shape
        cells = len(self.players)
        rows = means.reshape(*batch, curves // cells, cells, two, horizons)
        counted = rows[..., np.arange(cells), list(self.players), :]
        least: npt.NDArray[np.float64] = counted.max(axis=-2).min(axis=-2)
        return least

    @property
    def code(self) -> str:
        """The same as an expression in ``regret``."""
        cells = len(self.players)
        counted = f"np.reshape(regret, (-1, {cells}, 2, np.shape(regret)[-1]))"
        return f"{counted}[:, range({cells}), {list(self.players)}].max(axis=1).min(axis=0)"


@dataclass(frozen=True)
class Contest:
    """What every pair of a portfolio did in every cell.

    Parameters
    ----------
    cells : sequence of Cell
        The games.
    curves : tuple of tuple of Curve
        Regret of each pair (first index) in each cell (second index).
    """

    cells: Sequence[Cell]
    curves: tuple[tuple[Curve, ...], ...]

    @classmethod
    def play(
        cls,
        lab: Lab,
        pairs: Sequence[Pair],
        cells: Sequence[Cell],
        effort: Callable[[Pair], Effort],
        against: Against,
    ) -> Contest:
        """Let every pair play every cell, with the effort that it is given."""
        instances = [cell.instance for cell in cells]
        return cls(cells, tuple(lab.curves(pair, instances, effort(pair), against) for pair in pairs))

    @cached_property
    def worst_cells(self) -> tuple[dict[int, Estimate], ...]:
        """For each pair, the regret in its worst cell at every horizon.

        The limits are made for the least over pairs, which they are reduced to. Its lower limit is
        too high only if that of the truly best pair is, in one of its cells: so only cells share
        the error probability. Its upper limit is too low only if that of some pair is, in the truly
        worst of its cells: so only pairs share it.
        """
        error = 1 - CONFIDENCE
        lower = [self._estimates(row, 1 - error / len(self.cells)) for row in self.curves]
        upper = [self._estimates(row, 1 - error / len(self.curves)) for row in self.curves]
        return tuple(
            {
                horizon: Estimate(
                    max(e.value for e in lows), max(e.low for e in lows), max(e.high for e in highs)
                )
                for horizon, lows, highs in zip(
                    row[0].horizons, zip(*low, strict=True), zip(*high, strict=True), strict=True
                )
            }
            for row, low, high in zip(self.curves, lower, upper, strict=True)
        )

    def least(self) -> tuple[Least, ...]:
        """Return the least over pairs at every horizon that some pair was played for."""
        horizons = sorted({horizon for row in self.worst_cells for horizon in row})
        return tuple(self._least_at(horizon) for horizon in horizons)

    def _least_at(self, horizon: int) -> Least:
        played = {rank: row[horizon] for rank, row in enumerate(self.worst_cells) if horizon in row}
        best = min(played, key=lambda rank: played[rank].value)
        limits = Estimate(*(min(limits) for limits in zip(*played.values(), strict=True)))
        close = sum(value.low <= played[best].high for value in played.values()) - 1
        curves = tuple(curve.at(horizon) for curve in self.curves[best])
        worst = ", ".join(f"regret[{place}][{cell.player}, 0]" for place, cell in enumerate(self.cells))
        return Least(horizon, limits, curves[0].pair.name, close, len(played), curves, f"max({worst})")

    def longest(self) -> Contest:
        """Return the contest among the pairs that were played for all horizons."""
        horizons = max((row[0].horizons for row in self.curves), key=len)
        return Contest(self.cells, tuple(row for row in self.curves if row[0].horizons == horizons))

    def trend(self) -> Trend:
        """Return the least over pairs of the worst over cells; all pairs over the same horizons.

        Pairs that are nowhere the least have no part in its value, and are left out of the call.
        """
        reduction = LeastOfWorst(tuple(cell.player for cell in self.cells))
        means = np.array([[curve.mean for curve in row] for row in self.curves])
        each = np.array([reduction(row) for row in means])
        best = set(each.argmin(axis=0).tolist())
        whole = Trend.of([curve for row in self.curves for curve in row], reduction)
        return replace(whole, curves=tuple(curve for rank in sorted(best) for curve in self.curves[rank]))

    def series(self, unit: Callable[[int], float]) -> tuple[Series, ...]:
        """One thin line for each pair: the regret in its worst cell, in the unit for each horizon."""
        return tuple(
            Series(
                row[0].pair.name,
                tuple(map(float, values)),
                tuple(scaled(value, unit(horizon)) for horizon, value in values.items()),
                None,
            )
            for row, values in zip(self.curves, self.worst_cells, strict=True)
        )

    def _estimates(self, row: tuple[Curve, ...], level: float) -> list[tuple[Estimate, ...]]:
        return [curve.estimates(cell.player, level) for curve, cell in zip(row, self.cells, strict=True)]


def scaled(value: Estimate, unit: float) -> Estimate:
    """Return the value in another unit."""
    return Estimate(value.value / unit, value.low / unit, value.high / unit)
