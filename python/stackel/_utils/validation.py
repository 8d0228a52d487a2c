"""Checks of single arguments, for several modules."""

from __future__ import annotations

import math
import numbers
import operator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from stackel._core import CancelToken
from stackel.errors import SpecError

MAX_HORIZON = 2**53
"""Longest game: beyond it a count of rounds is no longer exact as a float."""


CROSSING_TOLERANCE = 1e-18
"""Default of every crossing tolerance."""
_CROSSING_TOLERANCES = (1e-300, 1e-6)

_MAX_THREADS = 4096
_ROUNDED_SUM = 1e-9
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
    if isinstance(value, bool | np.bool_):
        return None
    try:
        return operator.index(value)
    except TypeError:
        number = _as_float(value)
    if not math.isfinite(number):
        return None
    if isinstance(value, Decimal | Fraction):
        return round(value) if round(value) == value else None
    error = abs(number - round(number))
    return round(number) if error <= min(_ROUNDED * abs(number), _LARGEST_ROUNDED) else None


def _as_float(value: Any) -> float:
    """Return a number as a float, infinite if it is too large; NaN for anything else, also for flags."""
    if isinstance(value, np.ndarray) and value.ndim == 0 and type(value) is np.ndarray:
        value = value[()]
    if not isinstance(value, numbers.Real | Decimal) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.inf
    except ValueError:  # a signalling NaN of the decimals
        return math.nan


def as_rising(
    argument: str, what: str, values: Any, low: int, high: int, *, least: int = 1
) -> tuple[int, ...]:
    """Return whole numbers in [low, high] that increase; the error says which of them is at fault, and why.

    `what` says what they are, and `least` how many there must be.
    """
    top = "2**53" if high == MAX_HORIZON else str(high)
    allowed = f"{what} that increase, whole numbers from {low} to {top}"
    items = as_items(values)
    if items is None or len(items) < least:
        raise SpecError(argument, allowed, shown(values))
    found: list[int] = []
    for place, item in enumerate(items):
        number = as_whole(item)
        if number is None:
            is_number = math.isfinite(_as_float(item))
            fault = ", which is not whole: round it, as np.rint does" if is_number else ""
        elif not low <= number <= high:
            fault = f", which is not from {low} to {top}"
        elif found and number <= found[-1]:
            fault = f", after {found[-1]}"
        else:
            found.append(number)
            continue
        raise SpecError(argument, allowed, f"{shown(item)} at place {place}{fault}")
    return tuple(found)


def as_real(
    argument: str, value: Any, *, low: float = -math.inf, above: float = -math.inf, high: float = math.inf
) -> float:
    """Return a finite number from `low` to `high`, and strictly more than `above`."""
    try:
        number = float(value) if isinstance(value, numbers.Real) else math.nan
    except OverflowError:
        number = math.nan
    if not math.isfinite(number) or not low <= number <= high or number <= above:
        bound = f" >= {low:g}" if low > -math.inf else f" > {above:g}" if above > -math.inf else ""
        bound += f" and <= {high:g}" if high < math.inf else ""
        raise SpecError(argument, f"a finite number{bound}", shown(value))
    return number


def as_tolerance(argument: str, value: Any) -> float:
    """Return a tolerance of utility: a number >= 0, possibly infinite."""
    try:
        number = float(value) if isinstance(value, numbers.Real) else math.nan
    except OverflowError:
        number = math.nan
    if isinstance(value, bool) or not number >= 0.0:
        raise SpecError(argument, "a number >= 0, possibly inf", shown(value))
    return number


def as_share(argument: str, value: Any, low: float) -> float:
    """Return a share from `low` to 1."""
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not is_number or not low <= value <= 1.0:
        raise SpecError(argument, f"a number from {low:g} to 1", shown(value))
    return float(value)


def as_crossing_tolerance(value: Any) -> float:
    """Return the largest probability of a missed crossing that a leap may ignore."""
    low, high = _CROSSING_TOLERANCES
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:
        raise SpecError("crossing_tolerance", f"a probability from {low:g} to {high:g}", shown(value))
    return float(value)


