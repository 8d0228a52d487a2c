"""Differences between means over the same replications, with simultaneous intervals.

The intervals of all compared differences hold together with the stated confidence. They therefore hold for
differences that are chosen after seeing the data, such as the difference from the best. Whole replications
are drawn with replacement, which keeps the correlation by common random numbers. The critical value is the
quantile of the largest deviation ``|d* - d| / se`` of any difference (the single-step "max t" of Westfall and
Young, 1993; Romano and Wolf, 2005). Few replications have too few resamples for this: below `FEWEST` the
critical value is that of independent differences (Šidák, 1967), which is never too small for normal ones.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._stats.intervals import deviation, student_quantile
from stackel._stats.resampling import resamples
from stackel._utils.optional import require

if TYPE_CHECKING:
    import numpy.typing as npt

FEWEST = 24
"""Replications from which on critical values come from resampling."""


class Differences(NamedTuple):
    """Mean differences ``mean[i] - mean[j]`` and their simultaneous limits, each of shape (N, N)."""

    mean: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def paired_differences(
    samples: npt.NDArray[np.float64],
    compared: npt.NDArray[np.bool_],
    rounding: float,
    *,
    confidence: float,
    bootstrap: int,
    seed: np.random.SeedSequence,
) -> Differences:
    """Compare the means of N quantities observed in the same R replications, `samples` of shape (N, R).

    `compared`, shape (N, N), is true for the differences whose intervals hold together; do not use the
    others. Differences and variation up to `rounding` count as zero. A difference without variation has an
    interval of width zero: resampling sees only events that occurred. With a single replication the limits
    are nan.
    """
    count, replications = samples.shape
    means = samples.mean(axis=1)
    difference = np.subtract.outer(means, means)
    difference[np.abs(difference) <= rounding] = 0.0
    if replications == 1:
        unknown = np.full((count, count), math.nan)
        return Differences(difference, unknown, unknown)
    error = _standard_errors(samples)
    error[error <= rounding] = 0.0
    varying = compared & (error > 0)
    reach = np.zeros_like(error)
    if varying.any():
        if replications < FEWEST:
            critical = student_quantile(confidence ** (2 / varying.sum()), replications - 1)
        else:
            largest = _largest_deviations(samples, error, varying, bootstrap, seed)
            critical = _critical_value(largest, confidence, replications)
        reach = critical * error
    return Differences(difference, difference - reach, difference + reach)


def _standard_errors(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the standard errors of all mean differences, computed row by row to save memory."""
    spread = np.array([deviation(row - samples, 1) for row in samples])
    errors: npt.NDArray[np.float64] = spread / math.sqrt(samples.shape[1])
    return errors


def _largest_deviations(
    samples: npt.NDArray[np.float64],
    error: npt.NDArray[np.float64],
    varying: npt.NDArray[np.bool_],
    bootstrap: int,
    seed: np.random.SeedSequence,
) -> npt.NDArray[np.float64]:
    """Return the largest standardised deviation of any difference, for each resample."""
    count, replications = samples.shape
    scale = np.divide(1.0, error, out=np.zeros_like(error), where=varying)
    centred = samples - samples.mean(axis=1, keepdims=True)
    largest = np.zeros(bootstrap)
    for place, shares in resamples(replications, bootstrap, seed, width=count):
        shift = centred @ shares.T
        for row in range(count - 1):
            after = slice(row + 1, None)
            deviation = np.abs(shift[row] - shift[after]) * scale[row, after, None]
            np.maximum(largest[place], deviation.max(axis=0), out=largest[place])
    return largest


def _critical_value(largest: npt.NDArray[np.float64], confidence: float, replications: int) -> float:
    """Return the half-width of the intervals in standard errors.

    Resampled deviations are too small by the factor ``sqrt((R - 1) / R)``, and ignore that the standard
    error is estimated. Student's quantile at the same probability corrects both (Hesterberg, 2015).
    """
    special = require("scipy.special", "stats")
    quantile = float(np.quantile(largest, confidence, method="inverted_cdf"))
    tail = special.ndtr(-quantile * math.sqrt(replications / (replications - 1)))
    return -float(special.stdtrit(replications - 1, tail))
