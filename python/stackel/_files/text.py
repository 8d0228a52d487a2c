"""Text files of limited size, read and replaced completely."""

from __future__ import annotations

import io
import re
import tomllib
from typing import TYPE_CHECKING, Any

from stackel._files.atomic import as_path, replacing
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    import os
    from pathlib import Path

_LONGEST_NAME = 400


def read_text(path: str | os.PathLike[str], max_bytes: int) -> str:
    """Return the text of a regular file of at most `max_bytes`; line ends become newlines.

    Raises
    ------
    SpecError
        If the file does not exist, is larger, or is not UTF-8; the message names the file.
    """
    file = as_path(path)
    try:
        size = file.stat().st_size
        text = _decoded(file, size) if file.is_file() and size <= max_bytes else None
    except UnicodeDecodeError as error:
        raise SpecError("path", "a text file in UTF-8", f"{file} ({error})") from error
    except OSError as error:
        raise SpecError("path", "a file that can be read", _refused(file, error)) from error
    if text is None:
        allowed = f"a regular file of at most {max_bytes >> 20} MiB"
        raise SpecError("path", allowed, f"{file} ({size} bytes)")
    return text


def _decoded(file: Path, size: int) -> str | None:
    """Return the text of a file of `size` bytes; None if it has more."""
    with file.open("rb") as stream:
        data = stream.read(size + 1)
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read() if len(data) <= size else None


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a file in UTF-8; an earlier file is replaced when the new one is complete.

    Raises
    ------
    SpecError
        If `path` cannot be written, or the text has characters that UTF-8 cannot encode.
    """
    file = as_path(path)
    try:
        with replacing(file) as stream:
            stream.write(text.encode())
    except UnicodeEncodeError as error:
        raise SpecError("game", "named and labelled in Unicode", str(error)) from error
    except OSError as error:
        raise SpecError("path", "a file that can be written", _refused(file, error)) from error


def _refused(file: Path, error: OSError) -> str:
    return f"{shown(str(file), _LONGEST_NAME)} ({error.strerror or error})"


_MOST_PARTS, _MOST_DIGITS = 64, 5000

_PART = r"""(?: "[^"\n]*+" | '[^'\n]*+' | [^\s.,=\[\]{}\#"']++ )"""

_BEGINNING = r"""(?<! [^\s.,=\[\]{}\#"'] )"""  # so that a long part is scanned once

_LONG_KEY = re.compile(rf"{_BEGINNING} (?: {_PART} [ \t]*+ \. [ \t]*+ ){{{_MOST_PARTS}}}", re.VERBOSE)

_LONG_NUMBER = re.compile(rf"(?<! [0-9a-fA-F_] ) [0-9a-fA-F_]{{{_MOST_DIGITS}}}", re.VERBOSE)


def loads(text: str) -> dict[str, Any]:
    """Return the content of a TOML text.

    Raises
    ------
    ValueError
        If the text is not TOML; or a dotted key has more than 64 parts, because the time of `tomllib` grows
        with the square of their number; or a number has 5000 digits, which take 100 times the memory.
    RecursionError
        If brackets are nested too deeply.
    """
    if _LONG_KEY.search(text):
        raise ValueError(f"a key of more than {_MOST_PARTS} parts")
    if _LONG_NUMBER.search(text):
        raise ValueError(f"a number of {_MOST_DIGITS} digits")
    return tomllib.loads(text)
