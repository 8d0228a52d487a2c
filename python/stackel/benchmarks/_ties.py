"""Ties between numbers: the one rule of section 2 of the definitions page.

Two numbers count as equal when they differ by a few units in the last place of the numbers that are
compared or, for a difference, of the numbers it was computed from. There is no unit in it: no absolute
tolerance, and none taken from other numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

ULPS = 8
"""Units in the last place up to which numbers count as equal."""

SHARE = ULPS * 2.0**-52
"""The same as a share of the larger number; a power of two, as `stackel.benchmarks._inducible` needs."""


def rounding(*numbers: Any) -> Any:
    """Return the difference up to which these numbers, or results computed from them, count as equal."""
    sizes = [np.abs(each) for each in numbers]
    largest = sizes[0]
    for size in sizes[1:]:
        largest = np.maximum(largest, size)
    return SHARE * largest


def merged(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return numbers of which those that count as equal are equal, to the smallest of them."""
    distinct, places = np.unique(numbers, return_inverse=True)
    starts = np.append(True, ~same(distinct[1:], distinct[:-1]))
    found: npt.NDArray[np.float64] = distinct[starts][np.cumsum(starts) - 1][places].reshape(numbers.shape)
    return found


def same(one: Any, other: Any) -> npt.NDArray[np.bool_]:
    """Return whether numbers count as equal, elementwise."""
    equal: npt.NDArray[np.bool_] = np.abs(one - other) <= rounding(one, other)
    return equal
