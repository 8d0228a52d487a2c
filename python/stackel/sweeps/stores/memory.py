"""Store of results in memory, and the join of ranges of replications."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import numpy.typing as npt

    from stackel.sweeps.play import Key, Part, Played
    from stackel.sweeps.tasks import Task

Utilities = tuple["npt.NDArray[np.int64]", "npt.NDArray[np.float64]"]
"""Checkpoints, shape (K,), and utilities with their remainders of replications from 0 on, shape (4, R, K)."""


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
        ends = np.cumsum(played.lengths)
        rows = np.concatenate([[0], np.cumsum(played.marks)])
        for each, n, end in zip(played.ranges, played.lengths, ends, strict=True):
            low, high = rows[end - n], rows[end]
            utility = played.utility[:, low:high].reshape(4, n, -1)
            self._parts[each.key] = each.start, played.rounds[low:high][: utility.shape[2]], utility

    def utilities(self, ids: Collection[str]) -> dict[str, Utilities]:
        """Return the checkpoints and utilities of these tasks."""
        found: dict[str, list[Part]] = {}
        for (task, *_), part in self._parts.items():
            if task in ids:
                found.setdefault(task, []).append(part)
        return {task: put_together(parts) for task, parts in found.items()}


def put_together(parts: list[Part]) -> Utilities:
    """Join parts of a task, with each replication once, in order."""
    parts = sorted(parts, key=lambda part: part[0])
    kept, stop = [], 0
    for start, _, utility in parts:
        if start <= stop < start + utility.shape[1]:
            kept.append(utility[:, stop - start :])
            stop = start + utility.shape[1]
    return parts[0][1], np.concatenate(kept, axis=1)