def as_choice(argument: str, value: Any, choices: tuple[str, ...]) -> str:
    """Return `value`, one of `choices`."""
    if not isinstance(value, str) or value not in choices:
        raise SpecError(argument, "one of " + ", ".join(map(repr, choices)), shown(value))
    return value


def as_actions(argument: str, value: Any, columns: int | None = None) -> npt.NDArray[np.int64] | None:
    """Return actions in one dimension, a table of `columns` columns row by row; None for None."""
    if value is None:
        return None
    array = as_array(argument, "an array of actions, whole numbers from 0", value)
    if array.dtype.kind == "f" and (array == np.rint(array)).all() and (abs(array) < 2**53).all():
        array = array.astype(np.int64)
    is_table = array.ndim == 2 and array.shape[1] == columns
    if not (array.ndim == 1 or is_table):
        raise SpecError(argument, "an array of actions, one or a row of them a round", f"shape {array.shape}")
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= 2**63:
        raise SpecError(argument, "an array of actions, whole numbers from 0", shown(value))
    return np.ascontiguousarray(array, dtype=np.int64).ravel()


def as_array(argument: str, allowed: str, value: Any) -> npt.NDArray[Any]:
    """Return an array-like as an array of any type; rows of different lengths are refused."""
    try:
        return np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        raise SpecError(argument, allowed, shown(value)) from None


def as_floats(argument: str, allowed: str, value: Any) -> npt.NDArray[np.float64]:
    """Return an array-like of numbers or flags as a C-ordered float64 array, copied only if needed."""
    array = as_array(argument, allowed, value)
    if array.dtype.kind not in "biufO":
        raise SpecError(argument, allowed, f"an array of {array.dtype}")
    try:
        return np.asarray(array, dtype=np.float64, order="C")
    except (TypeError, ValueError, OverflowError) as error:
        raise SpecError(argument, allowed, shown(value)) from error


def as_items(value: Any) -> tuple[Any, ...] | None:
    """Return the items of an iterable as a tuple; None for strings and for anything else."""
    if isinstance(value, str | bytes):
        return None
    try:
        return tuple(value)
    except TypeError:
        return None


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


def as_plain(value: Any) -> Any:
    """Return an equal value of the types of JSON and TOML, without NumPy scalars and tuples."""
    if isinstance(value, tuple | list):
        return [as_plain(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def as_whole_numbers(value: Any) -> npt.NDArray[np.int64] | None:
    """Return an array-like of integers as a one-dimensional int64 array; None for anything else."""
    try:
        array = np.asarray(value)
    except ValueError:
        return None
    return array.astype(np.int64) if array.ndim == 1 and array.dtype.kind in "iu" else None


def as_matrix(argument: str, value: Any) -> npt.NDArray[np.float64]:
    """Return a C-ordered float64 copy of a two-dimensional numeric array-like."""
    allowed = "a matrix of numbers, shape (n_leader, n_follower)"
    array = np.array(as_floats(argument, allowed, value))
    if array.ndim != 2 or array.size == 0:
        raise SpecError(argument, allowed, f"shape {array.shape}")
    return array


def as_mixture(argument: str, value: Any, n_actions: int) -> npt.NDArray[np.float64]:
    """Return a float64 copy of a vector of probabilities that add up to 1, up to 1e-9."""
    allowed = f"{n_actions} probabilities that add up to 1"
    mixture = np.array(as_floats(argument, allowed, value))
    if mixture.shape != (n_actions,) or not (mixture >= 0.0).all() or abs(mixture.sum() - 1.0) > _ROUNDED_SUM:
        raise SpecError(argument, allowed, shown(value))
    return mixture


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
    return argument.endswith("_action")


def _is_fine(argument: str, value: object) -> bool:
    if value is None:
        return True
    if _is_action(argument):
        return isinstance(value, int | np.integer) and 0 <= int(value) < 2**32
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return isinstance(value, float | np.integer | np.floating)
