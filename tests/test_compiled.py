"""Compiled functions in a seat: the games of built-in learners, their memory, and what they may not do."""

from __future__ import annotations

import copy
import ctypes
import gc
import re

import numpy as np
import pytest
from compiled_policies import choose, choose_first, first, observe, reset, ucb, uniform
from policies import UCB

import stackel as sk

GAME = sk.games.random(3, 4, 1)
COINS = sk.Game(GAME.leader / 2 + 0.5, GAME.follower / 2 + 0.5, noise=sk.Bernoulli())
STATE = ctypes.POINTER(ctypes.c_uint8)
CHOOSE = ctypes.CFUNCTYPE(ctypes.c_int64, STATE, ctypes.c_uint64)
OBSERVE = ctypes.CFUNCTYPE(None, STATE, ctypes.c_int64, ctypes.c_double)
OBSERVE_RESPONSE = ctypes.CFUNCTYPE(None, STATE, ctypes.c_int64, ctypes.c_double, ctypes.c_int64)
RESET = ctypes.CFUNCTYPE(
    None, STATE, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.POINTER(ctypes.c_double)
)


def play(game, leader, follower, horizon=3000, **options):
    settings = {"replications": 5, "seed": 5, "engine": "stepwise", "trace": True, **options}
    return sk.simulate(game, leader, follower, horizon, **settings)


def assert_same_games(one, other):
    assert np.array_equal(one.rounds, other.rounds)
    assert np.array_equal(one.utility, other.utility)
    assert np.array_equal(one.pulls, other.pulls)
    assert one.trace == other.trace


@pytest.mark.parametrize("engine", ["stepwise", "leap", "reference", "auto"])
@pytest.mark.parametrize("game", [GAME, COINS], ids=["normal", "coins"])
def test_the_same_rule_plays_the_same_games(game, engine):
    for own, built_in, other in (
        (ucb(), sk.UCB(), sk.ActiveArmElimination()),
        (ucb(0.5), sk.UCB(sigma=0.5), sk.UCB()),
        (uniform(), sk.UniformLearner(), sk.UCB()),
    ):
        assert_same_games(play(game, own, other, engine=engine), play(game, built_in, other))
        assert_same_games(play(game, other, own, engine=engine), play(game, other, built_in))
        assert_same_games(play(game, own, own, engine=engine), play(game, built_in, built_in))


def test_threads_change_nothing():
    options = {"horizon": 20_000, "replications": 16, "trace": False}
    one, many = (play(GAME, ucb(), uniform(), threads=threads, **options) for threads in (1, 4))
    assert one == many


def test_python_objects_play_against_compiled_functions():
    assert_same_games(play(GAME, UCB, ucb(), 300), play(GAME, sk.UCB(), sk.UCB(), 300))
    assert_same_games(play(GAME, uniform(), UCB, 300), play(GAME, sk.UniformLearner(), sk.UCB(), 300))


# What functions are given.


def recorder():
    """Functions of ctypes and the list of their calls."""
    calls = []

    def on_reset(state, n_arms, horizon, role, parameters):
        memory = bytes(state[:40])
        state[39] = role + 1
        calls.append(("reset", n_arms, horizon, role, parameters[:2], memory, address(state) % 16))

    def on_choose(state, random):
        state[0] += 1
        calls.append(("choose", state[39], random))
        return state[0] % 2

    def on_observe(state, arm, reward):
        calls.append(("observe", state[39], arm, reward))

    return calls, (CHOOSE(on_choose), OBSERVE(on_observe), RESET(on_reset))


def address(pointer):
    return ctypes.cast(pointer, ctypes.c_void_p).value


