"""Learners of one's own are told the shape of the game, and a follower's instance its leader action."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
from compiled_policies import choose_first
from numba import cfunc
from policies import Fixed, ManyUniform

import stackel as sk

GAME = sk.games.random(3, 4, 1)
RESET = "void(CPointer(float64), int64, int64, int64, CPointer(float64), int64, int64, int64)"
STATE = ctypes.POINTER(ctypes.c_double)
C_RESET = ctypes.CFUNCTYPE(None, STATE, *3 * [ctypes.c_int64], STATE, *3 * [ctypes.c_int64])


def told(cls, play):
    """What the instances of a policy class are told."""
    cls = type("Told", (cls,), {"told": []})
    play(cls)
    return cls.told


def simulate(**seats):
    def play(cls):
        players = {"leader": sk.UCB(), "follower": sk.UCB()} | dict.fromkeys(seats, cls)
        sk.simulate(GAME, players["leader"], players["follower"], 10, seed=1)

    return play


PLAYS = {
    "simulate": simulate(leader=1, follower=1),
    "Simulation": lambda cls: sk.Simulation(GAME, cls, cls, 10),
    "Agent": lambda cls: [sk.Agent(cls, GAME, 10, role=role) for role in ("leader", "follower")],
}


class Named(Fixed):
    def reset(self, n_arms, horizon, role, *, shape, leader_action):
        self.told.append((n_arms, horizon, role, shape, leader_action))


class Defaults(Fixed):
    def reset(self, n_arms, horizon, role, leader_action=9, shape=None):
        self.told.append((n_arms, horizon, role, shape, leader_action))


class Anything(Fixed):
    def reset(self, n_arms, horizon, role, **further):
        assert further.keys() == {"shape", "leader_action"}
        self.told.append((n_arms, horizon, role, further["shape"], further["leader_action"]))


class ByPlace(Fixed):
    def reset(self, *seat, shape, leader_action):
        self.told.append((*seat, shape, leader_action))


@pytest.mark.parametrize("play", PLAYS.values(), ids=list(PLAYS))
@pytest.mark.parametrize("policy", [Named, Defaults, Anything, ByPlace])
def test_policies_that_want_to_know(policy, play):
    followers = [(4, 10, "follower", (3, 4), action) for action in range(3)]
    assert told(policy, play) == [(3, 10, "leader", (3, 4), None), *followers]


class Plain(Fixed):
    def reset(self, n_arms, horizon, role):
        self.told.append((n_arms, horizon, role))


class OnlyTheShape(Fixed):
    def reset(self, n_arms, horizon, role, shape):
        self.told.append((n_arms, horizon, role, shape))


class OtherNames(Fixed):
    """Its first three parameters are what they are, whatever they are called."""

    def reset(self, shape, leader_action, k, **further):
        assert not further
        self.told.append((shape, leader_action, k))


class Positional(Fixed):
    def reset(self, n_arms, horizon, role, shape=None, /):
        self.told.append((n_arms, horizon, role, shape))


@pytest.mark.parametrize(
    ("policy", "seat"),
    [
        (Plain, (3, 10, "leader")),
        (OnlyTheShape, (3, 10, "leader", (3, 4))),
        (OtherNames, (3, 10, "leader")),
        (Positional, (3, 10, "leader", None)),
    ],
)
def test_others_are_told_what_they_take(policy, seat):
    assert told(policy, simulate(leader=1)) == [seat]


def test_a_method_without_a_signature_is_told_what_all_are_told():
    class Odd(Fixed):
        told: list

        def __init__(self):
            super().__init__(0)
            self.reset = Reset(self.told)

    class Reset:
        __signature__ = "none"

        def __init__(self, told):
            self._told = told

        def __call__(self, *seat):
            self._told.append(seat)

    assert told(Odd, simulate(leader=1)) == [(3, 10, "leader")]


class Many(ManyUniform):
    def reset_many(self, n_instances, n_arms, horizon, role, *, shape):
        super().reset_many(n_instances, n_arms, horizon, role)
        self.told.append((n_instances, n_arms, horizon, role, shape))


@pytest.mark.parametrize("play", PLAYS.values(), ids=list(PLAYS))
def test_vector_policies(play):
    assert told(Many, play) == [(1, 3, 10, "leader", (3, 4)), (3, 4, 10, "follower", (3, 4))]


# Compiled functions.


@cfunc(RESET)
def keep(state, n_arms, _horizon, role, parameters, n_leader, n_follower, leader_action):  # noqa: PLR0917
    state[0] = n_arms
    state[1] = (role * 1000 + n_leader * 100 + n_follower * 10 + leader_action) - parameters[0]


@cfunc("int64(CPointer(float64), uint64)")
def choose_by_what_was_told(state, _random):
    return int(state[1])


@pytest.mark.parametrize(
    ("reset", "options"),
    [(keep, {}), (keep.ctypes, {}), (keep.address, {"reset_takes_shape": True})],
    ids=["numba", "ctypes", "address"],
)
def test_compiled_functions(reset, options):
    def learner(base):
        return sk.CompiledLearner(
            choose_by_what_was_told, None, reset, name="x", state_bytes=16, parameters=[base], **options
        )

    leader = sk.simulate(GAME, learner(339 - 2), sk.UCB(), 10, seed=1)
    assert leader.pulls[0].sum(axis=1).tolist() == [0, 0, 10]
    follower = sk.simulate(GAME, sk.UniformLearner(), learner(1340), 100, seed=1).pulls[0]
    assert (follower > 0).tolist() == np.eye(3, 4, dtype=bool).tolist()
    sim = sk.Simulation(GAME, sk.UniformLearner(), learner(1340), 100, 1)
    sim.advance(100)
    np.testing.assert_array_equal(sim.pulls, follower)
    agent = sk.Agent(learner(1340), GAME, 10, role="follower")
    assert agent.choose(2) == 2


def test_the_signature_and_what_is_said_have_to_agree():
    for wrong in ({"reset_takes_shape": False}, {"reset_takes_shape": 1}):
        with pytest.raises(sk.SpecError):
            sk.CompiledLearner(choose_first, None, keep, name="x", **wrong)
    with pytest.raises(sk.SpecError, match="int64_t leader_action"):
        sk.CompiledLearner(choose_first, None, choose_first, name="x")
    assert sk.CompiledLearner(choose_first, None, keep, name="x").reset_takes_shape
    assert not sk.CompiledLearner(choose_first, None, keep.address, name="x").reset_takes_shape


def test_a_compiled_leader_that_sees_responses_has_to_be_told_them():
    observe = cfunc("void(CPointer(float64), int64, float64, int64)")(_keep_response)
    choose = cfunc("int64(CPointer(float64), uint64)")(_play_response)
    learner = sk.CompiledLearner(choose, observe, name="x", state_bytes=8, sees_response=True)
    agent = sk.Agent(learner, GAME, 10)
    agent.choose()
    with pytest.raises(sk.SpecError, match="follower_action: must be given"):
        agent.observe(0.5)
    agent.observe(0.5, follower_action=2)
    assert agent.choose() == 2


def _keep_response(state, _arm, _reward, response):
    state[0] = response


def _play_response(state, _random):
    return int(state[0])
