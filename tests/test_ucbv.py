"""UCBV: its published bound, what a variance is worth, sure rewards by hand. False alarms: 1e-5 a test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import optimize, stats

import stackel as sk

ALPHA = 1e-5


def lone(rule, means, noise, horizon, **options):
    """Counts of a follower instance that plays alone."""
    game = sk.Game([means], [means], noise=noise)
    return sk.simulate(game, sk.FixedAction(0), rule, horizon, **{"seed": 1, **options}).pulls[:, 0]


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize("means", [(0.25, 0.75), (1.0, 0.0), (0.5, 0.625)])
def test_sure_rewards_by_hand(means, engine):
    # Without variance the radius is 3 b c ln t / n. The bad arm was last played when its own was at least the
    # gap, with a pull less than in the end, when its own is at most the gap and the other's together.
    horizon, rule = 2000, sk.UCBV(reward_range=0.5, confidence=1.0)
    counts = lone(rule, means, sk.Deterministic(), horizon, engine=engine)[0]
    few, many, gap = counts.min(), counts.max(), abs(means[0] - means[1])
    most = 1.5 * math.log(horizon)
    assert 2 < few < many
    assert most / (few - 1) >= gap
    assert most / few <= gap + most / many + 1.5 / (horizon - 1)


@pytest.mark.parametrize(
    ("means", "noise"),
    [
        ((0.5, 0.25), sk.Bernoulli()),
        ((0.06, 0.01), sk.Bernoulli()),
        ((0.99, 0.9, 0.95), sk.Bernoulli()),
        ((0.5, 0.45), sk.Uniform(0.05)),
        ((0.5, 0.45), sk.Uniform(0.45)),
    ],
    ids=repr,
)
def test_bound_on_the_expected_regret(means, noise):
    # Audibert, Munos and Szepesvari (2009): 10 (V / gap + 2 b) ln T for each bad arm, of variance V.
    horizon = 20_000
    pulls = lone(sk.UCBV(), means, noise, horizon, replications=200)
    gaps = max(means) - np.array(means)
    paid = pulls @ gaps
    uniform = isinstance(noise, sk.Uniform)
    variances = [noise.half_width**2 / 3 if uniform else mean * (1 - mean) for mean in means]
    pairs = zip(variances, gaps, strict=True)
    bound = sum(10 * (v / gap + 2) * math.log(horizon) for v, gap in pairs if gap > 0)
    most = paid.mean() + stats.norm.isf(ALPHA) * paid.std() / math.sqrt(len(paid))
    assert most < bound
    assert paid.mean() > bound / 40


@pytest.mark.parametrize("half_width", [0.05, 0.2, 0.5])
def test_what_a_variance_is_worth(half_width):
    # The bad arm is played until its radius, about sqrt(2 V E / n) + 3 E / n with E = 1.2 ln T, has fallen
    # to that of the other plus the gap: up to 10 per cent.
    horizon, gap = 200_000, 0.05
    pulls = lone(sk.UCBV(), (0.5, 0.5 - gap), sk.Uniform(half_width), horizon, replications=60)[:, 1]
    exploration, variance = 1.2 * math.log(horizon), half_width**2 / 3

    def radius(n):
        return math.sqrt(2 * variance * exploration / n) + 3 * exploration / n

    expected = optimize.brentq(lambda n: radius(n) - radius(horizon - n) - gap, 1, horizon / 2)
    room = stats.norm.isf(ALPHA / 2) * pulls.std() / math.sqrt(len(pulls))
    assert abs(pulls.mean() - expected) < 0.1 * expected + room


@pytest.mark.parametrize("decoy", [-1e9, -1e15])
def test_variances_do_not_depend_on_how_far_away_the_first_arm_is(decoy):
    # Played once, and out of the question then. The rewards of the others stay the same.
    near, far = (
        lone(sk.UCBV(reward_range=0.3), (each, 0.3, 0.25), sk.Gaussian(0.1), 3000, replications=5)
        for each in (-1e3, decoy)
    )
    np.testing.assert_array_equal(near, far)
    assert near[:, 0].tolist() == [1] * 5
    assert near.min(axis=0)[1:].min() > 20
