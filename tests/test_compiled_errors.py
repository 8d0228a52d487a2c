"""Exceptions in compiled functions end the run, wherever it runs, and nobody else's exceptions are lost."""

from __future__ import annotations

import ctypes
import gc
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from compiled_policies import CHOOSE, OBSERVE, RESET, choose_first, first, ucb
from numba import cfunc
from policies import UCB, ManyUCB
from test_interrupt import interrupted

import stackel as sk

GAME = sk.games.random(3, 4, 1)
ROUND = 50
C_CHOOSE = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.POINTER(ctypes.c_uint8), ctypes.c_uint64)


@cfunc(CHOOSE)
def divides(state, _random):
    state[0] += 1
    return 1 // (50 - int(state[0])) * 0


@cfunc(CHOOSE)
def raises(state, _random):
    state[0] += 1
    if state[0] == 50:
        raise ValueError("mine")
    return 0


@cfunc(CHOOSE, boundscheck=True)
def leaves_an_array(state, _random):
    state[0] += 1
    return int(np.zeros(50)[int(state[0])])


@cfunc(CHOOSE, error_model="numpy")
def divides_as_numpy_does(state, _random):
    state[0] += 1
    return int(1 / (50 - state[0]) > 2)


@cfunc(OBSERVE)
def observe_raises(state, _arm, _reward):
    state[0] += 1
    if state[0] == 50:
        raise ValueError("mine")


@cfunc(RESET)
def reset_raises(_state, _n_arms, _horizon, _role, _parameters):
    raise ValueError("mine")


@C_CHOOSE
def python_raises(state, _random):
    state[0] += 1
    return [0, 1][state[0] // 50 * 2]


@C_CHOOSE
def python_returns_nothing(state, _random):
    state[0] += 1
    return 0 if state[0] < 50 else None


FAILING = {
    "division": ((divides,), "choose", "ZeroDivisionError: integer division by zero"),
    "raise": ((raises,), "choose", "ValueError: mine"),
    "bounds": ((leaves_an_array,), "choose", "IndexError: index is out of bounds"),
    "observe": ((choose_first, observe_raises), "observe", "ValueError: mine"),
    "ctypes": ((python_raises,), "choose", "IndexError: list index out of range"),
    "no number": (
        (python_returns_nothing,),
        "choose",
        "TypeError: 'NoneType' object cannot be interpreted as an integer",
    ),
}
every_failure = pytest.mark.parametrize(("functions", "method", "text"), FAILING.values(), ids=list(FAILING))


def learner_of(functions):
    return sk.CompiledLearner(*functions, name="mine", state_bytes=8)


def failure_of(play):
    """The error of a run, whose hook for such exceptions is then what it was."""
    hook = sys.unraisablehook
    with pytest.raises(sk.RunError) as caught:
        play()
    assert sys.unraisablehook is hook
    error = caught.value
    assert f"{type(error.__cause__).__name__}: {error.__cause__}".startswith(
        str(error).rpartition("raised ")[2]
    )
    return str(error)


@every_failure
def test_on_the_calling_thread(functions, method, text):
    learner = learner_of(functions)
    message = f'in round {ROUND} of replication 0: {method} of the leader "mine" raised {text}'
    for other in (sk.UCB(), UCB, ManyUCB, first()):
        assert failure_of(lambda o=other: sk.simulate(GAME, learner, o, 1000, seed=1)) == message
    # One instance for each action: the third fails when its action has been played so often.
    message = message.replace('the leader "mine"', 'the follower "mine" at leader action 2')
    for engine in ("auto", "reference", "leap"):
        run = failure_of(
            lambda e=engine: sk.simulate(GAME, sk.FixedAction(2), learner, 1000, seed=1, engine=e)
        )
        assert run == message
    many = [GAME.leader] * 2, [GAME.follower] * 2
    batch = failure_of(lambda: sk.simulate_many(*many, sk.FixedAction(2), learner, 1000))
    assert batch == message.replace("replication 0", "replication 0 of game 0")


@every_failure
def test_on_workers(functions, method, text):
    learner = learner_of(functions)
    options = {"replications": 64, "threads": 3, "seed": 1}
    for _ in range(3):
        message = failure_of(lambda: sk.simulate(GAME, learner, sk.UCB(), 10**9, **options))
        start, replication, end = message.partition(" of replication ")[0], *message.split(": ", 1)
        assert start == f"in round {ROUND}"
        assert 0 <= int(replication.rpartition(" ")[2]) < 64
        assert end == f'{method} of the leader "mine" raised {text}'


@every_failure
def test_in_simulations_and_agents(functions, method, text):
    learner = learner_of(functions)
    message = f'in round {ROUND} of replication 3: {method} of the leader "mine" raised {text}'
    for other in (sk.UCB(), UCB, ManyUCB):
        sim = sk.Simulation(GAME, learner, other, 1000, 1, replication=3)
        sim.advance(20)
        sim.step(20)
        assert failure_of(lambda s=sim: s.advance(60)) == message
        with pytest.raises(sk.RunError, match="cannot be used any more"):
            sim.advance(1)
    agent = sk.Agent(learner, GAME, 1000, 1, replication=3)

    def play():
        while True:
            agent.choose()
            agent.observe(0.5)

    assert failure_of(play) == message


def test_at_the_start():
    learner = sk.CompiledLearner(choose_first, None, reset_raises, name="mine")
    message = 'before round 1 of replication {}: reset of the {} "mine"{} raised ValueError: mine'
    leads, follows = message.format(0, "leader", ""), message.format(0, "follower", " at leader action 0")
    assert failure_of(lambda: sk.simulate(GAME, learner, sk.UCB(), 10)) == leads
    assert failure_of(lambda: sk.simulate(GAME, learner, UCB, 10)) == leads
    assert failure_of(lambda: sk.simulate(GAME, sk.UCB(), learner, 10)) == follows
    assert failure_of(lambda: sk.Simulation(GAME, learner, sk.UCB(), 10)) == leads
    assert failure_of(lambda: sk.Agent(learner, GAME, 10, role="follower")) == follows


def test_lockstep_names_the_replication():
    calls = []

    @C_CHOOSE
    def fails_in_call_8(_state, _random):
        calls.append(0)
        return [0, 0][len(calls) // 8 * 2]

    learner = learner_of((fails_in_call_8,))
    message = failure_of(lambda: sk.simulate(GAME, learner, ManyUCB, 10, replications=3))
    assert message.startswith('in round 3 of replication 1: choose of the leader "mine" raised IndexError')


def test_the_error_model_of_numpy_divides_by_zero():
    learner = learner_of((divides_as_numpy_does,))
    assert sk.simulate(GAME, learner, sk.UCB(), 100).pulls[0, 1].sum() == 1


def test_several_runs_at_once_fail_by_themselves():
    good, bad = ucb(), learner_of((raises,))
    alone = sk.simulate(GAME, good, sk.UCB(), 20_000, seed=1, replications=4)

    def run(learner):
        options = {"seed": 1, "replications": 4, "threads": 2}
        return sk.simulate(GAME, learner, sk.UCB(), 20_000, **options)

    hook = sys.unraisablehook
    with ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(run, learner) for learner in 6 * (good, bad)]
        for learner, each in zip(6 * (good, bad), runs, strict=True):
            if learner is good:
                assert each.result() == alone
            else:
                assert "raised ValueError: mine" in str(each.exception())
    assert sys.unraisablehook is hook


class Unraisable:
    """Cannot be thrown away without an exception."""

    def __del__(self):
        raise OSError("somebody else's")


@pytest.fixture
def forwarded(monkeypatch):
    """What reaches the hook that was there before."""
    seen = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(str(unraisable.exc_value)))
    return seen


