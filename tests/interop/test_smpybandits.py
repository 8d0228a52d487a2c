"""Policies in the manner of SMPyBandits as learners, and learners as such policies.

tests/smpybandits has the same with SMPyBandits itself. The test of a law raises a false alarm with a
probability of at most LEVEL.
"""

from __future__ import annotations

import random

import numpy as np
import pytest
from bandit_policies import IndexUCB, InOrder, Whim, evaluate
from two_samples import holm, p_values, statistics

import stackel as sk
from stackel.interop import SMPyBanditsPolicy, from_smpybandits

GAME = sk.games.random(3, 4, seed=1)
LEVEL = 1e-5
T = 300


def play(leader, follower, horizon=T, *, replications=2, seed=5):
    options = {"replications": replications, "seed": seed, "engine": "stepwise"}
    return sk.simulate(GAME, leader, follower, horizon, **options)


def assert_same_games(one, other):
    assert np.array_equal(one.pulls, other.pulls)
    assert np.array_equal(one.utility, other.utility)


@pytest.mark.parametrize("sigma", [1.0, 0.5])
def test_the_same_rule_plays_the_same_games(sigma):
    theirs = from_smpybandits(lambda n_arms, horizon: InOrder(n_arms, horizon, alpha=4 * sigma**2))
    ours = sk.UCB(sigma=sigma)
    for other in (sk.UCB(), sk.UniformLearner()):
        assert_same_games(play(theirs, other), play(ours, other))
        assert_same_games(play(other, theirs), play(other, ours))
    assert_same_games(play(theirs, theirs), play(ours, ours))


def test_the_order_of_the_first_rounds_does_not_change_the_law():
    """Against a follower that does not learn, what the first rounds leave behind has one law."""
    theirs = from_smpybandits(IndexUCB)
    runs = [
        play(own, sk.BestResponse(), 60, replications=400, seed=s) for own, s in ((theirs, 1), (sk.UCB(), 2))
    ]
    ours, others = (statistics(run)[:, -GAME.leader.size :] for run in runs)
    assert not len(holm(p_values(ours, others).ravel(), LEVEL))
    first = play(theirs, sk.BestResponse(), 1, replications=50).pulls.sum(axis=(0, 2))
    assert (first > 0).all()


def test_a_policy_draws_from_the_player_and_leaves_no_trace():
    whim = from_smpybandits(Whim)
    np.random.seed(3)  # noqa: NPY002
    random.seed(3)
    expected = np.random.random(5), random.random()  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    random.seed(3)
    first = play(whim, whim)
    assert np.array_equal(np.random.random(5), expected[0])  # noqa: NPY002
    assert random.random() == expected[1]
    assert_same_games(play(whim, whim), first)
    assert np.array_equal(play(whim, whim, replications=3).pulls[:2], first.pulls)
    assert not np.array_equal(first.pulls[0], first.pulls[1])


def test_generators_are_put_back_after_an_error():
    class Lost(IndexUCB):
        def choice(self):
            raise ZeroDivisionError

    before = np.random.get_bit_generator()
    with pytest.raises(ZeroDivisionError):
        play(from_smpybandits(Lost), sk.UCB())
    assert np.random.get_bit_generator() is before


def test_names():
    assert from_smpybandits(IndexUCB).label == "SMPyBandits"
    assert from_smpybandits(IndexUCB, name="UCB-H").label == "UCB-H"


def test_what_makes_no_policy():
    with pytest.raises(sk.SpecError, match="make: must be a function of n_arms and horizon"):
        from_smpybandits(IndexUCB(2, 10))
    with pytest.raises(sk.SpecError, match="make: must be a function that makes a policy with startGame"):
        play(from_smpybandits(lambda *_: sk.UCB()), sk.UCB())


def rewards_of(means, horizon=T, seed=1):
    return np.random.default_rng(seed).normal(means, 1.0, (horizon, len(means))).T


