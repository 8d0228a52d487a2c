"""Every pair of learners follows the oracle's path, round by round, and traces say what it was.

Without noise the path is a consequence of the rules alone. With noise, the oracle is fed the rewards of the
package's table: the n-th pull of an arm shows the n-th entry of the arm's tape.
"""

from __future__ import annotations

import itertools

import drawn
import numpy as np
import oracle
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, followers_of, is_random, make_game, named

import stackel as sk

SHORT, LONG = 100, 2000
SEED = 20
CERTAIN_LEADERS = [learner for learner in LEADERS if not is_random(learner)]
CERTAIN_FOLLOWERS = [learner for learner in FOLLOWERS if not is_random(learner)]


def certain_followers_of(leader):
    return [follower for follower in followers_of(leader) if follower in CERTAIN_FOLLOWERS]


def assert_same_path(game, leader, follower, horizon, replication):
    means = (game.leader.tolist(), game.follower.tolist())
    slow = oracle.play(
        means, named(leader), named(follower), horizon, reward=drawn.as_reward(game, SEED, replication)
    )
    run = sk.simulate(
        game,
        leader,
        follower,
        horizon,
        replications=replication + 1,
        seed=SEED,
        checkpoints=range(1, horizon + 1),
        engine="stepwise",
        trace=True,
        threads=1,
    )
    pair = f"{leader} x {follower} on {game.leader.tolist()}"
    np.testing.assert_array_equal(run.pulls[replication], slow.pulls, pair)
    # Multiples of 1/8 add up exactly.
    np.testing.assert_array_equal(run.utility[:, replication], slow.utility, pair)
    np.testing.assert_array_equal(run.cell_counts[replication], oracle.cell_counts(slow.actions, game.shape))
    assert run.switches[:, replication].tolist() == oracle.switches(slow.actions), pair
    assert run.last_exploration[:, replication].tolist() == oracle.last_exploration(slow.actions), pair


@pytest.mark.parametrize("leader", CERTAIN_LEADERS, ids=repr)
@pytest.mark.parametrize("noise", ["Deterministic", "Gaussian(0)"])
def test_paths_without_noise(leader, noise):
    for means, follower in itertools.product(MEANS, certain_followers_of(leader)):
        assert_same_path(make_game(means, noise), leader, follower, SHORT, 0)


@pytest.mark.parametrize("leader", CERTAIN_LEADERS, ids=repr)
@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli", "Gaussian, Uniform"])
def test_paths_under_noise(leader, noise):
    for means, follower in itertools.product(MEANS, certain_followers_of(leader)):
        assert_same_path(make_game(means, noise), leader, follower, SHORT, 1)


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
def test_long_paths(noise):
    partners = itertools.cycle(CERTAIN_FOLLOWERS)
    for leader in CERTAIN_LEADERS:
        assert_same_path(make_game("5x3", noise), leader, next(partners), LONG, 2)
        assert_same_path(
            make_game("2x3", noise), leader, sk.ActiveArmElimination(phases=(3, 5), sigma=0.4), LONG, 2
        )
