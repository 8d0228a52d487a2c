"""Traces: what they say of a game, whoever played it and however, and that recording changes nothing.

`test_oracle_paths` compares them with the oracle's for every pair of learners that does not randomise;
`test_trace_law` has their law under leaping.
"""

from __future__ import annotations

import itertools

import numpy as np
import oracle
import pytest
from cases import LEADERS, MEANS, followers_of, make_game

import stackel as sk
from stackel.learners._examples import leaps

ENGINES = ("leap", "stepwise", "reference")
HORIZON = 317


def play(game, leader, follower, horizon=HORIZON, **options):
    options = {"seed": 4, "replications": 2, "threads": 1, "trace": True, **options}
    return sk.simulate(game, leader, follower, horizon, **options)


def assert_plausible(run):
    """Check what holds for every trace."""
    counts = run.cell_counts
    assert counts.shape == (run.replications, len(run.rounds), *run.game.shape)
    assert run.switches.shape == run.last_exploration.shape == (2, run.replications)
    assert {array.dtype for array in run.trace.arrays()} == {np.dtype(np.int64)}
    assert (np.diff(counts, axis=1, prepend=0) >= 0).all()
    np.testing.assert_array_equal(counts.sum(axis=(2, 3)), np.broadcast_to(run.rounds, counts.shape[:2]))
    assert (counts[:, -1] <= run.pulls).all()
    if run.rounds[-1] == run.horizon:
        np.testing.assert_array_equal(counts[:, -1], run.pulls)
    for player, means in enumerate((run.game.leader, run.game.follower)):
        earned = (counts * means).sum(axis=(2, 3))
        np.testing.assert_allclose(run.utility[player], earned, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli", "Deterministic"])
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_recording_changes_no_bits_and_is_the_same_for_both_engines(leader, noise):
    for means, follower in itertools.product(("ties", "5x3"), followers_of(leader)):
        pair = make_game(means, noise), leader, follower
        fast, slow = (play(*pair, checkpoints=4, engine=engine) for engine in ("stepwise", "reference"))
        assert fast.trace == slow.trace, pair
        for traced in (fast, slow):
            plain = play(*pair, checkpoints=4, engine=traced.engine, trace=False)
            assert plain.trace is None
            assert plain.utility.tobytes() == traced.utility.tobytes(), pair
            assert plain.pulls.tobytes() == traced.pulls.tobytes(), pair


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_actions_of_every_round_have_this_trace(leader, engine):
    """With a checkpoint in every round, the counts tell the actions, and these all the rest."""
    for means, follower in itertools.product(MEANS, followers_of(leader)):
        game = make_game(means, "Gaussian")
        run = play(game, leader, follower, 60, engine=engine, checkpoints=range(1, 61))
        assert_plausible(run)
        for replication, counts in enumerate(run.cell_counts):
            played = np.diff(counts.reshape(60, -1), axis=0, prepend=0)
            assert (played.sum(axis=1) == 1).all()
            actions = np.stack(np.divmod(played.argmax(axis=1), game.shape[1]), axis=1)
            assert run.switches[:, replication].tolist() == oracle.switches(actions)
            assert run.last_exploration[:, replication].tolist() == oracle.last_exploration(actions)


@pytest.mark.parametrize("noise", ["Deterministic", "Gaussian(0)"])
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_leaping_over_sure_rewards_has_the_trace_of_stepping(leader, noise):
    for means, follower in itertools.product(MEANS, followers_of(leader)):
        if "in law" in map(leaps, (leader, follower)):
            continue
        pair = make_game(means, noise), leader, follower, 3000
        leapt, stepped = (play(*pair, engine=engine, checkpoints=7) for engine in ("leap", "stepwise"))
        assert leapt.trace == stepped.trace, pair


def test_longest_games_can_be_traced():
    run = play(make_game("2x3", "Gaussian"), sk.UCB(), sk.UCB(), 2**53, engine="leap")
    assert_plausible(run)
    assert run.switches.max() < 10**6


def test_a_player_who_commits_explores_no_more():
    # Each action is tried 50 times, in turn; each response to it 5 times, in turn. The first of each is
    # the best of all, and nothing blurs that.
    game = sk.Game([[1.0, 0.5, 0.5], [0.0, 0.0, 0.0]], [[1.0, 0.5, 0.0]] * 2, noise=sk.Deterministic())
    rules = sk.ExploreThenCommit(exploration=50), sk.ExploreThenCommit(exploration=5)
    for engine in ENGINES:
        run = play(game, *rules, 1000, engine=engine, checkpoints=[30, 1000])
        # Rounds 2, 4, ..., 100 play action 1; the 15th response to it comes in round 30.
        np.testing.assert_array_equal(run.last_exploration, [[100, 100], [30, 30]])
        # The leader changes in rounds 2 to 101, each follower after each of its first 15 responses.
        np.testing.assert_array_equal(run.switches, [[100, 100], [30, 30]])
        np.testing.assert_array_equal(run.cell_counts[:, 0], np.full((2, 2, 3), 5))


def test_fixed_actions_are_never_left():
    run = play(make_game("5x3", "Gaussian"), sk.FixedAction(2), sk.FixedAction(1))
    assert not run.switches.any()
    assert not run.last_exploration.any()
