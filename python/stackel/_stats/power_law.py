"""Straight lines through mean regrets on log-log axes, with bootstrap intervals."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._stats.intervals import student_quantile
from stackel._stats.resampling import resamples

if TYPE_CHECKING:
    import numpy.typing as npt


class Line(NamedTuple):
    """The line ``regret = prefactor * T**slope`` with a confidence interval of its slope."""

    slope: float
    prefactor: float
    low: float
    high: float


def fit_line(
    horizons: npt.NDArray[np.int64],
    mean: npt.NDArray[np.float64],
    resampled: npt.NDArray[np.float64],
    usable: npt.NDArray[np.bool_],
    tails: tuple[float, float],
) -> Line:
    """Fit ``log mean`` to ``log T`` by least squares over the `usable` horizons, at least two.

    `resampled` are mean regrets of bootstrap resamples, shape (n, H). A slope through a mean that is not
    positive is unknown: it counts as -inf for the lower limit and as inf for the upper one. `tails` are the
    probabilities below the lower limit and below the upper limit.
    """
    if np.sum(usable) < 2:  # a line needs two points
        return Line(math.nan, math.nan, math.nan, math.nan)
    weights = slope_weights(horizons[usable])
    slope, low, high = log_combination(weights, mean[usable], resampled[:, usable], tails)
    prefactor = math.exp(np.log(mean[usable]).mean() - slope * np.log(horizons[usable]).mean())
    return Line(slope, prefactor, low, high)


def log_combination(
    weights: npt.NDArray[np.float64],
    mean: npt.NDArray[np.float64],
    resampled: npt.NDArray[np.float64],
    tails: tuple[float, float],
) -> tuple[float, float, float]:
    """Return the sum of ``weights * log mean``, such as a slope, and its interval; see `fit_line`."""
    value = float(np.log(mean) @ weights)
    if not len(resampled):
        return value, math.nan, math.nan
    known = (resampled > 0).all(axis=1)
    values = np.log(resampled[known]) @ weights
    unknown = np.full(len(resampled) - len(values), np.inf)
    low = np.quantile(np.append(values, -unknown), tails[0], method="inverted_cdf")
    high = np.quantile(np.append(values, unknown), tails[1], method="inverted_cdf")
    return value, float(low), float(high)


def slope_weights(horizons: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return weights w such that ``y @ w`` is the least-squares slope of y on log T."""
    x = np.log(horizons)
    centred = x - x.mean()
    weights: npt.NDArray[np.float64] = centred / (centred @ centred)
    return weights


def bend_weights(horizons: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return weights w such that ``y @ w`` is the change per decade of the slope of y on log T.

    This is twice the quadratic coefficient of the least-squares parabola, times ln 10: zero for a straight
    line. It needs at least three horizons.
    """
    x = np.log(horizons)
    parabola = np.linalg.pinv(np.vander(x - x.mean(), 3))
    weights: npt.NDArray[np.float64] = 2 * math.log(10) * parabola[0]
    return weights


def expanded_tails(confidence: float, replications: int) -> tuple[float, float]:
    """Return the probabilities of the two limits of an expanded percentile interval.

    A resample of R values varies less than the values themselves, by the factor sqrt((R - 1) / R), and
    ignores that their spread is estimated; the percentiles move outwards, to those of Student's quantile
    (Hesterberg, 2015). They end at the extreme resamples, which five replications or fewer do not move far
    enough: a resample is then never more extreme than the extreme one of them.
    """
    normal = NormalDist()
    reach = student_quantile(confidence, replications - 1) * math.sqrt(replications / (replications - 1))
    return normal.cdf(-reach), normal.cdf(reach)


def resample_means(
    samples: npt.NDArray[np.float64], count: int, seed: np.random.SeedSequence
) -> npt.NDArray[np.float64]:
    """Return the means of `count` bootstrap resamples, shape (..., count, H), of samples (..., R, H)."""
    *batch, replications, horizons = samples.shape
    means = np.empty((*batch, count, horizons))
    for place, shares in resamples(replications, count, seed):
        means[..., place, :] = shares @ samples
    return means
