"""Store of results in memory, and the join of ranges of replications."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from stackel.sweeps.play import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from stackel.sweeps.play import Key, Played
    from stackel.sweeps.tasks import Task


class Memory:
    """Store of results for the life of the process."""

    def __init__(self) -> None:
        self._parts: dict[Key, Part] = {}

    @property
    def keys(self) -> Collection[Key]:
        """Ranges of replications in the store."""
        return self._parts.keys()

    @contextlib.contextmanager
    def writing(self, _tasks: Iterable[Task]) -> Iterator[None]:
        """Do nothing: no other process can write."""
        yield

    def check_writable(self) -> None:
        """Do nothing: memory is always writable."""

    def add(self, played: Played) -> None:
        """Keep results."""
        keys = (each.key for each in played.ranges)
        self._parts.update(zip(keys, played.parts(), strict=True))

    def wholes(self, ids: Collection[str]) -> dict[str, Part]:
        """Return the replications from 0 on of each of these tasks."""
        found: dict[str, list[Part]] = {}
        for (task, *_), part in self._parts.items():
            if task in ids:
                found.setdefault(task, []).append(part)
        return {task: put_together(parts) for task, parts in found.items()}


def put_together(parts: list[Part]) -> Part:
    """Join parts of a task, with each replication once, in order."""
    kept: list[Part] = []
    stop = 0
    for part in sorted(parts, key=lambda part: part.start):
        if part.start <= stop < part.stop:
            kept.append(part.between(stop, part.stop))
            stop = part.stop
    return Part(
        0,
        kept[0].rounds,
        np.concatenate([part.utility for part in kept], axis=1),
        np.concatenate([part.error_bound for part in kept]),
        frozenset[str]().union(*(part.engines for part in kept)),
    )
