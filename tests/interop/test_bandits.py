"""Policies of other libraries on bandits: what plays them, and that `BanditRuns` have what was given.

tests/smpybandits compares policies of SMPyBandits with their own code. Tests of laws raise a false alarm with
a probability of at most LEVEL each.
"""

from __future__ import annotations

import math
import sys
from importlib.metadata import EntryPoint

import numpy as np
import pytest
from bandit_policies import IndexUCB
from mabwiser.mab import LearningPolicy
from two_samples import holm, p_values

import stackel as sk
from stackel.interop import _registry, play_bandits, register

LEVEL = 1e-5
ARMS = [0.2, 0.5, 0.8]


@pytest.fixture(autouse=True)
def _forgotten(monkeypatch):
    monkeypatch.setattr(_registry, "_registered", {})
    _registry._load_packages.cache_clear()
    yield
    _registry._load_packages.cache_clear()


def test_learners_play_as_in_a_game():
    learners = {"a": sk.UCB(), "b": sk.ThompsonSampling()}
    runs = play_bandits(learners, ARMS, 500, 4, seed=3, checkpoints=[1, 100, 500])
    game = sk.Game(np.array(ARMS)[:, None], np.zeros((3, 1)))
    for i, learner in enumerate(learners.values()):
        alone = sk.simulate(
            game, learner, sk.FixedAction(0), 500, replications=4, seed=3, checkpoints=[1, 100, 500]
        )
        assert (runs.pulls[i] == alone.pulls[:, :, 0]).all()
        assert runs.regret[i] == pytest.approx(0.8 * alone.rounds - alone.utility[0])
        assert runs.best_arm_share[i, :, -1] == pytest.approx(alone.pulls[:, 2, 0] / 500)
    assert runs.names == ("a", "b")
    assert runs.ways[0] == repr(sk.UCB())
    assert (runs.regret.shape, runs.rewards.shape, runs.pulls.shape) == ((2, 4, 3), (2, 4), (2, 4, 3))


@pytest.mark.parametrize(
    "noise", [sk.Gaussian(0.5), sk.Bernoulli(), sk.Uniform(0.2), sk.Deterministic()], ids=repr
)
def test_rewards_are_those_that_a_policy_was_given(noise):
    given = []

    class Listening(IndexUCB):
        def startGame(self):  # noqa: N802 as SMPyBandits has it
            super().startGame()
            given.append(0.0)

        def getReward(self, arm, reward):  # noqa: N802 as above
            super().getReward(arm, reward)
            given[-1] += reward

    runs = play_bandits([Listening(3, 50)], ARMS, 50, 4, seed=1, noise=noise)
    # The last reward of a repetition comes before the next choice, of which there is none.
    mean = runs.rewards[0] - given
    assert runs.ways[0].startswith("its own code: no learner is registered for Listening")
    low, high = {"Bernoulli": (0, 1), "Gaussian": (-3, 4), "Uniform": (0, 1), "Deterministic": (0.2, 0.8)}[
        type(noise).__name__
    ]
    assert ((low - 1e-9 <= mean) & (mean <= high + 1e-9)).all()


def test_registered_classes_are_played_by_the_engine():
    class Theirs(IndexUCB):
        pass

    class Child(Theirs):
        pass

    register(Theirs, lambda policy: sk.UCB(sigma=policy.width / math.sqrt(2 * math.log(400)), ties="random"))
    runs = play_bandits([Theirs(3, 400), Child(3, 400)], ARMS, 400, 300, seed=5, checkpoints=[100, 400])
    assert runs.ways[0].startswith("UCB(")
    assert runs.ways[1] == "its own code: no learner is registered for Child"
    assert not len(holm(p_values(runs.pulls[0].astype(float), runs.pulls[1].astype(float)).ravel(), LEVEL))


def test_converters_may_ask_what_is_played_and_decline():
    class Theirs(IndexUCB):
        pass

    asked = []

    def convert(_, bandit):
        asked.append(bandit)
        return "too long" if bandit.horizon > 10 else sk.UCB()

    register(Theirs, convert)
    policy = Theirs(3, 20)
    assert play_bandits([policy], ARMS, 10, 1).ways == (repr(sk.UCB()),)
    assert play_bandits([policy], ARMS, 20, 1, noise=sk.Bernoulli()).ways == ("its own code: too long",)
    assert asked[0].means.tolist() == ARMS
    assert asked[1].noise == sk.Bernoulli()
    assert not policy.__dict__.get("t"), "a policy that is given stays as it is"


def test_packages_register_by_entry_points(monkeypatch):
    class Theirs(IndexUCB):
        pass

    class Module:
        @staticmethod
        def good():
            register(Theirs, lambda _: sk.FixedAction(1))

        @staticmethod
        def bad():
            raise ZeroDivisionError

    monkeypatch.setitem(sys.modules, "their_package", Module)
    points = [EntryPoint(name, f"their_package:{name}", "stackel.bandits") for name in ("bad", "good")]
    monkeypatch.setattr(_registry, "entry_points", lambda group: [p for p in points if p.group == group])
    with pytest.warns(sk.StackelWarning, match="the entry point 'bad' of stackel.bandits failed"):
        runs = play_bandits([Theirs(3, 10)], ARMS, 10, 1)
    assert runs.pulls.tolist() == [[[0, 10, 0]]]
    play_bandits([Theirs(3, 10)], ARMS, 10, 1)


