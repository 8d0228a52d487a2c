"""Lock of a store, for one driver at a time.

The operating system releases the lock when the process ends in any way: a lock is never stale. The text of
the file is for messages only.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

from stackel._files.atomic import shown_path
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HELD: set[Path] = set()
"""Locks of this process; the system does not exclude a process from its own locks."""
_HELD_GUARD = threading.Lock()

if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _take(descriptor: int) -> None:
        # Lock a byte far beyond the text, so that the text stays readable.
        os.lseek(descriptor, 2**20, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        # Not flock: workers inherit its locks and keep them after the driver ends.
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; a SpecError says which other sweep holds it."""
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
        "store", "in use by one sweep at a time", f"{shown_path(path.parent)}, in use by {owner}"
    )
