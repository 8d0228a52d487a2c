"""ThompsonSampling: exact laws of short games, and the asymptotic constant. False alarms: 1e-5 a test."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from chance import Beta, chances_of_the_largest
from goodness import goodness_of_fit
from scipy import stats

import stackel as sk

ALPHA = 1e-5
RUNS = 20_000


def normal_leads(first, second, weight, sigma):
    """Probability that the first arm's draw is larger; an arm is its count and the sum of its rewards."""
    (n, s), (m, t) = first, second
    if weight == 0 and 0 in (n, m):
        return float(n == 0)
    gap = s / (weight + n) - t / (weight + m)
    return stats.norm.cdf(gap / (sigma * math.sqrt(1 / (weight + n) + 1 / (weight + m))))


def beta_leads(first, second, mean=0.5, weight=2.0):
    """The same for coins."""
    laws = (Beta(weight * mean + s, weight * (1 - mean) + n - s) for n, s in (first, second))
    return chances_of_the_largest(tuple(laws))[0]


def law_of_pulls(horizon, leads, outcomes):
    """Law of the first arm's count; outcomes[k] are the rewards of arm k with their probabilities."""
    states = {((0, 0), (0, 0)): 1.0}
    for _ in range(horizon):
        after = Counter()
        for arms, p in states.items():
            first = leads(*arms)
            for k, q in enumerate((first, 1 - first)):
                for reward, r in outcomes[k]:
                    n, s = arms[k]
                    now = list(arms)
                    now[k] = (n + 1, s + reward)
                    after[tuple(now)] += p * q * r
        states = after
    law = np.zeros(horizon + 1)
    for arms, p in states.items():
        law[arms[0][0]] += p
    return law


def pulls_of_first(rule, seat, means, noise, horizon, *, engine):
    means = np.array([means]) if seat == "follower" else np.array([means]).T
    pair = (rule, sk.FixedAction(0)) if seat == "leader" else (sk.FixedAction(0), rule)
    game = sk.Game(means, means, noise=noise)
    run = sk.simulate(game, *pair, horizon, replications=RUNS, seed=1, engine=engine)
    return run.pulls[:, 0, 0]


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize("weight", [0.0, 1.0, 2.5])
@pytest.mark.parametrize(("horizon", "means"), [(25, (0.25, 0.5)), (250, (0.0, 0.5))])
def test_sure_rewards(weight, seat, engine, horizon, means):
    sigma = 0.5
    rule = sk.ThompsonSampling(prior_weight=weight, sigma=sigma)
    law = law_of_pulls(
        horizon,
        lambda first, second: normal_leads(first, second, weight, sigma),
        [[(mean, 1.0)] for mean in means],
    )
    counts = pulls_of_first(rule, seat, means, sk.Deterministic(), horizon, engine=engine)
    assert goodness_of_fit(counts, law) > ALPHA


@pytest.mark.parametrize("engine", ["stepwise", "reference"])
@pytest.mark.parametrize("noise", [sk.Bernoulli(), sk.Deterministic()], ids=repr)
def test_coins_and_rewards_that_are_taken_for_coins(noise, engine):
    horizon, means = 9, (0.75, 0.4)
    outcomes = [[(1, mean), (0, 1 - mean)] for mean in means]
    law = law_of_pulls(horizon, beta_leads, outcomes)
    counts = pulls_of_first(
        sk.ThompsonSampling(family="bernoulli"), "follower", means, noise, horizon, engine=engine
    )
    assert goodness_of_fit(counts, law) > ALPHA


@pytest.mark.parametrize(("mean", "weight"), [(0.05, 0.02), (0.5, 1e-6), (0.999, 0.5), (0.3, 40.0)])
def test_coins_and_priors_of_any_weight(mean, weight):
    horizon, means = 5, (0.75, 0.4)
    law = law_of_pulls(
        horizon,
        lambda first, second: beta_leads(first, second, mean, weight),
        [[(1, each), (0, 1 - each)] for each in means],
    )
    rule = sk.ThompsonSampling(family="bernoulli", prior_mean=mean, prior_weight=weight)
    counts = pulls_of_first(rule, "follower", means, sk.Bernoulli(), horizon, engine="stepwise")
    assert goodness_of_fit(counts, law) > ALPHA


@pytest.mark.parametrize("weight", [1e-248, 1e-3, 0.02, 3.0, 1e13, 1e17, 1e40, 1e100])
@pytest.mark.parametrize("family", ["bernoulli", "gaussian"])
@pytest.mark.parametrize("mean", [0.05, 0.95])
def test_arms_of_which_nothing_is_known_are_equal(mean, family, weight):
    # By symmetry each of three arms comes first with probability 1/3. Draws that round to the same tie.
    rule = sk.ThompsonSampling(family=family, prior_mean=mean, prior_weight=weight)
    game = sk.Game([[0.5] * 3], [[0.5] * 3], noise=sk.Bernoulli())
    first = sk.simulate(game, sk.FixedAction(0), rule, 1, replications=RUNS, seed=3).pulls[:, 0].sum(axis=0)
    assert stats.chisquare(first).pvalue > ALPHA


@pytest.mark.parametrize("weight", [0.0, 1e-250])
def test_priors_too_light_for_floats_are_refused(weight):
    with pytest.raises(sk.SpecError, match=r"prior_weight.*positive") as caught:
        sk.simulate(
            sk.games.etc_failure(),
            sk.ThompsonSampling(family="bernoulli", prior_weight=weight),
            sk.UCB(),
            10,
        )
    assert caught.value.argument == "prior_weight"


def test_rewards_beyond_the_unit_interval_count_as_its_ends():
    rule = sk.ThompsonSampling(family="bernoulli")
    one, other = (
        pulls_of_first(rule, "follower", means, sk.Deterministic(), 30, engine="stepwise")
        for means in ((1.0, 0.0), (7.5, -3.0))
    )
    np.testing.assert_array_equal(one, other)


def divergence(p, q):
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


@pytest.mark.parametrize(
    ("family", "noise", "means", "constant"),
    [
        ("gaussian", sk.Gaussian(1.0), (1.0, 0.0), 2.0),
        ("bernoulli", sk.Bernoulli(), (0.9, 0.5), 1 / divergence(0.5, 0.9)),
    ],
)
def test_constant_of_lai_and_robbins(family, noise, means, constant):
    # From T = 10^4 to 10^5 the bad arm's count should grow by nearly constant * ln 10 (Kaufmann, Korda and
    # Munos 2012; Korda, Kaufmann and Munos 2013). It still grows more slowly: 25 per cent are allowed for.
    run = sk.simulate(
        sk.Game([means], [means], noise=noise),
        sk.FixedAction(0),
        sk.ThompsonSampling(family=family),
        10**5,
        replications=300,
        seed=2,
        checkpoints=[10**4, 10**5],
        trace=True,
    )
    slopes = np.diff(run.cell_counts[:, :, 0, 1], axis=1)[:, 0] / math.log(10)
    room = stats.norm.isf(ALPHA / 2) * slopes.std() / math.sqrt(len(slopes))
    assert 0.75 * constant - room < slopes.mean() < constant + room
