"""A policy that draws from the global generators is warned about, once, and no other is."""

from __future__ import annotations

import random
import warnings

import numpy as np
import pytest
from compiled_policies import uniform
from mabwiser.mab import LearningPolicy
from policies import UCB, ManyUniform, Uniform

import stackel as sk
from stackel.interop import from_mabwiser, from_smpybandits

GAME = sk.games.random(3, 4, 1)


class PythonsRandom(UCB):
    def choose(self, rng):
        return random.randrange(len(self.count))


class NumpysRandom(UCB):
    def choose(self, rng):
        return np.random.randint(len(self.count))


class OnlyAtTheStart(UCB):
    def reset(self, n_arms, horizon, role):
        super().reset(n_arms, horizon, role)
        np.random.shuffle(self.count)


class ManyGlobal(ManyUniform):
    def choose_many(self, rng, instances):
        return np.random.randint(self.n_arms, size=len(instances))


def step_by_step(policy):
    sim = sk.Simulation(GAME, policy, sk.UCB(), 50, 1)
    for _ in range(50):
        sim.choose()
        sim.observe()


def by_hand(policy):
    agent = sk.Agent(policy, GAME, 50, 1)
    for _ in range(50):
        agent.choose()
        agent.observe(0.5)


RUNS = {
    "simulate": lambda policy: sk.simulate(GAME, sk.UCB(), policy, 50, seed=1),
    "simulate_many": lambda policy: sk.simulate_many(
        [GAME.leader] * 2, GAME.follower, policy, sk.UCB(), 50, seed=1
    ),
    "advance": lambda policy: sk.Simulation(GAME, policy, sk.UCB(), 50, 1).advance(50),
    "step": lambda policy: sk.Simulation(GAME, policy, sk.UCB(), 50, 1).step(50),
    "choose": step_by_step,
    "agent": by_hand,
}
every_run = pytest.mark.parametrize("run", RUNS.values(), ids=list(RUNS))


@every_run
@pytest.mark.parametrize(
    ("policy", "what"),
    [
        (PythonsRandom, "Python's module random"),
        (NumpysRandom, "NumPy's global generator"),
        (ManyGlobal, "NumPy's global generator"),
    ],
)
def test_it_is_warned_about_once(policy, what, run):
    fresh = type("Mine", (policy,), {})
    with pytest.warns(sk.StackelWarning) as caught:
        run(fresh)
    (warning,) = caught
    assert warning.filename == __file__
    assert str(warning.message).startswith(f"the learner 'Mine' drew from {what}, which the seed")
    assert "`rng`" in str(warning.message)
    run(fresh)
    run(sk.CustomLearner(fresh, name="again"))


def test_both_generators_and_draws_at_the_start():
    class Both(PythonsRandom):
        def reset(self, n_arms, horizon, role):
            super().reset(n_arms, horizon, role)
            np.random.rand()

    with pytest.warns(sk.StackelWarning, match="drew from Python's module random and NumPy's global"):
        sk.simulate(GAME, Both, sk.UCB(), 10)
    with pytest.warns(sk.StackelWarning, match="'OnlyAtTheStart' drew from NumPy"):
        sk.simulate(GAME, OnlyAtTheStart, sk.UCB(), 10)


def test_of_two_policies_both_are_named():
    class Mine(NumpysRandom):
        pass

    with pytest.warns(sk.StackelWarning, match="the learner 'UCB' or 'Mine' drew"):
        sk.simulate(GAME, UCB, Mine, 10)


def test_other_generators_than_the_default_are_watched():
    before = np.random.mtrand.get_bit_generator()
    np.random.mtrand.set_bit_generator(np.random.PCG64(1))
    try:
        with pytest.warns(sk.StackelWarning, match="drew from NumPy's global generator"):
            sk.simulate(GAME, type("Mine", (NumpysRandom,), {}), sk.UCB(), 10)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            sk.simulate(GAME, Uniform, sk.UCB(), 10)
    finally:
        np.random.mtrand.set_bit_generator(before)


class RandomArm:
    """A policy of SMPyBandits that draws from both global generators."""

    def __init__(self, n_arms):
        self.n_arms = n_arms

    def startGame(self):
        random.random()

    def choice(self):
        np.random.standard_normal()
        return np.random.randint(self.n_arms)

    def getReward(self, arm, reward):
        random.random()


def thoughtful():
    class OwnGenerator(Uniform):
        def reset(self, n_arms, horizon, role):
            super().reset(n_arms, horizon, role)
            self.rng, self.old = np.random.default_rng(1), np.random.RandomState(1)
            self.python = random.Random(1)

        def choose(self, rng):
            self.python.random()
            return int(self.rng.random() * self.old.rand() * self.n_arms)

    return OwnGenerator


SILENT = {
    "policy": lambda: Uniform,
    "vector policy": lambda: ManyUniform,
    "generators of its own": thoughtful,
    "SMPyBandits": lambda: from_smpybandits(lambda n_arms, _: RandomArm(n_arms)),
    "MABWiser": lambda: from_mabwiser(LearningPolicy.EpsilonGreedy(0.5)),
}


@every_run
@pytest.mark.parametrize("make", SILENT.values(), ids=list(SILENT))
def test_no_other_is(make, run):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(make())


def test_fresh_seeds_and_other_learners_draw_from_nothing_global():
    before = random.getstate(), np.random.get_state()
    sk.simulate(GAME, sk.ThompsonSampling(), Uniform, 100)
    sk.Simulation(GAME, uniform(), sk.UniformLearner(), 100).advance(100)
    assert random.getstate() == before[0]
    np.testing.assert_equal(np.random.get_state(), before[1])
