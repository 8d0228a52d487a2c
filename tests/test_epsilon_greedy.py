"""EpsilonGreedy explores as often as it should, and obeys its published bound. False alarms: 1e-5 a test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from goodness import goodness_of_fit
from scipy import stats

import stackel as sk

ALPHA = 1e-5
SCHEDULES = [(0.1, 0.0), (1.0, 0.0), (3.0, 1.0), (0.8, 0.5), (0.0, 0.0), (0.7, 2.0)]


def probabilities(rule, rounds):
    return np.minimum(1.0, rule.epsilon / np.asarray(rounds, float) ** rule.decay)


def law_of_sum(p):
    """Law of the number of independent events with probabilities p that happen."""
    law = np.ones(1)
    for each in p:
        law = np.convolve(law, [1 - each, each])
    return law


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(("epsilon", "decay"), SCHEDULES)
def test_bad_arms_are_played_when_it_explores_and_only_then(epsilon, decay, seat, engine):
    rule, horizon, arms = sk.EpsilonGreedy(epsilon=epsilon, decay=decay), 120, 4
    means = np.array([[0.25, 0.5, 0.75, 0.0]])
    means = means if seat == "follower" else means.T
    pair = (rule, sk.FixedAction(0)) if seat == "leader" else (sk.FixedAction(0), rule)
    game = sk.Game(means, means, noise=sk.Deterministic())
    run = sk.simulate(game, *pair, horizon, replications=4000, seed=1, engine=engine)
    bad = horizon - run.pulls.reshape(-1, arms)[:, 2] - (arms - 1)
    law = law_of_sum(probabilities(rule, range(arms + 1, horizon + 1)) * (arms - 1) / arms)
    assert goodness_of_fit(bad, law) > ALPHA if epsilon else not bad.any()


def test_a_trillion_rounds_are_leapt_over():
    rule, horizon, runs = sk.EpsilonGreedy(epsilon=20.0, decay=1.0), 10**12, 400
    game = sk.Game([[0.0, 1.0]], [[0.0, 1.0]], noise=sk.Gaussian(0.1))
    run = sk.simulate(game, sk.FixedAction(0), rule, horizon, replications=runs, seed=2)
    assert run.engine == "leap"
    # Arms are 10 standard deviations apart. Explorations in rounds 3 to 20 are sure, then come 20 / n.
    late = 20 * (math.log(horizon) + np.euler_gamma - (1 / np.arange(1, 21)).sum())
    mean = 1 + 0.5 * (18 + late)
    error = math.sqrt(0.5 * (9 + late) / runs)
    assert abs(run.pulls[:, 0, 0].mean() - mean) < stats.norm.isf(ALPHA / 2) * error


@pytest.mark.parametrize(("means", "c"), [((0.75, 0.25), 6.0), ((0.9, 0.6, 0.5), 6.0), ((0.5, 0.2), 10.0)])
def test_bound_of_auer_cesa_bianchi_and_fischer(means, c):
    # Their theorem 3: in round n >= c K / d a bad arm is played with at most this probability.
    best, *rest = means
    d, arms, n = best - rest[0], len(means), 4000
    rule = sk.EpsilonGreedy(epsilon=c * arms / d**2, decay=1.0)
    run = sk.simulate(
        sk.Game([means], [means], noise=sk.Bernoulli()),
        sk.FixedAction(0),
        rule,
        n,
        replications=3000,
        seed=3,
        checkpoints=[n - 1, n],
        trace=True,
    )
    late = np.diff(run.cell_counts, axis=1)[:, 0, 0]
    x = (n - 1) * d**2 * math.exp(0.5) / (c * arms)
    bound = c / (d**2 * n)
    bound += 2 * c / d**2 * math.log(x) * x ** (-c / (5 * d**2)) + 4 * math.e / d**2 * x ** (-c / 2)
    assert c / (d**2 * n) <= bound < 0.1
    for arm in range(1, arms):
        played = int(late[:, arm].sum())
        assert stats.binomtest(played, len(late), bound, alternative="greater").pvalue > ALPHA
