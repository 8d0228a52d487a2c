"""SlidingWindowUCB and DiscountedUCB: closed forms of sure rewards, limits, and arms that change.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk

ALPHA = 1e-5
ENGINES = ["leap", "stepwise", "reference"]


def lone(rule, means, noise, horizon, **options):
    """Counts of a follower instance that plays alone."""
    game = sk.Game([means], [means], noise=noise)
    return sk.simulate(game, sk.FixedAction(0), rule, horizon, **{"seed": 1, **options}).pulls[:, 0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("window", [1, 2, 7, 50, 999, 1000, 2**60])
def test_without_a_radius_an_arm_is_tried_again_when_it_is_forgotten(window, engine):
    # The bad arm's only reward is in the window for as many rounds; then the arm is new, and comes first.
    pulls = lone(
        sk.SlidingWindowUCB(window=window, sigma=0), (0.25, 0.75), sk.Deterministic(), 1000, engine=engine
    )
    assert pulls[0, 0] == math.ceil(1000 / (window + 1))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("discount", "rounds"), [(0.0, 1), (0.5, 1075), (2.0**-100, 11), (1.0, 10**9)])
def test_without_a_radius_an_arm_is_tried_again_when_nothing_is_left_of_it(discount, rounds, engine):
    # 2^-1074 is the smallest number above 0, and half of it is rounded to 0.
    pulls = lone(
        sk.DiscountedUCB(discount=discount, sigma=0), (0.25, 0.75), sk.Deterministic(), 5000, engine=engine
    )
    assert pulls[0, 0] == math.ceil(5000 / (rounds + 1))


@pytest.mark.parametrize("means", [(0.25, 0.75), (0.5, 1.0, 0.0), (0.5, 0.5, 0.375)])
@pytest.mark.parametrize("window", [100, 500, 3000])
def test_how_often_bad_arms_of_sure_rewards_are_tried(window, means):
    # An arm of gap d is played only while N < w^2 / d^2, where w / sqrt(N) is the radius: in a window, that
    # happens at most w^2 / d^2 + 1 times. The count is that of Garivier and Moulines (2011).
    horizon, width = 20_000, math.sqrt(2 * math.log(window)) * 0.5
    pulls = lone(sk.SlidingWindowUCB(window=window, sigma=0.5), means, sk.Deterministic(), horizon)[0]
    for n, mean in zip(pulls, means, strict=True):
        if (gap := max(means) - mean) > 0:
            assert n <= math.ceil(horizon / window) * (width**2 / gap**2 + 1)
            # And it is not left alone for longer than a window.
            assert n >= horizon // (window + 1)


@pytest.mark.parametrize("means", [(0.25, 0.75), (0.5, 1.0, 0.0), (0.5, 0.5, 0.375)])
@pytest.mark.parametrize("memory", [100, 500, 3000])
def test_how_often_bad_arms_of_sure_rewards_are_tried_when_rewards_fade(memory, means):
    # As above: a round counts for at least discount^memory throughout the next `memory` ones, so that in
    # these an arm is played at most (w^2 / d^2 + 1) discount^-memory times. All rewards count for `memory`.
    horizon, discount = 20_000, 1 - 1 / memory
    width = 2 * math.sqrt(2 * math.log(memory)) * 0.5
    pulls = lone(sk.DiscountedUCB(discount=discount, sigma=0.5), means, sk.Deterministic(), horizon)[0]
    for n, mean in zip(pulls, means, strict=True):
        if (gap := max(means) - mean) > 0:
            most = (width**2 / gap**2 + 1) * discount**-memory
            assert n <= math.ceil(horizon / memory) * most


def share_of_the_best_after_a_change(rule, seed, horizon=6000):
    """How often the better of two coins is played in the second half, when it is no longer the first."""
    rng = np.random.default_rng(seed)
    agent = sk.Agent(rule, (2, 1), horizon, seed)
    late = 0
    for t in range(horizon):
        arm = agent.choose()
        changed = 2 * t >= horizon
        agent.observe(float(rng.random() < ((0.2, 0.6) if changed else (0.9, 0.2))[arm]))
        late += changed and arm == 1
    return 2 * late / horizon


@pytest.mark.parametrize("rule", [sk.SlidingWindowUCB(sigma=0.5), sk.DiscountedUCB(sigma=0.5)], ids=repr)
def test_arms_that_change_are_told_apart_anew(rule):
    # UCB prefers the first arm until its mean has fallen from 0.9 to 0.6, after most of the time.
    ours, theirs = (
        np.array([share_of_the_best_after_a_change(each, seed) for seed in range(12)])
        for each in (rule, sk.UCB(anytime=True, sigma=0.5))
    )
    assert stats.ttest_rel(ours, theirs, alternative="greater").pvalue < ALPHA
    assert stats.ttest_1samp(ours, 0.7, alternative="greater").pvalue < ALPHA
    assert stats.ttest_1samp(theirs, 0.5, alternative="less").pvalue < ALPHA
