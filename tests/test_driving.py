"""A caller decides for a player, or hands out the rewards: the others do what they do in any game."""

from __future__ import annotations

import math
from fractions import Fraction

import drawn
import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, make_game
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bad_input import assert_refused

import stackel as sk

HORIZON = 200
SEED = 3
GAME = make_game("5x3", "Gaussian")
ROWS, COLUMNS = GAME.shape
CALLER = None


def begin(leader, follower, game=GAME):
    return sk.Simulation(game, leader, follower, HORIZON, SEED)


def stepped(leader, follower):
    sim = begin(leader, follower)
    return sim, sim.step(HORIZON)


@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_a_caller_that_does_what_the_learner_did(leader):
    for follower in FOLLOWERS:
        sim, (actions, rewards) = stepped(leader, follower)
        for driven, given_actions in (
            (begin(CALLER, follower), {"leader_actions": actions[0]}),
            (begin(leader, CALLER), {"follower_actions": actions[1]}),
            (begin(CALLER, CALLER), {"leader_actions": actions[0], "follower_actions": actions[1].tolist()}),
        ):
            again = driven.step(HORIZON, **given_actions)
            np.testing.assert_array_equal(again.actions, actions)
            np.testing.assert_array_equal(again.rewards, rewards)
            np.testing.assert_array_equal(driven.utility, sim.utility)


@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_round_by_round_it_is_the_same(leader):
    for follower in FOLLOWERS:
        _, (actions, rewards) = stepped(leader, follower)
        talked, half = begin(leader, follower), begin(CALLER, follower)
        for t in range(HORIZON):
            a, b = actions[:, t].tolist()
            assert talked.choose() == talked.choose() == (a, b)
            assert talked.observe() == tuple(rewards[:, t])
            assert half.choose() == (None, None)
            assert half.choose(a) == half.choose() == (a, b)
            assert half.observe() == tuple(rewards[:, t])


@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_rewards_of_the_callers_own(leader):
    """Learners that are told the rewards of another game play as in that one."""
    other = sk.Game(GAME.follower, GAME.leader, noise=sk.Uniform(0.3))
    for follower in FOLLOWERS:
        if follower.omniscient:
            continue
        actions, rewards = begin(leader, follower, other).step(HORIZON)
        sim = begin(leader, follower)
        for t in range(HORIZON):
            assert sim.choose() == tuple(actions[:, t])
            assert sim.observe(*rewards[:, t]) == tuple(rewards[:, t])
        earned = [(sim.pulls * means).sum() for means in (GAME.leader, GAME.follower)]
        np.testing.assert_allclose(sim.utility, earned)


@pytest.mark.parametrize("every", [1, 7, 40])
def test_rewards_of_the_callers_own_between_rounds_that_are_not(every):
    """What a plan was found to be good for does not outlive a reward that is not the expected one."""
    horizon, rng = 20_000, np.random.default_rng(every)
    game = sk.Game(*rng.random((2, 3, 3)), noise=sk.Gaussian(0.3))
    for leader, follower in [(sk.UCB(), sk.UCB()), (sk.EXP3(), sk.UCB()), (sk.UCB(), sk.KLUCB())]:
        quick, slow = (sk.Simulation(game, leader, follower, horizon, SEED) for _ in range(2))
        for _ in range(200):
            rounds, worse = int(rng.integers(1, 2 * every)), rng.uniform(0.0, 0.3, size=2)
            quick.advance(rounds)
            for _ in range(rounds):
                slow.choose()
                slow.observe()
            assert quick.choose() == slow.choose()
            given = dict(zip(("leader_reward", "follower_reward"), (0.5 - worse).tolist(), strict=True))
            assert quick.observe(**given) == slow.observe(**given)
        np.testing.assert_array_equal(quick.pulls, slow.pulls)


@pytest.mark.parametrize("player", [0, 1])
def test_what_is_not_given_is_drawn_as_ever(player):
    a, b = 2, 1
    sim = begin(sk.FixedAction(a), sk.FixedAction(b))
    role, law, mean = (
        sk.learners.ROLES[player],
        GAME.noise[player],
        (GAME.leader, GAME.follower)[player][a, b],
    )
    tape = drawn.tape_of(law, player, (a, b), COLUMNS)
    entries = drawn.rewards(law, HORIZON, tape=tape, mean=mean, seed=SEED, player=role)
    for t in range(HORIZON):
        given_rewards = [None, None]
        given_rewards[1 - player] = float(t)
        if t % 3 == 0:
            given_rewards[player] = -1.0
        assert sim.choose() == (a, b)
        rewards = sim.observe(*given_rewards)
        assert rewards[1 - player] == t
        assert rewards[player] == (-1.0 if t % 3 == 0 else entries[t])


