"""The instances cell by cell, and the property that each random generator promises.

Seeds are fixed, so nothing here is drawn afresh; each statistical bound would reject a correct generator
with probability below 1e-6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk


def cells(game):
    """Rows of (leader, follower) pairs."""
    return np.dstack([game.leader, game.follower]).tolist()


def test_unachievable_cells():
    first, second = sk.games.unachievable(0.03)
    assert cells(first) == [[[0.6, 0.03], [0.2, 0.0]], [[0.5, 0.6], [0.4, 0.4]]]
    assert cells(second) == [[[0.6, 0.03], [0.2, 0.06]], [[0.5, 0.6], [0.4, 0.4]]]
    assert (first.name, second.name) == ("unachievable I", "unachievable II")


def test_etc_failure_cells():
    game = sk.games.etc_failure()
    assert cells(game) == [[[0.6, 0.4], [0.2, 0.0]], [[0.5, 0.3], [0.4, 0.2]]]
    assert game.name == "etc_failure"


def test_lower_bound_cells():
    first, second = sk.games.lower_bound(0.125, n_follower=3, n_leader=3, hidden=2)
    top, nothing = [0.625, 0.125], [0.0, 0.0]
    assert cells(first) == [[top, nothing, nothing], [[0.5, 0.375]] * 3, [nothing] * 3]
    assert cells(second) == [[top, nothing, [0.0, 0.25]], [[0.5, 0.375]] * 3, [nothing] * 3]
    assert (first.name, second.name) == ("lower_bound I", "lower_bound II, b3")


@pytest.mark.parametrize(
    "make",
    [
        lambda **options: sk.games.unachievable(0.1, **options)[1],
        sk.games.etc_failure,
        lambda **options: sk.games.lower_bound(0.1, **options)[0],
        lambda **options: sk.games.random(2, 3, 0, **options),
        lambda **options: sk.games.aligned(2, 3, 2.0, 0, **options),
        lambda **options: sk.games.affine(2, 3, 0, **options),
        lambda **options: sk.games.near_miss(2, 3, 0, **options),
    ],
)
def test_noise(make):
    assert make().noise == (sk.Gaussian(1.0), sk.Gaussian(1.0))
    assert make(noise=sk.Bernoulli()).noise == (sk.Bernoulli(), sk.Bernoulli())
    pair = sk.Gaussian(2.0), sk.Deterministic()
    assert make(noise=pair).noise == pair


GENERATORS = {
    "random": lambda seed: sk.games.random(4, 5, seed, correlation=0.3),
    "aligned": lambda seed: sk.games.aligned(4, 5, 3.0, seed),
    "affine": lambda seed: sk.games.affine(4, 5, seed),
    "near_miss": lambda seed: sk.games.near_miss(4, 5, seed),
}


@pytest.mark.parametrize("generate", GENERATORS.values(), ids=GENERATORS)
def test_seeds(generate):
    assert generate(7) == generate(7)
    assert generate(7) == generate(np.random.SeedSequence(7))
    drawn = generate(np.random.default_rng(7))
    np.testing.assert_array_equal([drawn.leader, drawn.follower], [generate(7).leader, generate(7).follower])
    assert generate(7) != generate(8)
    assert generate(None) != generate(None)
    rng = np.random.default_rng(7)
    assert generate(rng) != generate(rng)


@pytest.mark.parametrize("generate", GENERATORS.values(), ids=GENERATORS)
@pytest.mark.parametrize("bad", [-1, "seed", 1.5])
def test_bad_seeds(generate, bad):
    with pytest.raises(sk.SpecError) as caught:
        generate(bad)
    assert caught.value.argument == "seed"


class TestRandom:
    N = 300 * 300

    @pytest.mark.parametrize("correlation", [-1.0, -0.7, 0.0, 0.4, 0.95, 1.0])
    def test_correlation(self, correlation):
        game = sk.games.random(300, 300, seed=11, correlation=correlation)
        measured = np.corrcoef(game.leader.ravel(), game.follower.ravel())[0, 1]
        # Var(xy) is at most 2 for standardised uniforms of any copula: 5 sigma is below this.
        assert measured == pytest.approx(correlation, abs=5 * math.sqrt(2 / self.N))

    @pytest.mark.parametrize("correlation", [-0.7, 0.0, 0.95])
    def test_uniform_margins(self, correlation):
        game = sk.games.random(300, 300, seed=12, correlation=correlation)
        for utilities in (game.leader, game.follower):
            assert stats.kstest(utilities.ravel(), "uniform").pvalue > 1e-6

    def test_outcomes_are_independent(self):
        u1 = sk.games.random(300, 300, seed=13, correlation=0.9).leader
        for one, other in ((u1[1:], u1[:-1]), (u1[:, 1:], u1[:, :-1])):
            assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 5 / math.sqrt(one.size)

    def test_gaussian_copula(self):
        # Quantiles turned normal are jointly normal: their sum and difference are independent normals.
        r = 2 * math.sin(math.pi * 0.6 / 6)
        game = sk.games.random(300, 300, seed=14, correlation=0.6)
        own, other = stats.norm.ppf(game.leader.ravel()), stats.norm.ppf(game.follower.ravel())
        total, difference = (own + other) / math.sqrt(2 + 2 * r), (own - other) / math.sqrt(2 - 2 * r)
        assert stats.kstest(total, "norm").pvalue > 1e-6
        assert stats.kstest(difference, "norm").pvalue > 1e-6
        assert abs(np.corrcoef(total**2, difference**2)[0, 1]) < 5 / math.sqrt(self.N)

    def test_perfect_correlation(self):
        equal, opposed = (sk.games.random(3, 4, 0, correlation) for correlation in (1.0, -1.0))
        np.testing.assert_array_equal(equal.leader, equal.follower)
        np.testing.assert_allclose(opposed.leader + opposed.follower, 1.0, rtol=0, atol=1e-15)

    @pytest.mark.parametrize("bad", [-1.01, 1.01, math.nan, "high", None])
    def test_bad_correlation(self, bad):
        with pytest.raises(sk.SpecError) as caught:
            sk.games.random(2, 2, 0, correlation=bad)
        assert caught.value.argument == "correlation"


def in_order(game):
    """Both players' utilities in ascending order of the leader's."""
    order = np.argsort(game.leader, axis=None)
    return game.leader.ravel()[order], game.follower.ravel()[order]


class TestAligned:
    @pytest.mark.parametrize("shape", [(1, 2), (2, 2), (5, 3), (30, 30)])
    @pytest.mark.parametrize("lipschitz", [1.0, 1.5, 10.0, 100.0])
    @pytest.mark.parametrize("flip", [False, True])
    def test_lipschitz_is_as_asked(self, shape, lipschitz, flip):
        for seed in range(20):
            game = sk.games.aligned(*shape, lipschitz, seed, flip=flip)
            assert game.shape == shape
            assert sk.alignment(game) == pytest.approx(lipschitz, rel=1e-9)

    @pytest.mark.parametrize("flip", [False, True])
    def test_slopes(self, flip):
        u1, u2 = in_order(sk.games.aligned(10, 10, 4.0, seed=1, flip=flip))
        slopes = np.diff(u2) / np.diff(u1) * (-1 if flip else 1)
        assert slopes.min() == pytest.approx(0.25, rel=1e-9)
        assert slopes.max() <= 1.0 + 1e-9
        assert np.unique(np.round(slopes, 6)).size == 99

    @pytest.mark.parametrize("flip", [False, True])
    def test_fits_bernoulli(self, flip):
        game = sk.games.aligned(10, 10, 1.0, seed=1, flip=flip, noise=sk.Bernoulli())
        assert (game.follower > 0).all()
        assert (game.follower < 1).all()

    def test_order_is_shuffled(self):
        game = sk.games.aligned(10, 10, 2.0, seed=1)
        assert (np.diff(game.leader.ravel()) < 0).sum() > 20

    def test_single_outcome(self):
        assert sk.games.aligned(1, 1, 1.0, seed=0).shape == (1, 1)
        with pytest.raises(sk.SpecError, match="lipschitz: must be 1 for a game with a single outcome"):
            sk.games.aligned(1, 1, 2.0, seed=0)

    @pytest.mark.parametrize("bad", [0.99, math.inf, math.nan, None])
    def test_bad_lipschitz(self, bad):
        with pytest.raises(sk.SpecError) as caught:
            sk.games.aligned(2, 2, bad, seed=0)
        assert caught.value.argument == "lipschitz"


class TestAffine:
    @pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (-1.0, 1.0), (0.3, 0.2), (-7.0, 100.0)])
    def test_relation_and_alignment(self, slope, intercept):
        game = sk.games.affine(6, 7, seed=2, slope=slope, intercept=intercept)
        np.testing.assert_array_equal(game.follower, slope * game.leader + intercept)
        assert sk.alignment(game) == pytest.approx(max(abs(slope), 1 / abs(slope)), rel=1e-9)

    def test_indifferent_follower(self):
        game = sk.games.affine(3, 3, seed=2, slope=0.0)
        assert sk.alignment(game) == math.inf
        assert sk.best_responses(game).all()


class TestNearMiss:
    @pytest.mark.parametrize("shape", [(1, 2), (2, 2), (7, 9)])
    def test_one_tie_in_the_follower_only(self, shape):
        for seed in range(20):
            game = sk.games.near_miss(*shape, seed)
            assert sk.alignment(game) == math.inf
            assert np.unique(game.leader).size == game.leader.size
            assert np.unique(game.follower).size == game.follower.size - 1

    def test_aligned_but_for_the_tie(self):
        u1, u2 = in_order(sk.games.near_miss(7, 9, seed=4))
        slopes = np.sort(np.diff(u2) / np.diff(u1))
        assert slopes[0] == 0.0
        assert slopes[1] >= 0.5 - 1e-9
        assert slopes[-1] <= 1.0 + 1e-9

    def test_single_outcome(self):
        with pytest.raises(sk.SpecError, match="n_follower: must be at least 2"):
            sk.games.near_miss(1, 1, seed=0)


@pytest.mark.parametrize(
    "make", [sk.games.unachievable, sk.games.lower_bound], ids=["unachievable", "lower_bound"]
)
@pytest.mark.parametrize("bad", [0.0, -0.1, math.nan, math.inf, "small", None])
def test_bad_delta(make, bad):
    with pytest.raises(sk.SpecError) as caught:
        make(bad)
    assert caught.value.argument == "delta"


@pytest.mark.parametrize(
    ("argument", "arguments"),
    [
        ("n_follower", {"n_follower": 1}),
        ("n_leader", {"n_leader": 1}),
        ("n_follower", {"n_follower": 2.5}),
        ("hidden", {"hidden": 0}),
        ("hidden", {"hidden": 2}),
        ("hidden", {"n_follower": 4, "hidden": 4}),
    ],
)
def test_bad_lower_bound(argument, arguments):
    with pytest.raises(sk.SpecError) as caught:
        sk.games.lower_bound(0.1, **arguments)
    assert caught.value.argument == argument


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (2.5, 2), (2, "two"), (True, 2)])
def test_bad_sizes(sizes):
    for generate in (
        lambda rows, columns: sk.games.random(rows, columns, 0),
        lambda rows, columns: sk.games.aligned(rows, columns, 2.0, 0),
        lambda rows, columns: sk.games.affine(rows, columns, 0),
        lambda rows, columns: sk.games.near_miss(rows, columns, 0),
    ):
        with pytest.raises(sk.SpecError) as caught:
            generate(*sizes)
        assert caught.value.argument in ("n_leader", "n_follower")
