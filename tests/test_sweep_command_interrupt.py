"""Ctrl-C on the command line says how to go on, and leaves what can be gone on from."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from swept import contents
from typer.testing import CliRunner

from stackel import cli

LONG = """\
store = "results"
batch = 2

[task]
game = { family = "unachievable", delta = 0.1, member = 1 }
leader = "UCB"
follower = "UCB"
replications = 40

[grid]
seed = [1, 2, 3]
horizon = [50, 100_000]
"""
SLOW = """\
game = { family = "unachievable", delta = 0.1, member = 2 }
leader = "UCB"
follower = "UCB"
horizon = 1_000_000_000
engine = "stepwise"
"""
MAIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit SIG_IGN
sys.path.insert(0, {folder!r})
from stackel import cli
from stackel.__main__ import main
from stackel.sweeps.stores import parquet
from swept import slowly

parquet.write = slowly(parquet.write, {fast})

def told(file, play=cli.play_file, **options):
    print("begun", flush=True)
    return play(file, **options)

cli.play_file = told
main()
"""


def start(*arguments, fast=0):
    """Command that takes its time once there are so many files."""
    main = MAIN.format(folder=str(Path(__file__).parent), fast=fast)
    command = [sys.executable, "-c", main, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stopped(driver):
    """Press Ctrl-C; return the exit code and what it says."""
    driver.send_signal(signal.SIGINT)
    _, said = driver.communicate(timeout=60)
    return driver.returncode, said


def play(path):
    return CliRunner().invoke(cli.app, ["sweep", str(path)])


def test_the_same_command_goes_on_after_ctrl_c(tmp_path):
    path, other, store = tmp_path / "long.toml", tmp_path / "other.toml", tmp_path / "results"
    path.write_text(LONG)
    other.write_text(LONG.replace('"results"', '"whole"'))
    results = store / "results"

    def files():
        return len(list(results.iterdir())) if results.is_dir() else -1

    for n_files in (0, 1, 20):  # the first time before there is any
        with start("sweep", path, fast=n_files) as driver:
            while driver.poll() is None and files() < n_files:
                time.sleep(0.001)
            assert stopped(driver) == (130, f"stackel: stopped; the same command continues from {store}\n")
    there = files()
    assert 20 <= there < 120
    assert f"{240 - 2 * there} games played, {2 * there} reused" in play(path).stdout
    assert play(other).exit_code == 0
    assert contents(store) == contents(tmp_path / "whole")


def test_a_run_that_is_stopped_says_so(tmp_path):
    path = tmp_path / "slow.toml"
    path.write_text(SLOW)
    with start("run", path) as driver:
        assert driver.stdout.readline() == "begun\n"
        assert stopped(driver) == (130, "stackel: stopped\n")
