"""Result of `stackel.worst_case`: the largest regret over a family of games, and its game."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import (
    LINESTYLES,
    MARKERS,
    PALETTE,
    QUIET,
    SMALL,
    new_figure,
    rounds_text,
    style_axes,
)
from stackel._stats.intervals import mean_interval
from stackel._utils.optional import require
from stackel._utils.players import PLAYERS, ROLES
from stackel.results._tables import as_attributes, as_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stackel.analysis._scaling_result import ScalingFit
    from stackel.analysis._worst_case_sweep import FamilyRegrets


@dataclass(frozen=True, eq=False)
class WorstCase:
    """Largest regret over a family of games at each of H horizons, with R replications of C games.

    The first axis of length 3 is the player: leader, follower, and ``max``, the one with more
    regret. Each has its own worst game.

    Parameters
    ----------
    parameter_name : str
        Name of the family's parameter.
    horizons : ndarray of int64, shape (H,)
        Horizons T, in rounds.
    parameter : ndarray of float64, shape (3, H)
        Parameter with the largest mean regret in the search.
    attained_by : ndarray of int64, shape (3, H)
        Player with this regret, 0 for the leader, 1 for the follower.
    game : tuple of tuple of str
        Names of the worst games, for each player and horizon.
    selected : ndarray of float64, shape (3, H)
        Largest mean regret in the search; as the largest of many it is too high on average.
    regret : ndarray of float64, shape (3, R, H)
        Regret in fresh runs of the same game, with other seeds: not biased by the selection.
    low, high : ndarray of float64, shape (3, H)
        Interval of the largest mean regret over the grid; nan for a single replication. The lower
        limit comes from the fresh runs, because the worst game has at least the regret of this one.
        The upper limit is the largest upper limit of any game, in the search or in the fresh runs: it
        is too low only if that of the truly worst game is.
    scaling : ScalingFit or None
        Growth of `regret` with T, of all three; None for a single horizon.
    parameter_exponent, parameter_ci : ndarray of float64, shape (3,) and (3, 2)
        Slope of the log of the worst parameter on log T, and its bootstrap interval; nan for a
        single horizon or parameters that are not positive. The grid limits their precision.
    sweep : FamilyRegrets
        Every game of the search: ``instances``, ``parameter`` (C,), ``regret`` (2, R, C),
        ``benchmark`` (2, C).
    seed, fresh_seed : int
        Seeds of the search and of the fresh runs, at all horizons, for `stackel.simulate`.
    confidence : float
        Level of all intervals.
    notes : tuple of str
        Limitations of the result.
    provenance : dict
        Description of the runs, in the form of `Result.provenance`.
    """

    parameter_name: str
    horizons: npt.NDArray[np.int64]
    parameter: npt.NDArray[np.float64]
    attained_by: npt.NDArray[np.int64]
    game: tuple[tuple[str, ...], ...]
    selected: npt.NDArray[np.float64]
    regret: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    scaling: ScalingFit | None
    parameter_exponent: npt.NDArray[np.float64]
    parameter_ci: npt.NDArray[np.float64]
    sweep: FamilyRegrets
    seed: int
    fresh_seed: int
    confidence: float
    notes: tuple[str, ...]
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table with a row for each player and horizon (extra ``pandas``).

        ``player``, ``horizon``, ``parameter`` and ``game`` (of the largest regret), ``attained_by``,
        ``selected`` (mean regret in the search, too high on average), ``regret`` (mean of the fresh
        runs), ``regret_se``, ``low``, ``high`` (interval of the largest regret over the grid),
        ``regret_per_round``, ``fresh_seed``.
        """
        mean, error, _, _ = mean_interval(self.regret, 1, self.confidence)
        columns = {
            "player": np.repeat(PLAYERS, len(self.horizons)),
            "horizon": np.tile(self.horizons, len(PLAYERS)),
            "parameter": self.parameter.ravel(),
            "game": np.array(self.game).ravel(),
            "attained_by": np.array(ROLES)[self.attained_by.ravel()],
            "selected": self.selected.ravel(),
            "regret": mean.ravel(),
            "regret_se": error.ravel(),
            "low": self.low.ravel(),
            "high": self.high.ravel(),
            "regret_per_round": (mean / self.horizons).ravel(),
            "fresh_seed": np.full(self.parameter.size, self.fresh_seed, dtype=np.uint64),
        }
        return as_table(columns, self.provenance)

    @property
    def sweep_table(self) -> pd.DataFrame:
        """Tidy table of the search with a row for each player and game (extra ``pandas``).

        ``player``, ``horizon``, ``parameter``, ``game``, ``benchmark``, ``regret`` (mean),
        ``regret_se``, ``regret_low``, ``regret_high`` (Student's interval of each game alone),
        ``seed``.
        """
        columns = self.sweep.to_columns(self.confidence)
        columns["seed"] = np.full(len(columns["player"]), self.seed, dtype=np.uint64)
        return as_table(columns, self.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return worst cases and the search with named dimensions (extra ``xarray``).

        ``regret`` over (player, replication, horizon); ``parameter``, ``game``, ``selected``, ``low``
        and ``high`` over (player, horizon); ``parameter_exponent`` over player;
        ``sweep_regret`` over (seat, replication, instance) with the coordinates ``sweep_horizon``,
        ``sweep_parameter`` and ``sweep_game`` of an instance.
        """
        place = ("player", "horizon")
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(
            {
                "regret": (("player", "replication", "horizon"), self.regret, {"units": "utility"}),
                "parameter": (place, self.parameter),
                "game": (place, np.array(self.game)),
                "selected": (place, self.selected, {"units": "utility"}),
                "low": (place, self.low, {"units": "utility"}),
                "high": (place, self.high, {"units": "utility"}),
                "parameter_exponent": (("player",), self.parameter_exponent),
                "parameter_exponent_ci": (("player", "limit"), self.parameter_ci),
                "sweep_regret": (("seat", "replication", "instance"), self.sweep.regret),
                "sweep_benchmark": (("seat", "instance"), self.sweep.benchmark),
            },
            coords={
                "player": list(PLAYERS),
                "seat": list(ROLES),
                "replication": np.arange(self.regret.shape[1]),
                "horizon": self.horizons,
                "limit": ["low", "high"],
                "sweep_horizon": ("instance", [instance.horizon for instance in self.sweep.instances]),
                "sweep_parameter": ("instance", self.sweep.parameter),
                "sweep_game": ("instance", [instance.name for instance in self.sweep.instances]),
            },
            attrs=as_attributes(self.provenance),
        )
        return dataset

    def plot(self) -> Figure:
        """Draw the search over the parameter, and the growth over several horizons (extra ``plot``)."""
        return draw_worst(self)

    def __repr__(self) -> str:
        replications = self.regret.shape[1]
        horizons = ", ".join(map(str, self.horizons))
        lines = [f"WorstCase over {self.parameter_name}, T = {horizons}, {replications} replications"]
        for rank, player in enumerate(PLAYERS):
            value, low, high = self.regret[rank, :, -1].mean(), self.low[rank, -1], self.high[rank, -1]
            where = f"at {self.parameter[rank, -1]:.4g} ({self.game[rank][-1]})"
            lines.append(f"{player}: {value:.5g} [{low:.5g}, {high:.5g}] {where}")
            if self.scaling is not None:
                slope, slope_ci = self.scaling.exponent[rank], self.scaling.ci[rank]
                moves, moves_ci = self.parameter_exponent[rank], self.parameter_ci[rank]
                lines.append(
                    f"  grows with exponent {slope:.3f} [{slope_ci[0]:.3f}, {slope_ci[1]:.3f}], "
                    f"{self.parameter_name} with {moves:.3f} [{moves_ci[0]:.3f}, {moves_ci[1]:.3f}]"
                )
        return "\n  ".join([*lines, *self.notes])


def draw_worst(worst: WorstCase) -> Figure:
    """Draw regret per round over the parameter, and the largest regret over T for several horizons.

    A curve is the largest mean regret among the games of a parameter; colours are horizons, and
    stars are fresh runs of the worst game.
    """
    figure, axes = new_figure(columns=1 if worst.scaling is None else 2)
    _draw_sweep(axes[0], worst)
    if worst.scaling is not None:
        worst.scaling.plot(ax=axes[1])
    return figure


def _draw_sweep(ax: Axes, worst: WorstCase) -> None:
    style_axes(ax, x=worst.parameter_name, y="regret per round (units of utility)", log=False)
    mean, parameter = worst.sweep.regret.mean(axis=1), worst.sweep.parameter
    shown: list[float] = []
    for rank, (at, horizon) in enumerate(zip(worst.sweep.columns(), worst.horizons, strict=True)):
        points = np.unique(parameter[at])
        colour = PALETTE[rank % len(PALETTE)]
        for player in range(len(ROLES)):
            top = [mean[player, at][parameter[at] == point].max() / horizon for point in points]
            ax.plot(
                points,
                top,
                color=colour,
                linestyle=LINESTYLES[player],
                marker=MARKERS[rank % len(MARKERS)],
                markersize=3,
                linewidth=1.2,
                markerfacecolor="none" if player else colour,
                label=None if player else f"T = {rounds_text(horizon)}",
            )
            shown += top
            fresh = worst.regret[player, :, rank].mean() / horizon
            ax.plot(worst.parameter[player, rank], fresh, marker="*", markersize=9, color=colour)
    for role, linestyle in zip(ROLES, LINESTYLES, strict=True):
        ax.plot([], [], color=QUIET, linestyle=linestyle, label=role)
    ax.plot([], [], color=QUIET, linestyle="none", marker="*", label="worst, run again")
    if parameter.min() > 0 and parameter.max() > 10 * parameter.min():
        ax.set_xscale("log")
    if min(shown) > 0 and max(shown) > 10 * min(shown):
        ax.set_yscale("log")
    ax.legend(frameon=False, fontsize=SMALL)
