"""Run what is missing of a sweep."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.progress import progress_bar
from stackel._utils.validation import as_count, as_flag, as_items, shown
from stackel.errors import SpecError
from stackel.sweeps.executors import Crew, play_all
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.plan import Coverage, batch_size, batches, total
from stackel.sweeps.play import MOST_GAMES, Stretch, what_must_agree
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
    """Play what a store does not have yet of many tasks.

    Parameters
    ----------
    tasks : iterable of Task
        What to play; see `stackel.grid` and `stackel.zipped`.
    store : path-like, optional
        Directory for the results (extra ``sweep``), made where there is none; what it has of the tasks is not
        played again. By default results stay in memory.
    executor : None, concurrent.futures.Executor or dask.distributed.Client
        Who plays: by default the threads of the core. With an executor, each of its workers plays with a
        single thread, a piece of a batch that takes about a second at a time.
    standard_error : dict of str to float, optional
        Stop a task once the mean utility at the last checkpoint of ``"leader"`` or ``"follower"``, or of
        both, has a standard error of at most this, in units of utility. ``Task.replications`` is the most
        that it gets. Looked at after 32 replications and then at each estimate of how many it takes, at
        most twice as many each time.
    batch : int, optional
        Games that are written together, at most 16384: a store has a file for each batch, and a sweep that
        is stopped loses those in progress. By default about 1/64 of the sweep, and at least 16.
    threads : int, optional
        Threads of the core where there is no executor; by default one for each processor.
    progress : bool, default False
        Show a progress bar (extra ``progress``).

    Returns
    -------
    Sweep
        The same bits, whatever the executor, the batches and what was there before.

    Raises
    ------
    SpecError
        If an argument is not usable, another sweep is using the store, or it is not a store of this version
        of the random streams.
    RunError
        If the store cannot be read or written any more, or a worker has failed; what is complete stays.

    Warns
    -----
    StackelWarning
        For each damaged or foreign file among the results; it is put aside, its part is played again. While
        a cluster has no workers.

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
    crew = None if executor is None else Crew(executor)
    kept = Memory() if store is None else Directory(store)
    played = 0
    enough: dict[str, int] = {}
    with kept.writing(), progress_bar(show=show) as report:
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
            for found in play_all(chain([first], missing), crew, threads):
                kept.add(found)
                done += len(found.seeds)
                if report:
                    report(done / planned)
            played += done
    replications = np.array([min(enough[task.id], task.replications) for task in listed], np.int64)
    games = sum(enough.values())
    return Sweep(listed, replications, kept, played, games - played)


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
    return listed


def _largest(tasks: Iterable[Task]) -> list[Stretch]:
    """Each task once, with the most replications that are asked for; those played together side by side."""
    largest: dict[str, Task] = {}
    for task in tasks:
        known = largest.get(task.id)
        if known is None or known.replications < task.replications:
            largest[task.id] = task
    stretches = [Stretch(task, 0, task.replications) for task in largest.values()]
    ranks: dict[str, int] = {}
    return sorted(stretches, key=lambda each: ranks.setdefault(repr(what_must_agree(each)), len(ranks)))
