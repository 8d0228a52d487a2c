"""Simultaneous intervals of paired differences.

The statistical tests would each reject correct intervals with probability below 1e-4: binomial
bounds at four standard deviations.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from stackel._stats.paired import paired_differences


def differences(samples, compared=None, **options):
    samples = np.array(samples, dtype=float)
    if compared is None:
        compared = ~np.eye(len(samples), dtype=bool)
    settings = {"confidence": 0.95, "bootstrap": 1000, "seed": np.random.SeedSequence(5)} | options
    rounding = settings.pop("rounding", 1e-9)
    return paired_differences(samples, compared, rounding, **settings)


def family_error(draw, truth, count, **options):
    """How often any interval misses, among `count` sets of samples."""
    expected = np.subtract.outer(truth, truth)
    misses = 0
    for key in range(count):
        found = differences(draw(), seed=np.random.SeedSequence(key), bootstrap=400, **options)
        misses += ((found.low > expected + 1e-9) | (found.high < expected - 1e-9)).any()
    return misses


@pytest.mark.parametrize("law", ["normal", "exponential"])
def test_all_intervals_hold_together_as_often_as_they_say(law):
    rng = np.random.default_rng(3)
    scale = np.array([[3.0], [1.0], [1.0], [0.2], [1.0], [1.0]])

    def draw():
        own = getattr(rng, law)(size=(6, 48))
        return scale * own + rng.normal(size=48)

    truth = scale[:, 0] if law == "exponential" else np.zeros(6)
    sets = 300
    misses = family_error(draw, truth, sets)
    # Skewness and the spread of the bootstrap may cost a few per cent, not more.
    assert misses < 0.07 * sets + 4 * math.sqrt(0.07 * 0.93 * sets)


@pytest.mark.parametrize("replications", [2, 4, 8])
def test_few_replications_keep_the_level(replications):
    rng = np.random.default_rng(replications)
    sets = 1000
    misses = family_error(lambda: rng.normal(size=(5, replications)), np.zeros(5), sets)
    assert misses < 0.06 * sets + 4 * math.sqrt(0.06 * 0.94 * sets)


def test_differences_are_paired():
    rng = np.random.default_rng(4)
    common = 100 * rng.normal(size=32)
    found = differences([common, common + 1 + 0.01 * rng.normal(size=32)])
    assert 0.98 < found.low[1, 0] < found.mean[1, 0] < found.high[1, 0] < 1.02


def test_two_quantities_have_nearly_students_interval():
    samples = np.random.default_rng(5).normal(size=(2, 40))
    found = differences(samples, bootstrap=20_000)
    gap = samples[0] - samples[1]
    low, high = stats.t.interval(0.95, 39, loc=gap.mean(), scale=stats.sem(gap))
    assert found.mean[0, 1] == pytest.approx(gap.mean())
    assert found.high[0, 1] - found.low[0, 1] == pytest.approx(high - low, rel=0.03)


def test_everything_is_antisymmetric():
    found = differences(np.random.default_rng(6).normal(size=(4, 20)))
    np.testing.assert_allclose(found.mean, -found.mean.T)
    np.testing.assert_allclose(found.low, -found.high.T)
    for part in found:
        assert (np.diag(part) == 0).all()


def test_more_comparisons_widen_the_intervals():
    samples = np.random.default_rng(7).normal(size=(12, 40))
    few = np.zeros((12, 12), dtype=bool)
    few[0, 1] = few[1, 0] = True
    one, all_ = differences(samples, few), differences(samples)
    assert all_.low[0, 1] < one.low[0, 1] < one.high[0, 1] < all_.high[0, 1]


def test_what_never_varies_has_no_width():
    noise = np.random.default_rng(8).normal(size=16)
    found = differences([noise, noise + 2, noise + 2 + 1e-12])
    np.testing.assert_allclose(found.mean[1, 0], 2)
    np.testing.assert_allclose((found.low[1, 0], found.high[1, 0]), 2)
    assert found.mean[2, 1] == found.low[2, 1] == found.high[2, 1] == 0


def test_a_difference_seen_once_is_not_significant():
    once = np.zeros((2, 64))
    once[1, 5] = 1000.0
    found = differences(once)
    assert found.low[1, 0] < 0 < found.mean[1, 0]


def test_one_replication_has_no_limits():
    found = differences([[1.0], [3.0]])
    np.testing.assert_allclose(found.mean, [[0, -2], [2, 0]])
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()


def test_batches_do_not_matter(monkeypatch):
    samples = np.random.default_rng(9).normal(size=(3, 30))
    whole = differences(samples)
    monkeypatch.setattr("stackel._stats.resampling._BATCH", 100)
    for one, other in zip(whole, differences(samples), strict=True):
        np.testing.assert_allclose(one, other)
