"""Run the missing replications of a sweep."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.carriers import as_items
from stackel._utils.progress import progress_bar
from stackel._utils.validation import as_count, as_flag, shown
from stackel.errors import SpecError
from stackel.learners._custom import as_learner
from stackel.sweeps.executors import ExecutorPool, play_all
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.plan import Coverage, batch_size, batches, total
from stackel.sweeps.play import MOST_GAMES, ReplicationRange, shared_by_one_call
from stackel.sweeps.precision import Precision
from stackel.sweeps.stores.directory import Directory
from stackel.sweeps.stores.memory import Memory
from stackel.sweeps.tasks import Task

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from concurrent.futures import Executor


def sweep(
    tasks: Iterable[Task],
    *,
    store: str | os.PathLike[str] | None = None,
    executor: Executor | Any | None = None,
    standard_error: Mapping[str, float] | None = None,
    batch: int | None = None,
    threads: int | None = None,
    progress: bool = False,
) -> Sweep:
    """Play the replications of many tasks that a store does not have yet.

    Parameters
    ----------
    tasks : iterable of Task
        Tasks to play; see `stackel.grid` and `stackel.zipped`.
    store : path-like, optional
        Directory for the results (extra ``sweep``); a missing one is made. Replications that it has are not
        played again. By default results stay in memory.
    executor : None, concurrent.futures.Executor or dask.distributed.Client
        Workers that play. By default the core's threads play. Each worker of an executor uses one thread and
        gets pieces of batches that take about a second.
    standard_error : dict of str to float, optional
        Largest standard error, in units of utility, of the mean utility at the last checkpoint, for
        ``"leader"``, ``"follower"`` or both. It is looked at after 32 replications, 64, 128 and so on: a task
        stops at the first look at which it has been reached, at most after ``Task.replications``. The
        intervals of `Sweep.summary` hold at all looks together, so that they keep their level although the
        data decide when to stop. Replications that are all alike although chance takes part show no error,
        and do not stop a task.
    batch : int, optional
        Games that are written together, at most 16384: a store has a file for each batch, and a sweep that
        is stopped loses the batches in progress. By default about 1/64 of the sweep, and at least 16.
    threads : int, optional
        Threads of the core, without an executor; by default one for each processor.
    progress : bool, default False
        Show a progress bar (extra ``progress``).

    Returns
    -------
    Sweep
        Results with the same bits for every executor, batch size and earlier content of the store.

    Raises
    ------
    SpecError
        If an argument is not usable, another sweep is using the store, or the store has another version
        of the random streams.
    RunError
        If the store cannot be read or written, or a worker fails; complete batches stay in the store.

    Warns
    -----
    StackelWarning
        For each damaged or foreign file among the results, which is moved to ``aside/`` and whose
        replications are played again; and while a cluster has no workers.

    Examples
    --------
    >>> import stackel as sk
    >>> tasks = sk.grid(delta=[0.1, 0.2], horizon=[100, 1000]).tasks(
    ...     game=lambda delta: sk.games.unachievable(delta)[0],
    ...     leader=sk.UCB(), follower=sk.UCB(), replications=10, seed=1,
    ... )
    >>> sk.sweep(tasks)
    Sweep(4 tasks, 40 games played, 0 reused)
    """
    listed = _as_tasks(tasks)
    goal = Precision.of(standard_error)
    if batch is not None:
        batch = as_count("batch", batch, 1, MOST_GAMES)
    if threads is not None:
        threads = as_count("threads", threads, 1, 4096)
        if executor is not None:
            raise SpecError("threads", "None with an executor, whose workers have one each", str(threads))
    show = as_flag("progress", progress)
    pool = None if executor is None else ExecutorPool(executor)
    kept = Memory() if store is None else Directory(store)
    played = 0
    enough: dict[str, int] = {}
    with kept.writing(listed), progress_bar(show=show) as report:
        for wave in goal.waves(_largest(listed), kept, enough):
            planned = total(wave)
            size = batch or batch_size(planned)
            coverage = Coverage(kept.keys)
            missing = filter(None, map(coverage.missing, batches(wave, size)))
            first = next(missing, None)
            if first is None:
                continue
            kept.check_writable()
            done = 0
            for found in play_all(chain([first], missing), pool, threads):
                kept.add(found)
                done += len(found.seeds)
                if report:
                    report(done / planned)
            played += done
    replications = np.array([min(enough[task.id], task.replications) for task in listed], np.int64)
    games = sum(enough.values())
    looks = np.array([goal.looks(task.replications) for task in listed], np.int64)
    return Sweep(listed, replications, kept, played, games - played, looks=looks)


def _as_tasks(tasks: Any) -> tuple[Task, ...]:
    allowed = "one or more stackel.Task, such as stackel.grid(...).tasks(...)"
    listed = as_items(tasks)
    if listed is None:
        raise SpecError("tasks", allowed, shown(tasks))
    if not listed:
        raise SpecError("tasks", allowed, "none")
    for task in listed:
        if not isinstance(task, Task):
            raise SpecError("tasks", allowed, shown(task))
        for learner in (task.leader, task.follower):
            as_learner("tasks", learner)
    return listed


def _largest(tasks: Iterable[Task]) -> list[ReplicationRange]:
    """Return each task once, with its largest number of replications; tasks of one call are neighbours."""
    largest: dict[str, Task] = {}
    for task in tasks:
        known = largest.get(task.id)
        if known is None or known.replications < task.replications:
            largest[task.id] = task
    ranges = [ReplicationRange(task, 0, task.replications) for task in largest.values()]
    ranks: dict[str, int] = {}
    return sorted(ranges, key=lambda each: ranks.setdefault(repr(shared_by_one_call(each)), len(ranks)))
