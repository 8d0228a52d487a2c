"""What can happen to a store: the disk, other files, other drivers, other versions."""

import contextlib
import errno
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from swept import contents, parts, tasks

import stackel as sk
from stackel.sweeps.stores import lock, parquet


@pytest.fixture
def store(tmp_path):
    sk.sweep(tasks(), store=tmp_path / "store", batch=7)
    return tmp_path / "store"


def again(store):
    return sk.sweep(tasks(), store=store, batch=7)


class TestDamage:
    @pytest.mark.parametrize(
        "damage",
        [
            lambda path: path.write_bytes(b""),
            lambda path: path.write_bytes(path.read_bytes()[:-20]),
            lambda path: path.write_text("not Parquet"),
            lambda path: pq.write_table(pa.table({"a": [1]}), path),
            lambda path: path.write_bytes(parts(path.parents[1])[0].read_bytes()),
            lambda path: (path.unlink(), os.mkfifo(path)),
        ],
        ids=["empty", "truncated", "text", "foreign", "of another name", "a pipe"],
    )
    def test_is_named_put_aside_and_played_again(self, store, damage):
        whole, path = contents(store), parts(store)[3]
        damage(path)
        with pytest.warns(sk.StackelWarning, match=path.name):
            found = again(store)
        assert 0 < found.played <= 7
        assert (store / "aside" / path.name).exists()
        assert {name: data for name, data in contents(store).items() if "aside" not in name} == whole

    @pytest.mark.parametrize(
        "change",
        [
            lambda table: table.slice(1),
            lambda table: table.slice(0, 0),
            lambda table: table.take([2, 0, 1, *range(3, table.num_rows)]),
            lambda table: pa.concat_tables([table, table]),
            lambda table: table.drop_columns("round"),
            lambda table: table.set_column(0, "task", pa.array(["x"] * table.num_rows).dictionary_encode()),
        ],
        ids=["shorter", "empty", "shuffled", "twice", "a column less", "other tasks"],
    )
    def test_other_rows_under_the_same_header_are_noticed(self, store, change):
        whole, path = contents(store), parts(store)[3]
        pq.write_table(change(pq.read_table(path)), path)
        with pytest.raises(sk.RunError, match=f"{path.name} is damaged"):
            again(store).summary()
        assert again(store).played > 0
        assert {name: data for name, data in contents(store).items() if "aside" not in name} == whole

    def test_a_file_cannot_say_that_it_holds_any_number_of_games(self, store):
        keys = [["x", 0, 30_000_000]]
        text = {"format": parquet.FORMAT, "format_version": 1, "stream_version": 2, "stretches": keys}
        bomb = pa.table({"a": [1]}).replace_schema_metadata({"stackel": json.dumps(text)})
        pq.write_table(bomb, store / "results" / parquet.name_of(keys))
        with pytest.warns(sk.StackelWarning, match="more than 16384 games"):
            assert again(store).played == 0

    def test_rows_that_would_not_fit_in_memory_are_not_read(self, store, monkeypatch):
        found = again(store)
        monkeypatch.setattr("stackel._utils.memory._physical_memory", lambda: 100)
        with pytest.raises(sk.RunError, match="few enough to fit in"):
            found.summary()

    def test_files_that_do_not_belong_are_put_aside(self, store):
        (store / "results" / "notes.txt").write_text("mine")
        with pytest.warns(sk.StackelWarning, match=r"notes\.txt"):
            assert again(store).played == 0
        assert (store / "aside" / "notes.txt").read_text() == "mine"

    def test_nothing_that_was_put_aside_is_overwritten(self, store):
        for text in ("first", "second", "third"):
            (store / "results" / "notes.txt").write_text(text)
            with pytest.warns(sk.StackelWarning, match=r"notes\.txt"):
                again(store)
        assert sorted(path.read_text() for path in (store / "aside").iterdir()) == [
            "first",
            "second",
            "third",
        ]

    def test_what_the_system_does_not_let_us_list_is_not_empty(self, store):
        whole, limits = contents(store), resource.getrlimit(resource.RLIMIT_NOFILE)
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1, limits[1]))  # which the lock takes
        try:
            with pytest.raises(sk.RunError, match="results cannot be read: Too many open files"):
                again(store)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        assert contents(store) == whole
        assert again(store).played == 0

    @pytest.mark.parametrize("function", ["read_metadata", "ParquetFile"])
    def test_what_the_system_does_not_let_us_read_is_not_damaged(self, store, monkeypatch, function):
        def fails(*_, **__):
            raise OSError(errno.EIO, "Input/output error")

        whole = contents(store)
        with monkeypatch.context() as patch:
            patch.setattr(pq, function, fails)
            with pytest.raises(sk.RunError, match=r"\.parquet cannot be read: Input/output error"):
                again(store).summary()
        assert contents(store) == whole

    def test_changed_numbers_are_noticed_when_they_are_read(self, store):
        whole, path = contents(store), parts(store)[0]
        data = bytearray(path.read_bytes())
        group = pq.read_metadata(path).row_group(0)
        columns = map(group.column, range(group.num_columns))
        column = next(each for each in columns if each.path_in_schema == "follower_utility")
        data[column.dictionary_page_offset + column.total_compressed_size - 3] ^= 255
        path.write_bytes(data)
        found = again(store)
        assert found.played == 0
        with pytest.raises(sk.RunError, match=path.name):
            found.summary()
        assert again(store).summary().notna().all(axis=None)
        assert {name: data for name, data in contents(store).items() if "aside" not in name} == whole


