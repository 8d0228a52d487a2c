"""The best any pair of a portfolio does against games that none can do well in.

Impossibility results speak of two or more games at once: some player must fare badly in one of
them. A `Cell` is one such game with the player whose regret counts in it; what a pair is judged by
is the worst of its cells, and the portfolio by its best pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.reproduce.claim import Estimate, Series
from stackel.reproduce.measure import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.reproduce.claim import Effort
    from stackel.reproduce.measure import Curve, Instance, Lab
    from stackel.reproduce.portfolio import Pair
    from stackel.reproduce.rates import Reduction


class Cell(NamedTuple):
    """A game, and the player whose regret in it counts."""

    instance: Instance
    player: int


class Least(NamedTuple):
    """Smallest value any pair reached at one horizon, and the pair."""

    horizon: int
    pair: str
    value: Estimate


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
    def play(cls, lab: Lab, pairs: Sequence[Pair], cells: Sequence[Cell], effort: Effort) -> Contest:
        """Let every pair play every cell."""
        return cls(
            cells, tuple(tuple(lab.curve(pair, cell.instance, effort) for cell in cells) for pair in pairs)
        )

    @cached_property
    def worst_cells(self) -> tuple[tuple[Estimate, ...], ...]:
        """For each pair and horizon, the regret in its worst cell.

        The limits are made for the least over pairs, which they are reduced to. Its lower limit is
        too high only if that of the truly best pair is, in one of its cells: so only cells share
        the error probability. Its upper limit is too low only if that of some pair is, in the truly
        worst of its cells: so only pairs share it.
        """
        error = 1 - CONFIDENCE
        lower = [self._estimates(row, 1 - error / len(self.cells)) for row in self.curves]
        upper = [self._estimates(row, 1 - error / len(self.curves)) for row in self.curves]
        return tuple(
            tuple(
                Estimate(max(e.value for e in lows), max(e.low for e in lows), max(e.high for e in highs))
                for lows, highs in zip(zip(*low, strict=True), zip(*high, strict=True), strict=True)
            )
            for low, high in zip(lower, upper, strict=True)
        )

    def least(self) -> tuple[Least, ...]:
        """Return the best pair at every horizon; which it is may be due to chance, the limits are not."""
        found = []
        for column, horizon in enumerate(self.curves[0][0].horizons):
            values = [row[column] for row in self.worst_cells]
            best = min(range(len(values)), key=lambda rank: values[rank].value)
            limits = Estimate(*(min(limits) for limits in zip(*values, strict=True)))
            found.append(Least(horizon, self.curves[best][0].pair, limits))
        return tuple(found)

    def flat(self) -> tuple[Curve, ...]:
        """All curves in one row, pairs slowest, as `reduction` expects them."""
        return tuple(curve for row in self.curves for curve in row)

    @property
    def reduction(self) -> Reduction:
        """From the means of `flat` to the least over pairs of the worst over cells."""
        players = np.array([cell.player for cell in self.cells])

        def least_of_worst(means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            *batch, _, two, horizons = means.shape
            rows = means.reshape(*batch, len(self.curves), len(players), two, horizons)
            counted = rows[..., np.arange(len(players)), players, :]
            least: npt.NDArray[np.float64] = counted.max(axis=-2).min(axis=-2)
            return least

        return least_of_worst

    def series(self, per: Sequence[float]) -> tuple[Series, ...]:
        """One thin line for each pair: the regret in its worst cell, divided by `per` at each horizon."""
        x = tuple(map(float, self.curves[0][0].horizons))
        return tuple(
            Series(
                row[0].pair,
                x,
                tuple(scaled(value, unit) for value, unit in zip(values, per, strict=True)),
                None,
            )
            for row, values in zip(self.curves, self.worst_cells, strict=True)
        )

    def _estimates(self, row: tuple[Curve, ...], level: float) -> list[tuple[Estimate, ...]]:
        return [curve.estimates(cell.player, level) for curve, cell in zip(row, self.cells, strict=True)]


def scaled(value: Estimate, unit: float) -> Estimate:
    """Return the value in another unit."""
    return Estimate(value.value / unit, value.low / unit, value.high / unit)
