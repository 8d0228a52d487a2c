"""Time of the exact benchmarks. Goal: all four of a 1000x1000 game together under 2 s, for any gamma.

Run ``pytest benches/test_benchmarks_speed.py``; pytest-benchmark times calls.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import stackel as sk

GOAL_SECONDS = 2.0
SIZES = [10, 100, 1000]

COMPUTE = {
    "stackelberg": sk.stackelberg,
    "tolerant": lambda game: sk.tolerant(game, 0.05),
    "self_tolerant": lambda game: sk.self_tolerant(game, 0.05),
    "alignment": sk.alignment,
}


def random(n):
    return sk.games.random(n, n, seed=0, correlation=0.5)


def on_a_grid(n):
    """Return a game with eleven values, in which nearly all gaps coincide."""
    return sk.Game(*(np.random.default_rng(0).integers(0, 11, (2, n, n)) / 10))


def staircase(n):
    """Return a game with one leader action, whose guarantee has the largest possible number of steps."""
    utilities = np.linspace(0.0, 1.0, n * n)[np.newaxis]
    return sk.Game(utilities, utilities)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("compute", COMPUTE.values(), ids=COMPUTE)
def test_one(benchmark, compute, n):
    benchmark(compute, random(n))


@pytest.mark.parametrize("gamma", [0.0, 0.05, math.inf])
@pytest.mark.parametrize("make", [random, on_a_grid, staircase])
def test_all_four_of_a_million_outcomes(benchmark, make, gamma):
    game = make(1000)

    def all_four():
        sk.stackelberg(game)
        sk.tolerant(game, gamma)
        sk.self_tolerant(game, gamma)
        sk.alignment(game)

    benchmark.pedantic(all_four, rounds=3)
    assert benchmark.stats.stats.min < GOAL_SECONDS


def test_generating_a_million_outcomes(benchmark):
    benchmark.pedantic(random, args=(1000,), rounds=3)