def test_every_instance_has_memory_of_its_own_and_is_reset_once():
    calls, functions = recorder()
    learner = sk.CompiledLearner(
        *functions, name="x", state_bytes=31, state_bytes_per_arm=3, parameters=(2.5, -1)
    )
    game = sk.Game(np.zeros((3, 3)), np.ones((3, 3)), noise=sk.Deterministic())
    run = sk.simulate(game, learner, learner, 6, seed=1, replications=2)
    zeros, parameters = bytes(40), [2.5, -1.0]
    resets = [call[1:] for call in calls if call[0] == "reset"]
    assert resets == 2 * [(3, 6, 0, parameters, zeros, 0), *3 * [(3, 6, 1, parameters, zeros, 0)]]
    # Every instance begins with its second arm and goes on to its first.
    assert run.pulls.tolist() == 2 * [[[1, 2, 0], [1, 2, 0], [0, 0, 0]]]
    rounds = [call for call in calls if call[0] != "reset"]
    assert [call[:2] for call in rounds[:4]] == [("choose", 1), ("choose", 2), ("observe", 1), ("observe", 2)]
    assert rounds[2:4] == [("observe", 1, 1, 0.0), ("observe", 2, 1, 1.0)]


def test_random_bits_are_those_of_the_stream_of_decisions():
    calls, functions = recorder()
    learner = sk.CompiledLearner(functions[0], name="x", state_bytes=40)
    drawn = []

    class Drawing(UCB):
        def choose(self, rng):
            drawn.append(int(rng.integers(2**64, dtype=np.uint64, endpoint=False)))
            return 0

    sk.simulate(GAME, learner, sk.UCB(), 5, seed=3)
    sk.simulate(GAME, Drawing, sk.UCB(), 5, seed=3)
    assert [call[2] for call in calls] == drawn


def test_a_leader_sees_responses_if_it_says_so():
    seen = []
    functions = CHOOSE(lambda _state, _random: 2), OBSERVE_RESPONSE(lambda *call: seen.append(call[1:]))
    learner = sk.CompiledLearner(*functions, name="x", sees_response=True)
    run = sk.simulate(GAME, learner, sk.UniformLearner(), 30, seed=1)
    assert (
        np.bincount([response for _, _, response in seen], minlength=4).tolist() == run.pulls[0, 2].tolist()
    )
    assert {arm for arm, _, _ in seen} == {2}


def test_functions_live_as_long_as_the_learner():
    learner = sk.CompiledLearner(CHOOSE(lambda _state, _random: 1), name="x")
    gc.collect()
    assert sk.simulate(GAME, learner, sk.UCB(), 10).pulls[0, 1].sum() == 10
    assert copy.copy(learner) is copy.deepcopy(learner) is learner


# What they are given as.


def in_capsule(pointer, name):
    new = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return new(("PyCapsule_New", ctypes.pythonapi))(pointer, name, None)


NAME = ctypes.c_char_p(b"some function")
FORMS = {
    "numba": choose_first,
    "address": choose_first.address,
    "numpy address": np.uint64(choose_first.address),
    "ctypes": choose_first.ctypes,
    "undeclared": ctypes.cast(choose_first.ctypes, type(ctypes.pythonapi.Py_IsInitialized)),
    "capsule": in_capsule(choose_first.address, None),
    "named capsule": in_capsule(choose_first.address, NAME),
}


@pytest.mark.parametrize("form", FORMS)
def test_pointers_to_functions_come_in_many_forms(form):
    learner = sk.CompiledLearner(FORMS[form], name=form)
    assert learner == sk.CompiledLearner(choose_first, name=form)
    assert sk.simulate(GAME, learner, sk.UCB(), 10).pulls[0, 0].sum() == 10


WRONG = {
    "choose": [
        (lambda: 0,), (None,), (0,), (-1,), (2**64,), (True,), (1.0,), ("main",), (CHOOSE,), (object(),),
        (observe,), (reset,), (OBSERVE(lambda *_: None),),
        (ctypes.CFUNCTYPE(ctypes.c_int32, STATE, ctypes.c_uint64)(lambda *_: 0),),
        (ctypes.CFUNCTYPE(ctypes.c_int64, STATE, ctypes.c_double)(lambda *_: 0),),
        (ctypes.CFUNCTYPE(ctypes.c_int64, STATE)(lambda *_: 0),),
    ],
    "observe": [(choose, choose), (choose, reset), (choose, 0), (choose, "observe")],
    "reset": [(choose, observe, observe), (choose, None, choose), (choose, observe, 0)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "functions"), [(name, each) for name, all_ in WRONG.items() for each in all_]
)
def test_other_things_and_other_signatures_are_refused(argument, functions):
    with pytest.raises(sk.SpecError) as caught:
        sk.CompiledLearner(*functions, name="x")
    assert caught.value.argument == argument
    assert f"{argument}(void *state" in caught.value.allowed


