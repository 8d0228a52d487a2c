"""How a quantity is spread over replications: what a mean hides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def share_of_largest(values: npt.NDArray[np.float64], fraction: float, axis: int) -> npt.NDArray[np.float64]:
    """Share of the total that the largest `fraction` of the values along `axis` carries.

    Equal values give `fraction` itself. Where it is not a whole number of values, the next one counts
    in part (linear interpolation of the Lorenz curve). Above 1 where other values are negative; nan
    where the total is not positive.

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
    """Ratio of the largest value along `axis` to the median; nan where the median is not positive.

    >>> largest_over_median(np.array([1.0, 2.0, 50.0]), axis=0)
    array(25.)
    """
    median = np.median(values, axis=axis)
    known = median > 0
    return np.where(known, values.max(axis=axis) / np.where(known, median, 1.0), math.nan)


def survival(values: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Increasing values, and the fraction of all that are at least as large as each.

    >>> survival(np.array([3.0, 1.0]))
    (array([1., 3.]), array([1. , 0.5]))
    """
    count = len(values)
    return np.sort(values), 1.0 - np.arange(count) / count


def fractions_so_far(rounds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Fraction of all rounds up to each checkpoint that was spent in each cell.

    Parameters
    ----------
    rounds : ndarray of int64, shape (K,)
        Checkpoints.
    counts : ndarray of int64, shape (R, K, A, B)
        How often each outcome was played by then.

    Examples
    --------
    >>> fractions_so_far(np.array([2, 4]), np.array([[[[2, 0]], [[2, 2]]]]))
    array([[[[1. , 0. ]],
    <BLANKLINE>
            [[0.5, 0.5]]]])
    """
    return counts / rounds[:, None, None]


def fractions_between(
    rounds: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Fraction of the rounds since the checkpoint before; arguments as for `fractions_so_far`.

    >>> fractions_between(np.array([2, 4]), np.array([[[[2, 0]], [[2, 2]]]]))
    array([[[[1., 0.]],
    <BLANKLINE>
            [[0., 1.]]]])
    """
    return np.diff(counts, axis=1, prepend=0) / np.diff(rounds, prepend=0)[:, None, None]
