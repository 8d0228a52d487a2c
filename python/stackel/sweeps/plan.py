"""Cut a sweep into batches, and batches into pieces.

A batch is the content of one file. Batches depend on the sweep alone, not on the content of the store or
the executor: a sweep that was stopped and continued leaves the same files as one that was not.

A piece is the work of one call of a worker: a batch or a part of one. Pieces depend on the speed of the
workers, and the results do not show them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel.sweeps.play import MOST_GAMES, ReplicationRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stackel.sweeps.play import Key
    from stackel.sweeps.tasks import Task

Bounds = tuple[int, int]
"""First replication, and the one after the last."""

_TARGET_BATCHES = 64
"""Batches of a sweep of medium size; a sweep that is stopped loses at most the batches in progress."""

_MIN_BATCH = 16
"""Smallest default batch, so that several threads can share it."""

_GAME_OVERHEAD_ROUNDS = 1000
"""Rounds that take about as long as the start of a game."""


def batch_size(games: int) -> int:
    """Return the default number of games in a batch."""
    return min(max(-(-games // _TARGET_BATCHES), _MIN_BATCH), MOST_GAMES)


def batches(ranges: Sequence[ReplicationRange], size: int) -> Iterator[list[ReplicationRange]]:
    """Cut a sequence of games into batches of `size` games."""
    batch: list[ReplicationRange] = []
    room = size
    for task, start, stop in ranges:
        at = start
        while at < stop:
            part = ReplicationRange(task, at, min(at + room, stop))
            batch.append(part)
            room -= part.stop - at
            at = part.stop
            if not room:
                yield batch
                batch, room = [], size
    if batch:
        yield batch


def work(ranges: Iterable[ReplicationRange]) -> int:
    """Count rounds, with the overhead of each game: proportional to the time that a worker needs."""
    return sum((stop - start) * _work_of_game(task) for task, start, stop in ranges)


def _work_of_game(task: Task) -> int:
    return task.horizon + _GAME_OVERHEAD_ROUNDS


def pieces(batch: Iterable[ReplicationRange], most: Callable[[], float]) -> Iterator[list[ReplicationRange]]:
    """Cut a batch into pieces of at most ``most()`` work, or of one game; call `most` before each piece."""
    piece: list[ReplicationRange] = []
    room = most()
    for task, start, stop in batch:
        each = _work_of_game(task)
        at = start
        while at < stop:
            fits = min(int(room // each), stop - at)
            if fits < 1 and piece:
                yield piece
                piece, room = [], most()
                continue
            end = at + max(fits, 1)
            piece.append(ReplicationRange(task, at, end))
            room -= (end - at) * each
            at = end
    if piece:
        yield piece


class Coverage:
    """Replications that a store has of each task."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._known: dict[str, list[Bounds]] = {}
        for task, start, stop in sorted(keys):
            self._known.setdefault(task, []).append((start, stop))

    def missing(self, batch: Iterable[ReplicationRange]) -> list[ReplicationRange]:
        """Return the replications of a batch that the store does not have."""
        return [
            ReplicationRange(each.task, *gap)
            for each in batch
            for gap in _gaps((each.start, each.stop), self._known.get(each.task.id, ()))
        ]


def _gaps(whole: Bounds, parts: Iterable[Bounds]) -> Iterator[Bounds]:
    """Yield the parts of `whole` that sorted intervals do not cover."""
    at, end = whole
    for start, stop in parts:
        if at < min(start, end):
            yield at, min(start, end)
        at = max(at, stop)
    if at < end:
        yield at, end


def total(ranges: Iterable[ReplicationRange]) -> int:
    """Count games."""
    return sum(each.stop - each.start for each in ranges)
