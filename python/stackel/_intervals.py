"""Confidence intervals of means over replications."""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._validate import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from typing import Any

    import numpy.typing as npt

_MANY = 500


class Interval(NamedTuple):
    """Mean, its standard error, and a confidence interval, all of one shape."""

    mean: npt.NDArray[np.float64]
    error: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def mean_interval(samples: npt.NDArray[np.float64], axis: int, confidence: float) -> Interval:
    """Student interval of the mean along `axis`; error and limits are nan for a single sample."""
    count = samples.shape[axis]
    mean = samples.mean(axis=axis)
    if count == 1:
        unknown = np.full_like(mean, np.nan)
        return Interval(mean, unknown, unknown, unknown)
    error = samples.std(axis=axis, ddof=1) / math.sqrt(count)
    reach = student_quantile(confidence, count - 1) * error
    return Interval(mean, error, mean - reach, mean + reach)


@cache
def student_quantile(confidence: float, degrees: int) -> float:
    """Return t such that a Student variable lies in [-t, t] with probability `confidence`.

    Bisection over the angle ``arctan(t / sqrt(degrees))``; with many degrees of freedom the
    expansion around the normal quantile, off by less than 1e-6 for confidences up to 0.999.
    """
    if degrees > _MANY:
        z = NormalDist().inv_cdf((1 + confidence) / 2)
        return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        angle = (low + high) / 2
        low, high = (angle, high) if _central_mass(angle, degrees) < confidence else (low, angle)
    return math.tan(low) * math.sqrt(degrees)


def _central_mass(angle: float, degrees: int) -> float:
    """Probability that abs(t) <= tan(angle) sqrt(degrees): series of Abramowitz and Stegun 26.7.3-4."""
    odd = degrees % 2
    term = math.sin(angle) * (math.cos(angle) if odd else 1.0)
    total = 0.0
    for power in range(1 + odd, degrees, 2):
        total += term
        term *= power / (power + 1) * math.cos(angle) ** 2
    return 2 / math.pi * (angle + total) if odd else total


def as_confidence(confidence: Any) -> float:
    """Probability strictly between 0 and 1."""
    try:
        level = float(confidence)
    except (TypeError, ValueError):
        level = math.nan
    if not 0 < level < 1:
        raise SpecError("confidence", "a probability strictly between 0 and 1", shown(confidence))
    return level
