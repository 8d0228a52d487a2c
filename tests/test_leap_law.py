"""Leaping has the law of stepping: two-sample tests over games, pairs of learners and noises.

Compared are utilities at several checkpoints, what was earned between them, and final pull counts; the
two engines draw from different seeds, so their samples are independent. False alarms: FAMILY_WISE over
the whole file (Bonferroni). `law_grid.py` does the same for many more cases and for longer horizons.
"""

from __future__ import annotations

from itertools import cycle, product

import numpy as np
import pytest

import stackel as sk
from stackel._selftest.cases import DELICATE_PAIRS, Case
from stackel._selftest.two_samples import number_of_tests, p_values, statistics

FAMILY_WISE = 1e-4
HORIZON = 3000
REPLICATIONS = 450

GAMES = ("tied", "nearly tied", "separated", "random", "1xN", "Nx1", "sure")
PLAIN_NOISES = ("Gaussian", "Bernoulli")
OTHER_NOISES = (
    "small, large",
    "Gaussian, Bernoulli",
    "Bernoulli, Deterministic",
    "Uniform",
    "Uniform, Gaussian",
    "Bernoulli, Uniform",
)
HARD_GAMES = ("tied", "random", "tied 4x4", "nearly tied", "rare", "wide")
HARD_NOISES = ("Gaussian", "Bernoulli", "Uniform", "small, large", "Uniform, Gaussian")
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
    (sk.KLUCB(family="bernoulli"), sk.KLUCB(family="bernoulli", loglog=3.0)),
    (sk.MOSS(sigma=0.3), sk.MOSS(sigma=0.4)),
    (sk.ExploreThenCommitAdaptive(sigma=0.1), sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.1)),
    (sk.EpsilonGreedy(), sk.EpsilonGreedy(epsilon=10.0, decay=1.0)),
    (sk.UCB(sigma=0.3), sk.BestResponse()),
    (sk.HierarchicalUCB(kappa=0.1, constant=0.2), sk.BestManipulation()),
]
STEPPED_PAIRS = [
    (sk.PhasedUCB(sigma=0.3), sk.ActiveArmElimination(sigma=0.2)),
    (sk.UniformLearner(), sk.UCB(sigma=0.3)),
    (sk.UCB(sigma=0.3), sk.UniformLearner()),
    (sk.UCB(sigma=0.3), sk.ManipulationUCB(sigma=0.3)),
]
CHECKPOINT_PAIRS = [PAIRS[1], PAIRS[3], PAIRS[7]]
CASES = [
    *(Case(HORIZON, *setting, *pair) for *setting, pair in product(GAMES, PLAIN_NOISES, PAIRS)),
    *(Case(HORIZON, "separated", noise, *pair) for noise, pair in product(OTHER_NOISES, PAIRS)),
    *(Case(HORIZON, "random", noise, *pair) for noise, pair in product(PLAIN_NOISES, STEPPED_PAIRS)),
    # As the numbers of games and noises have no factor in common, all combinations occur.
    *(
        Case(HORIZON, game, noise, *pair)
        for game, noise, pair in zip(cycle(HARD_GAMES), cycle(HARD_NOISES), DELICATE_PAIRS, strict=False)
    ),
]
MOST_TESTS = max(number_of_tests(case.game, 3) for case in CASES)
ALPHA = FAMILY_WISE / ((len(CASES) + 2 * len(CHECKPOINT_PAIRS)) * MOST_TESTS)


def sample(case, engine, seed, replications=REPLICATIONS, checkpoints=None):
    run = case.play(engine, seed, replications, checkpoints)
    assert run.engine == engine
    return run


def compared(one, other):
    return p_values(statistics(one), statistics(other))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_leaping_has_the_law_of_stepping(case):
    assert compared(sample(case, "leap", 1), sample(case, "stepwise", 2)).min() > ALPHA


@pytest.mark.parametrize("noise", PLAIN_NOISES)
def test_the_comparison_is_of_leaps(noise):
    # More than ten blocks a run were leapt over, so that the tests above do not compare stepping with itself.
    run = sample(Case(HORIZON, "separated", noise, *PAIRS[1]), "leap", 1, replications=100)
    accepted_blocks = run.error_bound / 1e-18
    assert accepted_blocks > 10 * 100


@pytest.mark.parametrize("noise", PLAIN_NOISES)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (sk.UCB(sigma=0.2), sk.UCB(sigma=0.21)),
        (sk.UCB(anytime=True, sigma=0.3), sk.UCB(anytime=True, sigma=0.32)),
        (sk.ActiveArmElimination(sigma=0.1), sk.ActiveArmElimination(sigma=0.107)),
        (sk.ExploreThenCommit(exploration=300), sk.ExploreThenCommit(exploration=301)),
    ],
    ids=str,
)
def test_the_comparison_sees_a_small_mistake(noise, right, wrong):
    leaping, stepping = (
        Case(HORIZON, "nearly tied", noise, leader, sk.BestResponse()) for leader in (right, wrong)
    )
    samples = sample(leaping, "leap", 1, 12_000), sample(stepping, "stepwise", 2, 12_000)
    assert compared(*samples).min() < ALPHA


@pytest.mark.parametrize("noise", PLAIN_NOISES)
@pytest.mark.parametrize("pair", CHECKPOINT_PAIRS, ids=str)
def test_checkpoints_do_not_change_the_law_of_leaping(noise, pair):
    # A checkpoint cuts blocks short: bits change, the law must not.
    case = Case(HORIZON, "random", noise, *pair)
    few = sample(case, "leap", 1)
    many = sample(case, "leap", 2, checkpoints=[*range(37, HORIZON, 37), HORIZON])
    ends = [np.c_[run.utility[:, :, -1].T, run.pulls.reshape(REPLICATIONS, -1)] for run in (few, many)]
    assert p_values(*ends).min() > ALPHA
