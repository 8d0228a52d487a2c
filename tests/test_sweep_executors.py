"""Who plays does not matter, and a worker that dies does not either.

As a program, ``python tests/test_sweep_executors.py 20``, it kills that many workers of Dask and reports.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from unittest.mock import Mock

import dask
import numpy as np
import pandas as pd
import pytest
from distributed import Client, LocalCluster
from swept import contents, tasks
from typer.testing import CliRunner

import stackel as sk
from stackel import cli
from stackel.sweeps import executors, play


@pytest.fixture(scope="module")
def expected():
    return sk.sweep(tasks(), threads=1).summary()


@pytest.fixture(scope="module")
def client():
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "processes": True}
    with LocalCluster(**options) as cluster, Client(cluster) as connected:
        yield connected


def same(found, expected):
    pd.testing.assert_frame_equal(found.summary(), expected, check_exact=True)


def test_threads(tmp_path, expected):
    with ThreadPoolExecutor(2) as pool:
        found = sk.sweep(tasks(), executor=pool, batch=7, store=tmp_path / "threads")
        same(found, expected)
    same(sk.sweep(tasks(), batch=7, store=tmp_path / "alone"), expected)
    assert contents(tmp_path / "threads") == contents(tmp_path / "alone")


class Recorder(Executor):
    """Plays at once, in a time of its own, and remembers how many games it got."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.games = []

    def submit(self, function, piece, *arguments):
        _, columns = function(piece, *arguments)
        self.games.append(sum(stop - start for _, start, stop in piece))
        future = Future()
        future.set_result((sum(map(self.seconds, piece)), columns))
        return future


def test_files_do_not_depend_on_pieces(tmp_path):
    sk.sweep(tasks(checkpoints=3), store=tmp_path / "alone", batch=25)
    for name, seconds in (("slow", 10.0), ("middle", 0.1), ("fast", 0.0)):
        workers = Recorder(lambda _, seconds=seconds: seconds)
        sk.sweep(tasks(checkpoints=3), store=tmp_path / name, batch=25, executor=workers)
        assert contents(tmp_path / name) == contents(tmp_path / "alone")
        assert sum(workers.games) == 60


def test_a_piece_takes_about_a_second(monkeypatch):
    monkeypatch.setattr(executors, "_MIN_PIECES", 1)
    monkeypatch.setattr(executors, "_PIECES_PER_WORKER", 1)
    workers = Recorder(lambda each: 1e-6 * (each.stop - each.start) * (each.task.horizon + 1000))
    many = tasks(2000, deltas=(0.1,), horizons=(10, 100, 10_000, 100))
    sk.sweep(many, executor=workers, batch=16384)
    assert workers.games[0] == 1
    assert all(later <= 4 * sooner + 4 for sooner, later in pairwise(workers.games))
    longest = 1e6 / 1010
    assert longest / 1.01 < max(workers.games) <= longest
    assert min(workers.games[10:-1]) > 1e6 / 11_000 - 2


@pytest.mark.parametrize(
    ("state", "fault"),
    [({"asynchronous": True}, "asynchronous=True"), ({"asynchronous": False, "status": "closed"}, "closed")],
)
def test_clients_that_cannot_be_waited_for(state, fault):
    client = Mock(spec=["nthreads", "get_executor", *state], **state)
    for executor in (client, Client):
        with pytest.raises(sk.SpecError, match="executor: must be None, a concurrent") as caught:
            sk.sweep(tasks(), executor=executor)
        assert executor is Client or fault in str(caught.value)
    client.get_executor.assert_not_called()


def test_the_pool_grows_with_the_cluster(monkeypatch):
    monkeypatch.setattr(executors, "_WORKER_COUNT_TTL", 0.0)
    workers = {"a": 100, "b": 200}
    client = Mock(spec=["nthreads", "get_executor"])
    client.nthreads.return_value = workers
    pool = executors.ExecutorPool(client)
    assert (pool.size, pool.room) == (300, 1200)
    workers["c"] = 100
    assert pool.room == 1600


