"""Student intervals against scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import stackel as sk
from stackel._stats.intervals import as_confidence, mean_interval, student_quantile


@pytest.mark.parametrize("confidence", [0.01, 0.5, 0.9, 0.95, 0.99, 0.999])
def test_quantiles_are_students(confidence):
    degrees = np.array([*range(1, 520), 1_000, 10**6, 2**40])
    ours = [student_quantile(confidence, int(n)) for n in degrees]
    np.testing.assert_allclose(ours, stats.t.ppf((1 + confidence) / 2, degrees), rtol=1e-6)


@pytest.mark.parametrize("count", [2, 3, 32, 500])
def test_interval_of_a_mean(count):
    samples = np.random.default_rng(1).exponential(size=(2, count, 3))
    mean, error, low, high = mean_interval(samples, 1, 0.9)
    expected = stats.t.interval(0.9, count - 1, loc=samples.mean(axis=1), scale=stats.sem(samples, axis=1))
    np.testing.assert_allclose(mean, samples.mean(axis=1))
    np.testing.assert_allclose(error, stats.sem(samples, axis=1))
    np.testing.assert_allclose((low, high), expected, rtol=1e-6)


def test_one_sample_has_a_mean_only():
    mean, *unknown = mean_interval(np.ones((2, 1, 3)), 1, 0.95)
    assert (mean == 1).all()
    assert np.isnan(unknown).all()


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1, float("nan"), "high", None])
def test_confidence_is_a_probability(confidence):
    with pytest.raises(sk.SpecError, match=r"^confidence: must be a probability strictly between 0 and 1"):
        as_confidence(confidence)
