"""TsallisINF: its published bound, against random and adversarial losses. False alarms: 1e-5 a test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from adversary import arms_played, in_phases, paid
from scipy import stats

import stackel as sk

ALPHA = 1e-5
HORIZON = 10_000


def most(regrets):
    """An upper confidence limit of the mean."""
    return regrets.mean() + stats.norm.isf(ALPHA) * regrets.std() / math.sqrt(len(regrets))


def one_better(scale, arms):
    """The gap by which one arm is better than the others, and mean regrets of runs."""
    gap = scale * math.sqrt(arms / HORIZON)
    means = [[0.5 + gap / 2] + [0.5 - gap / 2] * (arms - 1)]
    game = sk.Game(means, means, noise=sk.Bernoulli())
    run = sk.simulate(game, sk.FixedAction(0), sk.TsallisINF(), HORIZON, replications=300, seed=3)
    return gap, gap * (HORIZON - run.pulls[:, 0, 0])


def bound(arms, horizon):
    """Zimmert and Seldin (2021), theorem 1."""
    return 4 * math.sqrt(arms * horizon) + 1


@pytest.mark.parametrize("arms", [2, 10])
@pytest.mark.parametrize("scale", [10.0, 30.0])
def test_bound_on_the_expected_regret(scale, arms):
    gap, regrets = one_better(scale, arms)
    assert gap * HORIZON > 2 * bound(arms, HORIZON)  # which a learner could lose
    assert most(regrets) < bound(arms, HORIZON)


@pytest.mark.parametrize("arms", [2, 10])
def test_the_bound_is_not_far_above_the_worst_gap(arms):
    _, regrets = one_better(3.0, arms)
    assert most(regrets) > bound(arms, HORIZON) / 8


def test_regret_grows_like_a_logarithm_where_means_are_fixed():
    means = [[0.75, 0.25]]
    run = sk.simulate(
        sk.Game(means, means, noise=sk.Bernoulli()),
        sk.FixedAction(0),
        sk.TsallisINF(),
        10**5,
        replications=200,
        seed=3,
        checkpoints=[10**3, 10**4, 10**5],
    )
    regret = 0.75 * np.array([10**3, 10**4, 10**5]) - run.utility[1]
    first, second = np.diff(regret, axis=1).T
    # A decade costs about as much as the one before it; if it grew like sqrt(T), 3.2 times as much.
    assert most(second - 1.5 * first) < 0


def test_bound_against_a_best_arm_that_changes_its_mind():
    """The arm that is best in the end is the worst for the first two fifths of the game."""
    horizon, arms = 5000, 3
    losses = in_phases([2000, 3000], [[0.25, 1.0, 1.0], [1.0, 0.25, 1.0]])
    regrets = paid(losses, arms_played(sk.TsallisINF(), losses, 30)) - losses.sum(axis=0).min()
    assert most(regrets) < bound(arms, horizon)


def test_a_longer_game_begins_with_the_shorter_one():
    game = sk.games.random(3, 3, seed=5, noise=sk.Bernoulli())
    short, long = (
        sk.simulate(game, sk.TsallisINF(), sk.TsallisINF(), horizon, seed=1, checkpoints=[500, horizon])
        for horizon in (1000, 2000)
    )
    assert (short.utility[:, :, 0] == long.utility[:, :, 0]).all()
    halfway = sk.simulate(game, sk.TsallisINF(), sk.TsallisINF(), 2000, seed=1, checkpoints=[1000, 2000])
    assert (short.utility[:, :, 1] == halfway.utility[:, :, 0]).all()