@pytest.mark.parametrize("noise", [sk.Gaussian(1.0), sk.Bernoulli()], ids=repr)
def test_policies_of_mabwiser_have_the_law_of_their_own_code(noise):
    policies = [
        LearningPolicy.UCB1(alpha=0.7),
        LearningPolicy.EpsilonGreedy(epsilon=0.2),
        LearningPolicy.Random(),
    ]
    ours = play_bandits(policies, ARMS, 40, 150, seed=1, noise=noise)
    assert not any(way.startswith("its own code") for way in ours.ways)
    own = [sk.interop.from_mabwiser(policy) for policy in policies]
    theirs = play_bandits(own, ARMS, 40, 150, seed=2, noise=noise)
    p = [p_values(*pair) for pair in zip(ours.pulls.astype(float), theirs.pulls.astype(float), strict=True)]
    assert not len(holm(np.ravel(p), LEVEL))
    same = play_bandits(own[:1], ARMS, 40, 5, seed=1, noise=noise)
    assert (same.pulls[0] == ours.pulls[0, :5]).all(), "UCB1 is not random: the same rewards, the same games"


def test_policies_of_mabwiser_without_an_equal():
    policies = [LearningPolicy.Softmax(), LearningPolicy.Popularity(), LearningPolicy.ThompsonSampling()]
    runs = play_bandits(policies, ARMS, 20, 2, seed=1, noise=sk.Bernoulli())
    assert all(way.startswith("its own code: ") for way in runs.ways)
    assert (runs.pulls.sum(axis=2) == 20).all()


def test_learners_as_policies_are_played_as_learners():
    wrapped = sk.interop.SMPyBanditsPolicy(3, sk.MOSS(), 50)
    runs = play_bandits([wrapped, sk.MOSS()], ARMS, 50, 3, seed=1)
    assert runs.ways == (repr(sk.MOSS()),) * 2
    assert (runs.pulls[0] == runs.pulls[1]).all()
    for other, why in (
        (sk.interop.SMPyBanditsPolicy(3, sk.MOSS(), 60), "60 rounds"),
        (sk.interop.SMPyBanditsPolicy(3, sk.MOSS(), 50, lower=0.5), "other rewards"),
    ):
        (way,) = play_bandits([other], ARMS, 50, 2, seed=1).ways
        assert way.startswith("its own code: ")
        assert why in way


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("policies", {"policies": []}),
        ("policies", {"policies": [object()]}),
        ("policies", {"policies": "UCB"}),
        ("arms", {"arms": []}),
        ("arms", {"arms": [[0.1], [0.2]]}),
        ("arms", {"arms": [0.1, math.inf]}),
        ("arms", {"arms": [(0.1, sk.Bernoulli()), (0.2, sk.Deterministic())]}),
        ("arms", {"arms": [0.1, 1.5], "noise": sk.Bernoulli()}),
        ("noise", {"noise": "Bernoulli"}),
        ("horizon", {"horizon": 0}),
        ("repetitions", {"repetitions": 0}),
        ("seed", {"seed": -1}),
        ("checkpoints", {"checkpoints": [5, 2]}),
        ("learner", {"policies": [sk.BestResponse()]}),
    ],
)
def test_bad_arguments(argument, given):
    good = {"policies": [sk.UCB()], "arms": ARMS, "horizon": 10, "repetitions": 1}
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        play_bandits(**(good | given))


def test_bad_registrations():
    with pytest.raises(sk.SpecError, match=r"^cls: must be a class"):
        register("UCB", sk.UCB)
    with pytest.raises(sk.SpecError, match=r"^convert: must be a function"):
        register(IndexUCB, sk.UCB())
    register(IndexUCB, lambda policy: policy)
    with pytest.raises(sk.SpecError, match=r"^convert: must be a function that returns a learner or a text"):
        play_bandits([IndexUCB(3, 10)], ARMS, 10, 1)


class Alternating:
    """A policy by the two methods of `stackel.Policy`."""

    def __init__(self):
        self.t = 0

    def choose(self, _rng):
        self.t += 1
        return self.t % 2

    def observe(self, _arm, _reward):
        pass


class Registered(Alternating):
    pass


class Explained(Alternating):
    pass


def test_policies_with_choose_and_observe_are_registered_like_others():
    register(Registered, lambda _: sk.UCB(anytime=True))
    register(Explained, lambda _: "it changes its mind")
    policies = [Alternating(), Registered(), Explained()]
    found = play_bandits(policies, [0.1, 0.5], 1000, 2, seed=1)
    assert found.names == ("Alternating", "Registered", "Explained")
    own = "its own code: "
    assert found.ways[::2] == (own + "no learner is registered for Alternating", own + "it changes its mind")
    assert found.ways[1] == repr(sk.UCB(anytime=True))
    assert found.pulls[::2].tolist() == [[[500, 500]] * 2] * 2
    np.testing.assert_array_equal(
        found.pulls[1], play_bandits([sk.UCB(anytime=True)], [0.1, 0.5], 1000, 2, seed=1).pulls[0]
    )