def test_nobody_is_waited_for_in_silence(monkeypatch, expected):
    monkeypatch.setattr(executors, "_WORKER_COUNT_TTL", 0.1)
    counted, someone_comes = [], threading.Event()

    def nthreads():
        counted.append({})
        if len(counted) == 2:
            someone_comes.set()
        return {}

    class Late(ThreadPoolExecutor):
        def submit(self, function, *arguments):
            return super().submit(lambda: someone_comes.wait() and function(*arguments))

    with Late(2) as pool:
        client = Mock(nthreads=nthreads, get_executor=lambda **_: pool)
        with pytest.warns(sk.StackelWarning, match="no workers at the moment"):
            same(sk.sweep(tasks(), executor=client), expected)


def test_processes(tmp_path, expected):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        same(sk.sweep(tasks(), executor=pool, store=tmp_path / "s"), expected)
        assert sk.sweep(tasks(), executor=pool, store=tmp_path / "s").played == 0


def test_workers_play_with_a_single_thread(monkeypatch):
    used = []

    def told(*arguments, threads, **options):
        used.append(threads)
        return sk.simulate_many(*arguments, threads=threads, **options)

    monkeypatch.setattr(play, "simulate_many", told)
    with ThreadPoolExecutor(2) as pool:
        sk.sweep(tasks(), executor=pool)
        assert set(used) == {1}
        with pytest.raises(sk.SpecError, match="threads"):
            sk.sweep(tasks(), executor=pool, threads=2)


def test_standard_error_with_workers():
    target = {"leader": 0.3}
    with ThreadPoolExecutor(2) as pool:
        found = sk.sweep(tasks(400), executor=pool, standard_error=target, batch=9)
    same(found, sk.sweep(tasks(400), standard_error=target).summary())


def test_a_worker_that_fails_leaves_a_store_that_goes_on(tmp_path, monkeypatch, expected):
    steps = iter(range(1000))

    def fails(batch, _):
        if next(steps) == 5:
            raise OSError("no such luck")
        return 0.01, executors.play(batch, threads=1)[1:]

    with ThreadPoolExecutor(1) as pool, monkeypatch.context() as patch:
        patch.setattr(executors, "_play_in_worker", fails)
        with pytest.raises(sk.RunError, match="no such luck"):
            sk.sweep(tasks(), executor=pool, store=tmp_path / "s", batch=3)
    found = sk.sweep(tasks(), store=tmp_path / "s", batch=3)
    assert found.reused > 0
    same(found, expected)


def test_a_worker_with_other_streams_plays_nothing(tmp_path, monkeypatch):
    versions = iter([1, 99] * 100)  # driver, worker
    monkeypatch.setattr(executors, "stream_version", lambda: next(versions))
    with ThreadPoolExecutor(1) as pool, pytest.raises(sk.RunError, match="worker are of version"):
        sk.sweep(tasks(), executor=pool, store=tmp_path / "s")
    assert not list((tmp_path / "s" / "results").iterdir())


def test_a_process_that_is_killed_leaves_a_store_that_goes_on(tmp_path, expected):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(os.getpid).result()
        pool.submit(os._exit, 9)
        with pytest.raises(sk.RunError, match="continues from them"):
            sk.sweep(tasks(), executor=pool, store=tmp_path / "s")
    same(sk.sweep(tasks(), store=tmp_path / "s"), expected)


