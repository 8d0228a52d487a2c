"""Random games with structure: each has the property that it is made for.

Seeds are fixed; each statistical bound would reject a correct generator with probability below 1e-6.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk

GENERATORS = {
    "sparse": lambda seed, shape=(4, 5), **options: sk.games.sparse(*shape, seed, **options),
    "low rank": lambda seed, shape=(4, 5), **options: sk.games.low_rank(*shape, 2, seed, **options),
    "congestion": lambda seed, shape=(4, 5), **options: sk.games.congestion(*shape, seed, **options),
    "security": lambda seed, shape=(4, 5), **options: sk.games.security(*shape, seed, **options),
}


@pytest.mark.parametrize("kind", GENERATORS)
def test_seeds_names_and_noise(kind):
    generate = GENERATORS[kind]
    assert generate(7) == generate(7) == generate(np.random.SeedSequence(7))
    assert generate(7) != generate(8)
    assert generate(7).name.startswith(f"{kind} 4x5, ")
    assert generate(7).name.endswith(", seed 7")
    assert "seed" not in generate(np.random.default_rng(7)).name
    assert generate(1, noise=sk.Bernoulli()).noise == (sk.Bernoulli(),) * 2
    for shape in ((1, 1), (1, 3), (30, 20)):
        game = generate(3, shape)
        assert game.shape == shape
        assert min(game.leader.min(), game.follower.min()) >= 0
        assert max(game.leader.max(), game.follower.max()) <= 1
    for bad in (-1, "seed"):
        with pytest.raises(sk.SpecError, match="seed"):
            generate(bad)


def test_names_of_random_games_say_size_and_seed():
    assert [
        game.name
        for game in (
            sk.games.random(2, 3, 1),
            sk.games.random(2, 3, 1, 0.5),
            sk.games.random(2, 3, np.random.SeedSequence(1, spawn_key=(4,))),
            sk.games.aligned(2, 3, 2.0, 1),
            sk.games.affine(2, 3, 1),
            sk.games.near_miss(2, 3, 1),
        )
    ] == [
        "random 2x3, seed 1",
        "random 2x3, correlation 0.5, seed 1",
        "random 2x3",
        "aligned 2x3, L = 2, seed 1",
        "affine 2x3, slope 1, seed 1",
        "near miss 2x3, seed 1",
    ]


class TestSparse:
    @pytest.mark.parametrize(("density", "count"), [(0.05, 5), (0.051, 6), (1.0, 100), (1e-9, 1)])
    def test_so_many_outcomes_pay(self, density, count):
        game = sk.games.sparse(10, 10, 3, density)
        paying = game.leader > 0
        assert paying.sum() == count
        np.testing.assert_array_equal(paying, game.follower > 0)

    def test_utilities_are_uniform_and_independent(self):
        game = sk.games.sparse(300, 300, 5, 0.3)
        own, other = (u[u > 0] for u in (game.leader, game.follower))
        assert stats.kstest(own, "uniform").pvalue > 1e-6
        assert stats.kstest(other, "uniform").pvalue > 1e-6
        assert abs(np.corrcoef(own, other)[0, 1]) < 5 / math.sqrt(own.size)
        # Places are spread evenly over rows: a hypergeometric count each, of standard deviation 7.9 or less.
        assert abs((game.leader > 0).sum(axis=1) - 90).max() < 6 * 7.9

    @pytest.mark.parametrize("bad", [0.0, -0.1, 1.1, math.nan, "few"])
    def test_bad_density(self, bad):
        with pytest.raises(sk.SpecError, match="density"):
            sk.games.sparse(3, 3, 0, bad)


class TestLowRank:
    @pytest.mark.parametrize("rank", [1, 2, 5])
    def test_rank_of_both_matrices_together(self, rank):
        game = sk.games.low_rank(20, 15, rank, 4)
        singular = np.linalg.svd(np.hstack([game.leader, game.follower]), compute_uv=False)
        assert (singular > 1e-9).sum() == rank

    def test_actions_are_means_of_topics(self):
        """With one topic all actions are the same; utilities have the mean of uniform ones."""
        game = sk.games.low_rank(4000, 2, 1, 4)
        assert (abs(game.leader - game.leader[0]) < 1e-12).all()
        means = [sk.games.low_rank(1, 50, 3, seed).leader.mean() for seed in range(400)]
        # A mean of three uniforms, weighted by a uniform point of the simplex, has the variance 1/24.
        assert abs(np.mean(means) - 0.5) < 5 * math.sqrt(1 / 24 / 50 / 400)

    @pytest.mark.parametrize("bad", [0, 41, 1.5, "two"])
    def test_bad_rank(self, bad):
        with pytest.raises(sk.SpecError, match="rank"):
            sk.games.low_rank(5, 20, bad, 0)


class TestCongestion:
    @pytest.mark.parametrize("seed", range(10))
    def test_exact_potential(self, seed):
        """By the four-cycle condition of Monderer and Shapley (1996)."""
        game = sk.games.congestion(6, 7, seed, resources=5, used=2)
        u1, u2 = game.leader, game.follower
        for a in range(5):
            for b in range(6):
                around = u1[a + 1, b] - u1[a, b] + u2[a + 1, b + 1] - u2[a + 1, b]
                around += u1[a, b + 1] - u1[a + 1, b + 1] + u2[a, b] - u2[a, b + 1]
                assert around == pytest.approx(0.0, abs=1e-12)
        # Hence a pure equilibrium.
        best = (u1 >= u1.max(axis=0) - 1e-12) & (u2 >= u2.max(axis=1, keepdims=True) - 1e-12)
        assert best.any()

    def test_sharing_costs_both_the_same(self):
        """Utilities are of the form f(a) + s(a, b) and g(b) + s(a, b), with s <= 0."""
        game = sk.games.congestion(8, 8, 2, resources=4, used=1)
        shared = game.leader - game.leader.max(axis=1, keepdims=True)
        np.testing.assert_allclose(shared, game.follower - game.follower.max(axis=0), atol=1e-12)
        everywhere = sk.games.congestion(3, 3, 2, resources=4, used=4)
        np.testing.assert_allclose(everywhere.leader, everywhere.leader[0, 0], atol=1e-12)
        np.testing.assert_allclose(everywhere.follower, everywhere.leader[0, 0], atol=1e-12)

    def test_costs_are_uniform(self):
        alone = [
            1 - sk.games.congestion(1, 20, seed, resources=2, used=1).leader.max() for seed in range(1000)
        ]
        # Nobody else is there, but in 2^-20 of the games.
        assert stats.kstest(np.array(alone) * 2, "uniform").pvalue > 1e-6

    @pytest.mark.parametrize(("argument", "bad"), [("resources", 0), ("used", 0), ("used", 9), ("used", 1.5)])
    def test_bad_numbers(self, argument, bad):
        with pytest.raises(sk.SpecError, match=argument):
            sk.games.congestion(3, 3, 0, **{argument: bad})


class TestSecurity:
    @pytest.mark.parametrize("covered", [1, 2, 5])
    def test_guards_help_the_leader_and_harm_the_follower(self, covered):
        game = sk.games.security(7, 5, 3, covered=covered)
        guarded = game.leader > 0.5
        np.testing.assert_array_equal(guarded, game.follower < 0.5)
        assert (guarded.sum(axis=1) == covered).all()
        assert all(guarded[i, i % 5] for i in range(7))
        for utility in (game.leader, game.follower):
            assert all(np.unique(column).size <= 2 for column in utility.T)

    def test_values_are_lognormal_and_agree(self):
        game = sk.games.security(1, 20_000, 3, spread=1.5, agreement=0.6)
        v, w = 1 - 2 * game.leader[0, 1:], 2 * game.follower[0, 1:] - 1
        assert max(v.max(), w.max()) == pytest.approx(1.0)
        # The largest is made 1, and a value far below is rounded beside it: the upper half says the law.
        logarithms = np.log(np.sort(v)[10_000:])
        expected = stats.norm.ppf((np.arange(10_000, 19_999) + 0.5) / 19_999) * 1.5
        shifted = logarithms - logarithms[5000] + expected[5000]
        np.testing.assert_allclose(shifted[:-100], expected[:-100], atol=0.15)
        ranks = stats.spearmanr(v, w).statistic
        assert ranks == pytest.approx(6 / math.pi * math.asin(0.3), abs=5 / math.sqrt(20_000))

    def test_equal_values(self):
        game = sk.games.security(3, 4, 1, spread=0.0)
        assert set(game.leader[game.leader < 0.5].tolist()) == {0.0}
        assert set(game.follower[game.follower > 0.5].tolist()) == {1.0}

    @pytest.mark.parametrize(
        ("argument", "bad"),
        [("covered", 0), ("covered", 5), ("spread", -1.0), ("spread", 101), ("agreement", 1.1)],
    )
    def test_bad_numbers(self, argument, bad):
        with pytest.raises(sk.SpecError, match=argument):
            sk.games.security(3, 4, 0, **{argument: bad})