def test_what_arises_elsewhere_is_forwarded(forwarded):
    stop = threading.Event()

    def throw_away():
        while not stop.is_set():
            Unraisable()
            time.sleep(0.001)

    class Careless(UCB):
        def choose(self, rng):
            Unraisable()
            return super().choose(rng)

    thread = threading.Thread(target=throw_away)
    thread.start()
    try:
        run = sk.simulate(GAME, ucb(), sk.UCB(), 2_000_000, seed=1, threads=1)
        assert run.pulls.sum() == 2_000_000
    finally:
        stop.set()
        thread.join()
    assert forwarded
    del forwarded[:]
    assert sk.simulate(GAME, Careless, ucb(), 100, seed=1).pulls.sum() == 100
    sk.Simulation(GAME, Careless, ucb(), 100, seed=1).advance(100)
    assert forwarded == 200 * ["somebody else's"]


def test_objects_thrown_away_within_a_function_do_not_end_the_run(forwarded):
    @C_CHOOSE
    def careless(_state, _random):
        Unraisable()
        gc.collect()
        return 0

    assert sk.simulate(GAME, learner_of((careless,)), sk.UCB(), 20).pulls.sum() == 20
    assert forwarded == 20 * ["somebody else's"]


def test_a_hook_set_meanwhile_stays():
    def hook(unraisable):
        raise AssertionError(unraisable)

    @C_CHOOSE
    def sets_a_hook(_state, _random):
        sys.unraisablehook = hook
        return 0

    before = sys.unraisablehook
    try:
        sk.simulate(GAME, learner_of((sets_a_hook,)), sk.UCB(), 20)
        assert sys.unraisablehook is hook
        # The next run puts its own in front of it.
        assert "raised ValueError" in failure_of(lambda: sk.simulate(GAME, learner_of((raises,)), UCB, 100))
    finally:
        sys.unraisablehook = before


SCRIPT = """
import ctypes, signal, time
import stackel as sk

signal.signal(signal.SIGINT, signal.default_int_handler)

@ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_uint64)
def choose(state, random):
    for _ in range(100):
        pass
    return 0

print("started", flush=True)
try:
    sk.simulate(sk.games.etc_failure(), sk.CompiledLearner(choose, name="x"), sk.UCB(), 10**12, seed=1)
except KeyboardInterrupt:
    print(time.monotonic(), flush=True)
"""


def test_ctrl_c_within_a_python_function_is_ctrl_c():
    seconds = []
    for _ in range(3):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        with subprocess.Popen(
            [sys.executable, "-c", SCRIPT], **options, cwd=Path(__file__).parent
        ) as process:
            sent, stdout, stderr = interrupted(process)
        assert (process.returncode, stderr) == (0, "")
        seconds.append(float(stdout) - sent)
        if seconds[-1] < 0.2:
            return
    raise AssertionError(seconds)
