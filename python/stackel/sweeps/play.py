"""Play ranges of replications, in the driver or in a worker, without files."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._utils.players import ROLES
from stackel.games._changing import ChangingGame, games_of
from stackel.simulation._batch import simulate_many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.sweeps.tasks import Task

Key = tuple[str, int, int]
"""Id of a task, first replication, and the one after the last."""

MOST_GAMES = 2**14
"""Largest batch."""


class ReplicationRange(NamedTuple):
    """Replications `start` to `stop - 1` of a task."""

    task: Task
    start: int
    stop: int

    @property
    def key(self) -> tuple[str, int, int]:
        """Identity of the range: the task's id and both ends."""
        return self.task.id, self.start, self.stop


class Part(NamedTuple):
    """Results of n replications of a task."""

    start: int
    """The first replication."""
    rounds: npt.NDArray[np.int64]
    """Checkpoints, shape (K,)."""
    utility: npt.NDArray[np.float64]
    """Utilities with their remainders, shape (4, n, K)."""
    error_bound: npt.NDArray[np.float64]
    """Shape (n,)."""
    engines: frozenset[str]

    @property
    def stop(self) -> int:
        """The replication after the last one."""
        return self.start + len(self.error_bound)

    def between(self, start: int, stop: int) -> Part:
        """Return some of the replications."""
        kept = slice(start - self.start, stop - self.start)
        return self._replace(start=start, utility=self.utility[:, kept], error_bound=self.error_bound[kept])


class Played(NamedTuple):
    """Results of ranges of replications; each game has a row for each checkpoint.

    The columns of a batch are the columns of its parts, one after the other.
    """

    ranges: list[ReplicationRange]
    """Ranges, of G games together."""
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
    """Utilities of leader and follower, then what rounding took from them, shape (4, rows)."""

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Number of games of each range."""
        return np.array([each.stop - each.start for each in self.ranges], np.int64)

    def parts(self) -> Iterator[Part]:
        """Yield the results of each range."""
        end, row = 0, 0
        for each, count in zip(self.ranges, self.lengths.tolist(), strict=True):
            first, end = end, end + count
            marks = int(self.marks[first])
            low, row = row, row + count * marks
            yield Part(
                each.start,
                self.rounds[low : low + marks],
                self.utility[:, low:row].reshape(4, count, marks),
                self.error_bound[first:end],
                frozenset(self.engine[first:end].tolist()),
            )


PlayedColumns = tuple[Any, ...]
"""Fields of `Played` without the ranges."""


def joined(ranges: list[ReplicationRange], parts: Iterable[PlayedColumns]) -> Played:
    """Return the results of ranges from the columns of their parts, in order."""
    columns = (np.concatenate(each, axis=-1) for each in zip(*parts, strict=True))
    return Played(ranges, *columns)


def play(ranges: list[ReplicationRange], threads: int | None) -> Played:
    """Play all ranges; neighbours that differ only in game and seed are played in one call of the core."""
    alike = (list(each) for _, each in groupby(ranges, shared_by_one_call))
    return joined(ranges, [_together(each, threads) for each in alike])


def shared_by_one_call(replications: ReplicationRange) -> tuple[Any, ...]:
    """Return the settings that all ranges of one call share."""
    task = replications.task
    return (
        task.leader,
        task.follower,
        task.game.noise,
        task.game.shape,
        *_course(task.game),
        task.horizon,
        task.checkpoints,
        task.engine,
        task.crossing_tolerance,
    )


def _course(game: AnyGame) -> tuple[tuple[int, ...] | None, str | None]:
    """Return the starts of a changing game, and its newcomers."""
    return (game.starts, game.newcomer) if isinstance(game, ChangingGame) else (None, None)


def _stack(game: AnyGame, role: str) -> npt.NDArray[np.float64]:
    """Return the matrix of a game, or those of a changing one."""
    matrices = np.stack([getattr(each, role) for each in games_of(game)])
    return matrices if isinstance(game, ChangingGame) else matrices[0]


def _together(ranges: list[ReplicationRange], threads: int | None) -> PlayedColumns:
    first, lengths = ranges[0].task, [each.stop - each.start for each in ranges]
    seeds = np.concatenate([each.task.seeds(each.start, each.stop) for each in ranges])
    games = [each.task.game for each in ranges]
    starts, newcomer = _course(first.game)
    leader_stack, follower_stack = (
        np.repeat(np.stack([_stack(game, role) for game in games]), lengths, axis=0) for role in ROLES
    )
    batch = simulate_many(
        leader_stack,
        follower_stack,
        first.leader,
        first.follower,
        first.horizon,
        noise=first.game.noise,
        starts=starts,
        newcomer=newcomer,
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
        np.concatenate([batch.utility, batch.remainder]).reshape(4, count * marks),
    )
