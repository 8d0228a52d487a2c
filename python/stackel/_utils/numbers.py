"""Numbers of other types as Python's own, or none where the value would change."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real
from typing import Any

import numpy as np

_EXACT = float, np.float64, np.float32, np.float16
"""Types whose values are all floats."""
_NOT_NUMBERS = bool, np.bool_, np.timedelta64
"""Types that count as numbers elsewhere."""
_AXES = 3
"""Most axes of a parameter: lists in lists."""
_ROUNDING = Fraction(1, 2**53)
"""Largest relative error of a number that is rounded to the nearest float, as the literal 0.1 is."""


def as_float(value: Any) -> float | None:
    """Return a real number as a float, with 0.0 for -0.0; None for anything else.

    A whole number has to be exact as a float. Others, such as ``Fraction(1, 3)`` and ``Decimal("0.1")``, are
    rounded to the nearest float, unless that is less precise than a normal float.
    """
    if type(value) is np.ndarray and value.ndim == 0:
        value = value[()]
    if isinstance(value, _NOT_NUMBERS) or not isinstance(value, Real | Decimal):
        return None
    if isinstance(value, np.integer):
        value = int(value)  # NumPy rounds where it compares with floats
    try:
        number = float(value)
        if isinstance(value, _EXACT) or number == value:
            return number + 0.0
        if number == 0.0 or not math.isfinite(number):  # too small or too large for a float, or NaN
            return number if value != value else None  # noqa: PLR0124 only NaN differs from itself
        pair = (value.numerator, value.denominator) if isinstance(value, Rational) else _ratio(value)
    except (OverflowError, ValueError, ArithmeticError):
        return None
    exact = Fraction(*map(int, pair))
    is_near = exact.denominator > 1 and abs(Fraction(number) - exact) <= abs(exact) * _ROUNDING
    return number if is_near else None


def _ratio(value: Any) -> tuple[int, int]:
    ratio: tuple[int, int] = value.as_integer_ratio()
    return ratio


def plain_parameters(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters as the core reads them: values of Python's own types."""
    return {name: as_plain(value) for name, value in parameters.items()}


def as_plain(value: Any) -> Any:
    """Return an equal value of the types of JSON and TOML; what has none comes back as it is.

    Equal numbers of one kind (whole numbers, or floats) become the same text. Tuples and arrays become lists.
    """
    return _as_plain(value, _AXES)


def _as_plain(value: Any, axes: int) -> Any:
    is_row = isinstance(value, tuple | list | range) or (type(value) is np.ndarray and value.ndim == 1)
    if is_row and axes:
        return [_as_plain(item, axes - 1) for item in value]
    return _as_plain_scalar(value)


def _as_plain_scalar(value: Any) -> Any:
    if value is None or type(value) in {bool, int, str}:
        return value
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, str):
        return str.__str__(value)  # of an enumeration, `str` is its name
    if type(value) is np.ndarray and value.ndim == 0:
        return _as_plain_scalar(value[()])
    if isinstance(value, int | np.integer) and not isinstance(value, np.timedelta64):
        return operator.index(value)
    number = as_float(value)
    return value if number is None else number
