"""Text for consoles that cannot show every character, such as those of Windows with an old code page."""

from __future__ import annotations

import codecs
import sys
from typing import TextIO

_ALIKE = {
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{PLUS-MINUS SIGN}": "+-",
}
_SPINNER = range(0x2800, 0x2900)  # patterns of Braille dots
_HANDLER = "stackel.alike"


def _alike(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return something alike for what an encoding does not have, such as ``<=``, or its code."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    text = "".join("*" if ord(each) in _SPINNER else _ALIKE.get(each, each) for each in text)
    return text.encode("ascii", "backslashreplace").decode("ascii"), error.end


codecs.register_error(_HANDLER, _alike)


def show_everything() -> None:
    """Make the standard streams replace what they cannot encode, where it would be an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_HANDLER)


def as_shown(text: str, stream: TextIO) -> str:
    """Return text as a stream can encode it."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return text.encode(encoding, _HANDLER).decode(encoding)
