"""One driver at a time in a store.

The system holds the lock for a process and drops it with the process, however that ends: a lock is never
stale. What the file says is only for messages.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HELD: set[Path] = set()
"""Locks of this process, which the system does not tell apart."""
_HELD_GUARD = threading.Lock()

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(descriptor: int) -> None:
        # A byte far behind the text, which stays readable.
        os.lseek(descriptor, 2**20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        # Not flock, whose locks workers inherit and would hold after the death of the driver.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`.

    Raises
    ------
    SpecError
        If another sweep holds it; the message says which.
    OSError
        If there can be no such file, as in a directory that is read-only.
    """
    resolved = path.resolve()
    with _HELD_GUARD:
        if resolved in _HELD:
            raise _in_use(path, "another sweep of this process")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        _HELD.add(resolved)
    try:
        try:
            _take(descriptor)
        except (BlockingIOError, PermissionError):
            owner = os.read(descriptor, 200).decode(errors="replace").strip()
            raise _in_use(path, owner or "another process") from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()} on {socket.gethostname()}".encode())
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)
        with _HELD_GUARD:
            _HELD.discard(resolved)


def _in_use(path: Path, owner: str) -> SpecError:
    return SpecError(
        "store", "in use by one sweep at a time", f"{shown(str(path.parent))}, in use by {owner}"
    )