@pytest.mark.parametrize("seed", range(3))
def test_a_learner_as_a_policy_chooses_as_the_policy_of_its_rule(seed):
    rewards = rewards_of([0.1, 0.5, 0.3], seed=seed)
    ours, choices = evaluate(SMPyBanditsPolicy(3, sk.UCB(), T), rewards)
    theirs, their_choices = evaluate(InOrder(3, T), rewards)
    assert choices == their_choices
    assert np.array_equal(ours.pulls, theirs.pulls)
    assert np.array_equal(ours.rewards, theirs.rewards)
    assert (ours.t, ours.nbArms) == (T, 3)
    assert str(ours) == f"stackel {sk.UCB().label}"
    means = ours.rewards / ours.pulls
    assert np.array_equal(ours.estimatedOrder(), means.argsort())


@pytest.mark.parametrize("learner", [sk.UniformLearner(), sk.ThompsonSampling(), sk.EXP3()], ids=repr)
def test_random_decisions(learner):
    rewards = rewards_of([0.1, 0.5, 0.3])
    agent = sk.Agent(learner, (3, 1), T, 9)
    expected = []
    for t in range(T):
        expected.append(agent.choose())
        agent.observe(rewards[expected[-1], t])
    seeded = SMPyBanditsPolicy(3, learner, T, seed=9)
    assert evaluate(seeded, rewards)[1] == evaluate(seeded, rewards)[1] == expected
    # Without a seed, games differ, and follow NumPy's global generator.
    policy = SMPyBanditsPolicy(3, learner, T)
    np.random.seed(4)  # noqa: NPY002
    games = [evaluate(policy, rewards)[1] for _ in range(2)]
    np.random.seed(4)  # noqa: NPY002
    assert [evaluate(policy, rewards)[1] for _ in range(2)] == games
    assert games[0] != games[1]


def test_rewards_are_scaled():
    rewards = rewards_of([0.1, 0.5, 0.3])
    scaled = SMPyBanditsPolicy(3, sk.UCB(), T, lower=-2.0, amplitude=4.0)
    plain, choices = evaluate(SMPyBanditsPolicy(3, sk.UCB(), T), rewards)
    policy, scaled_choices = evaluate(scaled, 4.0 * rewards - 2.0)
    assert scaled_choices == choices
    np.testing.assert_allclose(policy.rewards, plain.rewards, rtol=1e-12)


def test_arms_never_played_are_last_in_order():
    policy, _ = evaluate(SMPyBanditsPolicy(3, sk.FixedAction(1), T), rewards_of([0, 1, 0]))
    assert policy.estimatedOrder().tolist() == [1, 0, 2]


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("game_or_shape", {"n_arms": 0}),
        ("learner", {"learner": "UCB"}),
        ("game_or_shape", {"learner": sk.BestResponse()}),
        ("horizon", {"horizon": 0}),
        ("seed", {"seed": -1}),
        ("lower", {"lower": np.inf}),
        ("amplitude", {"amplitude": 0.0}),
    ],
)
def test_bad_arguments(argument, given):
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        SMPyBanditsPolicy(**({"n_arms": 2, "learner": sk.UCB(), "horizon": 10} | given))


def test_bad_calls():
    policy = SMPyBanditsPolicy(2, sk.UCB(), 2)
    for call in (policy.choice, lambda: policy.getReward(0, 1.0), lambda: policy.t):
        with pytest.raises(sk.SpecError, match="must be started with startGame"):
            call()
    policy.startGame()
    with pytest.raises(sk.SpecError, match="arm: must be 0, the chosen arm, got 1"):
        policy.getReward(1, 1.0)
    with pytest.raises(sk.SpecError, match="reward"):
        policy.getReward(0, np.nan)
    assert policy.pulls.sum() == 0
    for arm in range(2):
        policy.getReward(arm, 1.0)
    with pytest.raises(sk.SpecError, match="horizon"):
        policy.choice()
