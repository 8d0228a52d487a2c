"""TsallisINF: its published bound, against random and adversarial losses. False alarms: 1e-5 a test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from adversary import arms_played, in_phases, paid
from scipy import stats

import stackel as sk

ALPHA = 1e-5


def most(regrets):
    """An upper confidence limit of the mean."""
    return regrets.mean() + stats.norm.isf(ALPHA) * regrets.std() / math.sqrt(len(regrets))


@pytest.mark.parametrize("arms", [2, 10])
@pytest.mark.parametrize("scale", [1.0, 3.0, 10.0])
def test_bound_on_the_expected_regret(scale, arms):
    # Zimmert and Seldin (2021), theorem 1.
    horizon = 10_000
    gap = scale * math.sqrt(arms / horizon)
    means = [[0.5 + gap / 2] + [0.5 - gap / 2] * (arms - 1)]
    run = sk.simulate(
        sk.Game(means, means, noise=sk.Bernoulli()),
        sk.FixedAction(0),
        sk.TsallisINF(),
        horizon,
        replications=300,
        seed=3,
    )
    limit = most(gap * (horizon - run.pulls[:, 0, 0]))
    bound = 4 * math.sqrt(arms * horizon) + 1
    assert limit < bound
    # Not by much in the worst of these cases.
    assert scale != 3.0 or limit > bound / 8


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
    assert most(regrets) < 4 * math.sqrt(arms * horizon) + 1


def test_a_longer_game_begins_with_the_shorter_one():
    game = sk.games.random(3, 3, seed=5, noise=sk.Bernoulli())
    short, long = (
        sk.simulate(game, sk.TsallisINF(), sk.TsallisINF(), horizon, seed=1, checkpoints=[500, horizon])
        for horizon in (1000, 2000)
    )
    assert (short.utility[:, :, 0] == long.utility[:, :, 0]).all()
    halfway = sk.simulate(game, sk.TsallisINF(), sk.TsallisINF(), 2000, seed=1, checkpoints=[1000, 2000])
    assert (short.utility[:, :, 1] == halfway.utility[:, :, 0]).all()
