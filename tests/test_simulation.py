"""A game played in pieces is the game that `simulate` plays; what is kept goes on where it was."""

from __future__ import annotations

import copy
import itertools
import pickle

import drawn
import numpy as np
import oracle
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, NOISES, is_random, make_game, named
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bad_input import assert_refused

import stackel as sk

HORIZON = 300
SEED = 11
ENGINES = ("stepwise", "leap")
GAME = make_game("5x3", "Gaussian")
CERTAIN_LEADERS = [learner for learner in LEADERS if not is_random(learner)]
CERTAIN_FOLLOWERS = [learner for learner in FOLLOWERS if not is_random(learner)]


def begin(leader, follower, game=GAME, **options):
    return sk.Simulation(game, leader, follower, HORIZON, SEED, **options)


def run(leader, follower, game=GAME, **options):
    return sk.simulate(game, leader, follower, HORIZON, seed=SEED, threads=1, **options)


def assert_at_checkpoint(sim, result, k, replication=0):
    assert sim.t == result.rounds[k]
    np.testing.assert_array_equal(sim.utility, result.utility[:, replication, k])


def assert_same(one, other):
    """Two simulations in one state, to the last bit."""
    assert one.snapshot() == other.snapshot()


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_stepping_is_the_stepwise_run(leader, noise):
    for means, follower in zip(itertools.cycle(["2x3", "ties", "1x1", "5x3"]), FOLLOWERS, strict=False):
        game = make_game(means, noise)
        result = run(leader, follower, game, engine="stepwise", checkpoints=[1, 7, HORIZON])
        sim, played = begin(leader, follower, game, engine="stepwise"), np.zeros(game.shape, np.int64)
        for k, n in enumerate(np.diff(result.rounds, prepend=0)):
            actions, rewards = sim.step(n)
            assert actions.shape == rewards.shape == (2, n)
            np.add.at(played, tuple(actions), 1)
            assert_at_checkpoint(sim, result, k)
            np.testing.assert_array_equal(sim.pulls, played)
        np.testing.assert_array_equal(played, result.pulls[0])


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("leader", LEADERS, ids=repr)
def test_advancing_is_the_run_with_checkpoints(leader, engine):
    marks = [40, 41, 200, HORIZON]
    for follower in FOLLOWERS:
        result = run(leader, follower, engine=engine, checkpoints=marks, replications=2)
        sim = begin(leader, follower, engine=engine, replication=1)
        for k, n in enumerate(np.diff(marks, prepend=0)):
            sim.advance(n)
            assert_at_checkpoint(sim, result, k, replication=1)
        np.testing.assert_array_equal(sim.pulls, result.pulls[1])
        assert sim.engine == engine


@pytest.mark.parametrize("leader", CERTAIN_LEADERS, ids=repr)
@pytest.mark.parametrize("third", range(3))
def test_actions_and_rewards_are_those_of_the_definitions(leader, third):
    for follower in CERTAIN_FOLLOWERS[third::3]:
        noise = ["Gaussian", "Bernoulli", "Gaussian, Uniform"][(third + len(repr(leader))) % 3]
        game = make_game("5x3", noise)
        actions, rewards = begin(leader, follower, game, engine="leap").step(HORIZON)
        cells = list(zip(*actions.tolist(), strict=True))
        table = drawn.as_reward(game, SEED, 0)
        for player, means in enumerate((game.leader, game.follower)):
            expected = [table(player, cell, float(means[cell])) for cell in cells]
            np.testing.assert_array_equal(rewards[player], expected)
        slow = oracle.play(
            (game.leader.tolist(), game.follower.tolist()),
            named(leader),
            named(follower),
            HORIZON,
            reward=drawn.as_reward(game, SEED, 0),
        )
        np.testing.assert_array_equal(actions.T, slow.actions)


PIECES = st.lists(
    st.tuples(st.sampled_from(["step", "advance", "keep"]), st.integers(0, 150)), min_size=1, max_size=12
)


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=150, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_pieces_make_the_game(engine, data):
    game = make_game(data.draw(st.sampled_from(sorted(MEANS))), data.draw(st.sampled_from(sorted(NOISES))))
    leader, follower = data.draw(st.sampled_from(LEADERS)), data.draw(st.sampled_from(FOLLOWERS))
    sim = begin(leader, follower, game, engine=engine)
    twin = begin(leader, follower, game, engine=engine)
    for what, wanted in data.draw(PIECES):
        n = min(wanted, HORIZON - sim.t)
        if what == "step":
            rounds = zip(sim.step(n), twin.step(n), strict=True)
            assert all(np.array_equal(ours, theirs) for ours, theirs in rounds)
        elif what == "advance":
            sim.advance(n)
            twin.advance(n)
        else:
            sim = sk.Simulation.restore(sim.snapshot())
        assert_same(sim, twin)
        assert sim.pulls.sum() == sim.t
    sim.advance(HORIZON - sim.t)
    result = run(leader, follower, game, engine=engine, checkpoints=[HORIZON])
    np.testing.assert_array_equal(sim.pulls, result.pulls[0])
    assert_at_checkpoint(sim, result, 0)


