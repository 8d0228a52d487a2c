"""Checks of single arguments, for several modules."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np

from stackel._core import CancelToken
from stackel._utils.numbers import as_float
from stackel._utils.suggestions import hint
from stackel.errors import SpecError

MAX_HORIZON = 2**53
"""Longest game: beyond it a count of rounds is no longer exact as a float."""


CROSSING_TOLERANCE = 1e-18
"""Default of every crossing tolerance."""
_CROSSING_TOLERANCES = (1e-300, 1e-6)

_MAX_THREADS = 4096
_LARGEST_WHOLE = 2**64
"""No argument is a larger whole number; a seed is nearly as large."""
_ROUNDED, _LARGEST_ROUNDED = 1e-13, 1e-3
"""Rounding errors of a whole number that was computed in floating point: relative, and at most."""


def shown(value: object, limit: int = 60) -> str:
    """Return `repr`, cut to a length for an error message; the type of a value without `repr`."""
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except Exception:  # noqa: BLE001 long numbers, deep nesting and faulty classes raise anything
        return f"{type(value).__name__} that cannot be shown"
    return text if len(text) <= limit else text[: limit - 3] + "..."


def as_count(argument: str, value: Any, low: int, high: int) -> int:
    """Return a whole number in [low, high], also from a float such as ``1e8`` or a decimal.

    Rounding errors are taken away: ``np.geomspace`` and ``np.logspace`` make 200.00000000000003 of 200.
    """
    number = as_whole(value)
    if number is None or not low <= number <= high:
        top = "2**53" if high == MAX_HORIZON else str(high)
        raise SpecError(argument, f"a whole number from {low} to {top}", shown(value))
    return number


def as_whole(value: Any) -> int | None:
    """Return the whole number that a number is, up to its rounding errors; None for anything else."""
    says_more = isinstance(value, np.ndarray) and type(value) is not np.ndarray  # a mask, or a unit
    if says_more or isinstance(value, bool | np.bool_):
        return None
    try:
        return operator.index(value)
    except TypeError:
        number = as_float(value)
    if isinstance(value, Decimal | Fraction):
        try:
            return int(value) if -_LARGEST_WHOLE <= value <= _LARGEST_WHOLE and int(value) == value else None
        except (ArithmeticError, ValueError):  # a NaN, of either kind
            return None
    if number is None or not math.isfinite(number):
        return None
    error = abs(number - round(number))
    return round(number) if error <= min(_ROUNDED * abs(number), _LARGEST_ROUNDED) else None


def as_real(
    argument: str,
    value: Any,
    *,
    low: float = -math.inf,
    above: float = -math.inf,
    high: float = math.inf,
    kind: str = "finite number",
) -> float:
    """Return a finite number from `low` to `high`, and strictly more than `above`; see `as_float`."""
    number = as_float(value)
    if number is None or not math.isfinite(number) or not low <= number <= high or number <= above:
        raise SpecError(argument, f"a {kind}{_bound(low, above, high)}", shown_number(value))
    return number


def _bound(low: float, above: float, high: float) -> str:
    if high < math.inf:
        return f" from {low:g} to {high:g}"
    return f" >= {low:g}" if low > -math.inf else f" > {above:g}" if above > -math.inf else ""


def shown_number(value: object) -> str:
    """Return what was given, and whether it is a number that a float does not hold."""
    lost = isinstance(value, Real | Decimal) and not isinstance(value, bool) and as_float(value) is None
    return shown(value) + (", which is no float and would be rounded" if lost else "")


def as_tolerance(argument: str, value: Any) -> float:
    """Return a tolerance of utility: a number >= 0, possibly infinite."""
    number = as_float(value)
    if number is None or not number >= 0.0:
        raise SpecError(argument, "a number >= 0, possibly inf", shown_number(value))
    return number


def as_share(argument: str, value: Any, low: float) -> float:
    """Return a share from `low` to 1."""
    return as_real(argument, value, low=low, high=1.0, kind="number")


def as_crossing_tolerance(value: Any) -> float:
    """Return the largest probability of a missed crossing that a leap may ignore."""
    low, high = _CROSSING_TOLERANCES
    return as_real("crossing_tolerance", value, low=low, high=high, kind="probability")


def as_choice(argument: str, value: Any, choices: tuple[str, ...]) -> str:
    """Return `value`, one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise SpecError(
            argument, "one of " + ", ".join(map(repr, choices)), shown(value) + hint(value, choices)
        )
    return choices[choices.index(value)]


def as_flag(argument: str, value: Any) -> bool:
    """Return a flag, True or False."""
    if not isinstance(value, bool | np.bool_):
        raise SpecError(argument, "True or False", shown(value))
    return bool(value)


def as_threads(threads: Any) -> int:
    """Return the number of worker threads; 0, for all cores, if it is None."""
    return 0 if threads is None else as_count("threads", threads, 1, _MAX_THREADS)


def as_token(cancel: Any) -> CancelToken | None:
    """Return a cancel token, or None."""
    if cancel is not None and not isinstance(cancel, CancelToken):
        raise SpecError("cancel", "a stackel.CancelToken or None", shown(cancel))
    return cancel


NOT_NUMBERS = (TypeError, OverflowError)
"""Errors of the core for values that it cannot read."""

_LARGEST = 1e100


def not_a_number(**given: object) -> SpecError:
    """Return the error for the first of these actions and rewards that is not valid."""
    faults = (argument for argument, value in given.items() if not _is_fine(argument, value))
    # If every value is valid alone, the first one must not be left out.
    argument = next(faults, next(iter(given)))
    allowed = "an action, a whole number from 0" if _is_action(argument) else "a number from -1e100 to 1e100"
    return SpecError(argument, allowed, shown(given[argument]))


def _is_action(argument: str) -> bool:
    return argument.endswith("action")


def _is_fine(argument: str, value: object) -> bool:
    if value is None:
        return True
    if _is_action(argument):
        return isinstance(value, int | np.integer) and 0 <= int(value) < 2**32
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return isinstance(value, float | np.integer | np.floating)
