"""Streams keyed by (seed, replication, player) do not meet and do not know of each other.

False alarms: at most ALPHA a test, all with fixed seeds.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from stackel import _core

ALPHA = 1e-6
STREAMS = 1_000_000
PLAYERS = ("leader", "follower")
NORMAL = ("Gaussian", {"sigma": 1.0})
UNIT = ("Uniform", {"half_width": 0.5})
EDGES = [0, 1, 2, 2**31, 2**32 - 1, 2**32, 2**53, 2**63, 2**64 - 1]


def draw(seed, replication, player="leader", count=1, law=NORMAL):
    mean = 0.5 if law is UNIT else 0.0
    return _core.draw_rewards(law, mean, count, seed, replication, player)


def correlation_p_value(matrix, other=None):
    """Chi-square test that all correlations between rows are zero.

    With n independent standard normals a row, n r^2 is close to chi-square(1) for each pair.
    """
    n = matrix.shape[1]
    if other is None:
        pairs = np.corrcoef(matrix)[np.triu_indices(len(matrix), 1)]
    else:
        pairs = np.corrcoef(matrix, other)[: len(matrix), len(matrix) :].ravel()
    smallest = min(1.0, len(pairs) * 2 * stats.norm.sf(np.sqrt(n) * np.abs(pairs).max()))
    return min(stats.chi2.sf(n * (pairs**2).sum(), len(pairs)), smallest)


def test_a_million_streams_start_differently():
    # A square grid of seeds and replications: keys mixed by sum, product or exclusive or would meet.
    # Two 53-bit values a stream make a chance collision 1e12 / 2^107, that is 6e-21, likely.
    side = int(np.sqrt(STREAMS / 2))
    starts = np.array(
        [
            draw(seed, replication, player, 2, UNIT)
            for seed in range(side)
            for replication in range(side)
            for player in PLAYERS
        ]
    )
    assert len(np.unique(starts.view(np.complex128))) == len(starts) == 2 * side**2
    # Their first values, one a stream, must look like draws from one stream.
    first = starts[:, 0]
    assert stats.ks_1samp(first, stats.uniform.cdf).pvalue > ALPHA
    normal = stats.norm.ppf(first).reshape(side, side, 2)
    for neighbours in (
        (normal[1:], normal[:-1]),
        (normal[:, 1:], normal[:, :-1]),
        (normal[:, :, 0], normal[:, :, 1]),
    ):
        left, right = (side_.ravel() for side_ in neighbours)
        z = (left * right).sum() / np.sqrt(len(left))
        assert 2 * stats.norm.sf(abs(z)) > ALPHA / 3


def test_extreme_keys_have_streams_of_their_own():
    starts = {
        tuple(draw(seed, replication, player, 2, UNIT))
        for seed in EDGES
        for replication in EDGES
        for player in PLAYERS
    }
    assert len(starts) == len(EDGES) ** 2 * len(PLAYERS)


@pytest.mark.parametrize(
    "keys",
    [
        [(11, replication, player) for replication in range(24) for player in PLAYERS],
        [(seed, 0, player) for seed in range(24) for player in PLAYERS],
        [(2**bit, 2**other, "leader") for bit in range(0, 64, 9) for other in range(0, 53, 9)],
    ],
    ids=["replications", "seeds", "single bits"],
)
def test_streams_are_uncorrelated(keys):
    rows = np.array([draw(*key, count=50_000) for key in keys])
    assert correlation_p_value(rows) > ALPHA
    assert correlation_p_value(rows**2) > ALPHA


def test_the_correlation_test_sees_a_little_in_common():
    rows = np.array([draw(11, replication, count=50_000) for replication in range(24)])
    shared = draw(12, 0, count=50_000)
    assert correlation_p_value(rows) > ALPHA > correlation_p_value(rows + 0.1 * shared)


@pytest.mark.parametrize("lag", [1, 2, 3, 17, 256])
def test_streams_are_uncorrelated_with_a_lag(lag):
    rows = np.array([draw(12, r, player, 50_000) for r in range(12) for player in PLAYERS])
    assert correlation_p_value(rows[:, lag:], rows[:, :-lag]) > ALPHA


def test_a_stream_has_no_memory():
    values = draw(13, 0, count=2_000_000)
    lags = range(1, 65)
    n = len(values)
    for power in (values, values**2 - 1):
        r = np.array([(power[lag:] * power[:-lag]).sum() for lag in lags]) / (power**2).sum()
        assert stats.chi2.sf(n * (r**2).sum(), len(r)) > ALPHA / 2


def test_triples_of_one_stream_fill_the_cube():
    cube = draw(14, 0, count=3_000_000, law=UNIT).reshape(-1, 3)
    cell = (cube * 16).astype(np.int64) @ (256, 16, 1)
    assert stats.chisquare(np.bincount(cell, minlength=16**3)).pvalue > ALPHA


def test_low_bits_are_random_too():
    # 53-bit uniforms: the last eight bits must be as uniform as the first.
    last = (draw(15, 0, count=1_000_000, law=UNIT) * 2.0**53).astype(np.int64) & 255
    assert stats.chisquare(np.bincount(last, minlength=256)).pvalue > ALPHA


def test_a_stream_is_a_prefix_of_itself():
    np.testing.assert_array_equal(draw(16, 3, count=10), draw(16, 3, count=1000)[:10])
