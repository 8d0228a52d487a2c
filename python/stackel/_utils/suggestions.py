"""The right name for a wrong one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def hint(name: object, known: Iterable[str], also: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """Return a suggestion of a known name for a wrong one, in brackets; nothing if none is close.

    `also` has further names of the known ones, in lower case.
    """
    if not isinstance(name, str):
        return ""
    lower, right = name.lower(), {each.lower(): each for each in known}
    meant = [each for each, others in (also or {}).items() if lower in others and each in right.values()]
    meant += [right[each] for each in difflib.get_close_matches(lower, right, n=1)]
    return f" (did you mean {meant[0]}?)" if meant else ""
