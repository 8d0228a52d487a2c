"""Whether and how a run converged, and what the mean over its replications hides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._dataset import action_names
from stackel._labels import action_labels
from stackel._provenance import as_attributes, as_table
from stackel._stats.intervals import standard_error
from stackel._utils.optional import require
from stackel._utils.validation import as_flag, as_items, as_real, shown
from stackel.analysis._distribution import (
    fractions_between,
    fractions_so_far,
    largest_over_median,
    share_of_largest,
)
from stackel.analysis._names import short
from stackel.benchmarks._benchmarks import stackelberg
from stackel.errors import SpecError
from stackel.learners import ROLES
from stackel.results._result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure

    from stackel.benchmarks._benchmark_like import BenchmarkLike


@dataclass(frozen=True, eq=False)
class Diagnostics:
    """Distributions over the R replications of a run, at its K checkpoints.

    Player 0 is the leader, player 1 the follower. What happened in which round is known only for runs
    of ``simulate(..., trace=True)``; without it `cell_fractions`, `switches` and `last_exploration`,
    and what is made of them, raise a SpecError.

    Parameters
    ----------
    result : Result
        The run.
    regret : ndarray of float64, shape (2, R, K)
        Regret at the checkpoints, in units of utility.
    quantiles : tuple of float
        Which quantiles tables show.
    worst : tuple of float
        Which fractions of the replications, the worst ones, tables show the share of regret of.
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
        """Largest regret of any replication over the median, shape (2, K); nan if that is not positive."""
        return largest_over_median(self.regret, axis=1)

    @property
    def worst_share(self) -> npt.NDArray[np.float64]:
        """Share of the total regret that the worst replications carry, shape (len(worst), 2, K).

        The worst 1 % carry 1 % where all replications fare alike, and nearly everything where the mean
        is made by few. nan where the total is not positive.
        """
        return np.stack([share_of_largest(self.regret, fraction, axis=1) for fraction in self.worst])

    @property
    def switches(self) -> npt.NDArray[np.int64]:
        """Number of rounds in which a player changed its action, shape (2, R); needs a trace.

        A follower's action is compared with its previous one after the same leader action.
        """
        return self.result.switches

    @property
    def last_exploration(self) -> npt.NDArray[np.int64]:
        """Last round in which a player did not play what it plays in the end, shape (2, R); needs a trace.

        0 if there is none. What a follower plays in the end is judged for each leader action alone.
        """
        return self.result.last_exploration

    def cell_fractions(self, *, between: bool = False) -> npt.NDArray[np.float64]:
        """Fraction of the rounds spent in each outcome, shape (R, K, n_leader, n_follower); needs a trace.

        Parameters
        ----------
        between : bool, default False
            Count the rounds since the checkpoint before, instead of all so far.
        """
        fractions = fractions_between if as_flag("between", between) else fractions_so_far
        return fractions(self.result.rounds, self.result.cell_counts)

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table of regret with a row for each player and checkpoint (extra ``pandas``).

        ``player``, ``round``, ``mean``, ``se``, a column such as ``q0.5`` for each of `quantiles`,
        ``max``, ``max_over_median``, and a column such as ``worst_1%`` for each of `worst`: the share
        of the total regret.
        """
        columns: dict[str, npt.NDArray[Any]] = {
            "player": np.repeat(ROLES, len(self.result.rounds)),
            "round": np.tile(self.result.rounds, 2),
            "mean": self.regret.mean(axis=1).ravel(),
            "se": standard_error(self.regret, 1).ravel(),
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
        """Tidy table of switches and exploration, a row for each of them and player; needs a trace.

        ``quantity`` (switches, last_exploration), ``player``, ``mean``, ``se``, ``min``, the
        `quantiles`, ``max``; counts of rounds.
        """
        values = np.concatenate([self.switches, self.last_exploration]).astype(float)
        columns: dict[str, npt.NDArray[Any]] = {
            "quantity": np.repeat(["switches", "last_exploration"], 2),
            "player": np.tile(ROLES, 2),
            "mean": values.mean(axis=1),
            "se": standard_error(values, 1),
            "min": values.min(axis=1),
        }
        for level in self.quantiles:
            columns[f"q{level:g}"] = np.quantile(values, level, axis=1)
        return as_table(columns | {"max": values.max(axis=1)}, self.result.provenance)

    @property
    def cell_table(self) -> pd.DataFrame:
        """Tidy table of the outcomes played, a row for each checkpoint and outcome; needs a trace.

        ``round``, ``leader_action``, ``follower_action``, ``fraction`` (of all rounds so far, mean over
        replications), ``fraction_se``, ``since_last`` (of the rounds since the checkpoint before),
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
            "fraction_se": standard_error(so_far, 0).ravel(),
            "since_last": lately.mean(axis=0).ravel(),
            "since_last_se": standard_error(lately, 0).ravel(),
        }
        return as_table(table, self.result.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return everything with named dimensions (extra ``xarray``).

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
        """Draw how regret at the last checkpoint is distributed over replications.

        For every regret the fraction of replications that have at least as much, on a log axis,
        where a heavy tail is a curve that flattens; mean and median are marked.

        Returns
        -------
        matplotlib Figure

        Raises
        ------
        MissingExtraError
            If matplotlib is not installed.
        """
        from stackel.analysis._draw_diagnostics import draw_distribution  # noqa: PLC0415 drawing comes last

        return draw_distribution(self)

    def plot_cells(self) -> Figure:
        """Draw which outcomes were played between checkpoints; needs a trace.

        Returns
        -------
        matplotlib Figure

        Raises
        ------
        SpecError
            If the run was made without a trace.
        MissingExtraError
            If matplotlib is not installed.
        """
        from stackel.analysis._draw_diagnostics import draw_cells  # noqa: PLC0415 drawing comes last

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


def diagnostics(
    result: Result,
    benchmark: BenchmarkLike = stackelberg,
    *,
    quantiles: Iterable[float] = (0.05, 0.25, 0.5, 0.75, 0.95),
    worst: Iterable[float] = (0.01, 0.1),
) -> Diagnostics:
    """Look behind the means of a run: distribution of regret, heavy tails, convergence of play.

    Parameters
    ----------
    result : Result
        What `stackel.simulate` returned; with ``trace=True`` if it is about what was played when.
    benchmark : Benchmark, pair of float, or function, default `stackel.stackelberg`
        What regret is measured against; see `Result.regret`.
    quantiles : float in [0, 1]
        Quantiles over replications that tables show.
    worst : float in (0, 1]
        Fractions of the replications, the worst ones, whose share of the total regret is shown.

    Returns
    -------
    Diagnostics

    Raises
    ------
    SpecError
        If an argument is not usable.

    Examples
    --------
    >>> import stackel as sk
    >>> pair = sk.FixedAction(1), sk.BestResponse()
    >>> run = sk.simulate(sk.games.etc_failure(), *pair, 1000, replications=4, seed=1)
    >>> sk.diagnostics(run)
    Diagnostics of FixedAction(a=1) v BestResponse, T = 1000, 4 replications
      leader: regret 100 on average, median 100, largest 100; the worst 1 % carry 1 %, 10 % carry 10 %
      follower: regret 100 on average, median 100, largest 100; the worst 1 % carry 1 %, 10 % carry 10 %
    """
    if not isinstance(result, Result):
        raise SpecError("result", "a stackel.Result", shown(result))
    return Diagnostics(
        result,
        result.regret(benchmark),
        _as_fractions("quantiles", quantiles, "[0, 1]", least=0.0),
        _as_fractions("worst", worst, "(0, 1]", least=np.nextafter(0.0, 1.0)),
    )


def _as_fractions(argument: str, given: Any, interval: str, least: float) -> tuple[float, ...]:
    try:
        values = tuple(as_real(argument, value, low=least) for value in as_items(given) or ())
    except SpecError:
        values = ()
    if not values or max(values) > 1:
        raise SpecError(argument, f"numbers in {interval}, at least one", shown(given))
    return values
