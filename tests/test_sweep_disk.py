"""Disks that are really full, and stores that really cannot be written.

Where mounting is allowed (to root, or in a namespace of one's own) these are small file systems in memory,
elsewhere a limit on the size of files and permissions, which are tried everywhere too. The names of the tests
say what ran. Each is a process of its own: ``python tests/test_sweep_disk.py CASE DIRECTORY``.
"""

import contextlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from swept import contents, parts, tasks

import stackel as sk

UNSHARE, MOUNT, UMOUNT = map(shutil.which, ("unshare", "mount", "umount"))


def may_mount():
    if UNSHARE is None:
        return False
    trial = [UNSHARE, "-rm", MOUNT, "-t", "tmpfs", "tmpfs", tempfile.gettempdir()]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


MAY_MOUNT = may_mount()
NEED_MOUNTS = {"blocks of a tmpfs", "inodes of a tmpfs", "read-only mount"}
PAGE = 4096


def mount(directory, **options):
    text = ",".join(f"{name}={value}" if value is not None else name for name, value in options.items())
    subprocess.run([MOUNT, "-t", "tmpfs", "-o", text, "tmpfs", directory], check=True)


@contextlib.contextmanager
def mounted(directory, **options):
    directory.mkdir()
    mount(directory, **options)
    try:
        yield
    finally:
        subprocess.run([UMOUNT, directory], check=True)


@contextlib.contextmanager
def few_blocks(directory, level):
    """Two hundred pages at most, and no more than `level` of them at first."""
    with mounted(directory, size=level * PAGE):
        yield lambda: mount(directory, remount=None, size=200 * PAGE)


@contextlib.contextmanager
def few_inodes(directory, level):
    with mounted(directory, size=200 * PAGE, nr_inodes=level):
        yield lambda: mount(directory, remount=None, nr_inodes=200)


@contextlib.contextmanager
def short_files(directory, level):
    """No file longer than so many bytes; the system refuses what goes beyond."""
    directory.mkdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def lift():
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    resource.setrlimit(resource.RLIMIT_FSIZE, (level, before[1]))
    try:
        yield lift
    finally:
        lift()


SHORTAGES = {
    "blocks of a tmpfs": (few_blocks, range(1, 200)),
    "inodes of a tmpfs": (few_inodes, range(2, 200)),
    "limit on the size of files": (short_files, range(0, 20_000, 500)),
}


BATCH = 4


def again(store, replications=10):
    return sk.sweep(tasks(replications), store=store, batch=BATCH)


def failure(store):
    try:
        again(store)
    except (sk.RunError, sk.SpecError) as error:
        return error
    return None


def fill(directory, case):
    """Try all levels up to the first that is enough; return how many games each kept, or None if refused."""
    again(directory / "whole")
    whole = contents(directory / "whole")
    shortage, levels = SHORTAGES[case]
    kept = []
    for level in levels:
        disk = directory / f"disk{level}"
        with shortage(disk, level) as make_space:
            store = disk / "store"
            error = failure(store)
            if error is None:
                assert contents(store) == whole
                return kept
            assert str(store) in str(error)
            assert any(why in str(error) for why in ("No space left", "File too large"))
            refused = isinstance(error, sk.SpecError)
            kept.append(None if refused else sum(pq.read_metadata(path).num_rows for path in parts(store)))
            before = contents(store) if store.exists() else {}
            make_space()
            found = again(store)
            assert (found.reused, found.played) == (kept[-1] or 0, 60 - (kept[-1] or 0))
            assert contents(store) == whole
            assert all(whole[name] == data for name, data in before.items() if name.startswith("results"))
    raise AssertionError("never enough")


@contextlib.contextmanager
def read_only_mount(disk):
    subprocess.run([MOUNT, "-o", "remount,ro", disk], check=True)
    yield


@contextlib.contextmanager
def no_permission(disk):
    """For root there is always permission: be nobody."""
    paths = [disk, *disk.rglob("*")]
    modes = [path.stat().st_mode for path in paths]
    for path, mode in zip(paths, modes, strict=True):
        path.chmod(mode & 0o555)
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)
        for path, mode in zip(paths, modes, strict=True):
            path.chmod(mode)


REFUSALS = {
    "read-only mount": (read_only_mount, "Read-only file system"),
    "permissions": (no_permission, "Permission denied"),
}


def look_only(directory, case):
    """Use a store that cannot be written: a complete one, an incomplete one, a damaged one."""
    disk = directory / "disk"
    refuse, why = REFUSALS[case]
    with mounted(disk, size="1m") if case in NEED_MOUNTS else contextlib.nullcontext(disk.mkdir()):
        store, damaged = disk / "store", disk / "damaged"
        expected = again(store).summary()
        again(damaged)
        victim = parts(damaged)[2]
        victim.write_bytes(victim.read_bytes()[:-9])
        before = contents(disk)
        sk.sweeps.play.simulate_many = None  # whoever plays, fails
        with refuse(disk):
            found = again(store)
            assert (found.played, found.reused) == (0, 60)
            assert found.summary().equals(expected)
            assert len(again(store, 4).summary()) == len(expected)
            with pytest.raises(sk.SpecError, match=why):
                again(store, 11)
            with pytest.warns(sk.StackelWarning, match=victim.name), pytest.raises(sk.SpecError, match=why):
                again(damaged)
            with pytest.raises(sk.SpecError, match=why):
                again(disk / "store" / "new")
        assert contents(disk) == before


def run(case, directory):
    """Run a case in a process, which may mount what it likes."""
    away = [UNSHARE, "-rm"] if case in NEED_MOUNTS else []
    command = [*away, sys.executable, __file__, case, str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", [case for case in SHORTAGES if MAY_MOUNT or case not in NEED_MOUNTS])
def test_a_full_disk_loses_nothing(tmp_path, case):
    kept = run(case, tmp_path)
    assert None in kept  # refused before anything was played
    assert 0 in kept
    assert len(kept) >= 9
    if case != "limit on the size of files":  # of which one is as long as another
        assert set(kept) - {None} == set(range(0, 60, BATCH))


@pytest.mark.parametrize("case", [case for case in REFUSALS if MAY_MOUNT or case not in NEED_MOUNTS])
def test_a_store_that_cannot_be_written(case):
    with tempfile.TemporaryDirectory() as folder:  # not that of pytest, which others may not enter
        Path(folder).chmod(0o755)
        assert run(case, folder) is None


if __name__ == "__main__":
    warnings.simplefilter("error")
    do = fill if sys.argv[1] in SHORTAGES else look_only
    sys.stdout.write(json.dumps(do(Path(sys.argv[2]), sys.argv[1])))
