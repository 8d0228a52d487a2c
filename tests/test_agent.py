"""A learner by itself decides as it does in a game, told the same rewards."""

from __future__ import annotations

import copy
import math
import pickle

import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, NOISES, facts, make_game, named
from chance import Sure
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import Agent as Slow
from oracle_learners import rule_of
from oracle_seat import Seat
from test_bad_input import assert_refused

import stackel as sk

HORIZON = 200
SEED = 19
GAME = make_game("5x3", "Gaussian")
BANDITS = [
    each for each in LEADERS if (facts(each)["sees"], facts(each)["randomised"]) == ("own rewards", False)
]
"""Learners that look at nothing but their rewards, and draw no random numbers."""


def place(learner, game):
    """What the agent is told of its game."""
    return game if learner.omniscient else game.shape


def agents(leader, follower, game=GAME, horizon=HORIZON, replication=0):
    return (
        sk.Agent(leader, place(leader, game), horizon, SEED, replication=replication),
        sk.Agent(follower, place(follower, game), horizon, SEED, role="follower", replication=replication),
    )


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_two_agents_play_the_simulation(leader, noise):
    for follower in FOLLOWERS[(len(repr(leader)) + len(noise)) % 2 :: 2]:
        game = make_game("5x3", noise)
        sim = sk.Simulation(game, leader, follower, HORIZON, SEED, engine="stepwise", replication=2)
        rounds = sim.step(HORIZON)
        top, below = agents(leader, follower, game, replication=2)
        for (a, b), (first, second) in zip(rounds.actions.T.tolist(), rounds.rewards.T.tolist(), strict=True):
            assert top.choose() == a
            assert below.choose(a) == b
            top.observe(first, b)
            below.observe(second, leader_reward=first)
        assert top.t == below.t == HORIZON


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_a_bandit_of_any_rewards(data):
    """Rewards that no law gives, against the rule as the definitions state it; now and then it is kept."""
    learner = data.draw(st.sampled_from(BANDITS))
    arms = data.draw(st.integers(1, 6))
    agent = sk.Agent(learner, (arms, 1), 100, SEED)
    name, parameters = named(learner)
    slow = Slow(rule_of(name)(Seat("leader", 100, arms, 1, (), Sure()), **parameters))
    # Multiples of 1/8 add up exactly, so that ties are ties in any order of summation.
    for eighths in data.draw(st.lists(st.integers(-80, 80), min_size=100, max_size=100)):
        assert agent.choose() == slow.arm
        agent.observe(eighths / 8)
        slow.observe(eighths / 8, 0)
        if agent.t % 9 == 0:
            agent = sk.Agent.restore(agent.snapshot())


def decisions(agent, besides, told, horizon=HORIZON):
    """What it does when it receives what `told` says of its action, and what it is told besides."""
    chosen = []
    for t in range(horizon):
        chosen.append(agent.choose(*(() if agent.role == "leader" else (t % agent.shape[0],))))
        agent.observe(told[t, chosen[-1]], *besides(t))
    return chosen


@pytest.mark.parametrize("name", sk.registered_learners())
def test_what_a_learner_looks_at_is_declared(name):
    """Leaders that ignore responses need not be told, nor followers that ignore the leader's rewards; those
    that ignore utilities need no game."""
    told = np.random.default_rng(5).normal(size=(HORIZON, 5))
    other = make_game("5x3", "Gaussian").follower[:, ::-1]
    for leader in (each for each in LEADERS if type(each).__name__ == name):
        silent, noisy = (sk.Agent(leader, GAME.shape, HORIZON, SEED) for _ in range(2))
        if facts(leader)["sees"] == "responses":
            silent.choose()
            assert_refused("follower_action", lambda: silent.observe(1.0))  # noqa: B023
        else:
            ignored = decisions(noisy, lambda t: (t * t % 3,), told)
            assert decisions(silent, lambda _: (), told) == ignored
    for follower in (each for each in FOLLOWERS if type(each).__name__ == name):
        games, heard = (GAME, sk.Game(GAME.leader, other)), (told[:, 3], told[:, 4])
        paths = [
            decisions(
                sk.Agent(follower, game, HORIZON, SEED, role="follower"),
                lambda t, rewards=rewards: (None, rewards[t]),
                told,
            )
            for game, rewards in [(games[0], heard[0]), (games[1], heard[0]), (games[0], heard[1])]
        ]
        assert (paths[0] != paths[1]) == follower.omniscient
        assert (paths[0] != paths[2]) == (facts(follower)["sees"] == "leader rewards")
        silent = sk.Agent(follower, GAME, HORIZON, SEED, role="follower")
        if facts(follower)["sees"] == "leader rewards":
            silent.choose(0)
            assert_refused("leader_reward", lambda: silent.observe(1.0))  # noqa: B023
        else:
            assert decisions(silent, lambda _: (), told) == paths[0]
        if follower.omniscient:
            assert_refused("game_or_shape", lambda: sk.Agent(follower, (5, 3), HORIZON, role="follower"))  # noqa: B023


