"""Interrupting a sweep in a notebook leaves a store that goes on and a kernel that lives."""

import ast
import contextlib
import time
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from swept import contents, tasks

import stackel as sk

BEGINNING = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from concurrent.futures import ThreadPoolExecutor
import stackel as sk
from stackel.sweeps.stores import parquet
from swept import slowly, tasks

wide = tasks(40, horizons=(50, 100_000))

write = parquet.write

def play(store, kind, fast):
    parquet.write = slowly(write, fast)
    with ThreadPoolExecutor(2) as pool:
        print("begun")
        return sk.sweep(wide, store=store, batch=2, executor=pool if kind == "threads" else None)
"""
LIMIT = 5.0
"""Seconds to stop in, on machines that are busy too."""


class Notebook:
    def __init__(self):
        self.manager, self.client = start_new_kernel()

    def run(self, code, when_begun=None):
        """Run a cell, and what is to happen once it has printed something; return the value or the error."""
        cell = self.client.execute(code, user_expressions={"value": "value"}, stop_on_error=False)
        if when_begun is not None:
            while not self.printed(cell):
                pass
            when_begun()
        reply = self.reply(cell)
        if reply["status"] == "error":
            return reply["ename"]
        return ast.literal_eval(reply["user_expressions"]["value"]["data"]["text/plain"])

    def printed(self, cell):
        message = self.client.get_iopub_msg(timeout=60)
        return message["msg_type"] == "stream" and message["parent_header"]["msg_id"] == cell

    def reply(self, cell):
        """Return the answer to a cell; those to questions asked while the kernel started may come late."""
        while True:
            message = self.client.get_shell_msg(timeout=60)
            if message["parent_header"]["msg_id"] == cell:
                return message["content"]

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()


@pytest.fixture(scope="module")
def notebook():
    with contextlib.closing(Notebook()) as opened:
        assert opened.run(BEGINNING + "value = 1") == 1
        yield opened


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    store = tmp_path_factory.mktemp("whole") / "store"
    sk.sweep(tasks(40, horizons=(50, 100_000)), store=store, batch=2)
    return contents(store)


# With the cores first, so that one interruption comes while libraries are imported.
@pytest.mark.parametrize("kind", ["cores", "threads"])
def test_interrupted_and_run_again(notebook, tmp_path, whole, kind):
    results, pressed = tmp_path / "store" / "results", []

    def files():
        return len(list(results.iterdir())) if results.is_dir() else 0

    def interrupt_at(n_files):
        late = time.monotonic() + 60
        while files() < n_files and time.monotonic() < late:
            time.sleep(0.001)
        pressed.append(time.monotonic())
        notebook.manager.interrupt_kernel()

    def cell(n_files):
        call = f"play({str(results.parent)!r}, {kind!r}, fast={n_files})"
        return f"found = {call}; value = (found.played, found.reused)"

    for n_files in (0, 1, 30):
        assert notebook.run(cell(n_files), lambda n=n_files: interrupt_at(n)) == "KeyboardInterrupt"
        assert time.monotonic() - pressed[-1] < LIMIT
        assert notebook.run("value = 1") == 1
        assert all(path.name[0] != "." for path in results.parent.iterdir()) if n_files else True
    there = files()
    assert 30 <= there < 120
    assert notebook.run(cell(1000)) == (240 - 2 * there, 2 * there)
    assert contents(results.parent) == whole
