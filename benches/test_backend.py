"""Time of games in pieces, and of many games in one call."""

from __future__ import annotations

from functools import partial

import numpy as np

import stackel as sk

GAMES = 100_000
HORIZON = 10_000
ROUNDS = 200_000
AT_ONCE = 5_000
"""Rounds returned by a call: few enough for their arrays to be in the cache."""


def test_many_games(benchmark):
    """Goal: 100,000 random games of 2x2, T = 10,000, take less than 10 s on two idle cores."""
    stacks = np.random.default_rng(0).random((2, GAMES, 2, 2))
    play = partial(sk.simulate_many, *stacks, sk.UCB(), sk.UCB(), HORIZON, seed=1, threads=2)
    benchmark.pedantic(play, rounds=1)
    assert benchmark.stats.stats.min < 10


def test_one_call_or_many(race):
    """Goal: a batch is faster than the same number of calls of `simulate`."""
    games = GAMES // 100
    stacks = np.random.default_rng(0).random((2, games, 2, 2))

    def alone():
        for u1, u2 in zip(*stacks, strict=True):
            sk.simulate(sk.Game(u1, u2), sk.UCB(), sk.UCB(), 1000, seed=1, checkpoints=1, threads=1)

    contestants = {
        "simulate_many": lambda: sk.simulate_many(*stacks, sk.UCB(), sk.UCB(), 1000, seed=1, threads=1),
        "simulate": alone,
    }
    assert race("UCB v UCB 2x2, T = 1000", contestants, rounds=games * 1000) > 1


def simulation(game):
    return sk.Simulation(game, sk.UCB(), sk.UCB(), 10**9, 1, engine="stepwise")


def test_rounds_that_are_seen(race, spread_game):
    sim = simulation(spread_game(4))

    def step():
        for _ in range(ROUNDS // AT_ONCE):
            sim.step(AT_ONCE)

    contestants = {"step": step, "advance": lambda: sim.advance(ROUNDS)}
    race("UCB v UCB 4x4, Simulation", contestants, rounds=ROUNDS, turns=9)


def test_rounds_that_are_asked_for(race, spread_game):
    sim = simulation(spread_game(4))
    leader = sk.Agent(sk.UCB(), (4, 4), 10**9, 1)
    follower = sk.Agent(sk.UCB(), (4, 4), 10**9, 1, role="follower")

    def agents():
        for _ in range(ROUNDS):
            a = leader.choose()
            b = follower.choose(a)
            leader.observe(0.5)
            follower.observe(float(b))

    def driven():
        for _ in range(ROUNDS):
            sim.choose()
            sim.observe()

    race("UCB v UCB 4x4, from Python", {"two agents": agents, "simulation": driven}, rounds=ROUNDS)


def test_snapshot(benchmark, spread_game):
    """Goal: a snapshot of a 4x4 game and its restoration take less than a millisecond."""
    sim = simulation(spread_game(4))
    sim.advance(1000)
    benchmark(lambda: sk.Simulation.restore(sim.snapshot()))
    assert benchmark.stats.stats.median < 1e-3
