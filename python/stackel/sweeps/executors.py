"""Play batches, either on the core's threads or on the workers of an executor, never on both."""

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
from stackel.sweeps.play import Played, PlayedColumns, ReplicationRange, joined, play

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_PIECES_PER_WORKER = 4
"""Pieces in flight for each worker, so that no worker waits for the driver."""
_MIN_PIECES = 64
"""Smallest number of pieces in flight."""
_SECONDS_PER_PIECE = 1.0
"""Duration of a piece: much longer than sending it, and short enough to wait for after Ctrl-C."""
_MAX_PIECES_PER_SECOND = 100
"""Results that a driver can handle; with more than this many workers, pieces take longer."""
_MAX_GROWTH = 4
"""Largest factor by which pieces grow at a time, because tasks differ."""
_WORKER_COUNT_TTL = 10.0
"""Seconds after which the workers are counted again; a cluster can gain and lose workers."""

Batch = list[ReplicationRange]


class ExecutorPool:
    """Workers of a `concurrent.futures.Executor` or of a Dask client."""

    def __init__(self, executor: Any) -> None:
        self._given = executor
        self._counted_at = -math.inf
        self._size = 0
        self.pace = 1.0
        """Work in a piece; the first piece is a single game."""
        is_client = hasattr(executor, "get_executor") and not isinstance(executor, type)
        wrong = ""
        if is_client and getattr(executor, "asynchronous", False) is True:
            wrong = " with asynchronous=True, whose calls return coroutines"
        elif is_client and getattr(executor, "status", "running") == "closed":
            wrong = ", which is closed"
        if isinstance(executor, Executor):
            self._executor = executor
        elif is_client and not wrong:
            self._executor = executor.get_executor(pure=False)
        else:
            allowed = "None, a concurrent.futures.Executor, or a dask.distributed.Client that is connected"
            raise SpecError("executor", allowed, shown(executor) + wrong)

    @property
    def size(self) -> int:
        """Number of workers; the number of processors where the executor does not say."""
        now = time.monotonic()
        if now > self._counted_at + _WORKER_COUNT_TTL:
            self._counted_at = now
            with _failures():
                client = hasattr(self._given, "nthreads")
                self._size = sum(self._given.nthreads().values()) if client else os.cpu_count() or 1
        return self._size

    @property
    def room(self) -> int:
        """Largest number of pieces in flight."""
        return max(_MIN_PIECES, _PIECES_PER_WORKER * self.size)

    def first_of(self, ended: SimpleQueue[Future[Any]]) -> Future[Any]:
        """Wait for the first piece to end; warn while there are no workers."""
        while True:
            try:
                return ended.get(timeout=_WORKER_COUNT_TTL)
            except Empty:
                if not self.size:
                    text = "the cluster has no workers at the moment; the sweep continues when it has some"
                    warnings.warn(text, StackelWarning, stacklevel=2)

    def play(self, piece: Batch) -> Future[Any]:
        """Send a piece to a worker."""
        with _failures():
            return self._executor.submit(_play_in_worker, piece, stream_version())

    def result(self, future: Future[Any], piece: Batch) -> PlayedColumns:
        """Return the results of a piece, and set the size of the next pieces by its duration."""
        seconds: float
        columns: PlayedColumns
        with _failures():
            seconds, columns = future.result()
        wanted = max(_SECONDS_PER_PIECE, self.size / _MAX_PIECES_PER_SECOND)
        self.pace = plan.work(piece) * min(wanted / max(seconds, 1e-9), _MAX_GROWTH)
        return columns


def play_all(batches: Iterable[Batch], pool: ExecutorPool | None, threads: int | None) -> Iterator[Played]:
    """Yield the results of batches, as they end."""
    if pool is None:
        for batch in batches:
            yield play(batch, threads)
        return
    waiting = (
        (whole, place, piece)
        for whole in map(_BatchInPieces, batches)
        for place, piece in enumerate(plan.pieces(whole.batch, lambda: pool.pace))
    )
    running: dict[Future[Any], tuple[_BatchInPieces, int, Batch]] = {}
    ended: SimpleQueue[Future[Any]] = SimpleQueue()
    try:
        while True:
            for whole, place, piece in islice(waiting, max(pool.room - len(running), 0)):
                future = pool.play(piece)
                running[future] = whole, place, piece
                future.add_done_callback(ended.put)
            if not running:
                return
            future = pool.first_of(ended)
            whole, place, piece = running.pop(future)
            if whole.ends_with(place, pool.result(future, piece)):
                yield whole.played()
    finally:
        for future in running:
            future.cancel()


class _BatchInPieces:
    """A batch whose pieces end in any order."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._parts: dict[int, PlayedColumns] = {}
        self._missing = plan.total(batch)

    def ends_with(self, place: int, columns: PlayedColumns) -> bool:
        """Keep the results of a piece; return whether it was the last one."""
        self._parts[place] = columns
        self._missing -= len(columns[0])
        return not self._missing

    def played(self) -> Played:
        return joined(self.batch, [columns for _, columns in sorted(self._parts.items())])


def _play_in_worker(piece: Batch, streams: int) -> tuple[float, PlayedColumns]:
    """Play a piece on one thread; return the seconds it took and its columns."""
    if streams != stream_version():
        versions = f"version {stream_version()}, the driver's of version {streams}"
        raise RunError(f"the random streams of a worker are of {versions}: install the same stackel on both")
    start = time.perf_counter()
    _, *columns = play(piece, threads=1)
    return time.perf_counter() - start, tuple(columns)


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    """Turn any error of the executor into a RunError that says how to continue."""
    try:
        yield
    except (StackelError, MemoryError):
        raise
    except (Exception, CancelledError) as error:
        stays = "complete batches stay in the store, and the same sweep continues from them"
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        raise RunError(f"a worker, or the connection to it, failed: {fault}; {stays}") from error
