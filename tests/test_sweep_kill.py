"""kill -9 and Ctrl-C at random moments: nothing is lost, nothing is done twice, the files are the same.

As a program, ``python tests/test_sweep_kill.py 50``, it kills that often and reports.
"""

import math
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from swept import contents

SCRIPT = """
import signal, sys

signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
sys.path.insert(0, sys.argv[2])
import stackel as sk
from stackel.sweeps.stores import parquet
from swept import slowly, tasks

replacing = parquet.replacing


def told(path, **options):
    print(path.name, flush=True)
    return replacing(path, **options)


parquet.replacing = told
parquet.write = slowly(parquet.write, float(sys.argv[3]))
print("started", flush=True)
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit SIG_IGN
try:
    sk.sweep(tasks(40, horizons=(50, 100_000), deltas=(0.1, 0.2, 0.3)), store=sys.argv[1], batch=2)
except KeyboardInterrupt:
    sys.exit(130)
except sk.SpecError as error:
    print(error)
    sys.exit(2)
"""


def started(store, fast=math.inf):
    """Driver that has begun, and takes its time once there are so many files."""
    command = [sys.executable, "-c", SCRIPT, str(store), str(Path(__file__).parent), str(fast)]
    driver = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert driver.stdout.readline() == "started\n"
    return driver


def drive(store, moment=None, how=signal.SIGKILL):
    """Exit code of a driver and the files that it began to write.

    It is stopped so many seconds after it began to write so many files.
    """
    with started(store) as driver:
        begun = []
        if moment is not None:
            n_files, seconds = moment
            begun = [driver.stdout.readline() for _ in range(n_files)]
            time.sleep(seconds)
            driver.send_signal(how)
        rest, _ = driver.communicate()
    return driver.returncode, ("".join(begun) + rest).split()


def complete(store):
    return {path.name for path in (store / "results").glob("[!.]*")}


def survive(kills, directory, how=signal.SIGKILL):
    """Stop drivers so often, each time at another moment; return how many files were begun and lost."""
    whole = directory / "whole"
    code, written = drive(whole)
    assert code == 0
    assert len(set(written)) == len(written) == len(complete(whole)) == 120
    generator = random.Random(1)
    done = lost = stores = 0
    while done < kills:
        stores += 1
        store = directory / f"store{stores}"
        code = None
        while code != 0:
            before = complete(store)
            moment = (generator.randrange(12), generator.uniform(0, 0.01)) if done < kills else None
            code, written = drive(store, moment, how)
            after = complete(store)
            assert before <= after, "something was lost"
            assert not before & set(written), "something was done twice"
            assert len(set(written)) == len(written)
            assert code in {0, -how, 130}, "the driver failed"
            done += code != 0
            lost += len(set(written) - after)
            assert len(set(written) - after) <= 1
        assert contents(store) == contents(whole)
    return done, lost, stores


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_and_resumed(tmp_path, how):
    done, _, _ = survive(3, tmp_path, how)
    assert done == 3


def test_drivers_take_turns(tmp_path):
    """The first is killed, the second takes over at once; a third is told who has the store."""
    store = tmp_path / "store"
    with started(store, fast=10) as first:
        begun = [first.stdout.readline() for _ in range(10)]
        code, said = drive(store)
        assert code == 2
        assert f"in use by process {first.pid} on " in " ".join(said)
        first.kill()
        rest, _ = first.communicate()
    lost = set(("".join(begun) + rest).split()) - complete(store)
    assert len(lost) <= 1
    before = complete(store)
    code, written = drive(store)
    assert code == 0
    assert not before & set(written)
    assert len(before) + len(written) == len(complete(store)) == 120


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        done, lost, stores = survive(int(sys.argv[1]), Path(folder))
    sys.stdout.write(f"{done} kills of {stores} sweeps, {lost} files in the making lost and made again\n")