def test_messages_compare_signatures():
    with pytest.raises(sk.SpecError) as caught:
        sk.CompiledLearner(observe, name="x")
    assert str(caught.value) == (
        "choose: must be the function int64_t choose(void *state, uint64_t random), as a numba cfunc, "
        "a ctypes function, a capsule or an address, "
        "got one that takes (pointer, integer, double) and returns nothing"
    )


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("name", ""),
        ("name", None),
        ("state_bytes", -1),
        ("state_bytes", 1.5),
        ("state_bytes_per_arm", 2**50),
        ("parameters", 1.0),
        ("parameters", [float("nan")]),
        ("parameters", ["1"]),
        ("sees_response", 1),
    ],
)
def test_other_arguments_are_checked(argument, value):
    with pytest.raises(sk.SpecError) as caught:
        sk.CompiledLearner(choose, **{"name": "x", argument: value})
    assert caught.value.argument == argument


# What they may not do.


def counting_to(n, arm):
    """A policy that names `arm` in its n-th round."""

    def on_choose(state, _random):
        state[0] += 1
        return arm if state[0] == n else 0

    return CHOOSE(on_choose)


@pytest.mark.parametrize("arm", [3, -1, -(2**63), 2**63 - 1])
def test_an_arm_that_is_not_there_ends_the_run(arm):
    learner = sk.CompiledLearner(counting_to(17, arm), name="lost", state_bytes=1)
    with pytest.raises(sk.SpecError) as caught:
        sk.simulate(GAME, learner, sk.UCB(), 100, seed=1)
    assert str(caught.value) == (
        f'leader: must be a compiled learner whose choose returns an arm from 0 to 2, got {arm} from "lost"'
    )
    assert caught.value.__notes__ == ['in round 17 of replication 0: choose of the leader "lost"']
    with pytest.raises(sk.SpecError, match="leader: must be a compiled learner"):
        sk.simulate(GAME, learner, UCB, 100, seed=1)


def test_nothing_goes_on_from_half_a_round():
    learner = sk.CompiledLearner(counting_to(17, 99), name="lost", state_bytes=1)
    agent = sk.Agent(learner, GAME, 100)
    for _ in range(16):
        agent.choose()
        agent.observe(0.0)
    with pytest.raises(sk.SpecError, match='got 99 from "lost"') as caught:
        agent.choose()
    assert caught.value.__notes__ == ['in round 17 of replication 0: choose of the leader "lost"']
    for call in (agent.choose, agent.snapshot, lambda: agent.observe(0.0), lambda: agent.t):
        with pytest.raises(sk.RunError, match="cannot be used any more"):
            call()


def test_one_lost_replication_ends_all_threads():
    learner = sk.CompiledLearner(choose_first, name="fine")
    lost = sk.CompiledLearner(counting_to(200, 99), name="lost", state_bytes=1)
    with pytest.raises(sk.SpecError, match='got 99 from "lost"') as caught:
        sk.simulate(GAME, learner, lost, 10**12, replications=64, threads=2)
    (note,) = caught.value.__notes__
    assert re.fullmatch(
        r'in round 200 of replication \d+: choose of the follower "lost" at leader action 0', note
    )


def test_memory_that_is_not_there():
    learner = sk.CompiledLearner(choose_first, name="x", state_bytes_per_arm=2**40)
    game = sk.Game(np.zeros((500, 500)), np.zeros((500, 500)))
    with pytest.raises(sk.SpecError, match='follower: must be a learner whose states fit in memory, got "x"'):
        sk.simulate(game, sk.UCB(), learner, 10)


def test_a_trivial_policy():
    assert sk.simulate(GAME, first(), first(), 1000).pulls[0, 0, 0] == 1000
