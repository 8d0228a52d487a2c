"""Saving and loading: bit for bit, whole or not at all."""

from __future__ import annotations

import dataclasses
import os
import resource
import signal
import zipfile
from pathlib import Path

import numpy as np
import pytest
from cases import cases_of, make_game
from made import made, made_traced

import stackel as sk
from stackel._files import atomic

DATA = Path(__file__).parent / "data"
NEWEST = 4
KEPT = {
    "result-v1.stackel": made,
    "result-v2.stackel": made,
    "result-v2-traced.stackel": made_traced,
    "result-v3.stackel": made,
    "result-v3-traced.stackel": made_traced,
    "result-v4.stackel": made,
    "result-v4-traced.stackel": made_traced,
}
"""Files in `DATA`, and what they hold."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run"


@pytest.mark.parametrize("seed", [0, 2**53 + 1, 2**64 - 1])
def test_what_is_loaded_is_what_was_saved(path, seed):
    made(seed).save(path)
    loaded = sk.load(path)
    assert loaded == made(seed)
    for name in ("rounds", "utility", "remainder", "pulls"):
        assert getattr(loaded, name).tobytes() == getattr(made(seed), name).tobytes()
        assert getattr(loaded, name).dtype == getattr(made(seed), name).dtype
        assert not getattr(loaded, name).flags.writeable
    assert loaded.provenance == made(seed).provenance
    assert type(loaded.seed) is int
    assert type(loaded.horizon) is int


def test_traces_are_saved(path):
    run = made_traced()
    run.save(path)
    loaded = sk.load(path)
    assert loaded == run
    assert loaded.spec == run.spec
    for array, saved in zip(loaded.trace.arrays(), run.trace.arrays(), strict=True):
        np.testing.assert_array_equal(array, saved)
        assert array.dtype == np.int64
        assert not array.flags.writeable


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize(
    "pair", [(sk.UCB(), sk.UCB()), (sk.UniformLearner(), sk.ExploreThenCommit())], ids=str
)
@pytest.mark.parametrize("means", ["1x1", "ties", "5x3"])
def test_traced_runs_can_be_saved(path, means, pair, engine):
    run = sk.simulate(
        make_game(means, "Gaussian"),
        *pair,
        500,
        replications=5,
        seed=1,
        engine=engine,
        crossing_tolerance=1e-9,
        trace=True,
    )
    run.save(path)
    assert sk.load(path) == run
    assert sk.load(path).crossing_tolerance == 1e-9


def test_a_trace_of_very_many_rounds_can_be_saved(path):
    game = make_game("5x3", "Gaussian")
    marks = [2**40, 2**52 + 1, 2**53]
    run = sk.simulate(game, sk.UCB(), sk.UCB(), 2**53, replications=3, seed=1, checkpoints=marks, trace=True)
    run.save(path)
    assert sk.load(path) == run


@pytest.mark.parametrize(
    ("name", "seat"), [(entry["name"], role) for entry in sk.learner_schema() for role in entry["roles"]]
)
def test_every_learner_can_be_saved(path, name, seat):
    learner, *_ = cases_of(name)
    other = {"leader": sk.UCB(), "follower": sk.UCB()}
    run = sk.simulate(sk.games.etc_failure(), **{**other, seat: learner}, horizon=30, replications=2, seed=1)
    run.save(path)
    assert sk.load(path) == run


def test_files_of_earlier_builds_call_a_learner_uniform(path, tmp_path):
    run = sk.simulate(sk.games.etc_failure(), sk.UniformLearner(), sk.UCB(), 30, seed=1)
    run.save(path)
    with zipfile.ZipFile(path) as written, zipfile.ZipFile(tmp_path / "earlier", "w") as earlier:
        for name in written.namelist():
            earlier.writestr(name, written.read(name).replace(b'"UniformLearner"', b'"Uniform"'))
    assert b'"Uniform"' in (tmp_path / "earlier").read_bytes()
    assert sk.load(tmp_path / "earlier") == run


def test_extremes_survive(path):
    odd = np.array([5e-324, -0.0, -9.999999999999999e99, -1e-300])
    game = sk.Game(odd.reshape(2, 2), odd[::-1].reshape(2, 2), noise=sk.Gaussian(5e-324))
    pulls = np.array([[[2**53 - 1, 0], [1, 0]]])
    run = dataclasses.replace(
        made(),
        game=game,
        pulls=pulls,
        rounds=np.array([2**53]),
        utility=odd[:2].reshape(2, 1, 1).copy(),
        remainder=odd[2:].reshape(2, 1, 1).copy(),
    )
    run.save(path)
    loaded = sk.load(path)
    assert loaded == run
    assert loaded.utility.tobytes() == run.utility.tobytes()
    assert loaded.remainder.tobytes() == run.remainder.tobytes()
    assert loaded.game.leader.tobytes() == game.leader.tobytes()
    assert loaded.horizon == 2**53


@pytest.mark.parametrize("name", ["run", "run.npz", "run.tar.gz", "ünï cödé ", "x" * 250])
@pytest.mark.parametrize("kind", [str, Path])
def test_the_path_is_taken_as_given(tmp_path, name, kind):
    made().save(kind(tmp_path / name))
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert sk.load(kind(tmp_path / name)) == made()


@pytest.mark.parametrize("make", [made, made_traced])
def test_the_same_result_gives_the_same_bytes(tmp_path, make):
    make().save(tmp_path / "one")
    make().save(tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_numpy_alone_reads_the_arrays(path):
    run = made_traced()
    run.save(path)
    with np.load(path, allow_pickle=False) as arrays:
        for name in ("rounds", "utility", "pulls", "cell_counts", "switches", "last_exploration"):
            np.testing.assert_array_equal(arrays[name], getattr(run, name))
        np.testing.assert_array_equal(arrays["game_leader"], run.game.leader)


@pytest.mark.parametrize(("name", "make"), KEPT.items())
def test_files_of_every_version_stay_readable(name, make):
    """The files were written by the first release of their format and must never be written anew."""
    assert sk.load(DATA / name) == make()


def test_version_1_says_nothing_of_the_platform_and_of_the_crossing_tolerance():
    old = sk.load(DATA / "result-v1.stackel")
    assert (old.stream_version, old.platform, old.crossing_tolerance, old.trace) == (1, "", 1e-18, None)


@pytest.mark.parametrize("name", [name for name in KEPT if f"v{NEWEST}" in name])
def test_the_newest_version_is_still_written_the_same(path, name):
    KEPT[name]().save(path)
    with zipfile.ZipFile(path) as new, zipfile.ZipFile(DATA / name) as old:
        assert {member: new.read(member) for member in new.namelist()} == {
            member: old.read(member) for member in old.namelist()
        }


def test_a_file_that_is_there_is_replaced(path):
    made(seed=1).save(path)
    made(seed=2).save(path)
    assert sk.load(path).seed == 2


def test_permissions_are_those_of_any_new_file(path):
    made().save(path)
    (ordinary := path.with_name("ordinary")).touch()
    assert path.stat().st_mode == ordinary.stat().st_mode


def test_a_symbolic_link_is_written_through(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    target, link = tmp_path / "elsewhere" / "run", tmp_path / "link"
    link.symlink_to(target)
    made().save(link)
    assert link.is_symlink()
    assert sk.load(target) == made()
    assert [entry.name for entry in target.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["write", "sync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(monkeypatch, path, step, failure):
    def fail(*_args, **_kwargs):
        raise failure

    made(seed=1).save(path)
    before = path.read_bytes()
    if step == "write":
        monkeypatch.setattr(np.lib.format, "write_array", fail)
    elif step == "sync":
        monkeypatch.setattr(atomic.os, "fsync", fail)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(failure)):
        made(seed=2).save(path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert path.read_bytes() == before


def test_a_full_disk_leaves_nothing(path):
    """The real thing: a file system limit stops the write half-way."""
    big = made(replications=20_000)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**16, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            big.save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize("target", [".", "missing/run", "file/run"])
def test_where_no_file_can_be(tmp_path, target):
    (tmp_path / "file").touch()
    with pytest.raises(sk.SpecError, match=r"^path: must be ") as caught:
        made().save(tmp_path / target)
    assert caught.value.argument == "path"
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("path", [None, 3, ["run"]])
@pytest.mark.parametrize("use", [made().save, sk.load])
def test_what_is_no_path(use, path):
    with pytest.raises(sk.SpecError, match=r"^path: must be a string or a path, got "):
        use(path)


def test_a_description_that_is_too_long_to_be_read_back_is_not_written(path):
    names = ["x" * 2**21] * 2
    game = sk.Game([[1.0], [1.0]], [[1.0], [1.0]], leader_labels=names)
    with pytest.raises(sk.SpecError, match=r"^result: must be described by at most 4194304 bytes"):
        sk.simulate(game, sk.UCB(), sk.UCB(), 5).save(path)
    assert not path.exists()


def test_loading_does_not_keep_the_file_open(path):
    made().save(path)
    sk.load(path)
    path.unlink()
    descriptors = Path("/proc/self/fd")
    if descriptors.is_dir():
        assert not any(str(path) in os.path.realpath(entry) for entry in descriptors.iterdir())