def test_it_can_be_looked_at():
    sim = begin(sk.UCB(), sk.BestResponse(), replication=3, engine="leap", crossing_tolerance=1e-12)
    sim.advance(100)
    assert (sim.game, sim.leader, sim.follower) == (GAME, sk.UCB(), sk.BestResponse())
    assert (sim.horizon, sim.seed, sim.replication, sim.engine, sim.t) == (HORIZON, SEED, 3, "leap", 100)
    assert repr(sim) == "Simulation(UCB vs BestResponse, t=100 of 300, seed=11, engine='leap')"
    assert repr(begin(None, sk.UCB())).startswith("Simulation(caller vs UCB, t=0 of 300")
    np.testing.assert_allclose(sim.utility, [(sim.pulls * u).sum() for u in (GAME.leader, GAME.follower)])
    assert sim.error_bound >= 0
    with pytest.raises(AttributeError):
        sim.t = 3


def test_the_automatic_engine_leaps_where_that_brings_something():
    assert begin(sk.UCB(), sk.UCB()).engine == "leap"
    assert begin(sk.EXP3(), sk.UCB()).engine == "stepwise"


def test_leaping_neglects_what_the_run_neglects():
    arguments = (sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10**7)
    for crossing_tolerance in (1e-18, 1e-9):
        sim = sk.Simulation(*arguments, 1, crossing_tolerance=crossing_tolerance)
        sim.advance(10**7)
        result = sk.simulate(*arguments, seed=1, checkpoints=1, crossing_tolerance=crossing_tolerance)
        assert sim.error_bound == result.error_bound > 0
        np.testing.assert_array_equal(sim.pulls, result.pulls[0])


def test_seeds_are_those_of_simulate():
    for seed in (np.random.SeedSequence(5), 7):
        sim = sk.Simulation(GAME, sk.UCB(), sk.UCB(), HORIZON, seed)
        assert sim.seed == sk.simulate(GAME, sk.UCB(), sk.UCB(), HORIZON, seed=seed).seed
    fresh = [sk.Simulation(GAME, sk.UCB(), sk.UCB(), HORIZON).seed for _ in range(2)]
    assert fresh[0] != fresh[1]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda sim: pickle.loads(pickle.dumps(sim))])
def test_copies_go_their_own_way(duplicate):
    sim = begin(sk.UCB(sigma=0.4), sk.UniformLearner())
    sim.step(50)
    other = duplicate(sim)
    before = sim.snapshot()
    rounds = other.step(20)
    assert sim.snapshot() == before
    np.testing.assert_array_equal(sim.step(20).rewards, rounds.rewards)


def test_whole_numbers_of_other_types():
    sim = begin(sk.UCB(), sk.UCB())
    sim.advance(np.int32(3))
    sim.advance(2.0)
    assert sim.step(np.uint8(4)).actions.shape == (2, 4)
    assert sim.step().actions.shape == (2, 1)
    assert sim.step(0).rewards.shape == (2, 0)
    assert sim.t == 10


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("game", {"game": "etc_failure"}),
        ("leader", {"leader": "UCB"}),
        ("leader", {"leader": sk.BestResponse()}),
        ("follower", {"follower": sk.UCB}),
        ("follower", {"follower": sk.PhasedUCB()}),
        ("horizon", {"horizon": 0}),
        ("horizon", {"horizon": 2**53 + 1}),
        ("seed", {"seed": -1}),
        ("replication", {"replication": -1}),
        ("replication", {"replication": 1.5}),
        ("engine", {"engine": "reference"}),
        ("engine", {"engine": None}),
        ("crossing_tolerance", {"crossing_tolerance": 0.0}),
    ],
)
def test_unusable_arguments(argument, changes):
    usable = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB(), "horizon": HORIZON}
    assert_refused(argument, lambda: sk.Simulation(**usable | changes))


@pytest.mark.parametrize("n", [-1, 1.5, "3", None, True, HORIZON - 9, 2**60])
def test_numbers_of_rounds_that_cannot_be_played(n):
    sim = begin(sk.UCB(), sk.UCB())
    sim.advance(10)
    before = sim.snapshot()
    assert_refused("n", lambda: sim.step(n))
    assert_refused("n", lambda: sim.advance(n))
    assert sim.snapshot() == before


def test_more_rounds_than_fit_in_memory():
    sim = sk.Simulation(GAME, sk.UCB(), sk.UCB(), 2**53)
    assert "GiB" in assert_refused("n", lambda: sim.step(2**50)).given


@pytest.mark.parametrize("noise", [sk.Gaussian(), sk.Bernoulli()], ids=repr)
def test_restored_games_go_on_alike_and_keep_no_rewards(noise):
    """A follower whose responses are all the same is looked at a long way ahead."""
    game = sk.Game(*np.full((2, 2, 4), 0.5), noise=noise)
    sim, twin = (sk.Simulation(game, sk.FixedAction(0), sk.UCB(), 10**7, SEED) for _ in range(2))
    sizes = set()
    for n in np.random.default_rng(1).integers(1, 10**5, 40).tolist():
        sim.advance(n)
        twin.advance(n)
        sizes.add(len(sim.snapshot()))
        sim = sk.Simulation.restore(sim.snapshot())
        np.testing.assert_array_equal(sim.pulls, twin.pulls)
    assert max(sizes) < min(sizes) + 100
    rounds = zip(sim.step(100), twin.step(100), strict=True)
    assert all(np.array_equal(ours, theirs) for ours, theirs in rounds)
