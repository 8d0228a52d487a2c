"""Distribution of a quantity over replications."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def share_of_largest(values: npt.NDArray[np.float64], fraction: float, axis: int) -> npt.NDArray[np.float64]:
    """Return the share of the largest `fraction` of the values along `axis` in the total.

    Equal values give `fraction` itself. If it is not a whole number of values, the next one counts
    in part (linear interpolation of the Lorenz curve). The share is above 1 if other values are
    negative, and nan if the total is not positive.

    >>> share_of_largest(np.array([1.0, 1.0, 1.0, 7.0]), 0.25, axis=0)
    array(0.7)
    """
    ordered = np.flip(np.sort(np.moveaxis(values, axis, 0), axis=0), axis=0)
    count = len(ordered)
    whole = math.floor(fraction * count)
    carried = ordered[:whole].sum(axis=0)
    if whole < count:
        carried = carried + (fraction * count - whole) * ordered[whole]
    total = ordered.sum(axis=0)
    return np.where(total > 0, carried / np.where(total > 0, total, 1.0), math.nan)


def largest_over_median(values: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """Return the ratio of the largest value along `axis` to the median; nan if that is not positive.

    >>> largest_over_median(np.array([1.0, 2.0, 50.0]), axis=0)
    array(25.)
    """
    median = np.median(values, axis=axis)
    known = median > 0
    return np.where(known, values.max(axis=axis) / np.where(known, median, 1.0), math.nan)


def survival(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the sorted values, and for each the fraction of values that are at least as large.

    >>> survival(np.array([3.0, 1.0]))
    (array([1., 3.]), array([1. , 0.5]))
    """
    count = len(values)
    return np.sort(values), 1.0 - np.arange(count) / count


def fractions_so_far(rounds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return each outcome's fraction of all rounds up to each of K checkpoints, from counts (R, K, A, B).

    >>> fractions_so_far(np.array([2, 4]), np.array([[[[2, 0]], [[2, 2]]]]))
    array([[[[1. , 0. ]],
    <BLANKLINE>
            [[0.5, 0.5]]]])
    """
    return counts / rounds[:, None, None]


def fractions_between(
    rounds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return fractions of the rounds since the previous checkpoint; arguments as in `fractions_so_far`.

    >>> fractions_between(np.array([2, 4]), np.array([[[[2, 0]], [[2, 2]]]]))
    array([[[[1., 0.]],
    <BLANKLINE>
            [[0., 1.]]]])
    """
    return np.diff(counts, axis=1, prepend=0) / np.diff(rounds, prepend=0)[:, None, None]
