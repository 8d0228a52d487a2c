"""Which properties there are, and what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable

_Test = TypeVar("_Test")

ABOUT: dict[str, list[str]] = {}
"""For each public name, such as ``Result.regret``, the tests that try it on what hypothesis makes."""

FEW = settings(max_examples=12, derandomize=True, deadline=None, database=None)
"""For what takes long."""
MANY = settings(max_examples=60, derandomize=True, deadline=None, database=None)


def about(*names: str) -> Callable[[_Test], _Test]:
    """Say which public names a property is about."""

    def note(test: _Test) -> _Test:
        for name in names:
            ABOUT.setdefault(name, []).append(test.__name__)
        return test

    return note
