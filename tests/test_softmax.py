"""Softmax: with sure rewards, means never change, so every round has a known law.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import stackel as sk

ALPHA = 1e-5
MEANS = np.array([0.5, 0.0, 0.25, 1.0])


def pulls(rule, seat, horizon, runs=200):
    shape = (1, len(MEANS)) if seat == "follower" else (len(MEANS), 1)
    game = sk.Game(MEANS.reshape(shape), MEANS.reshape(shape), noise=sk.Deterministic())
    pair = (rule, sk.FixedAction(0)) if seat == "leader" else (sk.FixedAction(0), rule)
    run = sk.simulate(game, *pair, horizon, replications=runs, seed=1)
    return run.pulls.reshape(runs, len(MEANS))


@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize("decay", [0.0, 0.25, 1.0])
@pytest.mark.parametrize("temperature", [0.2, 1.0, 30.0])
def test_every_round_has_the_law_of_the_means(temperature, decay, seat):
    horizon = 1000
    found = pulls(sk.Softmax(temperature, decay=decay), seat, horizon)
    n = np.arange(len(MEANS) + 1, horizon + 1)
    law = special.softmax(MEANS[:, None] * n**decay / temperature, axis=0)
    # Counts are sums of independent trials, after the first round of each arm.
    mean, variance = 1 + law.sum(axis=1), (law * (1 - law)).sum(axis=1)
    rare = variance * len(found) < 25
    off = (found.mean(axis=0) - mean)[~rare] / np.sqrt(variance[~rare] / len(found))
    assert (abs(off) < stats.norm.isf(ALPHA / 2 / 4)).all()
    for arm in np.flatnonzero(rare):
        # Rounds of this arm, or of all others, are rare. A Poisson law has the larger tail.
        few = min(found[:, arm].sum() - len(found), len(found) * (horizon - 3) - found[:, arm].sum())
        expected = len(found) * min(mean[arm] - 1, horizon - 3 - mean[arm])
        assert stats.poisson.sf(few - 1, expected) > ALPHA / 4


@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(
    "rule", [sk.Softmax(1e-100), sk.Softmax(1e-100, decay=1e100), sk.Softmax(1.0, decay=300.0)], ids=repr
)
def test_the_coldest_plays_the_largest_mean(rule, seat):
    assert (pulls(rule, seat, 1000, runs=3) == [1, 1, 1, 997]).all()
