"""The noise laws, drawn alone. False alarms: at most ALPHA a test, all with fixed seeds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk
from stackel import _core

ALPHA = 1e-6
DRAWS = 1_000_000


def draw(law, mean, count=DRAWS, *, seed=1, replication=0, player="leader"):
    return _core.draw_rewards(law.as_core(), mean, count, seed, replication, player)


@pytest.fixture(scope="module")
def normals():
    """Ten million standard normals: enough to see the tails."""
    return draw(sk.Gaussian(1.0), 0.0, 10 * DRAWS, seed=2)


@pytest.mark.parametrize("player", ["leader", "follower"])
@pytest.mark.parametrize(("mean", "sigma"), [(0.0, 1.0), (0.3, 2.5), (-7.0, 0.01), (1e3, 1e-2)])
def test_gaussian_is_normal(mean, sigma, player):
    rewards = draw(sk.Gaussian(sigma), mean, player=player)
    assert stats.ks_1samp(rewards, stats.norm(mean, sigma).cdf).pvalue > ALPHA


def test_gaussian_fills_equiprobable_cells(normals):
    edges = stats.norm.ppf(np.linspace(0, 1, 2001)[1:-1])
    counts = np.bincount(np.searchsorted(edges, normals), minlength=2000)
    assert stats.chisquare(counts).pvalue > ALPHA


def test_gaussian_moments(normals):
    # E z^2k = (2k - 1)!!, and Var z^m = E z^2m - (E z^m)^2.
    def moment(order):
        return 0.0 if order % 2 else float(math.prod(range(1, order, 2)))

    power = np.ones_like(normals)
    for order in range(1, 7):
        power *= normals
        error = math.sqrt((moment(2 * order) - moment(order) ** 2) / len(normals))
        z = (power.mean() - moment(order)) / error
        assert 2 * stats.norm.sf(abs(z)) > ALPHA / 6, order


@pytest.mark.parametrize("threshold", [2.0, 3.0, 3.5, 4.0, 4.5, 5.0])
@pytest.mark.parametrize("sign", [1, -1], ids=["upper", "lower"])
def test_gaussian_tail_probability(normals, threshold, sign):
    beyond = int((sign * normals > threshold).sum())
    assert stats.binomtest(beyond, len(normals), stats.norm.sf(threshold)).pvalue > ALPHA


@pytest.mark.parametrize("start", [3.0, 3.5, 4.0])
def test_gaussian_tail_shape(normals, start):
    beyond = np.abs(normals)
    beyond = beyond[beyond > start]
    uniform = stats.norm.sf(beyond) / stats.norm.sf(start)
    assert stats.kstest(uniform, "uniform").pvalue > ALPHA


def test_gaussian_extreme_is_where_it_should_be(normals):
    # P(max |z| <= m) = (1 - 2 sf(m))^n.
    probability = math.exp(len(normals) * math.log1p(-2 * stats.norm.sf(np.abs(normals).max())))
    assert ALPHA / 2 < probability < 1 - ALPHA / 2


@pytest.mark.parametrize(("mean", "half_width"), [(0.0, 1.0), (0.5, 0.5), (-3.0, 1e-3), (2.0, 40.0)])
def test_uniform_is_uniform(mean, half_width):
    rewards = draw(sk.Uniform(half_width), mean)
    assert rewards.min() >= mean - half_width
    assert rewards.max() <= mean + half_width
    law = stats.uniform(mean - half_width, 2 * half_width)
    assert stats.ks_1samp(rewards, law.cdf).pvalue > ALPHA
    counts = np.histogram(rewards, 1000, (mean - half_width, mean + half_width))[0]
    assert stats.chisquare(counts).pvalue > ALPHA


@pytest.mark.parametrize("mean", [0.0, 1e-5, 0.1, 0.5, 2 / 3, 0.999, 1.0])
def test_bernoulli_shows_ones_with_its_mean_as_probability(mean):
    rewards = draw(sk.Bernoulli(), mean)
    assert set(np.unique(rewards)) <= {0.0, 1.0}
    assert stats.binomtest(int(rewards.sum()), DRAWS, mean).pvalue > ALPHA


def test_bernoulli_words_are_equally_likely():
    bits = draw(sk.Bernoulli(), 0.5, 8 * 200_000).astype(np.int64).reshape(-1, 8)
    words = np.bincount(bits @ (1 << np.arange(8)), minlength=256)
    assert stats.chisquare(words).pvalue > ALPHA


@pytest.mark.parametrize("mean", [0.3, -1e9, 1e-300])
@pytest.mark.parametrize("law", [sk.Deterministic(), sk.Gaussian(0.0), sk.Uniform(0.0)], ids=repr)
def test_no_spread_means_the_mean_itself(law, mean):
    np.testing.assert_array_equal(draw(law, mean, 1000), np.full(1000, mean))


@pytest.mark.parametrize("law", [sk.Gaussian(0.5), sk.Uniform(0.5)], ids=repr)
def test_reward_is_its_mean_plus_noise_of_the_same_round(law):
    # Round t shows the same noise whichever cell is played, so learners can be compared on equal luck.
    difference = draw(law, 0.75, 1000) - draw(law, 0.25, 1000)
    np.testing.assert_allclose(difference, 0.5, rtol=0, atol=1e-15)


def test_bernoulli_reward_grows_with_its_mean():
    low, high = (draw(sk.Bernoulli(), mean, 1000) for mean in (0.25, 0.75))
    assert (low <= high).all()
    assert (low < high).any()


@pytest.mark.parametrize("law", [sk.Gaussian(0.7), sk.Bernoulli(), sk.Uniform(0.4)], ids=repr)
def test_fixed_policies_are_paid_from_these_streams(law):
    # Through the learner: a UCB that cannot tell its arms apart exposes nothing, but explore-then-commit
    # with two arms commits to the one whose drawn rewards sum to more.
    game = sk.Game([[0.5], [0.5]], [[0.5], [0.5]], noise=law)
    run = sk.simulate(game, sk.ExploreThenCommit(exploration=3), sk.UCB(), 7, replications=500, seed=9)
    rewards = np.array([draw(law, 0.5, 6, seed=9, replication=r) for r in range(500)])
    first, second = (np.add.accumulate(rewards[:, k::2], axis=1)[:, -1] for k in (0, 1))
    np.testing.assert_array_equal(run.pulls[:, 1, 0] == 4, second > first)
