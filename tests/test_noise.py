"""Rewards as games show them. Their laws are in `test_table_law`."""

from __future__ import annotations

import drawn
import numpy as np
import pytest

import stackel as sk

ROUNDS = 20_000
EXTREMES = [0.3, -1e9, 1e-300]


def rewards(law, mean):
    """Rewards of leader and follower, in a game in which there is nothing to decide."""
    game, only = sk.Game([[mean]], [[mean]], noise=law), sk.FixedAction(0)
    return sk.Simulation(game, only, only, ROUNDS, 1).step(ROUNDS).rewards


@pytest.mark.parametrize(
    "law", [sk.Gaussian(2.5), sk.Gaussian(1e-3), sk.Uniform(0.75), sk.Bernoulli()], ids=repr
)
def test_rewards_are_entries_of_the_table(law):
    for role, seen in zip(sk.learners.ROLES, rewards(law, 0.4), strict=True):
        np.testing.assert_array_equal(seen, drawn.rewards(law, ROUNDS, mean=0.4, player=role))


@pytest.mark.parametrize(("mean", "half_width"), [(0.0, 1.0), (0.5, 0.5), (-3.0, 1e-3), (2.0, 40.0)])
def test_uniform_rewards_are_near_their_mean(mean, half_width):
    seen = rewards(sk.Uniform(half_width), mean)
    assert mean - half_width <= seen.min() < mean - 0.999 * half_width
    assert mean + 0.999 * half_width < seen.max() <= mean + half_width


@pytest.mark.parametrize("mean", [0.0, 1.0, 0.5])
def test_coins_are_zero_or_one(mean):
    assert set(np.unique(rewards(sk.Bernoulli(), mean))) == ({0.0, 1.0} if mean == 0.5 else {mean})


@pytest.mark.parametrize("mean", EXTREMES)
@pytest.mark.parametrize(
    "law", [sk.Deterministic(), sk.Gaussian(0.0), sk.Uniform(0.0), sk.Gaussian(1e-300)], ids=repr
)
def test_no_spread_means_the_mean_itself(law, mean):
    np.testing.assert_array_equal(rewards(law, mean), np.full((2, ROUNDS), mean))


@pytest.mark.parametrize("law", [sk.Gaussian(0.5), sk.Uniform(0.5)], ids=repr)
def test_noise_of_a_leader_belongs_to_its_action(law):
    """Whatever the response is: two followers compared under one seed meet the same noise."""
    game = sk.Game([[0.75, 0.25]], [[0.0, 0.0]], noise=law)
    one, other = (
        sk.Simulation(game, sk.FixedAction(0), sk.FixedAction(b), ROUNDS, 1).step(ROUNDS).rewards
        for b in (0, 1)
    )
    np.testing.assert_allclose(one[0] - other[0], 0.5, rtol=0, atol=1e-15)
    assert (one[1] != other[1]).mean() > 0.99
