"""Which games are to be played, in which batches.

A batch is what a file holds. How a sweep is cut into batches depends on the sweep alone, not on what a store
has of it, nor on who plays: a sweep that was stopped and goes on leaves the very files of one that was not.

A piece is what a worker is given, a batch or a part of one. How a batch is cut into pieces depends on how
fast the workers are, and nobody sees it afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel.sweeps.play import MOST_GAMES, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from stackel.sweeps.play import Key
    from stackel.sweeps.tasks import Task

Interval = tuple[int, int]

_BATCHES = 64
"""About as many, of a sweep of medium size: so much of it is lost at most when it is stopped."""

_FEWEST_GAMES = 16
"""Smallest batch unless asked for, so that threads have something to share."""

_SITTING_DOWN = 1000
"""Rounds that take about as long as it takes to begin a game."""


def batch_size(games: int) -> int:
    """Games in a batch."""
    return min(max(-(-games // _BATCHES), _FEWEST_GAMES), MOST_GAMES)


def batches(stretches: Sequence[Stretch], size: int) -> Iterator[list[Stretch]]:
    """Cut a sequence of games into batches of so many."""
    batch: list[Stretch] = []
    room = size
    for task, start, stop in stretches:
        at = start
        while at < stop:
            part = Stretch(task, at, min(at + room, stop))
            batch.append(part)
            room -= part.stop - at
            at = part.stop
            if not room:
                yield batch
                batch, room = [], size
    if batch:
        yield batch


def work(stretches: Iterable[Stretch]) -> int:
    """Count rounds: about how long a worker takes, in unknown units."""
    return sum((stop - start) * _work_of_game(task) for task, start, stop in stretches)


def _work_of_game(task: Task) -> int:
    return task.horizon + _SITTING_DOWN


def pieces(batch: Iterable[Stretch], most: Callable[[], float]) -> Iterator[list[Stretch]]:
    """Cut a batch into pieces of so much work, or of a game; `most` is asked for each when it is due."""
    piece: list[Stretch] = []
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
            piece.append(Stretch(task, at, end))
            room -= (end - at) * each
            at = end
    if piece:
        yield piece


class Coverage:
    """Replications of tasks that are there."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._intervals: dict[str, list[Interval]] = {}
        for task, start, stop in sorted(keys):
            self._intervals.setdefault(task, []).append((start, stop))

    def missing(self, batch: Iterable[Stretch]) -> list[Stretch]:
        """Return what is not there of a batch."""
        return [
            Stretch(stretch.task, *gap)
            for stretch in batch
            for gap in _gaps((stretch.start, stretch.stop), self._intervals.get(stretch.task.id, ()))
        ]


def _gaps(whole: Interval, parts: Iterable[Interval]) -> Iterator[Interval]:
    """What sorted intervals leave of one."""
    at, end = whole
    for start, stop in parts:
        if at < min(start, end):
            yield at, min(start, end)
        at = max(at, stop)
    if at < end:
        yield at, end


def total(stretches: Iterable[Stretch]) -> int:
    """Count games."""
    return sum(stretch.stop - stretch.start for stretch in stretches)
