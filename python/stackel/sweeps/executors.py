"""Who plays the batches: the threads of the core, or somebody else's workers, never both at once."""

from __future__ import annotations

import contextlib
import math
import os
import time
import warnings
from concurrent.futures import CancelledError, Executor, Future
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from stackel._utils.build import stream_version
from stackel._utils.validation import shown
from stackel.errors import RunError, SpecError, StackelError, StackelWarning
from stackel.sweeps import plan
from stackel.sweeps.play import Columns, Played, Stretch, joined, play

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WAITING = 4
"""Pieces in flight for each worker, so that none has to wait for the driver."""
_LEAST = 64
_SECONDS = 1.0
"""What a piece takes: long beside what it takes to send it, short for who waits for its end after Ctrl-C."""
_A_SECOND = 100
"""Pieces that a driver hears of: with very many workers they are longer."""
_FASTER = 4
"""Pieces grow no faster than by this factor, as tasks differ."""
_COUNTED = 10.0
"""Seconds for which the number of workers is taken to be the same; those of clusters come and go."""

Batch = list[Stretch]


class Crew:
    """Workers of an executor of the standard library's kind, which every Dask client can be.

    Raises
    ------
    SpecError
        If it is something else.
    """

    def __init__(self, executor: Any) -> None:
        self._given = executor
        self._counted = -math.inf
        self._size = 0
        self.pace = 1.0
        """Work in a piece; at first a game."""
        if isinstance(executor, Executor):
            self._executor = executor
        elif hasattr(executor, "get_executor"):
            self._executor = executor.get_executor(pure=False)
        else:
            allowed = "None, a concurrent.futures.Executor or a dask.distributed.Client"
            raise SpecError("executor", allowed, shown(executor))

    @property
    def size(self) -> int:
        """How many workers there are, or a guess."""
        now = time.monotonic()
        if now > self._counted + _COUNTED:
            self._counted = now
            with _failures():
                client = hasattr(self._given, "nthreads")
                self._size = sum(self._given.nthreads().values()) if client else os.cpu_count() or 1
        return self._size

    @property
    def room(self) -> int:
        """Pieces in flight."""
        return max(_LEAST, _WAITING * self.size)

    def first_of(self, ended: SimpleQueue[Future[Any]]) -> Future[Any]:
        """Wait for the first piece to end, and say so if nobody plays."""
        while True:
            try:
                return ended.get(timeout=_COUNTED)
            except Empty:
                if not self.size:
                    text = "the cluster has no workers at the moment; the sweep goes on when it has some"
                    warnings.warn(text, StackelWarning, stacklevel=2)

    def play(self, piece: Batch) -> Future[Any]:
        """Let a worker play."""
        with _failures():
            return self._executor.submit(_play_away, piece, stream_version())

    def result(self, future: Future[Any], piece: Batch) -> Columns:
        """Return what it gave, and learn how large pieces should be."""
        seconds: float
        columns: Columns
        with _failures():
            seconds, columns = future.result()
        wanted = max(_SECONDS, self.size / _A_SECOND)
        self.pace = plan.work(piece) * min(wanted / max(seconds, 1e-9), _FASTER)
        return columns


def play_all(batches: Iterable[Batch], crew: Crew | None, threads: int | None) -> Iterator[Played]:
    """Yield what batches give, as they end."""
    if crew is None:
        for batch in batches:
            yield play(batch, threads)
        return
    waiting = (
        (whole, place, piece)
        for whole in map(_Whole, batches)
        for place, piece in enumerate(plan.pieces(whole.batch, lambda: crew.pace))
    )
    running: dict[Future[Any], tuple[_Whole, int, Batch]] = {}
    ended: SimpleQueue[Future[Any]] = SimpleQueue()
    try:
        while True:
            for whole, place, piece in islice(waiting, max(crew.room - len(running), 0)):
                future = crew.play(piece)
                running[future] = whole, place, piece
                future.add_done_callback(ended.put)
            if not running:
                return
            future = crew.first_of(ended)
            whole, place, piece = running.pop(future)
            if whole.ends_with(place, crew.result(future, piece)):
                yield whole.played()
    finally:
        for future in running:
            future.cancel()


class _Whole:
    """A batch of which pieces come back in any order."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._parts: dict[int, Columns] = {}
        self._missing = plan.total(batch)

    def ends_with(self, place: int, columns: Columns) -> bool:
        """Keep what a piece gave; return whether it was the last one."""
        self._parts[place] = columns
        self._missing -= len(columns[0])
        return not self._missing

    def played(self) -> Played:
        return joined(self.batch, [columns for _, columns in sorted(self._parts.items())])


def _play_away(piece: Batch, streams: int) -> tuple[float, Columns]:
    """Play in a worker, of which there is one a core; the driver knows the tasks."""
    if streams != stream_version():
        versions = f"version {stream_version()}, the driver's of version {streams}"
        raise RunError(f"the random streams of a worker are of {versions}: install the same stackel on both")
    start = time.perf_counter()
    _, *columns = play(piece, threads=1)
    return time.perf_counter() - start, tuple(columns)


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Turn whatever a library says when its workers fail into an error that says how to go on."""
    try:
        yield
    except (StackelError, MemoryError):
        raise
    except (Exception, CancelledError) as error:
        stays = "what is complete stays in the store, and the same sweep goes on from it"
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        raise RunError(f"a worker, or the way to it, failed: {fault}; {stays}") from error
