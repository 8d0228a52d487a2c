"""Tests that learners that leap in law have the law of single steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import stackel as sk
from stackel._utils.optional import require

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT, LONG = (1000, 500), (1 << 16, 50)
PAIRS: tuple[tuple[sk.Learner, sk.Learner, tuple[int, int]], ...] = (
    (sk.ThompsonSampling(), sk.ThompsonSampling(sigma=0.5), SHORT),
    (sk.UCB(), sk.ThompsonSampling(), SHORT),
    (sk.UniformLearner(), sk.UCB(), SHORT),
    (sk.UCB(sigma=0.5), sk.UniformLearner(), SHORT),
    (sk.UCB(sigma=0.5), sk.QuantalResponse(0.5), SHORT),
    (sk.EpsilonGreedy(), sk.UCB(), LONG),
    (sk.UCB(sigma=0.5), sk.EpsilonGreedy(), LONG),
    (sk.UCBV(reward_range=0.2), sk.UCB(sigma=0.5), SHORT),
    (sk.UCB(sigma=0.5), sk.UCBV(reward_range=0.2), SHORT),
    (sk.ThompsonSampling(family="bernoulli"), sk.UCB(sigma=0.5), SHORT),
    (sk.UCB(sigma=0.5), sk.ThompsonSampling(family="bernoulli"), SHORT),
)
"""Leader and follower, the horizon and the number of runs."""


def leap_p_values(seed: int) -> Iterator[tuple[str, float]]:
    """Yield names and p values of utilities of leaps and steps, by Kolmogorov-Smirnov, for each player."""
    stats = require("scipy.stats", "stats")
    utility = [[0.9, 0.2], [0.5, 0.4]], [[0.3, 0.8], [0.1, 0.6]]
    normal, coins = (sk.Game(*utility, noise=noise) for noise in (sk.Gaussian(0.5), sk.Bernoulli()))
    for number, (leader, follower, (horizon, runs)) in enumerate(PAIRS):
        leapt, stepped = (
            sk.simulate(
                coins if _is_of_coins(leader) or _is_of_coins(follower) else normal,
                leader,
                follower,
                horizon,
                replications=runs,
                seed=(seed + 2 * number + k) % 2**64,
                engine=engine,
                threads=1,
            ).utility[:, :, -1]
            for k, engine in enumerate(("leap", "stepwise"))
        )
        for player, one, other in zip(sk.learners.ROLES, leapt, stepped, strict=True):
            p = float(stats.ks_2samp(one, other).pvalue)
            yield f"leaps beside steps, {leader!r} v {follower!r}, utility of the {player}", p


def _is_of_coins(learner: sk.Learner) -> bool:
    return getattr(learner, "family", None) == "bernoulli"
