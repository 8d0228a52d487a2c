"""SMPyBandits itself: its policies in stackel's games, stackel's learners in its `Evaluator`.

SMPyBandits needs SciPy below 1.12, and so an environment of its own, made with Python 3.11:

    pip install -r tests/smpybandits/requirements.txt . && pytest tests/smpybandits

The test of a law raises a false alarm with a probability of at most LEVEL.
"""

from __future__ import annotations

import random
import warnings

import matplotlib as mpl
import numpy as np
import pytest
from two_samples import holm, p_values, statistics

import stackel as sk
from stackel.interop import SMPyBanditsPolicy, from_smpybandits

mpl.use("agg")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from SMPyBandits import Policies
    from SMPyBandits.Arms import UnboundedGaussian
    from SMPyBandits.Environment import Evaluator

pytestmark = pytest.mark.filterwarnings("default")
GAME = sk.games.random(3, 4, seed=1)
LEVEL = 1e-5
T = 300


class InOrder(Policies.UCBH):
    """The rule with the first rounds in the order of indices, as learners of stackel have it."""

    def choice(self):
        return self.t if self.t < self.nbArms else super().choice()


def play(leader, follower, horizon=T, *, replications=2, seed=5):
    options = {"replications": replications, "seed": seed, "engine": "stepwise"}
    return sk.simulate(GAME, leader, follower, horizon, **options)


def assert_same_games(one, other):
    assert np.array_equal(one.pulls, other.pulls)
    assert np.array_equal(one.utility, other.utility)


@pytest.mark.parametrize("sigma", [1.0, 0.5])
def test_ucbh_plays_the_games_of_ucb(sigma):
    theirs = from_smpybandits(lambda n_arms, horizon: InOrder(n_arms, horizon=horizon, alpha=4 * sigma**2))
    ours = sk.UCB(sigma=sigma)
    for other in (sk.UCB(), sk.UniformLearner()):
        assert_same_games(play(theirs, other), play(ours, other))
        assert_same_games(play(other, theirs), play(other, ours))
    assert_same_games(play(theirs, theirs), play(ours, ours))


def test_ucbh_as_it_is_has_the_law_of_ucb():
    """Against a follower that does not learn, what the first rounds leave behind has one law."""
    theirs = from_smpybandits(lambda n_arms, horizon: Policies.UCBH(n_arms, horizon=horizon, alpha=4))
    runs = [
        play(own, sk.BestResponse(), 60, replications=400, seed=s) for own, s in ((theirs, 1), (sk.UCB(), 2))
    ]
    ours, others = (statistics(run)[:, -GAME.leader.size :] for run in runs)
    assert not len(holm(p_values(ours, others).ravel(), LEVEL))


def test_uniform_has_the_law_of_uniform():
    theirs = from_smpybandits(lambda n_arms, _: Policies.Uniform(n_arms))
    pairs = (theirs, 1), (sk.UniformLearner(), 2)
    runs = [statistics(play(own, own, 60, replications=400, seed=s)) for own, s in pairs]
    assert not len(holm(p_values(*runs).ravel(), LEVEL))


@pytest.mark.parametrize(
    "make",
    [
        lambda n_arms, _: Policies.EpsilonGreedy(n_arms, epsilon=0.3),
        lambda n_arms, _: Policies.Exp3(n_arms),
        lambda n_arms, _: Policies.Softmax(n_arms),
        lambda n_arms, _: Policies.Thompson(n_arms),
        lambda n_arms, _: Policies.klUCB(n_arms),
        lambda n_arms, horizon: Policies.ETC_KnownGap(n_arms, horizon=horizon),
    ],
    ids=["EpsilonGreedy", "Exp3", "Softmax", "Thompson", "klUCB", "ETC_KnownGap"],
)
def test_seeds_repeat_what_policies_do(make):
    coins = sk.Game(GAME.leader / 2 + 0.5, GAME.follower / 2 + 0.5, noise=sk.Bernoulli())
    own = from_smpybandits(make)
    runs = []
    for number in range(2):
        np.random.seed(number)
        random.seed(number)
        runs.append(sk.simulate(coins, own, own, 200, replications=2, seed=5))
    assert_same_games(*runs)
    assert not np.array_equal(runs[0].pulls[0], runs[0].pulls[1])


def test_a_learner_in_the_evaluator_is_the_policy_of_its_rule():
    """Its parallel mode hands Python's `random.seed` numbers of NumPy, which Python 3.11 refuses."""
    learner = {"learner": sk.UCB(), "horizon": T}
    drawn = {"learner": sk.ThompsonSampling(), "horizon": T}
    np.random.seed(1)
    evaluator = Evaluator(
        {
            "horizon": T,
            "repetitions": 4,
            "n_jobs": 1,
            "verbosity": 0,
            "cache_rewards": True,
            "environment": [{"arm_type": UnboundedGaussian, "params": [(0.1, 1), (0.5, 1), (0.3, 1)]}],
            "policies": [
                {"archtype": InOrder, "params": {"horizon": T, "alpha": 4}},
                {"archtype": SMPyBanditsPolicy, "params": learner},
                {"archtype": SMPyBanditsPolicy, "params": learner | {"lower": -2.0, "amplitude": 4.0}},
                {"archtype": SMPyBanditsPolicy, "params": drawn},
            ],
        }
    )
    evaluator.startAllEnv()
    theirs, ours, scaled, thompson = evaluator.lastPulls[0]
    assert np.array_equal(theirs, ours)
    assert not np.array_equal(ours, scaled)
    assert np.array_equal(evaluator.getCumulatedRegret(0), evaluator.getCumulatedRegret(1))
    assert thompson.sum(axis=0).tolist() == [T] * 4
    assert len({tuple(pulls) for pulls in thompson.T}) == 4
