"""The side-by-side in benches/peers: pinned requirements, one and the same game, one table.

Nothing is installed: the only peer that plays here is the loop in Python and NumPy. False alarms: each
Kolmogorov-Smirnov test 1e-5.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from scipy import stats

import stackel as sk

FOLDER = Path(__file__).parents[1] / "benches" / "peers"
ALPHA = 1e-5
HORIZON, GAMES = 300, 150


@pytest.fixture(scope="module")
def peers():
    """Return the scripts' modules; they import each other by name."""
    names = ("contract", "environments", "roster", "table", "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(FOLDER)
        return SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture(scope="module")
def game(peers):
    return sk.Game(*peers.contract.Game.spread()[:2])


@pytest.fixture(scope="module")
def numpy_loop():
    """Return what the NumPy peer prints when it plays a few short games."""
    task = {
        "runs": 1,
        "timed": {"horizon": 10, "replications": 1},
        "common": {"horizon": HORIZON, "replications": GAMES, "seed": 3},
        "silent": {"horizon": 2000, "replications": 1, "seed": 0},
        "horizons": [10],
        "game_runs": 2,
        "options": {},
    }
    command = [sys.executable, FOLDER / "numpy_loop.py", json.dumps(task)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def regret(game, learner):
    run = sk.simulate(game, learner, learner, HORIZON, replications=20_000, seed=5, checkpoints=[HORIZON])
    return run.regret(sk.stackelberg(game))[:, :, -1]


def p_values(numpy_loop, ours):
    return [stats.ks_2samp(*pair).pvalue for pair in zip(numpy_loop["regret"], ours, strict=True)]


def test_requirements_are_pinned():
    for file in FOLDER.glob("requirements-*.txt"):
        own = {"../.."} if file.name == "requirements-stackel.txt" else set()
        others = set(file.read_text().split("\n")[:-1]) - own
        assert others
        assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in others), file.name


def test_every_peer_has_a_script_and_requirements(peers):
    assert {peer.environment for peer in peers.roster.PEERS} == {
        file.stem.removeprefix("requirements-") for file in FOLDER.glob("requirements-*.txt")
    }
    assert all((FOLDER / peer.script).exists() for peer in peers.roster.PEERS)
    assert len({peer.name for peer in peers.roster.PEERS}) == len(peers.roster.PEERS)


def test_regret_is_that_of_the_package(peers, game):
    run = sk.simulate(game, sk.UCB(), sk.UCB(), 1000, replications=5, seed=1)
    theirs = peers.contract.Game.spread().regret(run.pulls)
    assert theirs == pytest.approx(run.regret(sk.stackelberg(game))[:, :, -1])


def test_numpy_peer_makes_the_same_choices(game, numpy_loop):
    silent = sk.Game(game.leader, game.follower, noise=sk.Deterministic())
    run = sk.simulate(silent, sk.UCB(), sk.UCB(), 2000, seed=1, engine="reference")
    assert run.pulls[0].tolist() == numpy_loop["silent"]


def test_numpy_peer_has_the_same_law(game, numpy_loop):
    assert min(p_values(numpy_loop, regret(game, sk.UCB()))) > ALPHA


def test_a_wrong_radius_would_be_noticed(game, numpy_loop):
    assert min(p_values(numpy_loop, regret(game, sk.UCB(confidence=0.5)))) < ALPHA


def test_one_command_prints_the_tables(peers, monkeypatch, tmp_path):
    """Short games of stackel and NumPy, and a peer that cannot be installed."""
    roster = peers.roster
    short = [peer._replace(horizon=1000, games=200) for peer in roster.PEERS if peer.baseline]
    playing = roster.Peer("Python and NumPy", "numpy_loop.py", "numpy", 1000, 20)
    absent = roster.Peer("absent", "smpybandits_ucb.py", "smpybandits", 1000, 20)
    monkeypatch.setattr(peers.run, "PEERS", [absent, playing, *short])
    monkeypatch.setitem(peers.environments.NEEDS_PYTHON, "smpybandits", "9.9")
    monkeypatch.setattr(peers.run, "use_one_core", lambda: None)
    real = peers.environments.environment
    monkeypatch.setattr(
        peers.run, "environment", lambda name, *rest: sys.executable if name == "numpy" else real(name, *rest)
    )
    out = tmp_path / "table.md"
    peers.run.main(
        ["--quick", "--cache", str(tmp_path), "--stackel-python", sys.executable, "--out", str(out)]
    )
    text, by_horizon = out.read_text().rsplit("\n\n", 1)
    head, _, *rows = [line[2:-2].split(" | ") for line in text.splitlines() if line[:1] == "|"]
    assert [len(row) for row in rows] == [len(head)] * 4
    assert [row[0] for row in rows] == [peer.name for peer in (absent, playing, *short)]
    assert rows[0][3] == "not measured: needs Python 9.9; `--interpreter` names one"
    assert [row[-1] for row in rows[1:]] == ["yes", "", ""]
    assert "z" in rows[1][-2]
    games = [line[2:-2].split(" | ") for line in by_horizon.splitlines()]
    assert games[0] == ["one game", "T = 100"]
    assert [row[0] for row in games[2:]] == [peer.name for peer in (playing, *short)]
    assert all(row[1].split()[1] in {"s", "ms", "µs"} for row in games[2:])


def test_no_table_without_what_others_are_compared_with(peers, monkeypatch, tmp_path):
    baseline = next(peer for peer in peers.roster.PEERS if peer.baseline)
    monkeypatch.setattr(peers.run, "PEERS", [baseline])
    monkeypatch.setitem(peers.environments.NEEDS_PYTHON, "stackel", "9.9")
    monkeypatch.setattr(peers.run, "use_one_core", lambda: None)
    with pytest.raises(SystemExit) as stop:
        peers.run.main(["--quick", "--cache", str(tmp_path)])
    assert stop.value.code == f"no table without {baseline.name}: needs Python 9.9; `--interpreter` names one"
