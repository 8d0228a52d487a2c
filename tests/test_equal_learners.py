"""Learners whose rules are equal for some values of their parameters play the same games, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from cases import can_be

import stackel as sk

HORIZON = 600
LAWS = [sk.Bernoulli(), sk.Gaussian(0.7), sk.Uniform(0.6), sk.Deterministic()]
BOTH = ("leader", "follower")
UCB, GREEDY = sk.UCB(sigma=0.5), sk.UCB(sigma=0.0)
EQUAL = [
    (sk.DiscountedUCB(discount=1.0, sigma=0.25), sk.UCB(anytime=True, sigma=0.5)),
    (sk.DiscountedUCB(discount=1.0, confidence=0.3), sk.UCB(anytime=True, sigma=2.0, confidence=0.3)),
    (sk.SlidingWindowUCB(window=HORIZON, sigma=0.5), sk.UCB(anytime=True, sigma=0.5)),
    (sk.SlidingWindowUCB(window=2**24, sigma=0.5), sk.UCB(anytime=True, sigma=0.5)),
    (sk.ExploreThenUCB(exploration=0, sigma=0.5), UCB),
    (sk.KLUCB(sigma=0.5), UCB),
    (sk.LipschitzUCB(follower_constant=1.0, sigma=0.5), UCB),  # two responses
    (sk.LipschitzUCB(lipschitz=2.0, follower_constant=0.5, sigma=0.5), UCB),
    (sk.HierarchicalUCB(kappa=0.0, constant=1.0, delta=1.0), sk.UCB(confidence=0.5)),
    (sk.ExploreThenCommitThrowOut(discard=0, exploration=9), sk.ExploreThenCommit(exploration=9)),
    (sk.ActiveArmElimination(phases=(1,), sigma=0.2), sk.ActiveArmElimination(sigma=0.2)),
    (sk.EXP3IX(learning_rate=0.1, implicit_exploration=0.0), sk.EXP3(learning_rate=0.1)),
    (sk.UCB(confidence=0.0), GREEDY),
    (sk.EpsilonGreedy(epsilon=0.0), GREEDY),
    (sk.MOSS(sigma=0.0), GREEDY),
    (sk.KLUCB(sigma=0.0), GREEDY),
    (sk.UCBV(confidence=0.0), GREEDY),
    (sk.LipschitzUCB(follower_constant=0.0), GREEDY),
    (sk.HierarchicalUCB(kappa=0.0, constant=0.0), GREEDY),
    (sk.DiscountedUCB(discount=1.0, sigma=0.0), GREEDY),
    (sk.SlidingWindowUCB(window=HORIZON, sigma=0.0), GREEDY),
    (sk.ThompsonSampling(prior_weight=0.0, sigma=0.0), GREEDY),
]
"""Equal in every game of two responses."""
PAIRS = [(*pair, role) for pair in EQUAL for role in BOTH if can_be(pair[0], role)]
TWO_ARMS = (sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.2), sk.ActiveArmElimination(sigma=0.2))


def assert_equal(ours, theirs, role, law, *, shape=(4, 2), engine="stepwise"):
    rng = np.random.default_rng(5)
    game = sk.Game(*(rng.integers(0, 5, (2, *shape)) / 4), noise=law)
    partner = sk.ExploreThenCommit(exploration=30)
    runs = []
    for learner in (ours, theirs):
        pair = (learner, partner) if role == "leader" else (partner, learner)
        runs.append(sk.simulate(game, *pair, HORIZON, replications=4, seed=2, engine=engine))
    assert runs[0].utility.tobytes() == runs[1].utility.tobytes()
    np.testing.assert_array_equal(runs[0].pulls, runs[1].pulls)


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize(("ours", "theirs", "role"), PAIRS, ids=str)
def test_equal_rules_play_equal_games(ours, theirs, role, law):
    for engine in ("stepwise", "reference"):
        assert_equal(ours, theirs, role, law, engine=engine)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_elimination_of_two_arms(law):
    assert_equal(*TWO_ARMS, "follower", law)


@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_a_single_response_leaves_nothing_to_see(law):
    assert_equal(sk.PhasedUCB(sigma=0.5), UCB, "leader", law, shape=(4, 1))


@pytest.mark.parametrize("ours", [sk.KLUCB(sigma=0.5), sk.ExploreThenUCB(exploration=0, sigma=0.5)], ids=repr)
@pytest.mark.parametrize("law", LAWS, ids=repr)
def test_equal_plans_leap_alike(ours, law):
    for role in BOTH:
        assert_equal(ours, UCB, role, law, engine="leap")


@pytest.mark.parametrize("law", [sk.Gaussian(0.7), sk.Uniform(0.6)], ids=repr)
@pytest.mark.parametrize(
    "learner", [sk.UCB(anytime=True), sk.MOSS(), sk.EpsilonGreedy(), sk.KLUCB()], ids=repr
)
def test_without_ties_no_tie_is_broken(learner, law):
    assert_equal(learner, type(learner)(**(vars(learner) | {"ties": "random"})), "follower", law)
