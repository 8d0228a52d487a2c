"""Names of arguments: the error for an unknown name suggests the right one."""

from __future__ import annotations

import difflib
import functools
import inspect
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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


def hint(name: str, known: Sequence[str], also: Mapping[str, tuple[str, ...]]) -> str:
    """Return a suggestion of a known name for a wrong one, in brackets; nothing if none is close."""
    lower = name.lower()
    meant = [right for right, others in also.items() if lower in others and right in known]
    meant += difflib.get_close_matches(lower, known, n=1)
    return f" (did you mean {meant[0]}?)" if meant else ""