def test_instances_are_independent():
    _, below = agents(sk.UCB(), sk.ExploreThenCommit(exploration=2))
    seen = {a: [] for a in range(5)}
    for t in range(60):
        a = (t * t) % 5
        seen[a].append(below.choose(a))
        below.observe(float(t))
    for a in (0, 1, 4):
        assert seen[a][:6] == [0, 1, 2, 0, 1, 2]
    assert seen[2] == seen[3] == []


def test_asking_again_changes_nothing():
    once, often = (sk.Agent(sk.UniformLearner(), (5, 3), HORIZON, SEED, replication=0) for _ in range(2))
    for _ in range(50):
        arm = once.choose()
        assert [often.choose() for _ in range(3)] == [arm] * 3
        once.observe(1.0)
        often.observe(1.0, action=arm)
    assert once.snapshot() == often.snapshot()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda agent: pickle.loads(pickle.dumps(agent))]
)
@pytest.mark.parametrize("means", MEANS)
def test_copies_go_their_own_way(duplicate, means):
    game = make_game(means, "Gaussian")
    for agent in agents(sk.UCB(sigma=0.3), sk.BestResponse(), game):
        asked = () if agent.role == "leader" else (0,)
        agent.choose(*asked)
        other = duplicate(agent)
        assert other.snapshot() == agent.snapshot()
        other.observe(0.5)
        assert (other.t, agent.t) == (1, 0)


def test_it_can_be_looked_at():
    top, below = agents(sk.UCB(), sk.BestResponse())
    assert (top.learner, top.role, top.horizon, top.seed, top.shape) == (
        sk.UCB(),
        "leader",
        HORIZON,
        SEED,
        (5, 3),
    )
    assert (below.role, below.replication, below.t) == ("follower", 0, 0)
    assert repr(below) == f"Agent(BestResponse(), follower of 5x3, t=0 of {HORIZON}, seed=19, replication=0)"


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("learner", {"learner": "UCB"}),
        ("role", {"role": "both"}),
        ("leader", {"learner": sk.BestResponse(), "game_or_shape": GAME}),
        ("follower", {"learner": sk.LipschitzUCB(), "role": "follower"}),
        ("a", {"learner": sk.FixedAction(5)}),
        ("game_or_shape", {"game_or_shape": 3}),
        ("game_or_shape", {"game_or_shape": (3,)}),
        ("game_or_shape", {"game_or_shape": (3, 0)}),
        ("game_or_shape", {"game_or_shape": (3, 2, 1)}),
        ("game_or_shape", {"game_or_shape": (2**31, 2**31)}),
        ("game_or_shape", {"game_or_shape": None}),
        ("horizon", {"horizon": 0}),
        ("seed", {"seed": 1.5}),
        ("replication", {"replication": -1}),
    ],
)
def test_unusable_arguments(argument, changes):
    usable = {"learner": sk.UCB(), "game_or_shape": (5, 3), "horizon": HORIZON}
    assert_refused(argument, lambda: sk.Agent(**usable | changes))


@pytest.mark.parametrize("reward", [math.nan, math.inf, 1.1e100, 10**400, "1", None, [1.0], 1j], ids=repr)
def test_rewards_that_cannot_be_learnt_from(reward):
    agent, _ = agents(sk.UCB(), sk.UCB())
    agent.choose()
    assert_refused("reward", lambda: agent.observe(reward))
    assert_refused("reward", lambda: agent.observe(reward, 1))
    agent.observe(1)
    assert agent.t == 1
    below = sk.Agent(sk.ManipulationUCB(), (5, 3), HORIZON, role="follower")
    below.choose(2)
    assert_refused("leader_reward", lambda: below.observe(1.0, leader_reward=reward))
    below.observe(1.0, leader_reward=1)
    assert below.t == 1


