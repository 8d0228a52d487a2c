"""Regrets as curves: the means that a figure shows, with their style."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import LINESTYLES, MARKERS, PALETTE
from stackel._stats.intervals import Interval, mean_interval
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

_ROUNDING = 1e-9
_MOSTLY = 0.5
"""Share of the checkpoints from which a curve counts as negative."""


@dataclass(frozen=True)
class Regrets:
    """Regret of both players of one run over time, with the players' names."""

    learners: tuple[str, str]
    rounds: npt.NDArray[np.int64]
    """Shape (K,)."""
    regret: npt.NDArray[np.float64]
    """Shape (2, R, K)."""
    rounding: npt.NDArray[np.float64]
    """Mean regret up to which it counts as zero, shape (2, K)."""
    alike: npt.NDArray[np.bool_]
    """True where all replications are alike by chance and show no spread, shape (2, K)."""
    alpha: npt.NDArray[np.float64]
    """Benchmark in utility a round, shape (2,)."""
    benchmark: str
    """Its name; empty if it has none."""
    changes: tuple[int, ...] = ()
    """Last rounds before changes of the game."""

    def interval(self, confidence: float) -> Interval:
        """Return the mean regrets with Student's limits, each of shape (2, K)."""
        return mean_interval(self.regret, 1, confidence, self.alike)

    def a_round(self) -> Regrets:
        """Return the regrets divided by the rounds."""
        return replace(self, regret=self.regret / self.rounds, rounding=self.rounding / self.rounds)

    def curves(self, label: str, rank: int, confidence: float, *, alone: bool) -> Iterator[Curve]:
        """Yield the curves of both players; unless the run is `alone`, `label` and `rank` distinguish it."""
        interval = self.interval(confidence)
        visible = interval.mean > self.rounding
        for player, role in enumerate(ROLES):
            yield Curve(
                name=role if alone else f"{label} ({role})",
                label=f"{role}: {self.learners[player]}" if alone else "" if player else listed(label),
                player=player,
                look=player if alone else rank,
                rounds=self.rounds,
                interval=Interval(*(part[player] for part in interval)),
                shown=visible[player],
                alike=self.alike[player],
                is_below=_is_below(interval.mean[player] < -self.rounding[player]),
            )


def _is_below(negative: npt.NDArray[np.bool_]) -> bool:
    return bool(negative[-1] or negative.mean() > _MOSTLY)


def listed(name: object) -> str:
    """Return a name as legends list it; Matplotlib leaves out empty ones, and those that begin with ``_``."""
    text = str(name)
    return f" {text}" if text[:1] in {"", "_"} else text


@dataclass(frozen=True)
class Curve:
    """Mean regret of one player of one run, with its style."""

    name: str
    label: str
    player: int
    look: int
    """Rank of its colour and marker."""
    rounds: npt.NDArray[np.int64]
    interval: Interval
    shown: npt.NDArray[np.bool_]
    """True where the mean is above zero by more than rounding errors."""
    alike: npt.NDArray[np.bool_]
    """True where all replications are alike by chance."""
    is_below: bool = False
    """Whether the mean ends below zero, or is there at most checkpoints, by more than rounding errors."""
    is_equal: bool = False
    """Whether a later curve has the same means: this one is drawn wider, and shows beside it."""

    def signed(self) -> Curve:
        """Return the curve for an axis that can show every mean."""
        return replace(self, shown=np.ones_like(self.shown))

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean regret, nan where it is not shown."""
        return np.where(self.shown, self.interval.mean, np.nan)

    @property
    def low(self) -> npt.NDArray[np.float64]:
        """Lower limit; a tiny positive number, below every axis, where it is zero or less."""
        return np.maximum(self.interval.low, np.finfo(float).tiny)

    @property
    def line(self) -> dict[str, Any]:
        """Style of the line, as keyword arguments of matplotlib."""
        return {
            "color": PALETTE[self.look % len(PALETTE)],
            "linestyle": LINESTYLES[self.player],
            "linewidth": 4.0 if self.is_equal else 1.3,
            "alpha": 0.45 if self.is_equal else 1.0,
        }

    @property
    def marker(self) -> dict[str, Any]:
        """Style of the points, filled for the leader and hollow for the follower."""
        colour = PALETTE[self.look % len(PALETTE)]
        fill = "none" if self.player else colour
        return {
            "marker": MARKERS[self.look % len(MARKERS)],
            "markersize": 4,
            "markerfacecolor": fill,
            "color": colour,
        }

    @property
    def marked(self) -> list[int]:
        """Checkpoints with a marker: about ten, and those without a shown neighbour.

        The two players' markers alternate, so that equal curves can be distinguished.
        """
        count = len(self.rounds)
        step = max(1, count // 10)
        alone = self.shown & ~np.append(False, self.shown[:-1]) & ~np.append(self.shown[1:], False)
        return sorted({*range(self.player * step // 2, count, step), *np.flatnonzero(alone).tolist()})


def equal_curves(curves: Sequence[Curve]) -> list[list[Curve]]:
    """Return groups of curves with the same means, up to rounding."""
    groups: list[list[Curve]] = []
    for curve in curves:
        for group in groups:
            if _same(group[0], curve):
                group.append(curve)
                break
        else:
            groups.append([curve])
    return groups


def _same(one: Curve, other: Curve) -> bool:
    means = one.interval.mean, other.interval.mean
    return np.array_equal(one.rounds, other.rounds) and np.allclose(*means, rtol=_ROUNDING, atol=0.0)


def with_equals(curves: Sequence[Curve]) -> list[Curve]:
    """Return the curves; those that a later one would hide know it."""
    hidden = [curve for group in equal_curves(curves) for curve in group[:-1]]
    return [replace(curve, is_equal=any(curve is each for each in hidden)) for curve in curves]
