"""Families of games: functions that make the games of some parameters."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from stackel._utils.suggestions import hint
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def parameters_of(family: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the parameters of a family by name."""
    return dict(inspect.signature(family).parameters)


def check_parameters(family: Callable[..., Any], given: Iterable[str], also: tuple[str, ...] = ()) -> None:
    """Refuse names that are no parameters of a family, or the lack of one that it needs.

    Names in `also` are allowed, and mean something to the caller.
    """
    known, names = parameters_of(family), list(given)
    for name in names:
        if name not in (*known, *also):
            allowed = f"one of {', '.join((*known, *also))}"
            raise SpecError(name, allowed, f"an unknown key{hint(name, known)}")
    for name, parameter in known.items():
        if parameter.default is parameter.empty and name not in names:
            raise SpecError(name, f"given, as a parameter of {family.__name__}", "nothing")
