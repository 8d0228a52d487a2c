"""Ctrl-C and cancel tokens stop the longest run at once, and nothing is broken afterwards.

A stop must take less than LIMIT seconds. A busy machine may delay one attempt, so the best of
ATTEMPTS counts.
"""

from __future__ import annotations

import _thread
import functools
import signal
import subprocess
import sys
import threading
import time

import pytest

import stackel as sk
from stackel._core import check_learner

LIMIT = 0.2
ATTEMPTS = 3
ENDLESS = 10**12
ENGINES = ("leap", "stepwise")
GAME = sk.games.etc_failure()
TIED = sk.Game([[0.5] * 2] * 2, [[0.5] * 2] * 2)
"""A game with nothing to leap over."""
SCRIPT = """
import signal, sys, time
import stackel as sk

signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit SIG_IGN
engine, threads, replications = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
game, learners = sk.Game([[0.5] * 2] * 2, [[0.5] * 2] * 2), (sk.UCB(), sk.UCB())  # nothing to leap over
print("started", flush=True)
try:
    sk.simulate(game, *learners, 10**12, seed=1, engine=engine, threads=threads, replications=replications)
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
print(sk.simulate(game, *learners, 1000, seed=1, engine=engine, threads=threads).pulls.sum())
"""


def interrupted(process):
    """Press Ctrl-C in a process that has started; when that was, and all that it says."""
    assert process.stdout.readline() == "started\n", process.stderr.read()
    time.sleep(0.2)
    sent = time.monotonic()
    process.send_signal(signal.SIGINT)
    try:
        return sent, *process.communicate(timeout=60)
    finally:
        process.kill()


def seconds_from_ctrl_c(*arguments):
    """Seconds from the signal to KeyboardInterrupt in a fresh process."""
    command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        sent, stdout, stderr = interrupted(process)
    assert (process.returncode, stderr) == (0, "")
    caught, rounds_afterwards = stdout.split()
    assert rounds_afterwards == "1000"
    return float(caught) - sent


@pytest.mark.parametrize(
    ("engine", "threads", "replications"),
    [
        ("stepwise", 1, 1),
        ("stepwise", 2, 50),
        ("leap", 1, 1),
        ("leap", 2, 50),
        ("reference", 1, 50),
        ("reference", 2, 2),
    ],
)
def test_ctrl_c(engine, threads, replications):
    assert any(seconds_from_ctrl_c(engine, threads, replications) < LIMIT for _ in range(ATTEMPTS))


FIRST_MOMENTS = """
import os, signal, time
import stackel as sk

game, (ready, begin) = sk.Game([[0.5] * 2] * 2, [[0.5] * 2] * 2), os.pipe()

def run():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        os.write(begin, b".")
        sk.simulate(game, sk.UCB(), sk.UCB(), 10**12)
    except KeyboardInterrupt:
        os._exit(0)

def press(child, seconds):
    os.read(ready, 1)
    start = time.perf_counter()
    while time.perf_counter() < start + seconds:
        pass
    os.kill(child, signal.SIGINT)
    for _ in range(1000):
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    print("lost after", seconds)

for microseconds in range(100, 3000, 60):
    if (child := os.fork()) == 0:
        run()
    press(child, microseconds / 1e6)
"""


def test_ctrl_c_in_the_first_moments_of_a_first_run():
    command = [sys.executable, "-c", FIRST_MOMENTS]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.fixture
def python_handles_ctrl_c():
    """A background job inherits that nobody does."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("python_handles_ctrl_c")
def test_ctrl_c_while_parameters_are_read():
    # Nothing of Python runs between the signal and the text of `ties`, which is made in Rust.
    read = functools.partial(check_learner, "UCB", {"ties": "lowest"})
    with pytest.raises(KeyboardInterrupt):
        list(map(functools.partial.__call__, [functools.partial(_thread.interrupt_main), read]))


@pytest.mark.parametrize("method", ["__repr__", "__index__"])
def test_ctrl_c_in_a_parameter_of_your_own(method):
    def press(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_learner("UCB", {"confidence": type("Mine", (), {method: press})()})


FIRST_CALL = """
import sys
import stackel as sk

