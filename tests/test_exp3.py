"""EXP3 and EXP3IX: exact laws of short games, clipped rewards, published bounds.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from goodness import goodness_of_fit
from scipy import special, stats

import stackel as sk

ALPHA = 1e-5


def law_of_pulls(horizon, losses, rate, bias):
    """Law of the first of two arms' count when each arm always has the same loss: all courses of the game."""
    law = np.zeros(horizon + 1)

    def play(left, estimates, first, probability):
        if left == 0:
            law[first] += probability
            return
        p = special.expit(rate * (estimates[1] - estimates[0]))
        for arm, chance in enumerate((p, 1 - p)):
            if probability * chance < 1e-20:
                continue
            after = list(estimates)
            after[arm] += losses[arm] / (chance + bias)
            play(left - 1, after, first + (arm == 0), probability * chance)

    play(horizon, [0.0, 0.0], 0, 1.0)
    return law


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(("rate", "bias"), [(0.4, 0.0), (None, 0.0), (0.4, 0.15), (None, None)])
def test_every_course_of_a_short_game(rate, bias, seat, engine):
    horizon, low, high, means = 12, -1.0, 3.0, (2.0, 0.0)
    rule = (
        sk.EXP3(learning_rate=rate, low=low, high=high)
        if bias == 0.0
        else sk.EXP3IX(learning_rate=rate, implicit_exploration=bias, low=low, high=high)
    )
    # Losses are (3 - 2) / 4 and (3 - 0) / 4; the default rate is sqrt(2 ln 2 / (12 * 2)), and the default
    # bias half of it.
    eta = math.sqrt(math.log(2) / 12) if rate is None else rate
    law = law_of_pulls(horizon, (0.25, 0.75), eta, eta / 2 if bias is None else bias)
    shape = (1, 2) if seat == "follower" else (2, 1)
    game = sk.Game(np.reshape(means, shape), np.reshape(means, shape), noise=sk.Deterministic())
    pair = (rule, sk.FixedAction(0)) if seat == "leader" else (sk.FixedAction(0), rule)
    run = sk.simulate(game, *pair, horizon, replications=20_000, seed=1, engine=engine)
    assert goodness_of_fit(run.pulls[:, 0, 0], law) > ALPHA


@pytest.mark.parametrize("rule", [sk.EXP3(), sk.EXP3IX()], ids=repr)
def test_rewards_outside_count_as_the_ends(rule):
    pulls = [
        sk.simulate(
            sk.Game([means], [means], noise=sk.Deterministic()), sk.FixedAction(0), rule, 200, seed=2
        ).pulls.tolist()
        for means in ((1.0, 0.0, 0.5), (1e9, -7.0, 0.5))
    ]
    assert pulls[0] == pulls[1]


def regrets(rule, gap, arms, horizon, runs=300):
    means = [[0.5 + gap / 2] + [0.5 - gap / 2] * (arms - 1)]
    game = sk.Game(means, means, noise=sk.Bernoulli())
    run = sk.simulate(game, sk.FixedAction(0), rule, horizon, replications=runs, seed=3)
    return gap * (horizon - run.pulls[:, 0, 0])


@pytest.mark.parametrize("arms", [2, 10])
@pytest.mark.parametrize("scale", [3.0, 10.0, 30.0])
def test_bound_on_the_expected_regret(scale, arms):
    # Lattimore and Szepesvari (2020), theorem 11.2.
    horizon = 10_000
    gap = scale * math.sqrt(arms / horizon)
    paid = regrets(sk.EXP3(), gap, arms, horizon)
    most = paid.mean() + stats.norm.isf(ALPHA) * paid.std() / math.sqrt(len(paid))
    bound = math.sqrt(2 * horizon * arms * math.log(arms))
    assert gap * horizon > 1.3 * bound  # which a learner could lose
    assert most < bound
    # Not by much in the worst of these cases.
    assert scale != 3.0 or most > bound / 5


@pytest.mark.parametrize("arms", [2, 10])
@pytest.mark.parametrize("scale", [20.0, 30.0])
def test_bound_on_nearly_every_regret(scale, arms):
    # Neu (2015), theorem 1, speaks of realised losses, which differ from their means by at most
    # sqrt(2 T ln(1 / delta)) with probability 1 - delta (Hoeffding); so twice delta bounds the mean's regret.
    horizon, delta = 10_000, 0.01
    gap = scale * math.sqrt(arms / horizon)
    paid = regrets(sk.EXP3IX(), gap, arms, horizon)
    bound = 2 * math.sqrt(2 * arms * horizon * math.log(arms))
    bound += (math.sqrt(2 * arms * horizon / math.log(arms)) + 1) * math.log(2 / delta)
    bound += math.sqrt(2 * horizon * math.log(1 / delta))
    assert gap * horizon > 1.4 * bound  # which a learner could lose
    above = int((paid > bound).sum())
    assert stats.binomtest(above, len(paid), 2 * delta, alternative="greater").pvalue > ALPHA
