"""Time of commitments and equilibria. Goal: a mixed commitment at 4x4 under 10 ms, for any game.

The slowest of many games counts, because times depend on the number of linear programs that bounds save.
Times are CPU times, which depend less on other load.
"""

from __future__ import annotations

import time

import numpy as np
import pytest

import stackel as sk

GOAL_SECONDS = 0.010
N_GAMES = 200


def random(n, seed):
    return sk.games.random(n, n, seed)


def opposed(n, seed):
    """Return a game with opposed utilities, in which mixing helps and many responses are tried."""
    return sk.games.random(n, n, seed, correlation=-0.9)


def with_ties(n, seed):
    return sk.Game(*np.random.default_rng(seed).integers(0, 3, (2, n, n)))


def seconds(game, ties):
    times = []
    for _ in range(5):
        start = time.thread_time()
        sk.mixed_stackelberg(game, ties)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.benchmark(timer=time.thread_time)
@pytest.mark.parametrize("ties", ["strong", "weak"])
@pytest.mark.parametrize("make", [random, opposed, with_ties])
def test_slowest_commitment_4x4(benchmark, make, ties):
    slowest = max((make(4, seed) for seed in range(N_GAMES)), key=lambda game: seconds(game, ties))
    benchmark(sk.mixed_stackelberg, slowest, ties)
    assert benchmark.stats.stats.median < GOAL_SECONDS


@pytest.mark.parametrize("ties", ["strong", "weak"])
@pytest.mark.parametrize("n", [10, 30, 100])
def test_commitment_of_larger_games(benchmark, n, ties):
    benchmark.pedantic(sk.mixed_stackelberg, args=(random(n, 0), ties), rounds=3)


@pytest.mark.parametrize("method", ["vertex_enumeration", "enummixed", "lcp"])
@pytest.mark.parametrize("n", [2, 4, 6])
def test_equilibria(benchmark, n, method):
    benchmark.pedantic(sk.nash, args=(random(n, 0), method), rounds=3, warmup_rounds=1)
