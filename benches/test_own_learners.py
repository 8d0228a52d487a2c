"""Time of a round with a custom learner, beyond its own code.

CPU time of one thread, T = 300,000 for Python and 3,000,000 for compiled functions, 4x4, Gaussian noise.
The policies do almost nothing, so that nearly all time is the overhead of calls.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pytest
from numba import cfunc

import stackel as sk

HORIZON = 300_000
LONG = 3_000_000
TURNS = 9
REPLICATIONS = 1000
"""Played in lockstep by a policy in arrays."""


class Idle:
    def choose(self, rng):
        return 0

    def observe(self, arm, reward):
        pass


class ManyIdle:
    def choose_many(self, rng, instances):
        return np.zeros_like(instances)

    def observe_many(self, instances, arms, rewards):
        pass


@cfunc("int64(voidptr, uint64)")
def idle_choose(_state, _random):
    return 0


@cfunc("void(voidptr, int64, float64)")
def idle_observe(_state, _arm, _reward):
    pass


COMPILED = sk.CompiledLearner(idle_choose, idle_observe, name="compiled")


def seconds(work):
    start = time.thread_time()
    work()
    return time.thread_time() - start


def bare_loop(n_players):
    """Call the methods as often as a game does."""
    rng = np.random.default_rng(1)
    calls = [(player.choose, player.observe) for player in [Idle() for _ in range(n_players)]]

    def loop():
        for _ in range(HORIZON):
            for choose, observe in calls:
                observe(choose(rng), 0.5)

    return loop


def player(game, leader, follower, horizon, **options):
    return lambda: sk.simulate(game, leader, follower, horizon, seed=1, checkpoints=[horizon], **options)


def note(benchmark, name, nanoseconds):
    benchmark.extra_info[name] = nanoseconds
    sys.stdout.write(f"\n{name}: {nanoseconds:.1f} ns a round\n")
    return nanoseconds


@pytest.mark.benchmark(timer=time.thread_time)
@pytest.mark.parametrize(
    "players", [(Idle, sk.UCB()), (sk.UCB(), Idle), (Idle, Idle)], ids=["leads", "follows", "both"]
)
def test_python_objects(benchmark, spread_game, players):
    """Goal: less than 1 microsecond a round, beside the same calls in a bare loop."""
    bare = bare_loop(players.count(Idle))
    loops = []
    run = player(spread_game(4), *players, HORIZON)
    benchmark.pedantic(run, setup=lambda: loops.append(seconds(bare)), rounds=TURNS)
    overhead = (benchmark.stats.stats.min - min(loops)) / HORIZON * 1e9
    assert note(benchmark, "beyond the policies' own code", overhead) < 1000


@pytest.mark.benchmark(timer=time.thread_time)
def test_arrays(benchmark, spread_game):
    """Goal: less than 100 ns for a round of a replication, UCB as the other player."""
    run = player(spread_game(4), ManyIdle, sk.UCB(), HORIZON // REPLICATIONS, replications=REPLICATIONS)
    benchmark.pedantic(run, rounds=TURNS)
    assert note(benchmark, "a round of one replication", benchmark.stats.stats.min / HORIZON * 1e9) < 100


SEATS = {
    "leads": lambda learner: (learner, sk.UCB()),
    "follows": lambda learner: (sk.UCB(), learner),
    "both": lambda learner: (learner, learner),
}


@pytest.mark.benchmark(timer=time.thread_time)
@pytest.mark.parametrize("seat", SEATS)
def test_compiled_functions(benchmark, spread_game, seat):
    """Goal: less than 20 ns a round for each, beyond a round with `FixedAction` in its seat."""
    pair = SEATS[seat]
    bare = player(spread_game(4), *pair(sk.FixedAction(0)), LONG, threads=1, engine="stepwise")
    fixed = min(seconds(bare) for _ in range(TURNS))
    benchmark.pedantic(player(spread_game(4), *pair(COMPILED), LONG, threads=1), rounds=TURNS)
    beyond = (benchmark.stats.stats.min - fixed) / LONG * 1e9 / (2 if seat == "both" else 1)
    assert note(benchmark, f"compiled function {seat}", beyond) < 20
