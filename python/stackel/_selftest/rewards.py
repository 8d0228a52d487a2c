"""Tests of the rewards of every noise law against that law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._core import draw_rewards
from stackel._utils.optional import require
from stackel.noise import Bernoulli, Gaussian, Uniform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackel.noise import Noise

DRAWS = 500_000
LAWS: tuple[tuple[Noise, float], ...] = (
    (Gaussian(1.0), 0.0),
    (Gaussian(0.01), -7.0),
    (Gaussian(2.5), 1e3),
    (Uniform(0.5), 0.5),
    (Uniform(3.0), -2.0),
    (Bernoulli(), 0.5),
    (Bernoulli(), 0.01),
    (Bernoulli(), 0.999),
)
"""Laws with their means."""


def reward_p_values(seed: int) -> Iterator[tuple[str, float]]:
    """Yield a name of each sample and the p value of its law, by Kolmogorov-Smirnov or a binomial test."""
    stats = require("scipy.stats", "stats")
    for number, (law, mean) in enumerate(LAWS):
        for player in ("leader", "follower"):
            rewards = draw_rewards(law.as_core(), mean, DRAWS, seed, number, player)
            yield f"rewards of the {player}, {law}, mean {mean:g}", _p_value(stats, law, mean, rewards)


def _p_value(stats: Any, law: Noise, mean: float, rewards: np.ndarray[Any, np.dtype[np.float64]]) -> float:
    match law:
        case Gaussian(sigma):
            return float(stats.ks_1samp(rewards, stats.norm(mean, sigma).cdf).pvalue)
        case Uniform(half_width):
            cdf = stats.uniform(mean - half_width, 2 * half_width).cdf
            return float(stats.ks_1samp(rewards, cdf).pvalue)
    if not np.isin(rewards, (0.0, 1.0)).all():
        return 0.0
    return float(stats.binomtest(int(rewards.sum()), len(rewards), mean).pvalue)
