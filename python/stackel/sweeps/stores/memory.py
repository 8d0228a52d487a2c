"""Results that are kept in memory, and how stretches make a task."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import numpy.typing as npt

    from stackel.sweeps.play import Key, Part, Played

Utilities = tuple["npt.NDArray[np.int64]", "npt.NDArray[np.float64]"]
"""Checkpoints, shape (K,), and utilities of replications from 0 on, shape (2, R, K)."""


class Memory:
    """Results that end with the process."""

    def __init__(self) -> None:
        self._parts: dict[Key, Part] = {}

    @property
    def keys(self) -> Collection[Key]:
        """Stretches that are there."""
        return self._parts.keys()

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody else can write."""
        yield

    def check_writable(self) -> None:
        """It always is."""

    def add(self, played: Played) -> None:
        """Keep what was played."""
        ends = np.cumsum(played.lengths)
        rows = np.concatenate([[0], np.cumsum(played.marks)])
        for stretch, n, end in zip(played.stretches, played.lengths, ends, strict=True):
            low, high = rows[end - n], rows[end]
            utility = played.utility[:, low:high].reshape(2, n, -1)
            self._parts[stretch.key] = stretch.start, played.rounds[low:high][: utility.shape[2]], utility

    def utilities(self, ids: Collection[str]) -> dict[str, Utilities]:
        """Return what is known of these tasks."""
        found: dict[str, list[Part]] = {}
        for (task, *_), part in self._parts.items():
            if task in ids:
                found.setdefault(task, []).append(part)
        return {task: put_together(parts) for task, parts in found.items()}


def put_together(parts: list[Part]) -> Utilities:
    """Replications in their order, each once."""
    parts = sorted(parts, key=lambda part: part[0])
    kept, stop = [], 0
    for start, _, utility in parts:
        if start <= stop < start + utility.shape[1]:
            kept.append(utility[:, stop - start :])
            stop = start + utility.shape[1]
    return parts[0][1], np.concatenate(kept, axis=1)
