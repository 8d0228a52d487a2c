"""Time of a call and of the import, and the gain by a second thread."""

from __future__ import annotations

import subprocess
import sys

import stackel as sk

HORIZON = 2_000_000
REPLICATIONS = 16


def test_short_call(benchmark):
    """Goal: a call at T = 10 takes less than 30 microseconds."""
    game = sk.games.etc_failure()
    benchmark(sk.simulate, game, sk.UCB(), sk.UCB(), 10, seed=1)
    assert benchmark.stats.stats.median < 30e-6


def test_two_threads(race, spread_game):
    """Goal: two threads are 1.6 times as fast as one, on a machine with two idle cores."""
    game = spread_game(4)

    def play(threads):
        options = {"replications": REPLICATIONS, "seed": 1, "engine": "stepwise"}
        sk.simulate(game, sk.UCB(), sk.UCB(), HORIZON, threads=threads, **options)

    contestants = {"two threads": lambda: play(2), "one thread": lambda: play(1)}
    label = f"UCB v UCB 4x4, {REPLICATIONS} replications"
    assert race(label, contestants, rounds=REPLICATIONS * HORIZON, turns=7) > 1.6


IMPORT = """
import time, numpy

start = time.process_time()
import stackel
print(time.process_time() - start)
"""


def test_import():
    """Goal: importing stackel after NumPy takes less than 150 ms of CPU time."""
    command = [sys.executable, "-c", IMPORT]
    took = [float(subprocess.run(command, capture_output=True, check=True).stdout) for _ in range(7)]
    assert min(took) < 0.15
