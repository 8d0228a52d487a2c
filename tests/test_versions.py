"""Versions and pickles of learners of one's own."""

from __future__ import annotations

import copy
import ctypes
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import cloudpickle
import compiled_policies
import numpy as np
import pytest
from compiled_policies import CHOOSE, RESET, choose, choose_first, observe, reset, ucb
from numba import cfunc
from policies import UCB, Fixed, ManyUCB

import stackel as sk

GAME = sk.games.random(3, 4, 1)


@ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_uint64)
def second(_state, _random):
    return 1


MAKE = {
    "CustomLearner": lambda **options: sk.CustomLearner(UCB, name="mine", **options),
    "CompiledLearner": lambda **options: sk.CompiledLearner(choose_first, name="mine", **options),
    "RecordedLearner": lambda **options: sk.RecordedLearner("CustomLearner", "mine", **options),
}


@pytest.mark.parametrize("kind", MAKE)
def test_a_version_is_part_of_what_a_learner_is(kind):
    make = MAKE[kind]
    learner, other, without = make(version="3"), make(version="4"), make()
    assert learner == make(version="3")
    assert hash(learner) == hash(make(version="3"))
    assert len({learner, other, without}) == 3
    assert (learner.version, without.version) == ("3", "")
    assert "version='3'" in repr(learner)
    assert "version" not in repr(without)
    assert learner.label == "mine"
    assert make(version=None) == make(version="") == without


@pytest.mark.parametrize("kind", MAKE)
def test_descriptions_keep_it(kind, tmp_path):
    for version in ({}, {"version": "3 b"}):
        learner = MAKE[kind](**version)
        described = learner.to_dict()
        assert described == {"learner": described["learner"], "name": "mine"} | version
        recorded = sk.Learner.from_dict(described)
        assert isinstance(recorded, sk.RecordedLearner)
        assert recorded.to_dict() == described
        assert recorded.version == learner.version
    if kind == "RecordedLearner":
        return
    run = sk.simulate(GAME, learner, sk.UCB(), 10)
    run.save(tmp_path / "run")
    assert sk.load(tmp_path / "run").leader == recorded


@pytest.mark.parametrize("version", [3, 1.5, "a\nb", "  ", "x" * 51, ["3"], "\x00"], ids=repr)
@pytest.mark.parametrize("kind", MAKE)
def test_versions_are_short_lines_of_text(kind, version):
    with pytest.raises(sk.SpecError, match="version: must be a line of 1 to 50"):
        MAKE[kind](version=version)


@pytest.mark.parametrize(
    "data",
    [
        {"learner": "CustomLearner", "name": "x", "version": 3},
        {"learner": "CustomLearner", "name": "x", "version": "\n"},
        {"learner": "CustomLearner", "version": "3"},
    ],
)
def test_what_a_file_may_not_say(data):
    with pytest.raises(sk.SpecError):
        sk.Learner.from_dict(data)


# Pickles.


def make_ucb():
    return UCB()


def plays_the_same(learner, other):
    runs = [sk.simulate(GAME, each, sk.UCB(), 100, seed=1).pulls for each in (learner, other)]
    return np.array_equal(*runs)


@pytest.mark.parametrize("policy", [UCB, ManyUCB, make_ucb, Fixed(2)])
def test_policies_travel(policy):
    learner = sk.CustomLearner(policy, name="mine", version="3")
    for each in (pickle.loads(pickle.dumps(learner)), copy.copy(learner), copy.deepcopy(learner)):
        assert (each.name, each.version) == ("mine", "3")
        assert (each == learner) is (not isinstance(policy, Fixed) or each is learner)
        assert plays_the_same(each, learner)


def test_cloudpickle_takes_functions_along():
    learner = sk.CustomLearner(lambda: Fixed(2), name="mine")
    assert plays_the_same(pickle.loads(cloudpickle.dumps(learner)), learner)
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(learner)


def test_functions_that_can_be_imported_travel_by_name():
    for learner in (ucb(0.5), sk.CompiledLearner(choose_first, name="mine", version="3", state_bytes=3)):
        other = pickle.loads(pickle.dumps(learner))
        assert other == learner
        assert other.version == learner.version


def local_learner(scale):
    """Functions that belong to no module."""

    @cfunc(CHOOSE, error_model="numpy")
    def by_parameter(state, _random):
        return int(state[0] * scale + 1 / (state[0] - state[0]) * 0) if state[0] < 0 else int(state[0])

    @cfunc(RESET)
    def start(state, _n_arms, _horizon, _role, parameters):
        state[0] = parameters[0]

    options = {"state_bytes": 8, "parameters": [2.0], "version": "7"}
    return sk.CompiledLearner(by_parameter, None, start, name="local", **options)


def test_others_are_compiled_again():
    learner = local_learner(3.0)
    other = pickle.loads(pickle.dumps(learner))
    assert type(other) is sk.CompiledLearner
    assert (other.name, other.version, other.parameters) == ("local", "7", (2.0,))
    assert plays_the_same(other, learner)


def pulls(learner):
    return sk.simulate(GAME, learner, sk.UCB(), 100, seed=1).pulls


@pytest.mark.parametrize(
    "learner",
    [ucb(), local_learner(1.0), sk.CustomLearner(UCB)],
    ids=["by name", "compiled again", "policy"],
)
def test_other_processes_play_the_same(learner):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        np.testing.assert_array_equal(pool.submit(pulls, learner).result(120), pulls(learner))


SCRIPT = """
import pickle, sys
import cloudpickle
from numba import cfunc
import stackel as sk

@cfunc("int64(CPointer(float64), uint64)")
def choose(state, random):
    return 1

sys.stdout.buffer.write(cloudpickle.dumps(sk.CompiledLearner(choose, name="of a script")))
"""


def test_functions_of_a_script_travel():
    command = [sys.executable, "-c", SCRIPT]
    data = subprocess.run(command, capture_output=True, check=True, cwd=Path(__file__).parent).stdout
    learner = pickle.loads(data)
    assert pulls(learner)[0, 1].sum() == 100


@pytest.mark.parametrize(
    "functions",
    [(second,), (choose_first.address,), (choose, observe.address, reset)],
    ids=["ctypes", "address", "one address"],
)
def test_what_cannot_travel_leaves_its_name(functions):
    learner = sk.CompiledLearner(*functions, name="mine", version="3", state_bytes=80)
    expected = sk.RecordedLearner("CompiledLearner", "mine", "3")
    assert pickle.loads(pickle.dumps(learner)) == expected
    assert copy.deepcopy(learner) is learner


def test_without_cloudpickle_too(monkeypatch):
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    assert pickle.loads(pickle.dumps(local_learner(1.0))) == sk.RecordedLearner(
        "CompiledLearner", "local", "7"
    )
    assert pickle.loads(pickle.dumps(ucb())) == ucb()


def test_a_module_without_the_function_says_so(monkeypatch):
    data = pickle.dumps(ucb())
    monkeypatch.delattr(compiled_policies, "observe")
    with pytest.raises(ImportError, match="no function observe in the module compiled_policies"):
        pickle.loads(data)
