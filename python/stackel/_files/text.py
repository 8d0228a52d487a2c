"""Text files of limited size, read and replaced completely."""

from __future__ import annotations

import codecs
import io
import re
import tomllib
from typing import TYPE_CHECKING, Any

from stackel._files.atomic import as_path, kind_of, replacing, shown_path
from stackel.errors import SpecError

if TYPE_CHECKING:
    import os
    from pathlib import Path

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, which editors and shells of Windows write, and their encodings."""


def read_text(path: str | os.PathLike[str], max_bytes: int) -> str:
    """Return the text of a regular file of at most `max_bytes`; line ends become newlines.

    A byte order mark at its start is left out, and says which Unicode encoding it has; otherwise it is UTF-8.

    Raises
    ------
    SpecError
        If the file does not exist, is larger, or is not text; the message names the file.
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
        kind = kind_of(file)
        given = f"{kind} {file}" if kind else f"{file} ({size} bytes)"
        raise SpecError("path", f"a regular file of at most {max_bytes >> 20} MiB", given)
    return text


def _decoded(file: Path, size: int) -> str | None:
    """Return the text of a file of `size` bytes; None if it has more."""
    with file.open("rb") as stream:
        data = stream.read(size + 1)
    if len(data) > size:
        return None
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    text = io.TextIOWrapper(io.BytesIO(data), encoding=encoding).read()
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        given = f"{file}, line {line}: a null character, as in damaged files and in UTF-16 without its mark"
        raise SpecError("path", "a text file in UTF-8", given)
    return text


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
    return f"{shown_path(file)} ({error.strerror or error})"


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
