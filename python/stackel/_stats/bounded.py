"""Intervals of means of bounded variables, valid for every number of samples.

Student's interval assumes a normal mean, and an event that did not occur in the samples is invisible to it.
These intervals assume independent samples within known limits, and nothing else: they are those of a
gambler who bets against a candidate of the mean. The wealth of a fair bet reaches ``1 / delta`` with
probability at most ``delta``, so a candidate against which it does is refused (Waudby-Smith and Ramdas,
"Estimating means of bounded random variables by betting", JRSS B 86, 2024; fixed number of samples).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stackel._stats.intervals import deviation, student_quantile

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Limits = tuple[Floats, Floats]

INTERVALS = ("betting", "student")
HONEST = "betting"
"""The intervals that hold for all bounded variables."""

_MOST_STAKED = 0.9
"""Largest share of the wealth that a bet can lose."""
_BISECTIONS = 24
_FACTORS = 8
"""Factors of the wealth of which one logarithm is taken."""
_CHUNK = 2**20


def mean_limits(samples: Floats, low: Floats, high: Floats, error: float, interval: str) -> Limits:
    """Return limits of N means, shape (N,), from `samples` of shape (N, n) between `low` and `high`.

    Each pair of limits fails with probability at most `error`. Student's limits, which are cut at `low` and
    `high`, do so for normal samples only.
    """
    width = high - low
    if interval != HONEST:
        return _student(samples, low, high, error)
    scaled = (samples - low[:, np.newaxis]) / np.where(width > 0, width, 1.0)[:, np.newaxis]
    lower, upper = betting_limits(np.clip(scaled, 0.0, 1.0), error)
    return low + width * lower, low + width * upper


def betting_limits(samples: Floats, error: float) -> Limits:
    """Return limits of the means of N variables in [0, 1] from independent samples, shape (N, n)."""
    found = np.empty((2, len(samples)))
    step = max(1, _CHUNK // samples.shape[1])
    for start in range(0, len(samples), step):
        place = slice(start, start + step)
        found[0, place] = _lower(samples[place], error / 2)
        found[1, place] = 1.0 - _lower(1.0 - samples[place], error / 2)
    return found[0], found[1]


def _student(samples: Floats, low: Floats, high: Floats, error: float) -> Limits:
    count = samples.shape[1]
    if count == 1:
        return low.copy(), high.copy()
    mean = samples.mean(axis=1)
    reach = student_quantile(1 - error, count - 1) * deviation(samples, 1) / math.sqrt(count)
    return np.maximum(mean - reach, low), np.minimum(mean + reach, high)


def _lower(samples: Floats, error: float) -> Floats:
    """Return a lower limit of each mean, which is too high with probability at most `error`.

    The wealth against a candidate m is the product of ``1 + bet * (x - m)`` with ``bet * m`` at most
    `_MOST_STAKED`. Each factor decreases with m, and so does the wealth: bisection is exact.
    """
    goal, bets = -math.log(error), _bets(samples, error)
    low, high = np.zeros(len(samples)), np.ones(len(samples))
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        refused = _log_wealth(samples, bets, middle) >= goal
        low, high = np.where(refused, middle, low), np.where(refused, high, middle)
    return low


def _log_wealth(samples: Floats, bets: Floats, candidate: Floats) -> Floats:
    m = candidate[:, np.newaxis]
    factors = 1.0 + np.minimum(bets, _MOST_STAKED / m) * (samples - m)
    rest = -factors.shape[1] % _FACTORS
    grouped = np.pad(factors, ((0, 0), (0, rest)), constant_values=1.0)
    total: Floats = np.log(grouped.reshape(len(samples), -1, _FACTORS).prod(axis=2)).sum(axis=1)
    return total


def _bets(samples: Floats, error: float) -> Floats:
    """Return the bet before each sample: best for the variance of the samples so far, one of 1/4 added."""
    count = samples.shape[1]
    numbers = np.arange(1, count + 1)
    means = (0.5 + samples.cumsum(axis=1)) / (numbers + 1)
    squares = 0.25 + ((samples - means) ** 2).cumsum(axis=1)
    before = np.concatenate([np.full((len(samples), 1), 0.25), squares[:, :-1] / numbers[1:]], axis=1)
    bets: Floats = np.sqrt(-2 * math.log(error) / (count * before))
    return bets
