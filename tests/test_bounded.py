"""Intervals of means of bounded variables; their level is exact where all samples can be listed."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from stackel._stats.bounded import betting_limits, mean_limits

ERRORS = (0.5, 0.2, 0.05)


@pytest.mark.parametrize("values", [(0.0, 1.0), (0.2, 1.0), (0.0, 0.5, 1.0)])
@pytest.mark.parametrize("error", ERRORS)
def test_limits_fail_no_more_often_than_allowed(values, error):
    """Every sequence of 7 samples of a law on a few points, with its exact probability."""
    n = 7
    sequences = np.array(list(itertools.product(values, repeat=n)))
    low, high = betting_limits(sequences, error)
    assert (low <= high).all()
    counts = np.stack([(sequences == value).sum(axis=1) for value in values])
    for shares in itertools.product(np.linspace(0.01, 0.97, 13), repeat=len(values) - 1):
        if sum(shares) > 1:
            continue
        law = np.array([*shares, 1 - sum(shares)])
        mean = float(law @ values)
        missed = (mean < low) | (mean > high)
        assert np.exp(np.log(np.maximum(law, 1e-300)) @ counts)[missed].sum() <= error + 1e-12


def test_wealth_is_that_of_the_definition():
    """The lower limit is where the gambler's wealth reaches 2 / error, replayed bet by bet."""
    samples = np.random.default_rng(1).beta(2, 5, 40)
    error = 0.1
    low = betting_limits(samples[None], error)[0][0]

    def wealth(m):
        money, total, squares = 1.0, 0.5, 0.25
        for t, x in enumerate(samples, 1):
            bet = min(math.sqrt(2 * math.log(2 / error) / (len(samples) * squares / t)), 0.9 / m)
            money *= 1 + bet * (x - m)
            total += x
            squares += (x - total / (t + 1)) ** 2
        return money

    assert wealth(low) >= 2 / error - 1e-6
    assert wealth(low + 1e-6) < 2 / error


def test_limits_mirror():
    samples = np.random.default_rng(2).random((3, 50)) ** 2
    low, high = betting_limits(samples, 0.05)
    mirrored = betting_limits(1 - samples, 0.05)
    np.testing.assert_allclose(mirrored, [1 - high, 1 - low], atol=1e-9)


def test_constants_are_found_at_the_rate_of_the_number_of_samples():
    """Without variance the width is of order log(2 / error) / n, far below that of a normal law."""
    for n in (100, 1000, 4000):
        low, high = betting_limits(np.full((1, n), 0.5), 0.01)
        assert low[0] < 0.5 < high[0]
        assert high[0] - low[0] < 3 * math.log(200) / n


def test_limits_scale():
    rng = np.random.default_rng(3)
    unit = rng.random((4, 60))
    low, high = np.array([-2.0, 0, 1e6, 5]), np.array([3.0, 1e-3, 1e6 + 7, 5])
    samples = low[:, None] + (high - low)[:, None] * unit
    found = mean_limits(samples, low, high, 0.05, "betting")
    expected = betting_limits(unit, 0.05)
    for limit, own in zip(found, expected, strict=True):
        np.testing.assert_allclose(limit[:3], (low + (high - low) * own)[:3], rtol=1e-7)
    assert found[0][3] == found[1][3] == 5


def test_student_is_the_textbook_interval():
    samples = np.array([[0.2, 0.4, 0.3, 0.5], [0.0, 0.0, 0.0, 0.0]])
    low, high = mean_limits(samples, np.zeros(2), np.ones(2), 0.05, "student")
    reach = 3.182446305284263 * samples[0].std(ddof=1) / 2
    np.testing.assert_allclose([low[0], high[0]], [0.35 - reach, 0.35 + reach], rtol=1e-9)
    assert (low[1], high[1]) == (0.0, 0.0)
    one = mean_limits(samples[:, :1], np.zeros(2), np.ones(2), 0.05, "student")
    np.testing.assert_array_equal(one, [[0, 0], [1, 1]])
