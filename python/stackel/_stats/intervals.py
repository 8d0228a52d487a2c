"""Confidence intervals of means over replications."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._utils.numbers import as_float
from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    import numpy.typing as npt


class Interval(NamedTuple):
    """Mean, its standard error, and a confidence interval, all of one shape."""

    mean: npt.NDArray[np.float64]
    error: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]


def mean_interval(
    samples: npt.NDArray[np.float64],
    axis: int,
    confidence: float,
    alike: npt.NDArray[np.bool_] | None = None,
) -> Interval:
    """Return Student's interval of the mean along `axis`; for `alike` see `standard_error`.

    Limits need SciPy (extra ``stats``).
    """
    count = samples.shape[axis]
    mean, error = samples.mean(axis=axis), standard_error(samples, axis, alike)
    reach = student_quantile(confidence, count - 1) * error if count > 1 else error
    return Interval(mean, error, mean - reach, mean + reach)


class Largest(NamedTuple):
    """Largest of several means, with limits."""

    mean: float
    low: float
    high: float


def largest_mean(
    samples: npt.NDArray[np.float64],
    confidence: float,
    among: int = 1,
    weights: Sequence[float] | None = None,
) -> Largest:
    """Return the largest mean of N samples, shape (N, R), with Student's limits.

    The upper limit is the largest upper limit of the N means. It is too low only if that of the truly
    largest mean is, so N does not matter. The lower limit is the largest lower limit. It is too high if any
    of the N is, so they share the error probability. To take the smallest of several such numbers, give
    their number as `among`: its upper limit is too low if that of any of them is.

    No mixture of the N means is larger than the largest. With `weights` that add up to 1, fixed before the
    samples are seen, the lower limit of this mixture counts as well. It is sharp where the samples are paired
    and chance moves them in opposite directions.
    """
    error = 1 - confidence
    bounds = samples if weights is None else np.vstack([samples, np.asarray(weights) @ samples])
    lower = mean_interval(bounds, 1, 1 - error / len(bounds))
    upper = mean_interval(samples, 1, 1 - error / among)
    return Largest(float(upper.mean.max()), float(lower.low.max()), float(upper.high.max()))


def standard_error(
    samples: npt.NDArray[np.float64], axis: int, alike: npt.NDArray[np.bool_] | None = None
) -> npt.NDArray[np.float64]:
    """Return the standard error of the mean along `axis`.

    It is nan where the samples show no spread: for a single sample, and where they are `alike` by chance.
    """
    count = samples.shape[axis]
    if count == 1:
        return np.full_like(samples.mean(axis=axis), np.nan)
    error = deviation(samples, axis) / math.sqrt(count)
    return error if alike is None else np.where(alike, np.nan, error)


def deviation(samples: npt.NDArray[np.float64], axis: int) -> npt.NDArray[np.float64]:
    """Return the standard deviation along `axis`, in any unit: squares neither overflow nor vanish."""
    centred = samples - samples.mean(axis=axis, keepdims=True)
    _, exponent = np.frexp(np.abs(centred).max(axis=axis, keepdims=True))
    spread = np.ldexp(centred, -exponent).std(axis=axis, ddof=1)
    found: npt.NDArray[np.float64] = np.ldexp(spread, np.squeeze(exponent, axis=axis))
    return found


@cache
def student_quantile(confidence: float, degrees: int) -> float:
    """Return t such that a Student variable lies in [-t, t] with probability `confidence`."""
    return float(require("scipy.special", "stats").stdtrit(degrees, (1 + confidence) / 2))


def as_confidence(confidence: Any) -> float:
    """Return a probability strictly between 0 and 1."""
    level = as_float(confidence)
    if level is None or not 0 < level < 1:
        raise SpecError("confidence", "a probability strictly between 0 and 1", shown(confidence))
    return level


def mean_and_error(values: npt.NDArray[Any]) -> tuple[float, float]:
    """Return the mean of n numbers and its standard error, which is nan for one number.

    Sums are rounded once, so that they have the same bits in any order.
    """
    numbers: list[float] = values.tolist()
    n = len(numbers)
    mean = math.fsum(numbers) / n
    if n == 1:
        return mean, math.nan
    unit = 2.0 ** math.frexp(max(abs(number - mean) for number in numbers))[1]
    return mean, unit * math.sqrt(
        math.fsum(((number - mean) / unit) ** 2 for number in numbers) / (n - 1) / n
    )