game, before = sk.games.etc_failure(), set(sys.modules)
sk.{call}
print(set(sys.modules) - before)
"""


@pytest.mark.parametrize(
    "call",
    [
        "simulate(game, sk.UCB(), sk.UCB(), 10**6, replications=2, trace=True, seed=None)",
        "simulate_many([[[0.5]]], [[[0.5]]], sk.UCB(), sk.UCB(), 10)",
        "Simulation(game, sk.UCB(), sk.UCB(), 10).step(10)",
    ],
)
def test_a_first_run_imports_nothing(call):
    # Extension modules may swallow a Ctrl-C that comes while they are being imported.
    command = [sys.executable, "-c", FIRST_CALL.format(call=call)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"


def seconds_from_cancelling(leader, follower, **options):
    """Seconds from cancel() in this thread to RunError in another."""
    token = sk.CancelToken()
    stopped = []

    def run():
        with pytest.raises(sk.RunError, match="cancelled"):
            sk.simulate(GAME, leader, follower, ENDLESS, cancel=token, **options)
        stopped.append(time.monotonic())

    worker = threading.Thread(target=run)
    worker.start()
    time.sleep(0.05)
    assert worker.is_alive()
    assert not token.cancelled
    sent = time.monotonic()
    token.cancel()
    worker.join(60)
    assert token.cancelled
    return stopped[0] - sent


def test_a_cancelled_token_stops_even_what_would_end_at_once():
    token = sk.CancelToken()
    token.cancel()
    with pytest.raises(sk.RunError, match="cancelled"):
        sk.simulate(GAME, sk.FixedAction(0), sk.BestResponse(), 1, cancel=token)


@pytest.mark.parametrize("engine", ["stepwise", "reference"])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(
    ("leader", "follower"),
    [
        (sk.UCB(), sk.UCB()),
        (sk.ExploreThenCommit(exploration=ENDLESS), sk.ExploreThenUCB()),
        (sk.PhasedUCB(), sk.ActiveArmElimination(sigma=0.0)),
        (sk.UniformLearner(), sk.UniformLearner()),
        (sk.LipschitzUCB(), sk.FixedAction(0)),
    ],
    ids=repr,
)
def test_cancel_token(engine, threads, leader, follower):
    options = {"engine": engine, "threads": threads, "replications": 4}
    assert any(seconds_from_cancelling(leader, follower, **options) < LIMIT for _ in range(ATTEMPTS))


def test_cancel_token_stops_fixed_policies():
    # Only the reference plays them round by round.
    options = {"engine": "reference", "threads": 1}
    policies = (sk.FixedAction(0), sk.BestResponse())
    assert any(seconds_from_cancelling(*policies, **options) < LIMIT for _ in range(ATTEMPTS))


@pytest.mark.parametrize("engine", ENGINES)
def test_cancel_before_the_start(engine):
    token = sk.CancelToken()
    token.cancel()
    with pytest.raises(sk.RunError, match="cancelled"):
        sk.simulate(TIED, sk.UCB(), sk.UCB(), ENDLESS, engine=engine, cancel=token)


@pytest.mark.parametrize("engine", ENGINES)
def test_cancelling_one_run_spares_the_others(engine):
    token = sk.CancelToken()
    ends = []

    def run():
        ends.append(sk.simulate(TIED, sk.UCB(), sk.UCB(), 3_000_000, seed=1, engine=engine).pulls.sum())

    other = threading.Thread(target=run)
    other.start()
    token.cancel()
    with pytest.raises(sk.RunError):
        sk.simulate(TIED, sk.UCB(), sk.UCB(), ENDLESS, engine=engine, cancel=token)
    other.join()
    assert ends == [3_000_000]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_releases_the_interpreter(engine):
    # While a run holds a thread, this one must go on counting.
    token = sk.CancelToken()

    def run():
        with pytest.raises(sk.RunError):
            sk.simulate(TIED, sk.UCB(), sk.UCB(), ENDLESS, engine=engine, cancel=token, threads=1)

    worker = threading.Thread(target=run)
    worker.start()
    pauses = []
    for _ in range(50):
        before = time.monotonic()
        time.sleep(0.001)
        pauses.append(time.monotonic() - before)
    token.cancel()
    worker.join()
    assert sorted(pauses)[len(pauses) // 2] < 0.05


def test_exceptions_leave_no_signal_handler_behind():
    before = signal.getsignal(signal.SIGINT)
    sk.simulate(GAME, sk.UCB(), sk.UCB(), 100_000)
    assert signal.getsignal(signal.SIGINT) is before