@pytest.mark.parametrize("step", ["fsync", "replace", "unlink"])
def test_a_step_of_writing_that_fails_at_any_time_loses_nothing(tmp_path, store, monkeypatch, step):
    """What test_sweep_disk cannot provoke: whole disks refuse bytes, and hardly ever these."""
    whole, real = contents(store), getattr(os, step)
    failures = 0
    for moment in range(100):
        calls = iter(range(100))

        def fails(*arguments, calls=calls, moment=moment, **options):
            if next(calls) == moment:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **options)

        other = tmp_path / f"other{moment}"
        (other / "results").mkdir(parents=True)
        (other / f".{'0' * 16}.tmp").write_text("left behind")
        error = None
        with monkeypatch.context() as patch:
            patch.setattr(os, step, fails)
            try:
                again(other)
            except (sk.RunError, sk.SpecError) as caught:
                error = caught
        failures += error is not None
        if next(calls) <= moment:
            break
        there = sum(pq.read_metadata(path).num_rows for path in parts(other) if not path.name.startswith("."))
        assert again(other).reused == there
        assert contents(other) == whole
        assert error is None or str(other) in str(error)
    assert failures >= (1 if step == "unlink" else 10)


class TestCannotWrite:
    @pytest.fixture(autouse=True)
    def read_only(self, store, monkeypatch):
        def refuse(*_):
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr(lock.os, "open", refuse)

    def test_what_is_complete_can_be_used(self, store):
        assert again(store).summary().shape[0] == 12

    def test_what_is_not_is_refused_before_anything_is_played(self, store, monkeypatch):
        monkeypatch.setattr("stackel.sweeps.play.simulate_many", None)
        with pytest.raises(sk.SpecError, match="Read-only"):
            sk.sweep(tasks(11), store=store)


class TestForeignStores:
    def test_of_other_streams(self, store):
        manifest = json.loads((store / "manifest.json").read_text())
        (store / "manifest.json").write_text(json.dumps(manifest | {"stream_version": 99}))
        before = contents(store)
        with pytest.raises(sk.SpecError, match=r"streams of version 2\b.*version 99"):
            again(store)
        assert contents(store) == before

    def test_with_a_file_of_other_streams(self, store, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("stackel.sweeps.stores.parquet.stream_version", lambda: 99)
            patch.setattr("stackel.sweeps.stores.directory.stream_version", lambda: 2)
            sk.sweep(tasks(12), store=store)
        with pytest.raises(sk.SpecError, match="version 99 in"):
            again(store)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{}",
            "[]",
            "[" * 100_000,
            " " * (2**20 + 1),
            "9" * 10_000,
            '{"format": "other", "format_version": 1, "stream_version": 1}',
        ],
        ids=["empty", "nothing", "a list", "deep", "long", "digits", "another format"],
    )
    def test_with_another_manifest(self, store, text):
        (store / "manifest.json").write_text(text)
        with pytest.raises(sk.SpecError, match="manifest"):
            again(store)

    def test_directories_with_something_else(self, tmp_path):
        (tmp_path / "thesis.tex").touch()
        with pytest.raises(sk.SpecError, match="store"):
            again(tmp_path)
        with pytest.raises(sk.SpecError, match="store"):
            again(tmp_path / "thesis.tex")
        assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


class TestTwoDrivers:
    def test_of_one_process(self, store):
        with lock.locked(store / "lock"), pytest.raises(sk.SpecError, match="another sweep of this process"):
            again(store)
        assert again(store).played == 0

    def test_of_two_processes(self, store):
        script = (
            "import sys, pathlib\nfrom stackel.sweeps.stores.lock import locked\n"
            "with locked(pathlib.Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.read()"
        )
        command = [sys.executable, "-c", script, str(store / "lock")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen(command, **pipes) as other:
            assert other.stdout.readline() == "held\n"
            with pytest.raises(sk.SpecError, match=f"in use by process {other.pid} on "):
                again(store)
            other.kill()
        assert again(store).played == 0

    def test_a_lock_whose_owner_is_gone_is_none(self, store):
        (store / "lock").write_text("process 1 on another machine")
        assert again(store).played == 0
        assert (store / "lock").read_text() == ""


class TestInterruption:
    def test_waits_for_what_is_being_imported(self, tmp_path, monkeypatch):
        # Interrupted in its middle, a library may be half there for as long as the process lives.
        (tmp_path / "slowly_imported.py").write_text("import time\ntime.sleep(0.5)\nwhole = True\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(parquet, "_LIBRARIES", ("slowly_imported",))
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        timer = threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                sk.sweep(tasks(), store=tmp_path / "s")
        finally:
            signal.signal(signal.SIGINT, before)
            timer.join()
        assert sys.modules["slowly_imported"].whole

    def test_leaves_a_store_that_goes_on(self, tmp_path, store, monkeypatch):
        real, steps = sk.simulate_many, iter(range(100))

        def stops(*arguments, **options):
            if next(steps) == 5:
                raise KeyboardInterrupt
            return real(*arguments, **options)

        other = tmp_path / "other"
        with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
            patch.setattr("stackel.sweeps.play.simulate_many", stops)
            again(other)
        found = again(other)
        assert found.reused > 0
        assert found.played > 0
        assert contents(other) == contents(store)

    def test_what_a_dead_driver_left_is_removed(self, store):
        whole = contents(store)
        (store / "results" / f".{'0' * 16}.tmp").write_text("half")
        (store / f".{'1' * 16}.tmp").write_text("half a manifest")
        again(store)
        assert contents(store) == whole


def test_an_idle_store_takes_no_time(store):
    start = time.monotonic()
    again(store)
    assert time.monotonic() - start < 2.0
