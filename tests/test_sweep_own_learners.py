"""Sweeps take every learner of your own, and play the games of `simulate`."""

import pickle
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import compiled_policies
import numpy as np
import pytest
from policies import UCB, ManyUCB
from swept import contents

import stackel as sk
from stackel.sweeps.config import read_sweep

GAME = sk.games.random(2, 3, seed=1)
HORIZON = 200
OWN = {
    "python": sk.CustomLearner(UCB, version="1"),
    "vector": sk.CustomLearner(ManyUCB, version="1"),
    "compiled": compiled_policies.ucb(version="1"),
}
SEATS = [(name, role) for name in OWN for role in ("leader", "follower")]


def task(learner, role="leader", **options):
    players = {"leader": sk.UCB(), "follower": sk.UCB()} | {role: learner}
    return sk.Task(
        GAME, **players, horizon=HORIZON, replications=3, seed=7, checkpoints=[50, HORIZON], **options
    )


def simulated(one):
    """Utilities of the replications of a task, each a run of `simulate` by itself; shape (2, R, K)."""
    runs = [
        sk.simulate(GAME, one.leader, one.follower, HORIZON, seed=int(seed), checkpoints=[50, HORIZON])
        for seed in one.seeds(0, 3)
    ]
    return np.concatenate([run.utility for run in runs], axis=1)


@pytest.mark.parametrize(("name", "role"), SEATS)
def test_a_sweep_plays_the_games_of_simulate(name, role, tmp_path):
    one = task(OWN[name], role)
    swept = sk.sweep([one], store=tmp_path / "store", batch=2)
    np.testing.assert_array_equal(swept.utility(0), simulated(one))


@pytest.mark.parametrize("name", OWN)
def test_a_grid_plays_them_too(name):
    tasks = sk.grid(leader={"mine": OWN[name], "theirs": sk.UCB()}, seed=[1, 2]).tasks(
        game=GAME, follower=sk.UCB(), horizon=HORIZON, engine="stepwise"
    )
    mine, theirs = (sk.sweep([one]).utility(0) for one in (tasks[0], tasks[2]))
    np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", OWN)
def test_a_file_names_them(name, tmp_path):
    (tmp_path / "sweep.toml").write_text(
        'store = "store"\n[task]\ngame = { family = "etc_failure" }\nleader = { learner = "Mine" }\n'
        'follower = "UCB"\n[grid]\nhorizon = [100]\n'
    )
    tasks, _, _ = read_sweep(tmp_path / "sweep.toml", learners={"Mine": OWN[name]})
    assert tasks[0].leader == OWN[name]
    found = sk.sweep(tasks).utility(0)
    run = sk.simulate(
        sk.games.etc_failure(), OWN[name], sk.UCB(), 100, seed=int(tasks[0].seeds(0, 1)[0]), checkpoints=1
    )
    np.testing.assert_array_equal(found, run.utility)


class TestVersion:
    @pytest.mark.parametrize("learner", [UCB, UCB(), sk.CustomLearner(UCB), compiled_policies.ucb()])
    @pytest.mark.parametrize("role", ["leader", "follower"])
    def test_it_is_needed(self, learner, role):
        with pytest.raises(sk.SpecError, match="with a version, such as") as found:
            task(learner, role)
        assert found.value.argument == role

    def test_it_enters_the_id(self):
        first, second = (task(sk.CustomLearner(UCB, version=version)) for version in "12")
        assert first.id != second.id
        assert first.id == task(sk.CustomLearner(UCB, version="1")).id

    def test_a_new_version_is_played_anew(self, tmp_path):
        for version, played in (("1", 3), ("1", 0), ("2", 3)):
            swept = sk.sweep([task(sk.CustomLearner(UCB, version=version))], store=tmp_path / "store")
            assert swept.played == played


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
@pytest.mark.parametrize("name", ["python", "vector"])
def test_workers_leave_the_same_files(name, pool, tmp_path):
    tasks = [task(OWN[name])]
    sk.sweep(tasks, store=tmp_path / "alone")
    with pool(2) as executor:
        sk.sweep(tasks, store=tmp_path / "workers", executor=executor)
    assert contents(tmp_path / "alone") == contents(tmp_path / "workers")


def test_tasks_with_own_learners_can_be_pickled():
    one = task(OWN["python"])
    assert pickle.loads(pickle.dumps(one)).id == one.id


DRIVER = """
import sys
sys.path.insert(0, sys.argv[2])
import stackel as sk
from policies import UCB
from stackel.sweeps.stores import parquet
from swept import slowly, tasks

parquet.write = slowly(parquet.write, float(sys.argv[3]))
mine = sk.CustomLearner(UCB, version="1")
found = sk.sweep(tasks(leader=mine), store=sys.argv[1], batch=2)
print(found.played, found.reused)
"""


def driver(store, fast):
    """Start a sweep in a process of its own, which slows down once it has written `fast` files."""
    command = [sys.executable, "-c", DRIVER, str(store), str(Path(__file__).parent), str(fast)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_killed_and_resumed(tmp_path):
    with driver(tmp_path / "whole", 1e9) as whole:
        assert whole.communicate()[0].split() == ["60", "0"]
    with driver(tmp_path / "killed", 5) as killed:
        while len(list((tmp_path / "killed").glob("results/[!.]*"))) < 7:
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
    with driver(tmp_path / "killed", 1e9) as resumed:
        played, reused = map(int, resumed.communicate()[0].split())
    assert reused >= 7
    assert played + reused == 60
    assert contents(tmp_path / "killed") == contents(tmp_path / "whole")
