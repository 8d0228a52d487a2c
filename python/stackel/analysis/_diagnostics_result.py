"""Result of `stackel.diagnostics`: distributions over the replications of a run."""

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
from stackel._stats.intervals import standard_error
from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel._utils.validation import as_flag
from stackel.analysis._distribution import (
    fractions_between,
    fractions_so_far,
    largest_over_median,
    share_of_largest,
    survival,
)
from stackel.games._game import action_labels, action_names
from stackel.learners._names import short
from stackel.results._chance import alike_by_chance, takes_part
from stackel.results._tables import as_attributes, as_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from stackel.games._game import Game
    from stackel.learners import Learner
    from stackel.results._result import Result


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Distributions over the R replications of a run, at its K checkpoints.

    Player 0 is the leader, player 1 the follower. `cell_fractions`, `switches`, `last_exploration` and
    their tables need a run with ``simulate(..., trace=True)``; without a trace they raise a SpecError.

    Parameters
    ----------
    result : Result
        The run.
    regret : ndarray of float64, shape (2, R, K)
        Regret at the checkpoints, in units of utility.
    quantiles : tuple of float
        Quantiles in tables.
    worst : tuple of float
        Fractions of the replications with the most regret, whose share of the total is in tables.
    """

    result: Result
    regret: npt.NDArray[np.float64]
    quantiles: tuple[float, ...]
    worst: tuple[float, ...]

    @property
    def regret_quantiles(self) -> npt.NDArray[np.float64]:
        """Quantiles of regret over replications, shape (len(quantiles), 2, K)."""
        found: npt.NDArray[np.float64] = np.quantile(self.regret, self.quantiles, axis=1)
        return found

    @property
    def max_over_median(self) -> npt.NDArray[np.float64]:
        """Largest regret divided by the median, shape (2, K); nan where the median is not positive."""
        return largest_over_median(self.regret, axis=1)

    @property
    def worst_share(self) -> npt.NDArray[np.float64]:
        """Share of the worst replications in the total regret, shape (len(worst), 2, K).

        The share of the worst 1 % is 1 % if all replications are equal, and nearly 1 if few replications
        make up the mean. It is nan where the total is not positive.
        """
        return np.stack([share_of_largest(self.regret, fraction, axis=1) for fraction in self.worst])

    @property
    def switches(self) -> npt.NDArray[np.int64]:
        """`Trace.switches`, shape (2, R); needs a trace."""
        return self.result.switches

    @property
    def last_exploration(self) -> npt.NDArray[np.int64]:
        """`Trace.last_exploration`, shape (2, R); needs a trace."""
        return self.result.last_exploration

    def cell_fractions(self, *, between: bool = False) -> npt.NDArray[np.float64]:
        """Return the fraction of rounds of each outcome, shape (R, K, n_leader, n_follower); needs a trace.

        With `between` only the rounds since the previous checkpoint count, instead of all so far.
        """
        fractions = fractions_between if as_flag("between", between) else fractions_so_far
        return fractions(self.result.rounds, self.result.cell_counts)

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table of regret with a row for each player and checkpoint (extra ``pandas``).

        ``player``, ``round``, ``mean``, ``se``, a column such as ``q0.5`` for each of `quantiles`,
        ``max``, ``max_over_median``, and a column such as ``worst_1%`` for each of `worst`: its share
        of the total regret. Standard errors of all tables are nan where the replications show no spread:
        for one replication, and where all are alike although chance takes part.
        """
        columns: dict[str, npt.NDArray[Any]] = {
            "player": np.repeat(ROLES, len(self.result.rounds)),
            "round": np.tile(self.result.rounds, 2),
            "mean": self.regret.mean(axis=1).ravel(),
            "se": standard_error(self.regret, 1, alike_by_chance(self.regret, *self._run)).ravel(),
        }
        for level, values in zip(self.quantiles, self.regret_quantiles, strict=True):
            columns[f"q{level:g}"] = values.ravel()
        columns["max"] = self.regret.max(axis=1).ravel()
        columns["max_over_median"] = self.max_over_median.ravel()
        for fraction, values in zip(self.worst, self.worst_share, strict=True):
            columns[f"worst_{100 * fraction:g}%"] = values.ravel()
        return as_table(columns, self.result.provenance)

    @property
    def play_table(self) -> pd.DataFrame:
        """Tidy table of switches and exploration, with a row for each quantity and player; needs a trace.

        ``quantity`` (switches, last_exploration), ``player``, ``mean``, ``se``, ``min``, the
        `quantiles`, ``max``; counts of rounds.
        """
        values = np.concatenate([self.switches, self.last_exploration]).astype(float)
        columns: dict[str, npt.NDArray[Any]] = {
            "quantity": np.repeat(["switches", "last_exploration"], 2),
            "player": np.tile(ROLES, 2),
            "mean": values.mean(axis=1),
            "se": self._error(values, 1),
            "min": values.min(axis=1),
        }
        for level in self.quantiles:
            columns[f"q{level:g}"] = np.quantile(values, level, axis=1)
        return as_table(columns | {"max": values.max(axis=1)}, self.result.provenance)

    @property
    def cell_table(self) -> pd.DataFrame:
        """Tidy table of the outcomes played, with a row for each checkpoint and outcome; needs a trace.

        ``round``, ``leader_action``, ``follower_action``, ``fraction`` (of all rounds so far, mean over
        replications), ``fraction_se``, ``since_last`` (of the rounds since the previous checkpoint),
        ``since_last_se``.
        """
        so_far, lately = self.cell_fractions(), self.cell_fractions(between=True)
        rows, columns = (np.array(labels) for labels in action_names(self.result.game))
        cells = len(rows) * len(columns)
        table = {
            "round": np.repeat(self.result.rounds, cells),
            "leader_action": np.tile(np.repeat(rows, len(columns)), len(self.result.rounds)),
            "follower_action": np.tile(columns, len(self.result.rounds) * len(rows)),
            "fraction": so_far.mean(axis=0).ravel(),
            "fraction_se": self._error(so_far, 0).ravel(),
            "since_last": lately.mean(axis=0).ravel(),
            "since_last_se": self._error(lately, 0).ravel(),
        }
        return as_table(table, self.result.provenance)

    @property
    def _run(self) -> tuple[Game, tuple[Learner, Learner], npt.NDArray[np.int64]]:
        return self.result.game, (self.result.leader, self.result.follower), self.result.rounds

    def _error(self, counts: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
        """Return the standard error of means of counts or fractions, nan where they show no spread."""
        game, learners, _ = self._run
        return standard_error(counts, axis, (np.ptp(counts, axis) == 0) & takes_part(game, learners))

    def to_xarray(self) -> xr.Dataset:
        """Return all data with named dimensions (extra ``xarray``).

        ``regret`` over (player, replication, round), ``regret_quantiles``, ``max_over_median`` and
        ``worst_share``; for traced runs ``switches`` and ``last_exploration`` over (player,
        replication), and ``cell_fractions`` and ``cell_fractions_between`` over (replication, round,
        leader_action, follower_action).
        """
        place, cells = ("player", "round"), ("replication", "round", "leader_action", "follower_action")
        data: dict[str, tuple[Any, ...]] = {
            "regret": (("player", "replication", "round"), self.regret, {"units": "utility"}),
            "regret_quantiles": (("quantile", *place), self.regret_quantiles, {"units": "utility"}),
            "max_over_median": (place, self.max_over_median),
            "worst_share": (("worst", *place), self.worst_share),
        }
        coordinates: dict[str, Any] = {
            "player": list(ROLES),
            "replication": np.arange(self.result.replications),
            "round": self.result.rounds,
            "quantile": list(self.quantiles),
            "worst": list(self.worst),
        }
        if self.result.trace is not None:
            data |= {
                "switches": (("player", "replication"), self.switches, {"units": "rounds"}),
                "last_exploration": (("player", "replication"), self.last_exploration, {"units": "rounds"}),
                "cell_fractions": (cells, self.cell_fractions()),
                "cell_fractions_between": (cells, self.cell_fractions(between=True)),
            }
            coordinates |= dict(zip(cells[2:], action_names(self.result.game), strict=True))
        attributes = as_attributes(self.result.provenance)
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(data, coordinates, attributes)
        return dataset

    def plot(self) -> Figure:
        """Draw the distribution of regret at the last checkpoint over replications (extra ``plot``).

        The curve is the fraction of replications with at least a given regret, on a log axis, where
        it flattens for a heavy tail; mean and median are marked.
        """
        return draw_distribution(self)

    def plot_cells(self) -> Figure:
        """Draw the fractions of the outcomes played between checkpoints; needs a trace (extra ``plot``)."""
        return draw_cells(
            self.result.rounds, self.cell_fractions(between=True), action_labels(self.result.game)
        )

    def __repr__(self) -> str:
        run = self.result
        pair = f"{short(run.leader)} v {short(run.follower)}"
        lines = [f"Diagnostics of {pair}, T = {run.rounds[-1]}, {run.replications} replications"]
        for player, role in enumerate(ROLES):
            final = self.regret[player, :, -1]
            shares = ", ".join(
                f"{100 * fraction:g} % carry {100 * share:.3g} %"
                for fraction, share in zip(self.worst, self.worst_share[:, player, -1], strict=True)
            )
            lines.append(
                f"{role}: regret {final.mean():.5g} on average, median {np.median(final):.5g}, "
                f"largest {final.max():.5g}; the worst {shares}"
            )
        return "\n  ".join(lines)


_MOST = 6
"""Outcomes with their own curve."""


def draw_distribution(diagnostics: Diagnostics) -> Figure:
    """Draw the fraction of replications with at least a given regret at the last checkpoint."""
    figure, (ax,) = new_figure()
    rounds = diagnostics.result.rounds[-1]
    style_axes(
        ax,
        x=f"regret at t = {rounds_text(int(rounds))} (units of utility)",
        y="replications with at least as much",
        log=False,
    )
    ax.set_yscale("log")
    for player, role in enumerate(ROLES):
        final = diagnostics.regret[player, :, -1]
        values, fraction = survival(final)
        colour = PALETTE[player]
        ax.step(values, fraction, where="pre", color=colour, linestyle=LINESTYLES[player], label=role)
        mean, median = final.mean(), np.median(final)
        for name, place, marker, inside in (("mean", mean, "^", colour), ("median", median, "o", "white")):
            height = np.mean(final >= place)
            point: dict[str, Any] = {
                "marker": marker,
                "markersize": 9 - 2 * player,
                "markerfacecolor": inside,
            }
            label = f"{role}: {name} {place:.4g}"
            ax.plot(place, height, color=colour, linestyle="none", zorder=3, label=label, **point)
    ax.legend(frameon=False, fontsize=SMALL)
    return figure


def draw_cells(
    rounds: npt.NDArray[np.int64],
    fractions: npt.NDArray[np.float64],
    labels: tuple[tuple[str, ...], tuple[str, ...]],
) -> Figure:
    """Draw mean fractions of the rounds between checkpoints; the most played outcomes have names."""
    figure, (ax,) = new_figure()
    style_axes(ax, x="t (rounds)", y="fraction of the rounds since the last checkpoint", log=False)
    ax.set_xscale("log")
    mean = fractions.mean(axis=0)
    flat = mean.reshape(len(rounds), -1)
    order = np.argsort(-flat.max(axis=0), kind="stable")
    for rank, cell in enumerate(order[:_MOST]):
        row, column = divmod(int(cell), mean.shape[2])
        marker = MARKERS[rank % len(MARKERS)]
        style: dict[str, Any] = {"color": PALETTE[rank], "marker": marker, "markersize": 3, "linewidth": 1.2}
        ax.plot(rounds, flat[:, cell], label=f"{labels[0][row]}, {labels[1][column]}", **style)
    if len(order) > _MOST:
        rest = flat[:, order[_MOST:]].sum(axis=1)
        ax.plot(rounds, rest, color=QUIET, linestyle=":", label=f"all other {len(order) - _MOST}")
    ax.set_ylim(-0.02, 1.02)
    ax.legend(frameon=False, fontsize=SMALL, title="leader, follower", title_fontsize=SMALL)
    return figure
