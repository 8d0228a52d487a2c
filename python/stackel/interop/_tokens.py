"""Tokens of a game's text, with errors that name the line."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from stackel._utils.numbers import as_float
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import Game

if TYPE_CHECKING:
    import os

    import numpy as np
    import numpy.typing as npt

    Matrix = npt.NDArray[np.float64]

_TOKEN = re.compile(
    r"""[ \t\n\r\f\v]*+
    ( "[^"\\]*+ (?: \\. [^"\\]*+ )*+"   # text in double quotes
    | [{},]
    | [^ \t\n\r\f\v{},"]++              # a word or a number
    | "                                 # text that never ends
    | \Z )""",
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"([+-]?[0-9]+)/([0-9]+)|[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,15}")
_MARK = "\ufeff"  # a byte order mark, in text that was read as plain UTF-8
_ESCAPED = re.compile(r'\\(["\\])')


class Tokens:
    """Tokens of a text, read one at a time to save memory.

    A token is text in double quotes, a brace, a comma, or anything else up to white space. Errors name the
    format and the file; without a file, the text is an argument called ``text``.
    """

    def __init__(self, text: str, form: str, file: str | os.PathLike[str] | None = None) -> None:
        self._text, self._form, self._file = text, form, file
        self._next = self._match(text.startswith(_MARK))

    @property
    def next(self) -> str:
        """Next token as it is written; empty at the end."""
        return self._next[1]

    def fault(self, expected: str) -> SpecError:
        """Return the error for a next token that is not the expected one."""
        found = shown(self.next, 40) if self.next else "the end"
        return self.refusal(f"{expected} expected, {found} found")

    def refusal(self, reason: str) -> SpecError:
        """Return an error about the current place."""
        line = self._text.count("\n", 0, self._next.start(1)) + 1
        argument, place = ("text", "") if self._file is None else ("path", f"{self._file}, ")
        return SpecError(argument, f"a game in {self._form} format", f"{place}line {line}: {reason}")

    def last(self, leader: Matrix, follower: Matrix, **options: Any) -> Game:
        """Return the game of the text, which must be at its end."""
        self.expect("")
        try:
            return Game(leader, follower, **options)
        except SpecError as error:
            if self._file is None:
                raise
            raise SpecError(f"{error.argument} in {self._file}", error.allowed, error.given) from error

    def skip(self, token: str) -> bool:
        """Skip `token` if it is next, and return whether it was."""
        was_next = self.next == token
        if was_next:
            self._advance()
        return was_next

    def expect(self, token: str) -> None:
        """Skip `token`, which must be next; an empty one is the end."""
        if not self.skip(token):
            raise self.fault(repr(token) if token else "nothing more")

    def is_quoted(self) -> bool:
        """Return whether text in double quotes is next."""
        return self.next.startswith('"')

    def quoted(self, meaning: str) -> str:
        """Return text in double quotes without these; a backslash escapes quotes and backslashes."""
        if not self.is_quoted():
            raise self.fault(f"{meaning} in double quotes")
        if self.next == '"':
            raise self.refusal("a double quote that is not closed")
        return _ESCAPED.sub(r"\1", self._advance()[1:-1])

    def number(self, meaning: str) -> float:
        """Return a finite number, written as a whole, decimal or rational one."""
        match = _NUMBER.fullmatch(self.next)
        try:
            value = math.nan if match is None else _value(match)
        except (ArithmeticError, ValueError):  # 1/0, or too many digits for Python
            value = math.nan
        if not math.isfinite(value):
            raise self.fault(f"a finite {meaning}")
        self._advance()
        return value

    def whole(self, meaning: str, low: int, high: int = 10**15) -> int:
        """Return a whole number in [low, high]."""
        value = int(self.next) if _WHOLE.fullmatch(self.next) else -1
        if not low <= value <= high:
            bound = f"from {low} to {high}" if high < 10**15 else f">= {low}"
            raise self.fault(f"{meaning} {bound}")
        self._advance()
        return value

    def room_for(self, count: int) -> None:
        """Refuse a text too short for `count` more tokens, before memory is allocated for them."""
        left = len(self._text) - self._next.start(1)
        if left < 2 * count - 1:
            raise self.refusal(f"{count} numbers expected, {left} characters left")

    def _advance(self) -> str:
        token = self._next[1]
        self._next = self._match(self._next.end())
        return token

    def _match(self, start: int) -> re.Match[str]:
        # A match always exists: every character begins a token, and so does the end.
        return cast("re.Match[str]", _TOKEN.match(self._text, start))


def _value(number: re.Match[str]) -> float:
    if number[1] is None and not number[0].lstrip("+-").isdigit():
        return float(number[0])  # 1e99 stands for the nearest float
    kept = as_float(Fraction(number[0]))
    return math.nan if kept is None else kept
