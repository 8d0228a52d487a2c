"""Play stretches of replications; runs in the driver or in a worker, and touches no file."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel.simulation._batch import simulate_many

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    from stackel.sweeps.tasks import Task

Key = tuple[str, int, int]
"""Id of a task, first replication, and the one after the last."""

Part = tuple[int, "npt.NDArray[np.int64]", "npt.NDArray[np.float64]"]
"""First replication, checkpoints of shape (K,), and utilities of shape (2, n, K)."""

MOST_GAMES = 2**14
"""Largest batch."""


class Stretch(NamedTuple):
    """Replications `start` to `stop - 1` of a task."""

    task: Task
    start: int
    stop: int

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells it from all other stretches."""
        return self.task.id, self.start, self.stop


class Played(NamedTuple):
    """What stretches gave, game after game, and row after row: a game has a row for each checkpoint.

    Columns, so that those of parts of a batch put one after the other are those of the batch.
    """

    stretches: list[Stretch]
    """Of G games together."""
    seeds: npt.NDArray[np.uint64]
    """Shape (G,)."""
    engine: npt.NDArray[np.str_]
    """Shape (G,)."""
    error_bound: npt.NDArray[np.float64]
    """Shape (G,)."""
    marks: npt.NDArray[np.int64]
    """Number of checkpoints, shape (G,); their sum is the number of rows."""
    rounds: npt.NDArray[np.int64]
    """Shape (rows,)."""
    utility: npt.NDArray[np.float64]
    """Shape (2, rows)."""

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Games of each stretch."""
        return np.array([stretch.stop - stretch.start for stretch in self.stretches], np.int64)


Columns = tuple[Any, ...]
"""All of `Played` but the stretches."""


def joined(stretches: list[Stretch], parts: Iterable[Columns]) -> Played:
    """Return what stretches gave of which parts were played one by one."""
    columns = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
    return Played(stretches, *columns)


def play(stretches: list[Stretch], threads: int | None) -> Played:
    """Play all of them, neighbours that differ in game and seed only in one call of the core."""
    alike = (list(each) for _, each in groupby(stretches, what_must_agree))
    return joined(stretches, [_together(each, threads) for each in alike])


def what_must_agree(stretch: Stretch) -> tuple[Any, ...]:
    """Return all that stretches have in common which are played in one call."""
    task = stretch.task
    return (
        task.leader,
        task.follower,
        task.game.noise,
        task.game.shape,
        task.horizon,
        task.checkpoints,
        task.engine,
        task.crossing_tolerance,
    )


def _together(stretches: list[Stretch], threads: int | None) -> Columns:
    first, lengths = stretches[0].task, [stretch.stop - stretch.start for stretch in stretches]
    seeds = np.concatenate([stretch.task.seeds(stretch.start, stretch.stop) for stretch in stretches])
    games = [stretch.task.game for stretch in stretches]
    batch = simulate_many(
        np.repeat(np.stack([game.leader for game in games]), lengths, axis=0),
        np.repeat(np.stack([game.follower for game in games]), lengths, axis=0),
        first.leader,
        first.follower,
        first.horizon,
        noise=first.game.noise,
        seed=seeds,
        checkpoints=first.checkpoints,
        engine=first.engine,
        crossing_tolerance=first.crossing_tolerance,
        threads=threads,
    )
    count, marks = len(seeds), len(batch.rounds)
    return (
        seeds,
        np.full(count, batch.engine),
        batch.error_bound,
        np.full(count, marks),
        np.tile(batch.rounds, count),
        batch.utility.reshape(2, count * marks),
    )
