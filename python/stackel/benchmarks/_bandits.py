"""The best arm of a bandit, and the least regret of any consistent algorithm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel.noise import Bernoulli, Gaussian, StudentT

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.noise import Noise

_ULPS = 4


def best_arms(means: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Return which arms have the largest mean, up to a few units in the last place."""
    largest = means.max()
    best: npt.NDArray[np.bool_] = means >= largest - _ULPS * np.spacing(abs(largest))
    return best


def lai_robbins(means: npt.NDArray[np.float64], noise: Noise) -> float:
    """Return the constant C of the bound ``C ln t`` by Lai and Robbins (1985).

    ``C = sum of gap / d(mean, largest mean)`` over the arms that are not best, with the divergence d of two
    laws of the family. It is 0 if single rewards tell laws of different means apart.
    """
    others, largest = means[~best_arms(means)], means.max()
    gaps = largest - others
    with np.errstate(divide="ignore", over="ignore"):
        match noise:
            case Gaussian(sigma):
                sigmas = np.broadcast_to(np.ravel(sigma), means.shape)[~best_arms(means)]
                return float((2 * sigmas**2 / gaps).sum())
            case StudentT(df, scale):
                scales = np.broadcast_to(np.ravel(scale), means.shape)[~best_arms(means)]
                pairs = zip(gaps, scales, strict=True)
                return float(sum(gap / _divergence_of_t(df, gap / each) for gap, each in pairs if each > 0))
            case Bernoulli():
                return float((gaps / _divergence(others, float(largest))).sum())
    return 0.0


def _divergence(x: npt.NDArray[np.float64], y: float) -> npt.NDArray[np.float64]:
    """Divergence of a coin of mean x < y from one of mean y."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ones = np.where(x > 0, x * np.log(x / y), 0.0)
        divergence: npt.NDArray[np.float64] = ones + (1 - x) * (np.log1p(-x) - np.log1p(-y))
    return divergence


def _divergence_of_t(df: float, distance: float) -> float:
    """Divergence of Student's t law from the same law at a distance, by the trapezoidal rule.

    Places are of all sizes, and close together where they are small.
    """
    x = np.sinh(np.linspace(-60.0, 60.0, 60_001))
    weight = np.exp(-(df + 1) / 2 * np.log1p(x * x / df)) * np.hypot(1.0, x)
    ratio = (df + 1) / 2 * np.log1p(distance * (distance - 2 * x) / (df + x * x))
    return float((weight * ratio).sum() / weight.sum())
