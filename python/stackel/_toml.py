"""TOML whose reading takes time and memory in proportion to its length."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_MOST_PARTS, _MOST_DIGITS = 64, 5000
_PART = r"""(?: "[^"\n]*+" | '[^'\n]*+' | [^\s.,=\[\]{}\#"']++ )"""
_BEGINNING = r"""(?<! [^\s.,=\[\]{}\#"'] )"""  # so that a long part is gone through once
_LONG_KEY = re.compile(rf"{_BEGINNING} (?: {_PART} [ \t]*+ \. [ \t]*+ ){{{_MOST_PARTS}}}", re.VERBOSE)

_LONG_NUMBER = re.compile(rf"(?<! [0-9a-fA-F_] ) [0-9a-fA-F_]{{{_MOST_DIGITS}}}", re.VERBOSE)


def loads(text: str) -> dict[str, Any]:
    """Return what a text in TOML says.

    Raises
    ------
    ValueError
        If it is not TOML; or a dotted key has more than 64 parts, for which `tomllib` takes time that grows
        with the square of their number; or a number has 5000 digits, for which it takes 100 times the memory.
    RecursionError
        If brackets are nested too deep.
    """
    if _LONG_KEY.search(text):
        raise ValueError(f"a key of more than {_MOST_PARTS} parts")
    if _LONG_NUMBER.search(text):
        raise ValueError(f"a number of {_MOST_DIGITS} digits")
    return tomllib.loads(text)
