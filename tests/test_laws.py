"""Utilities and pull counts have the same law as in the oracle, which draws its own randomness.

Every learner meets a partner in each seat and each setting. Compared are both players' cumulative
utilities at a quarter and at the end of the horizon and the final count of every cell, each by a
two-sample Kolmogorov-Smirnov test and by Bernstein's inequality for the means, which stays valid
where counts are rare events. False alarms: FAMILY_WISE over the whole file (Bonferroni).
"""

from __future__ import annotations

from random import Random

import numpy as np
import oracle
import pytest
from cases import FOLLOWERS, LEADERS, make_game, named
from chance import Drawn
from scipy import stats

import stackel as sk

FAMILY_WISE = 1e-4
ORACLE_RUNS = 35
PACKAGE_RUNS = 4000
ELIMINATION = sk.ActiveArmElimination(sigma=0.2)
SETTINGS = {
    # means, noise, horizon, partner of each leader, partner of each follower
    "2x2": ("2x2", "Gaussian", 120, ELIMINATION, sk.ExploreThenCommit(exploration=8)),
    "2x3": ("2x3", "Bernoulli", 90, sk.UCB(sigma=0.3), sk.PhasedUCB(sigma=0.3)),
    "5x3": ("5x3", "Gaussian, Uniform", 80, sk.ExploreThenCommit(exploration=2), sk.UCB(sigma=0.3)),
}
PAIRS = [
    pair
    for setting, (*_, follower, leader) in SETTINGS.items()
    for pair in [
        *((setting, each, follower) for each in LEADERS),
        *((setting, leader, each) for each in FOLLOWERS),
    ]
]
MOST_STATISTICS = 4 + 15
ALPHA = FAMILY_WISE / (len(PAIRS) * MOST_STATISTICS * 2)


def oracle_sample(game, leader, follower, horizon, runs=ORACLE_RUNS):
    rng = Random(f"{leader} {follower} {horizon}")
    means = (game.leader.tolist(), game.follower.tolist())
    reward = oracle.noisy((named(game.noise[0]), named(game.noise[1])), rng)
    paths = [
        oracle.play(means, named(leader), named(follower), horizon, reward=reward, chance=Drawn(rng))
        for _ in range(runs)
    ]
    early, end = horizon // 4 - 1, horizon - 1
    return np.array([[*path.utility[:, early], *path.utility[:, end], *path.pulls.flat] for path in paths])


def package_sample(game, leader, follower, horizon):
    run = sk.simulate(
        game,
        leader,
        follower,
        horizon,
        replications=PACKAGE_RUNS,
        seed=7,
        checkpoints=[horizon // 4, horizon],
        engine="stepwise",
    )
    counts = run.pulls.reshape(PACKAGE_RUNS, -1)
    return np.concatenate([run.utility[:, :, 0].T, run.utility[:, :, 1].T, counts], axis=1)


def bernstein(ours, theirs):
    """Bound on the probability that means of samples this large differ this much.

    The difference is a sum of independent terms: x / n for each of ours, -x / m for each of theirs.
    """
    n, m = len(ours), len(theirs)
    both = np.concatenate([ours, theirs])
    variance = both.var() * (1 / n + 1 / m)
    largest = np.ptp(both) / min(n, m)
    difference = abs(ours.mean() - theirs.mean())
    return min(1.0, 2 * np.exp(-(difference**2) / 2 / (variance + largest * difference / 3)))


def p_value(ours, theirs):
    """The smaller of the two tests' p-values."""
    if np.ptp(ours) == 0 and np.ptp(theirs) == 0:
        return float(ours[0] == theirs[0])
    return min(stats.ks_2samp(ours, theirs, method="asymp").pvalue, bernstein(ours, theirs))


def least_p_value(ours, theirs):
    return min(p_value(ours[:, k], theirs[:, k]) for k in range(ours.shape[1]))


@pytest.mark.parametrize(("setting", "leader", "follower"), PAIRS, ids=str)
def test_same_law_as_the_oracle(setting, leader, follower):
    means, noise, horizon, *_ = SETTINGS[setting]
    game = make_game(means, noise)
    ours = package_sample(game, leader, follower, horizon)
    theirs = oracle_sample(game, leader, follower, horizon)
    assert least_p_value(ours, theirs) > ALPHA


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (sk.ExploreThenCommit(exploration=4), sk.ExploreThenCommit(exploration=5)),
        (sk.ExploreThenUCB(exploration=3, sigma=0.4), sk.ExploreThenUCB(exploration=7, sigma=0.4)),
        (sk.UCB(sigma=0.4), sk.UCB(sigma=0.4, confidence=2.0)),
        (sk.ActiveArmElimination(sigma=0.2), sk.ActiveArmElimination(sigma=0.2, confidence=2.0)),
        (sk.LipschitzUCB(follower_constant=0.5, sigma=0.4), sk.LipschitzUCB(sigma=0.4)),
    ],
    ids=str,
)
def test_the_comparison_sees_a_wrong_leader(right, wrong):
    game = make_game("2x2", "Gaussian")
    ours = package_sample(game, right, sk.BestResponse(), 200)
    theirs = oracle_sample(game, wrong, sk.BestResponse(), 200, runs=150)
    assert least_p_value(ours, theirs) < ALPHA