def test_a_table_of_responses():
    rng = np.random.default_rng(1)
    table = rng.integers(0, COLUMNS, (HORIZON, ROWS))
    sim = begin(sk.UCB(sigma=0.4), CALLER)
    (a, b), _ = sim.step(HORIZON, follower_actions=table)
    np.testing.assert_array_equal(b, table[np.arange(HORIZON), a])
    assert len(set(a.tolist())) == ROWS


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    leader=st.lists(st.integers(0, ROWS - 1), min_size=HORIZON, max_size=HORIZON),
    follower=st.sampled_from(FOLLOWERS),
    cut=st.integers(0, HORIZON),
)
def test_any_actions_of_a_leader(leader, follower, cut):
    sim, talked = begin(CALLER, follower), begin(CALLER, follower)
    first = sim.step(cut, leader_actions=leader[:cut])
    sim = sk.Simulation.restore(sim.snapshot())
    second = sim.step(HORIZON - cut, leader_actions=np.array(leader[cut:], np.uint8))
    actions = np.concatenate([first.actions, second.actions], axis=1)
    rewards = np.concatenate([first.rewards, second.rewards], axis=1)
    np.testing.assert_array_equal(actions[0], leader)
    for t, a in enumerate(leader):
        assert talked.choose(a) == tuple(actions[:, t])
        if t % 7 == 0:
            talked = sk.Simulation.restore(talked.snapshot())
        assert talked.observe() == tuple(rewards[:, t])
    assert talked.snapshot() == sim.snapshot()


def test_nothing_changes_by_asking():
    sim, silent = (
        begin(sk.UniformLearner(), sk.UniformLearner()),
        begin(sk.UniformLearner(), sk.UniformLearner()),
    )
    sim.choose()
    sim.choose()
    sim.advance(10)
    silent.advance(10)
    assert sim.snapshot() == silent.snapshot()


@pytest.mark.parametrize("action", [-1, ROWS, 1.0, "1", [1], math.nan, 2**70, Fraction(1)], ids=repr)
def test_actions_that_do_not_exist(action):
    sim = begin(CALLER, CALLER)
    assert_refused("leader_action", lambda: sim.choose(action))
    assert_refused("leader_action", lambda: sim.choose(leader_action=action, follower_action=None))
    assert_refused("follower_action", lambda: sim.choose(0, action))
    if action != 1.0:
        assert_refused("leader_actions", lambda: sim.step(leader_actions=[action], follower_actions=[0]))
        assert_refused("follower_actions", lambda: sim.step(leader_actions=[0], follower_actions=[action]))
    assert sim.choose() == (None, None)


@pytest.mark.parametrize(
    "reward", [math.nan, math.inf, -math.inf, 1.1e100, 10**400, "1", [1.0], 1j], ids=repr
)
def test_rewards_that_cannot_be_learnt_from(reward):
    sim = begin(sk.UCB(), sk.UCB())
    before = sim.snapshot()
    assert_refused("leader_reward", lambda: sim.observe(leader_reward=reward))
    assert_refused("follower_reward", lambda: sim.observe(follower_reward=reward))
    assert_refused("follower_reward", lambda: sim.observe(0.5, reward))
    assert sim.snapshot() == before


def test_rounds_out_of_order():
    sim = begin(CALLER, CALLER)
    assert_refused("leader_action", sim.observe)
    assert_refused("follower_action", lambda: sim.choose(follower_action=0))
    assert sim.choose(1) == (1, None)
    assert_refused("leader_action", lambda: sim.choose(2))
    assert_refused("follower_action", sim.observe)
    assert_refused("n", lambda: sim.step(leader_actions=[1], follower_actions=[1]))
    assert_refused("n", lambda: sim.advance(1))
    assert sim.choose(1, 2) == (1, 2)
    sim.observe()
    assert sim.t == 1


def test_players_decide_for_themselves_or_not():
    learners, driven = begin(sk.UCB(), sk.UCB()), begin(CALLER, sk.UCB())
    assert_refused("leader_action", lambda: learners.choose(0))
    assert_refused("follower_action", lambda: driven.choose(0, 0))
    assert_refused("leader_actions", lambda: learners.step(leader_actions=[0]))
    assert_refused("follower_actions", lambda: driven.step(leader_actions=[0], follower_actions=[0]))
    assert_refused("leader_actions", driven.step)
    assert_refused("n", lambda: driven.advance(1))
    driven.advance(0)
    assert driven.step(0).actions.shape == (2, 0)
    assert driven.t == 0


@pytest.mark.parametrize(
    ("argument", "arrays"),
    [
        ("leader_actions", ([0], [0, 0])),
        ("leader_actions", ([0, 0, 0], [0, 0])),
        ("leader_actions", ([0, ROWS], [0, 0])),
        ("leader_actions", (["a", "b"], [0, 0])),
        ("leader_actions", ([0.5, 1.0], [0, 0])),
        ("leader_actions", ([True, False], [0, 0])),
        ("follower_actions", ([0, 0], [0])),
        ("follower_actions", ([0, 0], np.zeros((2, ROWS + 1), int))),
        ("follower_actions", ([0, 0], np.full((2, ROWS), COLUMNS))),
        ("follower_actions", ([0, 0], np.full(2, 2**63, np.uint64))),
    ],
)
def test_actions_for_other_rounds(argument, arrays):
    sim = begin(CALLER, CALLER)
    leader, follower = arrays
    assert_refused(argument, lambda: sim.step(2, leader_actions=leader, follower_actions=follower))
    assert sim.t == 0


def test_the_end():
    sim = begin(sk.UCB(), sk.UCB())
    sim.advance(HORIZON)
    assert_refused("horizon", sim.choose)
    assert_refused("horizon", sim.observe)
    assert_refused("n", sim.step)
