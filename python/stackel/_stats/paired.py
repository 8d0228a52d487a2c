"""Differences between means over the same replications, with simultaneous intervals.

The intervals of all differences that are compared hold together with the stated confidence. So they
hold for whichever of them one looks at after having seen the numbers, the difference from the best
included, though the best was chosen by the same numbers. Intervals that each hold on their own, or
Holm's correction of tests against a best that is taken as given, would not allow that.

How wide they are is calibrated by resampling: replications are drawn with replacement, whole, so that
what common random numbers make vary together stays together. The critical value is the quantile of the
largest deviation ``|d* - d| / se`` of any difference (the single-step "max t" of Westfall and Young,
1993; Romano and Wolf, 2005), which uses the correlation of the differences where Bonferroni's or Holm's
correction assumes the worst.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._utils.optional import require

if TYPE_CHECKING:
    import numpy.typing as npt

_BATCH = 2**20


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
    """Compare the means of N quantities observed in the same R replications.

    Parameters
    ----------
    samples : ndarray, shape (N, R)
        The quantities.
    compared : ndarray of bool, shape (N, N)
        Symmetric; the differences that the intervals hold for together. Others are not to be used.
    rounding : float
        Differences up to this, and variation up to this, count as zero.
    confidence : float
        Probability that all intervals hold.
    bootstrap : int
        Number of resamples.
    seed : SeedSequence
        Of the resamples.

    Notes
    -----
    A difference that never varies has an interval of no width: resampling cannot know of events that
    did not occur. With a single replication the limits are nan.
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
        largest = _largest_deviations(samples, error, varying, bootstrap, seed)
        reach = _critical_value(largest, confidence, replications) * error
    return Differences(difference, difference - reach, difference + reach)


def _standard_errors(samples: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Standard errors of all mean differences, row by row to save memory."""
    spread = np.array([(row - samples).std(axis=1, ddof=1) for row in samples])
    errors: npt.NDArray[np.float64] = spread / math.sqrt(samples.shape[1])
    return errors


def _largest_deviations(
    samples: npt.NDArray[np.float64],
    error: npt.NDArray[np.float64],
    varying: npt.NDArray[np.bool_],
    bootstrap: int,
    seed: np.random.SeedSequence,
) -> npt.NDArray[np.float64]:
    """Largest standardised deviation of any difference, for each resample."""
    count, replications = samples.shape
    scale = np.divide(1.0, error, out=np.zeros_like(error), where=varying)
    centred = samples - samples.mean(axis=1, keepdims=True)
    generator = np.random.default_rng(seed)
    largest = np.zeros(bootstrap)
    batch = max(1, _BATCH // max(replications, count))
    for start in range(0, bootstrap, batch):
        found = largest[start : start + batch]
        drawn = generator.multinomial(replications, [1 / replications] * replications, size=len(found))
        shift = centred @ drawn.T / replications
        for row in range(count - 1):
            after = slice(row + 1, None)
            deviation = np.abs(shift[row] - shift[after]) * scale[row, after, None]
            np.maximum(found, deviation.max(axis=0), out=found)
    return largest


def _critical_value(largest: npt.NDArray[np.float64], confidence: float, replications: int) -> float:
    """Half-width of the intervals in standard errors.

    Resampled deviations are those of a normal variable that varies too little, by the factor
    ``sqrt((R - 1) / R)``, and that knows its standard error. Student's quantile at the same
    probability makes up for both (Hesterberg, 2015).
    """
    special = require("scipy.special", "stats")
    quantile = float(np.quantile(largest, confidence, method="inverted_cdf"))
    tail = special.ndtr(-quantile * math.sqrt(replications / (replications - 1)))
    return -float(special.stdtrit(replications - 1, tail))
