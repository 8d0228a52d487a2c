"""BayesUCB: its quantiles by SciPy, the asymptotic constant, and its engines beside each other.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special, stats

import stackel as sk

ALPHA = 1e-5


def divergence(p, q):
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


def test_constant_of_lai_and_robbins_for_normal_laws():
    # Asymptotically ln T / d rounds of the bad arm, here from T = 10^6 to 10^12, up to 10 per cent.
    least, most = (
        sk.bandit(
            (0.5, 0.0), sk.BayesUCB(sigma=2.0), T, noise=sk.Gaussian(2.0), replications=300, seed=T
        ).pulls[:, 1]
        for T in (10**6, 10**12)
    )
    growth = most.mean() - least.mean()
    room = stats.norm.isf(ALPHA / 2) * math.sqrt((least.var() + most.var()) / 300)
    expected = math.log(10**6) / (0.5**2 / 8)
    assert abs(growth - expected) < 0.1 * expected + room
    assert room < 0.35 * expected


@pytest.mark.parametrize("means", [(0.9, 0.6), (0.3, 0.1)])
def test_bound_for_coins(means):
    # Kaufmann, Cappé and Garivier (2012), theorem 1, without its o(ln T).
    horizon = 10**5
    bound = math.log(horizon) / divergence(means[1], means[0])
    learner = sk.BayesUCB(family="bernoulli")
    bad = sk.bandit(means, learner, horizon, noise=sk.Bernoulli(), replications=20, seed=1).pulls[:, 1]
    room = stats.norm.isf(ALPHA / 2) * bad.std() / math.sqrt(len(bad))
    assert bound / 3 < bad.mean() < bound
    assert room < bound / 2


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize("prior", [(1.0, 1.0), (2.0, 6.5)])
def test_the_arm_of_every_round_has_the_largest_quantile(prior, engine):
    learner = sk.BayesUCB(family="bernoulli", prior_ones=prior[0], prior_zeros=prior[1], exponent=1.0)
    means, horizon = np.array([0.3, 0.5, 0.6]), 400
    run = sk.bandit(
        means,
        learner,
        horizon,
        noise=sk.Bernoulli(),
        seed=3,
        checkpoints=range(1, horizon + 1),
        trace=True,
        engine=engine,
    )
    counts = np.insert(run.arm_counts[0], 0, 0, axis=0)
    sums = np.round(np.array([run.rewards_of(np.diag(row)[None])[0] for row in counts]))
    p = 1 / (np.arange(1, horizon + 1) * math.log(horizon))
    ones, zeros = prior[0] + sums, prior[1] + counts - sums
    indices = special.betaincinv(ones[:-1], zeros[:-1], 1 - p[:, None])
    played = np.diff(counts, axis=0).argmax(axis=1)
    assert (indices[np.arange(horizon), played] >= indices.max(axis=1) * (1 - 1e-9)).all()
    assert set(played.tolist()) == {0, 1, 2}


@pytest.mark.parametrize("ties", ["lowest", "random"])
def test_engines_play_the_same_games(ties):
    learner = sk.BayesUCB(family="bernoulli", ties=ties)
    options = {"noise": sk.Bernoulli(), "replications": 3, "seed": 4}
    runs = [
        sk.bandit([0.2, 0.5, 0.5, 0.9], learner, 5000, engine=engine, **options)
        for engine in ("leap", "stepwise", "reference")
    ]
    for run in runs[1:]:
        assert np.array_equal(run.pulls, runs[0].pulls)
        assert np.array_equal(run.regret[:, -1], runs[0].regret[:, -1])


def test_quantiles_close_to_1():
    """An arm that always pays 1 is never left: one that is not known has a smaller quantile."""
    run = sk.bandit([1.0, 1.0], sk.BayesUCB(family="bernoulli"), 10**4, noise=sk.Bernoulli(), seed=1)
    assert run.pulls.tolist() == [[10**4, 0]]


def test_levels_close_to_0():
    """Quantiles as odds are then so large that their product is no number: plans have to do without it."""
    learner = sk.BayesUCB(family="bernoulli", exponent=200.0)
    runs = [
        sk.bandit([1.0, 1.0, 0.9], learner, 2000, noise=sk.Bernoulli(), seed=1, engine=engine)
        for engine in ("leap", "reference")
    ]
    assert runs[0].pulls.tolist() == runs[1].pulls.tolist()


def test_priors_count_a_reward_of_each_kind():
    with pytest.raises(sk.SpecError, match=r"^prior_zeros: must be a number from 1 to"):
        sk.BayesUCB(family="bernoulli", prior_zeros=0.5)