@pytest.mark.parametrize("action", [-1, 5, 1.0, "1", [1], math.nan, 2**70], ids=repr)
def test_actions_that_do_not_exist(action):
    top, below = agents(sk.UCB(), sk.UCB())
    assert_refused("leader_action", lambda: below.choose(action))
    top.choose()
    assert_refused("follower_action", lambda: top.observe(1.0, action))
    assert_refused(
        "leader_action", lambda: sk.Agent(sk.ManipulationUCB(), (5, 3), 9, role="follower").choose(action)
    )
    assert top.t == below.t == 0


def test_rounds_out_of_order():
    top, below = agents(sk.UCB(), sk.UCB())
    assert_refused("reward", lambda: top.observe(1.0))
    assert_refused("leader_action", below.choose)
    assert_refused("leader_action", lambda: top.choose(0))
    below.choose(1)
    assert_refused("leader_action", lambda: below.choose(2))
    top.choose()
    assert_refused("leader_reward", lambda: top.observe(1.0, leader_reward=1.0))
    assert_refused("follower_action", lambda: below.observe(1.0, 0))
    below.observe(1.0)
    assert_refused("reward", lambda: below.observe(1.0))
    below.choose(2)


def test_late_rewards_are_not_taken_for_those_of_another_round():
    """As from a queue: the reward of a round comes after the next action is asked for."""
    for make in (
        lambda: sk.Agent(sk.ExploreThenCommit(exploration=1), (4, 1), 9),
        lambda: sk.Simulation(GAME, sk.ExploreThenCommit(exploration=1), sk.FixedAction(0), 9),
    ):
        player = make()
        first = player.choose()
        assert player.choose() == first
        argument = "reward" if isinstance(player, sk.Agent) else "leader_reward"
        for _ in range(2):
            assert_refused(argument, lambda: player.observe(1.0))  # noqa: B023
        assert player.t == 0
        assert player.choose() == first
        player.observe(1.0)
        assert player.choose() != first
    agent = sk.Agent(sk.ExploreThenCommit(exploration=1), (4, 1), 9)
    told = []
    for reward in (0.0, 1.0, 0.0, 0.0):
        arms = agent.choose(), agent.choose()
        for wrong in {0, 1, 2, 3} - set(arms):
            assert_refused("action", lambda: agent.observe(9.0, action=wrong))  # noqa: B023
        assert_refused("action", lambda: agent.observe(9.0, action=0.5))
        agent.observe(reward, action=np.int64(arms[0]))
        told.append(arms[0])
    assert told == [0, 1, 2, 3]
    assert agent.choose() == 1
    kept = sk.Agent.restore(agent.snapshot())
    kept.observe(1.0)
    assert kept.t == 5


def same_seed(count, **options):
    return [
        sk.Agent(sk.UniformLearner(), (1, 9), 60, seed=5, role="follower", **options) for _ in range(count)
    ]


def choices(crowd):
    """What each of several agents does, round by round."""
    rows = []
    for _ in range(60):
        rows.append([each.choose(*(() if each.role == "leader" else (0,))) for each in crowd])
        for each in crowd:
            each.observe(0.0)
    return np.array(rows)


def test_agents_of_one_seed():
    with pytest.warns(sk.StackelWarning, match="replication=0, 1, 2") as caught:
        alike = choices(same_seed(3))
    assert len(caught) == 2
    assert caught[0].filename == __file__
    assert (alike == alike[:, :1]).all()
    crowd = [*same_seed(1, replication=0), *same_seed(1, replication=1), *same_seed(1, replication=2)]
    apart = choices(crowd)
    # Alike by chance in 60/9 of 60 rounds; in 30 or more with a probability below 1e-12.
    assert ((apart == apart[:, [1, 2, 0]]).sum(axis=0) < 30).all()
    # Without chance, one after the other, in two seats, or for a comparison: nothing to warn about.
    choices([sk.Agent(sk.UCB(), (1, 9), 60, seed=5, role="follower") for _ in range(2)])
    for _ in range(2):
        agent = sk.Agent(sk.UniformLearner(), (1, 9), 60, seed=6, role="follower")
        agent.choose(0)
    copy.copy(agent).choose(0)
    choices([sk.Agent(sk.UniformLearner(), (1, 9), 60, seed=7, role=role) for role in ("leader", "follower")])
    choices(same_seed(2, replication=0))
    done = same_seed(1)
    choices(done)
    choices(same_seed(1))


def test_the_end():
    agent = sk.Agent(sk.UCB(), (2, 1), 3)
    for _ in range(3):
        agent.choose()
        agent.observe(0.0)
    assert_refused("horizon", agent.choose)
    assert_refused("reward", lambda: agent.observe(0.0))
