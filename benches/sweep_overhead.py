"""Overhead of a sweep for each task: ``python benches/sweep_overhead.py [TASKS] [PART ...]``.

Tasks are single games of ten rounds, so that nearly all time is overhead; the time of one call of
`simulate_many` for all of them is printed too. Parts are ``memory``, ``store``, ``there``, ``threads``,
``processes`` and ``dask``, by default all of them, the last three with two workers that have already started.
Processor times are those of the driver, with the scheduler of the local Dask cluster; on a busy machine they
are more reliable than the clock.
"""

import contextlib
import os
import sys
import tempfile
import time
import tracemalloc
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import stackel as sk

GAME = sk.games.etc_failure()
PARTS = ("memory", "store", "there", "threads", "processes", "dask")


def make(count):
    return sk.grid(seed=range(count)).tasks(game=GAME, leader=sk.UCB(), follower=sk.UCB(), horizon=10)


def report(name, count, what):
    """Print the microseconds a task of a call, and return its result."""
    start = time.perf_counter(), time.process_time()
    found = what()
    wall, own = 1e6 * (time.perf_counter() - start[0]) / count, 1e6 * (time.process_time() - start[1]) / count
    sys.stdout.write(f"{name:<10} {wall:8.1f} us a task, {own:8.1f} us of the driver's processor time\n")
    sys.stdout.flush()
    return found


@contextlib.contextmanager
def workers(part):
    """Yield two workers that have already imported stackel."""
    if part == "threads":
        with ThreadPoolExecutor(2) as pool:
            yield pool
    elif part == "processes":
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            sk.sweep(make(500), executor=pool)
            yield pool
    else:
        from distributed import Client, LocalCluster  # noqa: PLC0415 an extra

        local = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
        with LocalCluster(**local) as cluster, Client(cluster) as client:
            sk.sweep(make(500), executor=client)
            yield client


def bare(count):
    stack = np.repeat(GAME.leader[None], count, axis=0)
    sk.simulate_many(stack, GAME.follower, sk.UCB(), sk.UCB(), 10, seed=1, threads=1)


def memory_of_tasks(count):
    tracemalloc.start()
    tasks = make(count)
    for task in tasks:
        _ = task.id
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / count


def main(count, parts):
    sys.stdout.write(f"{count} tasks, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.write(f"a task takes {memory_of_tasks(min(count, 10_000)):.0f} bytes of the driver's memory\n")
    report("playing", count, lambda: bare(count))
    with tempfile.TemporaryDirectory() as folder:
        sk.sweep(make(1), store=Path(folder, "first"))  # imports the libraries of stores
        tasks = report("made", count, lambda: make(count))
        for part in parts:
            fresh = make(count)  # their ids have not been computed yet
            store = Path(folder, "store" if part == "there" else part)
            if part == "memory":
                report(part, count, lambda tasks=fresh: sk.sweep(tasks, threads=1))
            elif part in ("store", "there"):
                report(part, count, lambda tasks=fresh, store=store: sk.sweep(tasks, store=store, threads=1))
            else:
                with workers(part) as pool:
                    options = {"store": store, "executor": pool}
                    report(part, count, lambda tasks=fresh, options=options: sk.sweep(tasks, **options))
            if part == "store":
                files = list((store / "results").iterdir())
                size = sum(path.stat().st_size for path in files) / len(tasks)
                sys.stdout.write(f"           {len(files)} files, {size:.0f} bytes a task\n")
    sys.stdout.write(f"load {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    numbers = [each for each in sys.argv[1:] if each.isdigit()]
    main(int(numbers[0]) if numbers else 20_000, [each for each in PARTS if each in sys.argv] or PARTS)
