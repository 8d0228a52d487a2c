"""Open a sweep that was played: from its file in TOML, or from its store alone."""

from __future__ import annotations

import json
import stat
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._files.archive import faults_named
from stackel._files.atomic import as_path, shown_path
from stackel.errors import SpecError, StackelWarning
from stackel.games._changing import game_of
from stackel.learners import Learner
from stackel.sweeps.config import read_sweep
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.precision import Precision
from stackel.sweeps.stores.directory import MANIFEST, Directory
from stackel.sweeps.tasks import Task

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from stackel.sweeps.play import Key
    from stackel.sweeps.stores.parquet import Described


_MOST_NEAR = 4


def open_sweep(path: str | os.PathLike[str], *, learners: Mapping[str, Any] | None = None) -> Sweep:
    """Open a sweep that was played, as `sweep` returned it, and play nothing (extra ``sweep``).

    Parameters
    ----------
    path : path-like
        A sweep in TOML, as ``stackel sweep`` takes it, or the directory of a store. A file says which tasks
        count, in which order, and when they may stop. A store has all tasks that were ever swept into it,
        in the order of their labels; tasks that were swept with several labels have some of these.
    learners : mapping of str to Learner or Policy, optional
        Learners of your own that a file names.

    Returns
    -------
    Sweep
        Of a sweep that is being played, or was stopped, it has the replications that are in the store.
        Learners of a store have all parameters filled in; those of your own are a `RecordedLearner`.
        Intervals of a sweep with a ``standard_error`` keep their level if it is opened by its file: a store
        does not say how often it was looked at.

    Raises
    ------
    SpecError
        If there is no such sweep, or nothing of it has been played.

    Warns
    -----
    StackelWarning
        If tasks are missing or have fewer replications than the file asks for.

    Examples
    --------
    >>> import tempfile, stackel as sk
    >>> tasks = sk.grid(horizon=[100, 1000]).tasks(
    ...     game=sk.games.etc_failure(), leader=sk.UCB(), follower=sk.UCB(), replications=8
    ... )
    >>> with tempfile.TemporaryDirectory() as store:
    ...     played = sk.sweep(tasks, store=store)
    ...     found = sk.open_sweep(store)
    ...     found, found.summary("stackelberg").equals(played.summary("stackelberg"))
    (Sweep(2 tasks, 0 games played, 16 reused), True)
    """
    place = as_path(path)
    try:
        is_store = stat.S_ISDIR(place.stat().st_mode)
    except OSError as error:
        given = f"{shown_path(place)} ({error.strerror or error})"
        raise SpecError("path", "a sweep in TOML, or the store of a sweep", given) from error
    if is_store:
        kept = _read(place)
        held = _replications(kept.keys)
        tasks = _in_order([_task(id_, said, held[id_]) for id_, said in kept.tasks().items() if id_ in held])
        return _sweep(tasks, held, kept, Precision.of(None), place)
    asked, store, options = read_sweep(place, learners=learners)
    if not store.exists():
        raise SpecError(
            "path", "a sweep of which something was played", f"{shown_path(place)} without its store"
        )
    kept = _read(store)
    return _sweep(asked, _replications(kept.keys), kept, Precision.of(options.get("standard_error")), place)


def _read(store: Path) -> Directory:
    try:
        kept = Directory(store)
        kept.read()
    except SpecError as error:
        if not (store / MANIFEST).exists():
            allowed, given = "a sweep in TOML, or the store of a sweep", shown_path(store) + _near(store)
            raise SpecError("path", allowed, given) from error
        raise SpecError("path", error.allowed, error.given) from error
    return kept


def _near(folder: Path) -> str:
    """Return which sweeps are near a folder that is no store."""
    if (folder.parent / MANIFEST).exists():
        return f", which is in a store: open {shown_path(folder.parent)}"
    stores = [f"the store {each.parent.name!r}" for each in sorted(folder.glob(f"*/{MANIFEST}"))]
    found = stores + [f"the file {each.name!r}" for each in sorted(folder.glob("*.toml"))]
    if not found:
        return f", a folder without {MANIFEST}"
    return (
        f", which has {', '.join(found[:_MOST_NEAR])}{', ...' * (len(found) > _MOST_NEAR)}: open one of them"
    )


def _sweep(tasks: list[Task], held: Mapping[str, int], kept: Directory, goal: Precision, place: Any) -> Sweep:
    """Return the tasks that have replications, with those that count."""
    known = [task for task in tasks if held.get(task.id)]
    if not known:
        raise SpecError(
            "path", "a sweep of which something was played", f"{shown_path(place)} without results"
        )
    found = [goal.enough(task, kept, held[task.id]) for task in known]
    missing = len(tasks) - len(known), "were not played, and are left out"
    short = sum(not complete for _, complete in found), "have fewer replications than asked for"
    faults = [f"{count} of {len(tasks)} tasks {what}" for count, what in (missing, short) if count]
    if faults:
        warnings.warn(f"{shown_path(place)}: {'; '.join(faults)}", StackelWarning, stacklevel=3)
    counts = np.array([count for count, _ in found], np.int64)
    games = sum({task.id: count for task, count in zip(known, counts.tolist(), strict=True)}.values())
    looks = np.array([goal.looks(task.replications) for task in known], np.int64)
    return Sweep(tuple(known), counts, kept, 0, games, looks=looks)


def _replications(keys: Iterable[Key]) -> dict[str, int]:
    """Return how many replications from the first on a store has of each task."""
    stops: dict[str, int] = {}
    for task, start, stop in sorted(keys):
        if start <= stops.get(task, 0):
            stops[task] = max(stops.get(task, 0), stop)
    return stops


def _task(id_: str, said: Described, replications: int) -> Task:
    """Return the task that a file describes."""
    with faults_named("path", "a store of tasks that this stackel reads", f"a task of id {id_}"):
        spec = json.loads(said.spec)
        task = Task(
            game_of(spec["game"] | {"name": said.game}),
            Learner.from_dict(spec["leader"]),
            Learner.from_dict(spec["follower"]),
            spec["horizon"],
            replications,
            int(spec["seed"]),
            spec["checkpoints"] or None,
            spec["engine"],
            spec["crossing_tolerance"],
            json.loads(said.labels),
        )
    if task.id != id_:
        raise SpecError(
            "path", "a store of tasks that this stackel reads", f"a task of id {id_} that differs"
        )
    return task


def _in_order(tasks: list[Task]) -> list[Task]:
    """Sort tasks by their labels, name by name."""
    names = list(dict.fromkeys(name for task in tasks for name in task.labels))
    return sorted(
        tasks, key=lambda task: ([_rank(task.labels.get(name)) for name in names], task.horizon, task.id)
    )


def _rank(value: Any) -> tuple[int, float, str]:
    """Return the rank of a label: None first, then numbers by size, then texts."""
    if value is None:
        return 0, 0, ""
    return (1, value, "") if isinstance(value, int | float) else (2, 0, value)
