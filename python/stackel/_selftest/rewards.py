"""Tests of the rewards of every noise law, and of their sums, against that law."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

import stackel as sk
from stackel._utils.optional import require

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

DRAWS = 500_000
LAWS: tuple[tuple[sk.Noise, float], ...] = (
    (sk.Gaussian(1.0), 0.0),
    (sk.Gaussian(0.01), -7.0),
    (sk.Gaussian(2.5), 1e3),
    (sk.Uniform(0.5), 0.5),
    (sk.Uniform(3.0), -2.0),
    (sk.Bernoulli(), 0.5),
    (sk.Bernoulli(), 0.01),
    (sk.Bernoulli(), 0.999),
    (sk.StudentT(1.5, 2.0), 3.0),
    (sk.StudentT(4.0), 0.0),
)
"""Laws with their means."""
SIDE = 100
SUMS: tuple[tuple[sk.Noise, float, int, float], ...] = (
    (sk.Gaussian(2.0), 1.0, 10**9, 2.0),
    (sk.Bernoulli(), 0.5, 10**6, 0.5),
    (sk.Uniform(0.5), 0.5, 1000, 1 / math.sqrt(12)),
)
"""Laws with their means, numbers of rewards that are enough for a normal sum, and deviations of one."""


def drawn(law: sk.Noise, mean: float, seed: int, number: int) -> Array:
    """Return rewards of leader and follower, by a game in which there is nothing to decide."""
    game, only = sk.Game([[mean]], [[mean]], noise=law), sk.FixedAction(0)
    return sk.Simulation(game, only, only, DRAWS, seed, replication=number).step(DRAWS).rewards


def means_of(law: sk.Noise, mean: float, samples: int, seed: int) -> Array:
    """Return means of `samples` rewards of leader and follower in each cell of a large game."""
    matrix = np.full((SIDE, SIDE), mean)
    game = sk.Game(matrix, matrix, noise=law)
    found = sk.central_explorer(game, epsilon=1.0, samples=samples, seed=seed)
    return np.array([found.leader.ravel(), found.follower.ravel()])


def reward_p_values(seed: int) -> Iterator[tuple[str, float]]:
    """Yield a name of each sample and the p value of its law, by Kolmogorov-Smirnov or a binomial test."""
    stats = require("scipy.stats", "stats")
    for number, (law, mean) in enumerate(LAWS):
        for player, rewards in zip(sk.learners.ROLES, drawn(law, mean, seed, number), strict=True):
            yield f"rewards of the {player}, {law}, mean {mean:g}", _p_value(stats, law, mean, rewards)
    for law, mean, samples, deviation in SUMS:
        cdf = stats.norm(mean, deviation / math.sqrt(samples)).cdf
        for player, means in zip(sk.learners.ROLES, means_of(law, mean, samples, seed), strict=True):
            p = float(stats.ks_1samp(means, cdf).pvalue)
            yield f"sums of {samples:g} rewards of the {player}, {law}, mean {mean:g}", p


def _p_value(stats: Any, law: sk.Noise, mean: float, rewards: Array) -> float:
    match law:
        case sk.Gaussian(sigma):
            return float(stats.ks_1samp(rewards, stats.norm(mean, sigma).cdf).pvalue)
        case sk.Uniform(half_width):
            cdf = stats.uniform(mean - half_width, 2 * half_width).cdf
            return float(stats.ks_1samp(rewards, cdf).pvalue)
        case sk.StudentT(df, scale):
            return float(stats.ks_1samp(rewards, stats.t(df, mean, scale).cdf).pvalue)
    if not np.isin(rewards, (0.0, 1.0)).all():
        return 0.0
    return float(stats.binomtest(int(rewards.sum()), len(rewards), mean).pvalue)