class TestDask:
    def test_a_client(self, client, tmp_path, expected):
        found = sk.sweep(tasks(), executor=client, batch=7, store=tmp_path / "dask")
        same(found, expected)
        sk.sweep(tasks(), batch=7, store=tmp_path / "alone")
        assert contents(tmp_path / "dask") == contents(tmp_path / "alone")

    def test_a_meta_game(self, client, tmp_path):
        """Workers play what is played without them; what is in the store is not played again."""
        learners, games = [sk.UCB(), sk.ExploreThenCommit()], list(sk.games.unachievable(0.2))
        options = {"seed": 4, "precision": 0.1, "max_replications": 64}
        alone = sk.meta_game(learners, learners, games, 300, **options)
        files = []
        for executor in (client, None):
            options |= {"store": tmp_path / "meta", "executor": executor}
            found = sk.meta_game(learners, learners, games, 300, **options)
            np.testing.assert_array_equal(found.samples, alone.samples)
            np.testing.assert_array_equal(found.replications, alone.replications)
            assert found.provenance == alone.provenance
            files.append(
                {(path, path.stat().st_mtime_ns) for path in (tmp_path / "meta" / "results").iterdir()}
            )
        assert files[0] == files[1] != set()

    def test_a_worker_killed_in_mid_task(self, client, tmp_path):
        killed, failed = survive(client, 1, tmp_path, games=8)
        assert (killed, failed) == (1, 0)


def test_processes_that_were_started_by_hand(tmp_path):
    """As the guide says for many machines."""
    (tmp_path / "sweep.toml").write_text(
        """\
store = "results"
[task]
game = { family = "unachievable", delta = 0.1, member = 1 }
leader = "UCB"
follower = "UCB"
replications = 10
[grid]
horizon = [50, 100]
"""
    )
    where = tmp_path / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    scheduler = [*dask, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)]
    with running(scheduler, tmp_path):
        while not (where.exists() and where.read_text().endswith("}")):
            time.sleep(0.01)
        address = json.loads(where.read_text())["address"]
        worker = [*dask, "worker", address, "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
        with running(worker, tmp_path):
            done = CliRunner().invoke(cli.app, ["sweep", str(tmp_path / "sweep.toml"), "--workers", address])
    assert "20 games played, 0 reused" in done.stdout


@contextlib.contextmanager
def running(command, directory):
    with (directory / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=directory, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def survive(client, kills, directory, games):
    """Kill so many workers that are playing; return how many, and how often the sweep had to be run again."""
    # Endless ties, which no engine leaps over: each game takes a while.
    tied = sk.Game([[0.5] * 2] * 2, [[0.5] * 2] * 2)
    long = sk.grid(seed=range(games)).tasks(
        game=tied, leader=sk.UCB(), follower=sk.UCB(), horizon=3_000_000, engine="stepwise"
    )
    sk.sweep(long, batch=1, store=directory / "alone")
    killed = failed = rounds = 0
    while killed < kills:
        rounds += 1
        store = directory / f"dask{rounds}"
        over = threading.Event()
        with ThreadPoolExecutor(1) as killer:
            victims = killer.submit(kill_busy_workers, client, kills - killed, over)
            while not sweeps_all(long, client, store):
                failed += 1
            over.set()
        killed += len(victims.result())
        assert contents(store) == contents(directory / "alone")
    return killed, failed


def kill_busy_workers(client, kills, over):
    """Kill one after the other until it is over; return their processes."""
    victims = []
    while len(victims) < kills and not over.is_set():
        time.sleep(0.01)
        busy = {address for address, keys in client.processing().items() if keys}
        if len(busy) < 2:  # A nanny whose worker dies before it has begun gives up.
            continue
        nanny = next(each for each in client.cluster.workers.values() if each.worker_address in busy)
        time.sleep(0.05)
        os.kill(nanny.pid, signal.SIGKILL)
        victims.append(nanny.pid)
        while nanny.worker_address in busy and not over.is_set():
            time.sleep(0.01)
    return victims


def sweeps_all(tasks, client, store):
    """Whether a sweep ends well; Dask gives up pieces that have seen too many of its workers die."""
    try:
        return len(sk.sweep(tasks, executor=client, batch=1, store=store)) == len(tasks)
    except sk.RunError as error:
        if "KilledWorker" not in str(error):
            raise
        return False


def main(kills):
    # Dask closes nannies whose worker is away both now and so much later, which can be another one.
    patient = dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
    local = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")
    with patient, tempfile.TemporaryDirectory() as folder, local as cluster, Client(cluster) as connected:
        killed, failed = survive(connected, kills, Path(folder), games=60)
    sys.stdout.write(f"{killed} workers killed in mid-task, {failed} sweeps that failed and went on\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
