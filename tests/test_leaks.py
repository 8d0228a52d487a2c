"""Calling over and over takes no more memory: neither of Python's nor of the core's."""

from __future__ import annotations

import subprocess
import sys

import pytest

CALLS = 25_000
SLACK_BLOCKS = 500
"""Objects that may be alive afterwards and were not before; a leak of one a call would be CALLS / 2."""
SLACK_BYTES = 2**20
"""Likewise of the process's memory: forty bytes a call would show."""

SCRIPT = """
import ctypes, gc, os, pickle, sys, tempfile
import numpy as np
import stackel as sk
from stackel.interop import gam, nfg

game, ucb = sk.games.etc_failure(), sk.UCB()
sim = sk.Simulation(game, ucb, ucb, 10**9, seed=1)
agent = sk.Agent(ucb, game, 10**9, 1)

def simulate():
    sk.simulate(game, ucb, sk.UniformLearner(), 10, seed=1, replications=2, trace=True)

def simulate_many():
    sk.simulate_many([game.leader] * 3, [game.follower] * 3, ucb, ucb, 10, seed=1)

def snapshot():
    sim.step(3)
    sk.Simulation.restore(sim.snapshot())

def refuse():
    try:
        sk.simulate(game, ucb, ucb, 10, checkpoints=[3, 2])
    except sk.SpecError:
        pass

def benchmark():
    sk.tolerant(sk.Game(game.leader, game.follower), 0.05)

def own():
    sk.Agent.restore(agent.snapshot())

class Own:
    sees_response = True

    def choose(self, rng):
        return int(rng.integers(2))

    def observe(self, arm, reward, *response):
        pass

class OwnTogether:
    def choose_many(self, rng, instances):
        return rng.integers(2)

    def observe_many(self, instances, arms, rewards):
        pass

class Failing(Own):
    def observe(self, arm, reward, *response):
        raise KeyError(arm)

@ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_void_p, ctypes.c_uint64)
def compiled(state, random):
    return random % 2

def policies():
    sk.simulate(game, Own, ucb, 3, seed=1)
    sk.simulate(game, OwnTogether, ucb, 3, seed=1, replications=2)
    learner = sk.CompiledLearner(compiled, name="compiled", state_bytes=64, parameters=[1.0])
    sk.simulate(game, learner, ucb, 3, seed=1)
    try:
        sk.simulate(game, Failing, ucb, 3, seed=1)
    except KeyError:
        pass

def drive():
    driven = sk.Simulation(game, None, ucb, 5, 1)
    driven.choose(1)
    driven.observe(np.float64(0.5))
    driven.step(2, leader_actions=[0, 1])
    player = sk.Agent(sk.ThompsonSampling(), (2, 2), 5, 1)
    player.choose()
    player.observe(0.5)
    for wrong in (lambda: driven.choose("1"), lambda: driven.observe(1j), lambda: player.observe(None)):
        try:
            wrong()
        except sk.SpecError:
            pass

snapshot_of = sim.snapshot()

def hostile():
    for restore in (sk.Simulation.restore, sk.Agent.restore):
        try:
            restore(snapshot_of[:-40] + bytes(40))
        except sk.SpecError:
            pass
    for wrong in (lambda: nfg.loads("NFG 1 R {"), lambda: sk.UCB(sigma=[[]]), lambda: sk.Game([[]], [[1j]])):
        try:
            wrong()
        except sk.SpecError:
            pass

run = sk.simulate(game, ucb, ucb, 10, seed=1, trace=True)
folder = tempfile.TemporaryDirectory()
path = os.path.join(folder.name, "run")
run.save(path)

def files():
    sk.load(path).regret(sk.stackelberg)
    pickle.loads(pickle.dumps(run))
    nfg.loads(nfg.dumps(game))
    gam.loads(gam.dumps(game))
    sk.Game.from_dict(game.to_dict())
    sk.Learner.from_dict(ucb.to_dict()).resolve("leader", 10, 2, 2)

def whole():
    sk.central_explorer(game, 0.5, samples=3, seed=1)
    sk.commit(game, [0.5, 0.5])
    sk.alignment(sk.games.random(2, 2, 1))
    sk.learner_schema()
    sk.build_info()
    token = sk.CancelToken()
    token.cancel()
    try:
        sk.simulate(game, sk.UniformLearner(), ucb, 10**15, cancel=token)
    except sk.RunError:
        pass

def sweeps():
    found = sk.sweep(sk.grid(seed=[1, 2]).tasks(game=game, leader=ucb, follower=ucb, horizon=5), threads=1)
    found.utility(0)

kept = []

def leak():
    kept.append(object())

def memory():
    gc.collect()
    try:
        with open("/proc/self/statm") as file:
            pages = int(file.read().split()[1])
    except OSError:
        pages = 0  # this system does not tell
    return sys.getallocatedblocks(), pages * os.sysconf("SC_PAGESIZE") if pages else 0

call = globals()[sys.argv[1]]
for _ in range(int(sys.argv[2]) // 2):
    call()
before = memory()
for _ in range(int(sys.argv[2]) // 2):
    call()
print(*(after - start for after, start in zip(memory(), before)))
folder.cleanup()
"""
SHARES = {
    "simulate": 0.2,
    "simulate_many": 0.1,
    "snapshot": 0.1,
    "refuse": 0.1,
    "benchmark": 0.1,
    "own": 0.05,
    "policies": 0.05,
    "drive": 0.1,
    "hostile": 0.05,
    "files": 0.03,
    "whole": 0.07,
    "sweeps": 0.05,
}
"""Of all calls."""


def growth(call, calls):
    """Objects and bytes that the second half of so many calls leaves behind."""
    command = [sys.executable, "-W", "error", "-c", SCRIPT, call, str(calls)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [int(number) for number in done.stdout.split()]


@pytest.mark.parametrize("call", SHARES)
def test_memory_stays(call):
    blocks, size = growth(call, int(SHARES[call] * CALLS))
    assert blocks < SLACK_BLOCKS
    assert size < SLACK_BYTES


def test_a_leak_is_seen():
    assert growth("leak", CALLS // 10)[0] > SLACK_BLOCKS
