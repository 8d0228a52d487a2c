"""Leaping has the law of stepping: two-sample tests over games, pairs of learners and noises.

Compared are utilities at several checkpoints, what was earned between them, and final pull counts; the
two engines draw from different seeds, so their samples are independent. False alarms: FAMILY_WISE over
the whole file (Bonferroni).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from two_samples import number_of_tests, p_values, statistics

import stackel as sk

FAMILY_WISE = 1e-4
HORIZON = 4000
CHECKPOINTS = (HORIZON // 20, HORIZON // 4, HORIZON)
REPLICATIONS = 700

NEAR = 1 / math.sqrt(HORIZON)
RANDOM = np.random.default_rng(3)
MEANS = {
    "tied": ([[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]),
    "nearly tied": (
        [[0.5 + NEAR, 0.5], [0.5, 0.5 + 2 * NEAR]],
        [[0.5, 0.5 + NEAR], [0.5, 0.5 - NEAR]],
    ),
    "separated": ([[0.75, 0.25], [0.5, 0.5]], [[0.25, 0.0], [0.625, 0.375]]),
    "random": (RANDOM.random((3, 4)), RANDOM.random((3, 4))),
    "1xN": ([[0.3, 0.6, 0.9]], [[0.5, 0.45, 0.1]]),
    "Nx1": ([[0.3], [0.5], [0.45]], [[0.2], [0.8], [0.5]]),
    "sure": ([[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0], [0.75, 0.5]]),
}
NOISES = {
    "Gaussian": sk.Gaussian(0.5),
    "Bernoulli": sk.Bernoulli(),
    "small, large": (sk.Gaussian(0.05), sk.Gaussian(1.5)),
    "Gaussian, Bernoulli": (sk.Gaussian(0.5), sk.Bernoulli()),
    "Bernoulli, Deterministic": (sk.Bernoulli(), sk.Deterministic()),
    "Uniform, Gaussian": (sk.Uniform(0.5), sk.Gaussian(0.5)),
}
PAIRS = [
    (sk.UCB(sigma=0.5), sk.UCB(sigma=0.5)),
    (sk.UCB(sigma=0.2), sk.UCB(sigma=0.2, confidence=2.0)),
    (sk.UCB(anytime=True, sigma=0.3), sk.UCB(anytime=True, sigma=0.3, confidence=0.5)),
    (sk.LipschitzUCB(lipschitz=1.5, follower_constant=0.5, sigma=0.2), sk.ActiveArmElimination(sigma=0.2)),
    (sk.LipschitzUCB(follower_constant=2.0, sigma=0.1), sk.ExploreThenUCB(exploration=9, sigma=0.3)),
    (sk.ExploreThenUCB(exploration=100, sigma=0.3), sk.ExploreThenCommit(exploration=40)),
    (sk.ExploreThenCommit(exploration=500), sk.UCB(sigma=0.3)),
    (sk.ExploreThenCommit(), sk.ActiveArmElimination(phases=(3, 9, 20), sigma=0.3)),
    (sk.ExploreThenCommitThrowOut(discard=90, exploration=250), sk.ExploreThenCommit(exploration=35)),
    (sk.ActiveArmElimination(phases=(40, 7), sigma=0.3), sk.UCB(anytime=True, sigma=0.2)),
    (sk.FixedAction(0), sk.UCB(sigma=0.4)),
    (sk.UCB(sigma=0.3), sk.BestResponse()),
]
STEPPED_PAIRS = [
    (sk.PhasedUCB(sigma=0.3), sk.ActiveArmElimination(sigma=0.2)),
    (sk.UniformLearner(), sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), sk.UniformLearner()),
]
CHECKPOINT_PAIRS = [PAIRS[1], PAIRS[3], PAIRS[7]]
CASES = [
    *((means, noise, *pair) for means in MEANS for noise in ("Gaussian", "Bernoulli") for pair in PAIRS),
    *(("separated", noise, *pair) for noise in list(NOISES)[2:] for pair in PAIRS),
    *(("random", noise, *pair) for noise in ("Gaussian", "Bernoulli") for pair in STEPPED_PAIRS),
]
MOST_TESTS = max(number_of_tests(sk.Game(*means), len(CHECKPOINTS)) for means in MEANS.values())
ALPHA = FAMILY_WISE / ((len(CASES) + 2 * len(CHECKPOINT_PAIRS)) * MOST_TESTS)


def sample(engine, game, leader, follower, **options):
    options = {"replications": REPLICATIONS, "checkpoints": CHECKPOINTS, **options}
    run = sk.simulate(game, leader, follower, HORIZON, engine=engine, **options)
    assert run.engine == engine
    return run


def compared(one, other):
    return p_values(statistics(one), statistics(other))


@pytest.mark.parametrize(("means", "noise", "leader", "follower"), CASES, ids=str)
def test_leaping_has_the_law_of_stepping(means, noise, leader, follower):
    game = sk.Game(*MEANS[means], noise=NOISES[noise])
    leaping = sample("leap", game, leader, follower, seed=1)
    stepping = sample("stepwise", game, leader, follower, seed=2)
    assert compared(leaping, stepping).min() > ALPHA


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
def test_the_comparison_is_of_leaps(noise):
    # More than ten blocks a run were leapt over, so that the tests above do not compare stepping with itself.
    game = sk.Game(*MEANS["separated"], noise=NOISES[noise])
    run = sample("leap", game, *PAIRS[1], seed=1, replications=100)
    accepted_blocks = run.error_bound / 1e-18
    assert accepted_blocks > 10 * 100


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (sk.UCB(sigma=0.2), sk.UCB(sigma=0.21)),
        (sk.UCB(anytime=True, sigma=0.3), sk.UCB(anytime=True, sigma=0.32)),
        (sk.ExploreThenCommit(exploration=300), sk.ExploreThenCommit(exploration=301)),
    ],
    ids=str,
)
def test_the_comparison_sees_a_small_mistake(noise, right, wrong):
    game = sk.Game(*MEANS["nearly tied"], noise=NOISES[noise])
    leaping = sample("leap", game, right, sk.BestResponse(), seed=1, replications=12_000)
    stepping = sample("stepwise", game, wrong, sk.BestResponse(), seed=2, replications=12_000)
    assert compared(leaping, stepping).min() < ALPHA


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
@pytest.mark.parametrize("pair", CHECKPOINT_PAIRS, ids=str)
def test_checkpoints_do_not_change_the_law_of_leaping(noise, pair):
    # A checkpoint cuts blocks short: bits change, the law must not.
    game = sk.Game(*MEANS["random"], noise=NOISES[noise])
    few = sample("leap", game, *pair, seed=1)
    many = sample("leap", game, *pair, seed=2, checkpoints=[*range(37, HORIZON, 37), HORIZON])
    ends = [np.c_[run.utility[:, :, -1].T, run.pulls.reshape(REPLICATIONS, -1)] for run in (few, many)]
    assert p_values(*ends).min() > ALPHA
