"""Runs in progress, one a tab of the page: a newer one stops the one before it."""

from __future__ import annotations

import json
import queue
import select
import socket
import threading
from typing import TYPE_CHECKING, Any

from stackel._core import CancelToken
from stackel._explorer._running import Memory
from stackel._explorer._state import PlacedError
from stackel.errors import RunError, SpecError, StackelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Message = dict[str, Any]
    Told = tuple[bytes, bool]
    """A message as JSON, and whether it is the last."""
    Work = Callable[[Callable[[float], None], CancelToken], Iterator[Message]]

_TICK = 0.05
"""Seconds between two looks whether the page is still there."""
_MIN_STEP = 0.002
"""Smallest growth of the share done that is told."""


class Requests:
    """What the pages of one server wait for."""

    def __init__(self) -> None:
        self.memory = Memory()
        self._tokens: dict[str, CancelToken] = {}
        self._lock = threading.Lock()

    def serve(self, slot: str, work: Work, connection: socket.socket, send: Callable[[bytes], None]) -> None:
        """Send the messages of `work` as JSON; stop it if a newer one has its slot, or the page is gone."""
        token = CancelToken()
        with self._lock:
            before = self._tokens.get(slot)
            self._tokens[slot] = token
        if before is not None:
            before.cancel()
        waiting: queue.SimpleQueue[Told] = queue.SimpleQueue()
        worker = threading.Thread(target=_work, args=(work, token, waiting.put), daemon=True)
        worker.start()
        try:
            _pass_on(waiting, connection, send)
        except OSError:  # the page is gone
            token.cancel()
        finally:
            with self._lock:
                if self._tokens.get(slot) is token:
                    del self._tokens[slot]

    def cancel_all(self) -> None:
        """Stop everything."""
        with self._lock:
            for token in self._tokens.values():
                token.cancel()


def _work(work: Work, token: CancelToken, pass_on: Callable[[Told], None]) -> None:
    told = 0.0

    def put(message: Message) -> None:
        pass_on((encoded(message), message["kind"] in _LAST))

    def report(done: float) -> None:
        nonlocal told
        if done - told >= _MIN_STEP or done < told:
            told = done
            put({"kind": "progress", "done": done})

    try:
        for message in work(report, token):
            put(message)
        put({"kind": "done"})
    except RunError as error:
        put({"kind": "cancelled"} if token.cancelled else described(error))
    except BaseException as error:  # noqa: BLE001 a learner of the user's own raises anything
        put(described(error))


def described(error: BaseException) -> Message:
    """Return an error as a message: with its place in the state, if it has one."""
    message = str(error) if isinstance(error, StackelError) else f"{type(error).__name__}: {error}"
    where = error.where if isinstance(error, PlacedError) else ()
    argument = error.argument if isinstance(error, SpecError) else ""
    return {"kind": "error", "message": message, "where": list(where), "argument": argument}


def encoded(message: Message) -> bytes:
    """Return a message as a line of JSON, without its end."""
    return json.dumps(message, allow_nan=False).encode()


_LAST = {"done", "cancelled", "error"}


def _pass_on(
    waiting: queue.SimpleQueue[Told], connection: socket.socket, send: Callable[[bytes], None]
) -> None:
    while True:
        try:
            line, is_last = waiting.get(timeout=_TICK)
        except queue.Empty:
            if _is_closed(connection):
                raise ConnectionError("the page is gone") from None
            continue
        send(line)
        if is_last:
            return


def _is_closed(connection: socket.socket) -> bool:
    """Whether the other side has closed a connection on which nothing more is expected."""
    readable, _, _ = select.select([connection], [], [], 0)
    return bool(readable) and not connection.recv(1, socket.MSG_PEEK)
