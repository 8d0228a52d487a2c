"""Names of arguments: the error for an unknown name suggests the right one."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from stackel._utils.suggestions import hint
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_P = ParamSpec("_P")
_T = TypeVar("_T")

_ALSO: dict[str, tuple[str, ...]] = {
    "horizon": ("t", "n_rounds", "n_steps", "rounds", "steps"),
    "replications": (
        "n_games",
        "n_reps",
        "n_repetitions",
        "n_runs",
        "n_simulations",
        "n_trials",
        "repetitions",
        "reps",
        "runs",
        "trials",
    ),
    "seed": ("random_state", "rng", "seeds"),
    "confidence": ("alpha", "level"),
    "threads": ("cores", "n_jobs", "n_threads", "workers"),
    "checkpoints": ("times", "record_at"),
    "engine": ("backend", "method"),
    "crossing_tolerance": ("negligible", "tol", "tolerance"),
    "progress": ("verbose",),
    "bootstrap": ("n_bootstrap", "resamples"),
}
"""Arguments with their names in other libraries, in lower case."""


def checks_names(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Make a function refuse an unknown argument with a SpecError that suggests the right name."""
    known = [name for name in inspect.signature(function).parameters if name != "self"]
    names = frozenset(known)
    what = function.__qualname__.removesuffix(".__init__")

    @functools.wraps(function)
    def checked(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        if not names.issuperset(kwargs):
            name = next(name for name in kwargs if name not in names)
            given = f"the value {shown(kwargs[name])}{hint(name, known, _ALSO)}"
            raise SpecError(name, f"an argument of {what}: {', '.join(known)}", given)
        return function(*args, **kwargs)

    return checked


def call(argument: str, allowed: str, function: Callable[..., _T], *values: object, **offered: object) -> _T:
    """Call a function with `values`, and with the `offered` arguments that it has.

    One that cannot be called so is refused, as what is not `allowed` for an argument.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some callables of C have none
        return function(*values)
    named = {name: value for name, value in offered.items() if name in signature.parameters}
    try:
        signature.bind(*values, **named)
    except TypeError as error:
        raise SpecError(argument, allowed, f"{shown(function)} ({error})") from None
    return function(*values, **named)


def called_with(
    argument: str, function: Callable[..., Any], known: Sequence[str], value: Callable[[str], Any]
) -> Any:
    """Call a function with the value of each of its parameters that is `known` by name.

    What a `functools.partial` has by name stays, and so does a default of a parameter that is not known.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        raise SpecError(argument, "a function whose arguments have names", shown(function)) from None
    ordered: list[Any] = []
    named: dict[str, Any] = {}
    for each in parameters:
        name = each.name
        if each.kind is each.VAR_KEYWORD:
            named |= {other: value(other) for other in known if other not in named}
        elif each.kind is each.VAR_POSITIONAL or name in getattr(function, "keywords", ()):
            continue
        elif name not in known:
            if each.default is each.empty:
                names = ", ".join(other.name for other in parameters)
                raise SpecError(argument, f"a function of some of {', '.join(known)}", f"one of {names}")
        elif each.kind is each.POSITIONAL_ONLY:
            ordered.append(value(name))
        else:
            named[name] = value(name)
    return function(*ordered, **named)
