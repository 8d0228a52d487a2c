"""Files that are written completely or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 400
"""Characters of a path that an error shows."""


def shown_path(path: str | os.PathLike[str]) -> str:
    """Return a path for an error message: the name of the file, at its end, is hardly ever cut off."""
    return shown(os.fspath(path), _LONGEST)


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], *, by_way_of: Path | None = None) -> Iterator[BinaryIO]:
    """Yield a binary file that replaces `path` when the block ends without an error.

    Until then the bytes go to a hidden file beside `path`, or in the directory `by_way_of` of the same
    file system, which is removed on any failure. An earlier file at `path` stays until the new bytes
    are on the disk. A symbolic link is kept, and its target replaced.

    Raises
    ------
    SpecError
        As in `as_target`.
    OSError
        If the system cannot write the file.
    """
    target = as_target(path)
    temporary = (by_way_of or target.parent) / f".{secrets.token_hex(8)}.tmp"
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(target.parent)


def as_target(path: str | os.PathLike[str]) -> Path:
    """Return the file to write for a path, without symbolic links.

    Raises
    ------
    SpecError
        If `path` is not a path, is no regular file, or lies in a directory that does not exist.
    """
    target = Path(os.path.realpath(as_path(path)))
    try:
        if not target.exists() and target.parent.is_dir():
            return target
        kind = kind_of(target)
    except OSError as error:
        given = f"{shown_path(path)} ({error.strerror or error})"
        raise SpecError("path", "a file that can be written", given) from error
    if not target.exists():
        raise SpecError("path", "in an existing directory", shown_path(path))
    if kind:
        raise SpecError("path", "the name of a file", f"{kind} {shown_path(path)}")
    return target


def kind_of(path: Path) -> str:
    """Return what is at a path: a directory or a device; empty for a file and for nothing."""
    if not path.exists() or path.is_file():
        return ""
    return "the directory" if path.is_dir() else "the device, pipe or socket"


def as_path(path: str | os.PathLike[str]) -> Path:
    """Return the path as given, without a suffix added; ``~`` at its start is the home directory."""
    try:
        if b"\0" not in os.fsencode(path):
            given = Path(path)
            return given.expanduser() if given.parts[:1] == ("~",) else given
    except TypeError:
        raise SpecError("path", "a string or a path", shown(path)) from None
    except (UnicodeError, RuntimeError):  # characters that no file name has; a user without a home
        pass
    raise SpecError("path", "a string or a path that a file can have", shown(path))


def sync_directory(directory: Path) -> None:
    """Write renames in a directory to the disk, on systems that can open a directory."""
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
