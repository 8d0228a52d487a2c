"""Whatever goes wrong in Python objects in a seat is said clearly, with its place."""

from __future__ import annotations

import numpy as np
import pytest
from policies import UCB, Fixed

import stackel as sk

GAME = sk.games.random(3, 4, 1)


def make_ucb():
    return UCB()


class FailsInRound:
    """Fails in its n-th call of a method."""

    def __init__(self, method, n):
        self.method, self.left = method, n
        self.error = KeyError("mine")

    def __deepcopy__(self, memo):
        return self

    def note(self, method):
        if method == self.method:
            self.left -= 1
            if self.left == 0:
                raise self.error

    def reset(self, n_arms, horizon, role):
        self.note("reset")

    def choose(self, rng):
        self.note("choose")
        return 1

    def observe(self, arm, reward):
        self.note("observe")


class ManyFailInRound(FailsInRound):
    def reset_many(self, n_instances, n_arms, horizon, role):
        self.note("reset_many")

    def choose_many(self, rng, instances):
        self.note("choose_many")
        return np.ones(len(instances), np.int64)

    def observe_many(self, instances, arms, rewards):
        self.note("observe_many")


@pytest.mark.parametrize(
    ("leads", "policy", "note"),
    [
        (True, FailsInRound("choose", 17), "in round 7 of replication 1: choose of {}"),
        (True, FailsInRound("observe", 3), "in round 3 of replication 0: observe of {}"),
        (True, FailsInRound("reset", 2), "before round 1 of replication 1: the start of {}"),
        (False, FailsInRound("choose", 11), "in round 1 of replication 1: choose of {} at leader action 2"),
        (
            False,
            FailsInRound("observe", 10),
            "in round 10 of replication 0: observe of {} at leader action 2",
        ),
        (
            False,
            FailsInRound("reset", 3),
            "before round 1 of replication 0: the start of {} at leader action 2",
        ),
        (True, ManyFailInRound("choose_many", 4), "in round 4 of replications 0 to 1: choose_many of {}"),
        (False, ManyFailInRound("observe_many", 9), "in round 9 of replications 0 to 1: observe_many of {}"),
        (False, ManyFailInRound("reset_many", 1), "before round 1 of replications 0 to 1: the start of {}"),
    ],
)
def test_exceptions_arrive_unchanged_with_a_note(leads, policy, note):
    players = (policy, sk.UCB()) if leads else (sk.FixedAction(2), policy)
    with pytest.raises(KeyError) as caught:
        sk.simulate(GAME, *players, 10, replications=2, seed=1)
    assert caught.value is policy.error
    who = f'the {"leader" if leads else "follower"} "{type(policy).__name__}"'
    assert caught.value.__notes__ == [note.format(who)]
    assert caught.traceback[-1].name == "note"


def test_exceptions_of_what_makes_policies_arrive_too():
    def broken():
        raise KeyError(calls.append(0))

    calls = []
    with pytest.raises(KeyError):
        sk.CustomLearner(broken)
    assert calls == [0]

    class Demanding(Fixed):
        def __init__(self, arm):
            super().__init__(arm)

    with pytest.raises(TypeError, match="required positional argument") as caught:
        sk.simulate(GAME, Demanding, sk.UCB(), 10)
    assert caught.value.__notes__ == ['before round 1 of replication 0: the start of the leader "Demanding"']


NOT_ARMS = [-1, 3, 2**80, -(2**63), 1.0, "0", None, np.array([0, 1]), np.float64(1), object()]


@pytest.mark.parametrize("given", NOT_ARMS)
def test_what_is_no_arm_is_named(given):
    with pytest.raises(sk.SpecError) as caught:
        sk.simulate(GAME, Fixed(given), sk.UCB(), 10)
    assert caught.value.argument == "leader"
    assert caught.value.allowed == "a learner whose choose returns a whole number from 0 to 2"
    assert caught.value.__notes__ == ['in round 1 of replication 0: choose of the leader "Fixed"']


@pytest.mark.parametrize("given", [1, True, np.int8(1), np.uint64(1), np.array(1)], ids=repr)
def test_whatever_python_takes_for_an_index_is_an_arm(given):
    class Sure:
        def choose(self, rng):
            return given

        def observe(self, arm, reward):
            assert arm == 1

    assert sk.simulate(GAME, Sure, sk.UCB(), 10).pulls[0, 1].sum() == 10


class ManyFixed:
    def __init__(self, arms):
        self.arms = arms

    def choose_many(self, rng, instances):
        return self.arms

    def observe_many(self, instances, arms, rewards):
        assert arms.dtype == np.int64


@pytest.mark.parametrize(
    "arms",
    [
        np.array([0, 4]),
        np.array([-1, 0]),
        np.array([0, 0, 0]),
        np.zeros((2, 1), int),
        np.array([0.0, 1.0]),
        np.array([2**63, 0], np.uint64),
        [[0], [1, 2]],
        [0.0, 1.0],
        0,
        None,
        "01",
    ],
    ids=repr,
)
def test_what_are_no_arms_are_named(arms):
    with pytest.raises(sk.SpecError) as caught:
        sk.simulate(GAME, sk.UCB(), ManyFixed(arms), 10, replications=2)
    assert caught.value.argument == "follower"
    assert caught.value.allowed == "a learner whose choose_many returns 2 whole numbers from 0 to 3"


@pytest.mark.parametrize(
    "arms", [[0, 3], (0, 3), np.array([0, 3], np.uint8), np.array([0, 9, 3])[::2]], ids=repr
)
def test_any_array_like_of_whole_numbers_are_arms(arms):
    run = sk.simulate(GAME, sk.UCB(), ManyFixed(arms), 10, replications=2)
    assert run.pulls.sum(axis=1).tolist() == [[10, 0, 0, 0], [0, 0, 0, 10]]


NOT_POLICIES = [
    None,
    3,
    "UCB",
    sk.UCB,
    object(),
    dict,
    Fixed(0).choose,
    make_ucb,
    type("Half", (), {"choose": None}),
]


@pytest.mark.parametrize("thing", NOT_POLICIES)
def test_what_is_neither_a_learner_nor_a_policy_is_refused(thing):
    for role, players in {"leader": (thing, sk.UCB()), "follower": (sk.UCB(), thing)}.items():
        with pytest.raises(sk.SpecError) as caught:
            sk.simulate(GAME, *players, 10)
        assert caught.value.argument == role


def make_nothing():
    return None


def make_class():
    return UCB


UNWRAPPED = [*NOT_POLICIES[:6], NOT_POLICIES[-1], sk.UCB(), make_nothing, make_class]


@pytest.mark.parametrize("thing", UNWRAPPED)
def test_what_cannot_be_wrapped_is_refused(thing):
    with pytest.raises(sk.SpecError, match="policy: must be"):
        sk.CustomLearner(thing)


@pytest.mark.parametrize("name", ["a\nb", "  ", 3, "x" * 201, None, "\x00"])
def test_names_are_lines_of_text(name):
    if name is None:
        assert sk.CustomLearner(UCB).name == "UCB"
        return
    with pytest.raises(sk.SpecError, match="name: must be a line of"):
        sk.CustomLearner(UCB, name=name)
