"""Result of `stackel.compare`: differences between pairs of learners, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from stackel._figures.style import PALETTE, QUIET, SMALL, new_figure, style_axes
from stackel._stats.intervals import mean_interval
from stackel._utils.optional import require
from stackel._utils.players import PLAYERS, ROLES
from stackel._utils.validation import as_choice
from stackel.results._tables import as_attributes, as_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

Verdict: TypeAlias = Literal["better", "worse", "not distinguishable"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Differences between the mean regrets of P pairs of learners, R replications each.

    The first axis of the differences is the player: leader, follower, and ``max``, the larger of
    the two mean regrets, which is small only if both regrets are. For each of the three, the
    intervals of all differences hold together with probability `confidence`, so that they also
    hold for the pair with the lowest mean.

    Parameters
    ----------
    names : tuple of str
        Names of the pairs.
    horizon : int
        Number of rounds T.
    benchmark : ndarray of float64, shape (2,)
        Benchmark values alpha, in units of utility per round.
    regret : ndarray of float64, shape (2, P, R)
        Regret at T in units of utility. Replication r of every pair has the same noise.
    difference, low, high : ndarray of float64, shape (3, P, P)
        Mean regret of the pair in the row minus that of the pair in the column, and the limits of
        its interval; nan for a single replication.
    alike : ndarray of bool, shape (3, P, P)
        True where the difference was the same in all replications although chance takes part in it: the
        interval has no width, and does not cover rare events that did not occur.
    confidence : float
        Probability that all intervals of a player hold.
    notes : tuple of str
        Limitations of the comparison.
    provenance : dict
        Description of the runs, in the form of `Result.provenance`.
    """

    names: tuple[str, ...]
    horizon: int
    benchmark: npt.NDArray[np.float64]
    regret: npt.NDArray[np.float64]
    difference: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    alike: npt.NDArray[np.bool_]
    confidence: float
    notes: tuple[str, ...]
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def verdict(self, pair: str, other: str, player: str = "max") -> Verdict:
        """Say whether the mean regret of `pair` is less than that of `other`.

        "better" means less regret, else it is "worse"; where the interval contains zero, the two are "not
        distinguishable". The player is leader, follower or ``max``.
        """
        row, column = (
            self.names.index(as_choice(argument, name, self.names))
            for argument, name in (("pair", pair), ("other", other))
        )
        return self._verdict(_rank(player), row, column)

    def best(self, player: str = "max") -> tuple[str, ...]:
        """Return the pairs that are not worse than any other pair, the lowest mean regret first.

        They include the truly best pair with probability `confidence`. A single pair is the winner. The
        player whose regret counts is leader, follower or ``max``.
        """
        rank = _rank(player)
        order = np.argsort(self.difference[rank, :, 0], kind="stable")
        beaten = (self.low[rank] > 0).any(axis=1)
        return tuple(self.names[row] for row in order if not beaten[row])

    @property
    def table(self) -> pd.DataFrame:
        """Table of every pair against the one with the lowest mean regret; see `against`."""
        return self.against()

    def against(self, other: str | None = None) -> pd.DataFrame:
        """Return a tidy table with a row for each player and pair (extra ``pandas``).

        Pairs are compared with `other`, by default for each player with the one of the lowest mean regret.
        Columns: ``player``, ``pair``, ``regret`` (mean), ``regret_se`` (nan for "max"), ``other``,
        ``difference`` (mean regret minus that of the other), ``low``, ``high``, ``alike`` (see `Comparison`),
        ``verdict``, and ``correlation`` of the two regrets over replications by common random numbers (nan
        for "max" and where one does not vary).
        """
        if other is not None:
            as_choice("other", other, self.names)
        mean, error, _, _ = mean_interval(self.regret, 2, self.confidence)
        rows = []
        for rank, player in enumerate(PLAYERS):
            column = self._lowest(rank) if other is None else self.names.index(other)
            both = (mean.max(axis=0), np.full(len(self.names), np.nan))
            value, spread = (mean[rank], error[rank]) if rank < len(ROLES) else both
            rows += [
                {
                    "player": player,
                    "pair": name,
                    "regret": value[row],
                    "regret_se": spread[row],
                    "other": self.names[column],
                    "difference": self.difference[rank, row, column],
                    "low": self.low[rank, row, column],
                    "high": self.high[rank, row, column],
                    "alike": self.alike[rank, row, column],
                    "verdict": self._verdict(rank, row, column),
                    "correlation": self._correlation(rank, row, column),
                }
                for row, name in enumerate(self.names)
            ]
        return as_table({key: np.array([row[key] for row in rows]) for key in rows[0]}, self.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return regrets and differences with named dimensions (extra ``xarray``).

        ``regret`` over (player, pair, replication), with nan for the player "max", which has no
        single replications; ``difference``, ``low``, ``high`` and ``alike`` over (player, pair,
        other).
        """
        place = ("player", "pair", "other")
        regret = np.concatenate([self.regret, np.full_like(self.regret[:1], np.nan)])
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(
            {
                "regret": (("player", "pair", "replication"), regret, {"units": "utility"}),
                "difference": (place, self.difference, {"units": "utility"}),
                "low": (place, self.low, {"units": "utility"}),
                "high": (place, self.high, {"units": "utility"}),
                "alike": (place, self.alike),
            },
            coords={
                "player": list(PLAYERS),
                "pair": list(self.names),
                "other": list(self.names),
                "replication": np.arange(self.regret.shape[2]),
            },
            attrs=as_attributes(self.provenance),
        )
        return dataset

    def plot(self, other: str | None = None) -> Figure:
        """Draw the differences of both players from the best pair, or from `other` (extra ``plot``)."""
        if other is not None:
            as_choice("other", other, self.names)
        columns = [self._lowest(rank) if other is None else self.names.index(other) for rank in range(2)]
        return draw_comparison(self, columns)

    def __repr__(self) -> str:
        replications = self.regret.shape[2]
        lines = [f"Comparison of {len(self.names)} pairs, T = {self.horizon}, {replications} replications"]
        for player in PLAYERS:
            first, *others = self.best(player)
            best = f"{first} is best" if not others else f"not distinguishable: {', '.join([first, *others])}"
            lines.append(f"{player}: {best}")
        return "\n  ".join([*lines, *self.notes])

    def _lowest(self, rank: int) -> int:
        return int(np.argmin(self.difference[rank, :, 0]))

    def _verdict(self, rank: int, row: int, column: int) -> Verdict:
        if self.low[rank, row, column] > 0:
            return "worse"
        return "better" if self.high[rank, row, column] < 0 else "not distinguishable"

    def _correlation(self, rank: int, row: int, column: int) -> float:
        if rank >= len(ROLES):
            return np.nan
        centred = self.regret[rank, [row, column]] - self.regret[rank, [row, column]].mean(axis=1)[:, None]
        norms = np.linalg.norm(centred, axis=1)
        return float(centred[0] @ centred[1] / norms.prod()) if norms.all() else np.nan


def _rank(player: str) -> int:
    return PLAYERS.index(as_choice("player", player, PLAYERS))


_OFFSETS = (-0.13, 0.13)


def draw_comparison(comparison: Comparison, columns: Sequence[int]) -> Figure:
    """Draw each player's differences from the pair in `columns`, with intervals, a row for each pair.

    The leader's markers are filled, the follower's hollow.
    """
    figure, (ax,) = new_figure()
    count = len(comparison.names)
    longest = max(map(len, comparison.names))
    figure.set_size_inches(4.2 + 0.075 * longest, 1.3 + 0.36 * max(3, count))
    style_axes(ax, x="difference in regret at T\n(units of utility)", y="", log=False)
    ax.axvline(0, color=QUIET, linewidth=1)
    rows = np.arange(count)
    for player, (role, column) in enumerate(zip(ROLES, columns, strict=True)):
        mean = comparison.difference[player, :, column]
        limits = np.abs([comparison.low[player, :, column] - mean, comparison.high[player, :, column] - mean])
        colour = PALETTE[player]
        ax.errorbar(
            mean,
            rows + _OFFSETS[player],
            xerr=np.nan_to_num(limits),
            linestyle="none",
            marker="os"[player],
            markersize=4,
            markerfacecolor="none" if player else colour,
            color=colour,
            label=f"{role}, from {comparison.names[column]}",
        )
    if comparison.alike[range(len(ROLES)), :, columns].any():
        note = "a point without a line: alike in all replications by chance"
        ax.set_title(note, fontsize=SMALL - 1, color=QUIET, loc="right")
    ax.set_yticks(rows, comparison.names, fontsize=SMALL)
    ax.set_ylim(count - 0.5, -0.5)
    figure.legend(frameon=False, fontsize=SMALL, loc="outside upper center", ncols=1)
    return figure
