"""Result of a sweep: its tasks with their utilities and regrets."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import as_confidence, mean_and_error, student_quantile
from stackel._stats.resampling import MAX_RESAMPLES
from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel._utils.validation import as_count, as_real
from stackel.benchmarks._benchmarks import stackelberg
from stackel.benchmarks._pieces import Alphas
from stackel.benchmarks._regret import deviations_of
from stackel.errors import SpecError
from stackel.results._chance import alike_by_chance
from stackel.sweeps.growth import Ended, grouping, rows_of_growth, warn_of_growth
from stackel.sweeps.stores.directory import RESULTS, Directory
from stackel.sweeps.tasks import COLUMNS, OF_REGRET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt
    import pandas as pd

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.sweeps.play import Part
    from stackel.sweeps.stores.memory import Memory
    from stackel.sweeps.tasks import Task


class Sweep:
    """Outcome of `stackel.sweep`.

    Parameters
    ----------
    tasks : tuple of Task
        The N tasks, as they were given.
    replications : ndarray of int64, shape (N,)
        Replications of each task that count: the requested number, or fewer where a standard error was
        reached earlier.
    kept : Directory or Memory
        Store of the results.
    played, reused : int
        Games that were played by this sweep, and games that the store already had.
    looks : ndarray of int64, shape (N,)
        Number of looks after which each task could have stopped, 1 without a standard error.

    Examples
    --------
    >>> import stackel as sk
    >>> task = sk.Task(sk.games.etc_failure(), sk.FixedAction(1), sk.BestResponse(), 1000, replications=3)
    >>> found = sk.sweep([task])
    >>> found.utility(0)[:, :, -1]
    array([[500., 500., 500.],
           [300., 300., 300.]])
    """

    def __init__(
        self,
        tasks: tuple[Task, ...],
        replications: npt.NDArray[np.int64],
        kept: Directory | Memory,
        played: int,
        reused: int,
        *,
        looks: npt.NDArray[np.int64],
    ) -> None:
        self.tasks = tasks
        self.replications = replications
        self.played = played
        self.reused = reused
        self.looks = looks
        self._kept = kept

    @property
    def results(self) -> Path | None:
        """Directory of Parquet files for pandas, polars, DuckDB and others; None in memory.

        The files have a row for each task, replication and checkpoint; ``task`` is `Task.id`. They can hold
        more tasks and more replications than this sweep.
        """
        return self._kept.path / RESULTS if isinstance(self._kept, Directory) else None

    def rounds(self, i: int) -> npt.NDArray[np.int64]:
        """Return the checkpoints of task `i`, shape (K,)."""
        return next(self._wholes([i])).rounds

    def utility(self, i: int) -> npt.NDArray[np.float64]:
        """Return the cumulative mean utilities of task `i`, shape (2, R, K); player 0 is the leader."""
        return next(self._wholes([i])).utility[:2]

    def utilities(self) -> list[npt.NDArray[np.float64]]:
        """Return the cumulative mean utilities of every task, reading each file of results once."""
        return [whole.utility[:2] for whole in self._wholes(range(len(self)))]

    def regrets(self, benchmark: BenchmarkLike | list[BenchmarkLike]) -> list[npt.NDArray[np.float64]]:
        """Return the regrets of every task, shape (2, R, K), reading each file of results once.

        Parameters
        ----------
        benchmark : str, Benchmark, pair of float, function, or list of them
            As in `Result.regret`, for all tasks, or a list with one for each.

        Returns
        -------
        list of ndarray
            In units of utility; player 0 is the leader.

        Raises
        ------
        SpecError
            If a benchmark is of another type, or a list has not one for each task.
        """
        each = benchmark if isinstance(benchmark, list) else [benchmark] * len(self)
        if len(each) != len(self):
            allowed = f"a benchmark, or a list of {len(self)}, one for each task"
            raise SpecError("benchmark", allowed, f"a list of {len(each)}")
        known = zip(self.tasks, self._wholes(range(len(self))), each, strict=True)
        return [_regret(task, whole, own) for task, whole, own in known]

    def summary(self, benchmark: BenchmarkLike | None = None, *, confidence: float = 0.95) -> pd.DataFrame:
        """Return a tidy table with a row for each task, player and checkpoint (extra ``pandas``).

        Parameters
        ----------
        benchmark : str, Benchmark, pair of float, or function, optional
            Benchmark of the regret, as in `Result.regret`; a function is called for each task.
        confidence : float, default 0.95
            Level of the intervals of mean regrets (Student's, over replications). With a ``standard_error``
            they hold at all K looks together with this probability, whichever look a task stops at:
            ``confidence**(1 / K)`` at each (Šidák, 1967). They are then wider than ``regret_se`` suggests.

        Returns
        -------
        pandas.DataFrame
            The labels of the tasks, then columns ``task``, ``replications``, ``player``, ``round``,
            ``utility`` (mean) and ``utility_se`` (its standard error); with a benchmark also ``regret``,
            ``regret_se``, ``regret_low`` and ``regret_high``. Errors and limits are nan where the
            replications show no spread: for one replication, and where all are alike although chance takes
            part. Sums are exact before they are rounded: means have the same bits in whatever order the
            games were played.
        """
        level = as_confidence(confidence)
        rows = [
            row
            for task, whole, looks in zip(
                self.tasks, self._wholes(range(len(self))), self.looks.tolist(), strict=True
            )
            for row in _rows(task, whole, benchmark, level ** (1 / looks))
        ]
        labels = dict.fromkeys(name for task in self.tasks for name in task.labels)
        columns = [*labels, *COLUMNS, *(OF_REGRET if benchmark is not None else ())]
        table: pd.DataFrame = require("pandas", "pandas").DataFrame(rows, columns=columns)
        return table

    def scaling(
        self,
        by: str | Sequence[str] | None = None,
        benchmark: BenchmarkLike = stackelberg,
        *,
        confidence: float = 0.95,
        log_power: float = 0.0,
        bootstrap: int = 2000,
    ) -> pd.DataFrame:
        """Fit the growth of the regret at T with the horizon T, for each group of tasks (extra ``pandas``).

        Parameters
        ----------
        by : str or sequence of str, optional
            Names of labels, or ``leader``, ``follower``, ``game`` or ``game_id``, whose values make the
            groups. By default all labels, but for the horizon and those that change with it; then a group
            has one task at each horizon. With fewer names, regrets of tasks of one horizon are averaged,
            replication by replication: say so only where that mean is meant.
        benchmark : str, Benchmark, pair of float, or function, default `stackel.stackelberg`
            Benchmark of the regret, as in `Result.regret`; a function is called for each task.
        confidence, log_power, bootstrap
            As in `stackel.scaling`. Whole replications are resampled, the same ones at all horizons.

        Returns
        -------
        pandas.DataFrame
            A row for each group and player: the names of the groups, the columns of
            `ScalingFit.exponents`, and ``tasks`` (their number at each horizon). ``replications`` is the
            smallest number of all tasks, which counts.

        Raises
        ------
        SpecError
            If a group has one horizon only, or not as many tasks at each; or if a task has no checkpoint at
            its horizon.

        Warns
        -----
        StackelWarning
            If neither player of a group has an exponent: a mean regret that is not positive has no
            logarithm and is not in a fit, which needs two. The exponent of one player alone is nan where
            ``used`` is less than 2.

        Examples
        --------
        >>> import stackel as sk
        >>> tasks = sk.grid(delta=[0.1, 0.2], horizon=[10**3, 10**4, 10**5]).tasks(
        ...     game=lambda delta: sk.games.unachievable(delta)[0], leader=sk.FixedAction(1),
        ...     follower=sk.BestResponse(), replications=8,
        ... )
        >>> table = sk.sweep(tasks).scaling()
        >>> table.query("player == 'leader'")[["delta", "exponent", "tasks"]].round(6).values.tolist()
        [[0.1, 1.0, 1.0], [0.2, 1.0, 1.0]]
        """
        level, power = as_confidence(confidence), as_real("log_power", log_power)
        resamples = as_count("bootstrap", bootstrap, 1, MAX_RESAMPLES)
        names = grouping(self.tasks, by)
        ended = [
            _ended(task, whole, benchmark)
            for task, whole in zip(self.tasks, self._wholes(range(len(self))), strict=True)
        ]
        rows = rows_of_growth(
            ended, names, pooled=by is not None, confidence=level, log_power=power, bootstrap=resamples
        )
        warn_of_growth(rows)
        table: pd.DataFrame = require("pandas", "pandas").DataFrame(rows)
        return table

    def _wholes(self, places: Iterable[int]) -> Iterator[Part]:
        """Yield the replications of tasks that count."""
        wanted = [operator.index(i) for i in places]
        known = self._kept.wholes({self.tasks[i].id for i in wanted})
        for i in wanted:
            yield known[self.tasks[i].id].between(0, int(self.replications[i]))

    def __len__(self) -> int:
        return len(self.tasks)

    def __repr__(self) -> str:
        return f"Sweep({len(self)} tasks, {self.played} games played, {self.reused} reused)"


def results_of(found: Sweep) -> Iterator[Part]:
    """Yield the replications that count of each task, reading each file of results once."""
    return found._wholes(range(len(found)))  # noqa: SLF001 of this module


def _rows(
    task: Task, whole: Part, benchmark: BenchmarkLike | None, confidence: float
) -> Iterator[dict[str, Any]]:
    rounds, utility = whole.rounds, whole.utility
    count = utility.shape[1]
    spread = deviations_of(utility)
    regrets = None if benchmark is None else _regret(task, whole, benchmark)
    reach = student_quantile(confidence, count - 1) if benchmark is not None and count > 1 else np.nan
    alike = alike_by_chance(spread, task.game, (task.leader, task.follower), rounds)
    for player, role in enumerate(ROLES):
        for k, mark in enumerate(rounds.tolist()):
            mean, _ = mean_and_error(utility[player, :, k])
            error = np.nan if alike[player, k] else mean_and_error(spread[player, :, k])[1]
            row = dict(zip(COLUMNS, (task.id, count, role, mark, mean, error), strict=True))
            if regrets is not None:
                regret, error = mean_and_error(regrets[player, :, k])
                error = np.nan if alike[player, k] else error
                limits = regret - reach * error, regret + reach * error
                row |= dict(zip(OF_REGRET, (regret, error, *limits), strict=True))
            yield {**task.labels, **row}


def _ended(task: Task, whole: Part, benchmark: BenchmarkLike) -> Ended:
    last, final = whole.rounds[-1:], whole.utility[:, :, -1:]
    if last[0] != task.horizon:
        raise SpecError(
            "tasks", f"with a checkpoint at the horizon, {task.horizon}", f"the last one at {last[0]}"
        )
    alike = alike_by_chance(deviations_of(final), task.game, (task.leader, task.follower), last)
    alphas = Alphas.of(benchmark, task.game, task.horizon)
    regret = alphas.regret(last, (final[:2], final[2:]))
    return Ended(task, alphas.mean, regret[:, :, 0], alike[:, 0])


def _regret(task: Task, whole: Part, benchmark: BenchmarkLike) -> npt.NDArray[np.float64]:
    alphas = Alphas.of(benchmark, task.game, task.horizon)
    return alphas.regret(whole.rounds, (whole.utility[:2], whole.utility[2:]))
