"""Whoever is stopped on the way is where it was before; others can work meanwhile, but not on the same game.

A stop must take less than LIMIT seconds. A busy machine may delay one attempt, so the best of ATTEMPTS
counts.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time

import pytest
from test_interrupt import ATTEMPTS, LIMIT, TIED, interrupted

import stackel as sk

ENDLESS = 2**53
CALLS = {
    "advance": lambda sim, **options: sim.advance(2**52, **options),
    "step": lambda sim, **options: sim.step(2**25, **options),
}


def begin(engine, leader=None):
    sim = sk.Simulation(TIED, leader or sk.UCB(), sk.UCB(), ENDLESS, 1, engine=engine)
    sim.advance(1000)
    return sim


def seconds_from_cancelling(sim, call):
    token, stopped = sk.CancelToken(), []

    def work():
        with pytest.raises(sk.RunError, match="cancelled"):
            CALLS[call](sim, cancel=token)
        stopped.append(time.monotonic())

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.1)
    sent = time.monotonic()
    token.cancel()
    worker.join(60)
    return stopped[0] - sent


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("engine", ["leap", "stepwise"])
@pytest.mark.parametrize("leader", [sk.UCB(), sk.EXP3()], ids=repr)
def test_cancelling_takes_back_what_was_begun(engine, call, leader):
    sim = begin(engine, leader)
    before = sim.snapshot()
    assert any(seconds_from_cancelling(sim, call) < LIMIT for _ in range(ATTEMPTS))
    assert sim.snapshot() == before
    other = sk.Simulation.restore(before)
    sim.advance(100)
    other.advance(100)
    assert sim.snapshot() == other.snapshot()


@pytest.mark.parametrize("call", [lambda sim, **o: sim.advance(0, **o), lambda sim, **o: sim.step(1, **o)])
def test_a_cancelled_token_stops_even_what_would_end_at_once(call):
    token = sk.CancelToken()
    token.cancel()
    sim = begin("leap")
    with pytest.raises(sk.RunError, match="cancelled"):
        call(sim, cancel=token)
    assert sim.t == 1000


def test_one_thread_at_a_time():
    sim, token = begin("stepwise"), sk.CancelToken()

    def work():
        with pytest.raises(sk.RunError, match="cancelled"):
            sim.advance(2**52, cancel=token)

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.1)
    pauses = []
    for call in (lambda: sim.t, lambda: sim.pulls, sim.step, sim.choose, sim.observe, sim.snapshot):
        begun = time.monotonic()
        with pytest.raises(sk.RunError, match="another call"):
            call()
        pauses.append(time.monotonic() - begun)
    token.cancel()
    worker.join()
    assert sim.t == 1000
    assert min(pauses) < 0.05


SCRIPT = """
import signal, sys, time
import stackel as sk

signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit SIG_IGN
tied = sk.Game([[0.5] * 2] * 2, [[0.5] * 2] * 2)
sim = sk.Simulation(tied, sk.UCB(), sk.UCB(), 2**53, 1, engine=sys.argv[1])
before = sim.snapshot()
print("started", flush=True)
try:
    sim.advance(2**52) if sys.argv[2] == "advance" else sim.step(2**26)
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
assert sim.snapshot() == before
"""


def seconds_from_ctrl_c(*arguments):
    command = [sys.executable, "-c", SCRIPT, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        sent, stdout, stderr = interrupted(process)
    assert (process.returncode, stderr) == (0, "")
    return float(stdout) - sent


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("engine", ["leap", "stepwise"])
def test_ctrl_c(engine, call):
    assert any(seconds_from_ctrl_c(engine, call) < LIMIT for _ in range(ATTEMPTS))
