"""Games, runs and other things that the public functions are called with."""

from __future__ import annotations

import atexit
import contextlib
import functools
import shutil
import warnings
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import matplotlib.figure

import stackel as sk

FOLDER = Path(mkdtemp(prefix="stackel-calls-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)
GAME = sk.games.etc_failure()
CHANGING = sk.ChangingGame([GAME, sk.games.lower_bound(0.1)[0]], [0, 5])
UCB = sk.UCB()
PAIRS = {"a": (UCB, UCB), "b": (sk.UniformLearner(), UCB)}
BENCHMARK = (0.75, 0.25)
STACK = [GAME.leader.tolist()] * 2


class Call(NamedTuple):
    """What to call, made anew each time, and arguments that are fine."""

    make: Any
    good: dict[str, Any]


def explored(**given):
    """Start a page, and stop it."""
    sk.explore(**given).close()


class First:
    """A policy."""

    def choose(self, rng):
        return 0

    def observe(self, arm, reward):
        pass


@contextlib.contextmanager
def warned():
    """Allow analyses to warn of how little was played."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.StackelWarning)
        yield


@functools.cache
def run():
    return sk.simulate(GAME, UCB, UCB, 20, seed=1, replications=3, trace=True, checkpoints=[5, 20])


@functools.cache
def pulled():
    return sk.bandit([0.25, 0.5], UCB, 20, seed=1, replications=3, checkpoints=1)


@functools.cache
def batch():
    return sk.simulate_many(STACK, STACK, UCB, UCB, 20, seed=1)


@functools.cache
def comparison():
    return sk.compare(GAME, PAIRS, 20, seed=1, replications=3, bootstrap=9)


@functools.cache
def table():
    return sk.portfolio(UCB, [UCB, sk.UniformLearner()], GAME, 20, seed=1, replications=3, bootstrap=9)


@functools.cache
def meta():
    return sk.meta_game(UCB, [UCB, sk.UniformLearner()], GAME, 20, seed=1, replications=3)


@functools.cache
def swept():
    return sk.sweep([sk.Task(GAME, UCB, UCB, 20, replications=3)])


@functools.cache
def grown():
    return sk.sweep(sk.grid(horizon=[20, 200]).tasks(game=GAME, leader=UCB, follower=UCB, replications=3))


@functools.cache
def stored():
    sk.sweep([sk.Task(GAME, UCB, UCB, 20, replications=3)], store=FOLDER / "stored")
    return FOLDER / "stored"


@functools.cache
def fit():
    with warned():
        return sk.scaling(GAME, UCB, UCB, [20, 200], BENCHMARK, seed=1, replications=3, bootstrap=9)


def simulation(leader=UCB, follower=UCB):
    return sk.Simulation(GAME, leader, follower, 20, seed=1)


def driven():
    sim = simulation(None, None)
    sim.choose(0, 1)
    return sim


def agent(learner=UCB, role="leader"):
    return sk.Agent(learner, GAME, 20, seed=1, role=role)


def asked():
    player = agent(sk.PhasedUCB())
    player.choose()
    return player


def axes():
    return matplotlib.figure.Figure().add_subplot()


def file(name, text):
    path = FOLDER / name
    path.write_text(text, encoding="utf-8")
    return path


RUN_FILE = FOLDER / "run"
run().save(RUN_FILE)
COMMON = {"seed": 1, "replications": 3, "engine": "auto", "threads": 1, "progress": False}
ANALYSIS = COMMON | {"confidence": 0.9, "bootstrap": 9}
PLAY = {"game": GAME, "leader": UCB, "follower": UCB, "horizon": 20}
SIZES = {"n_leader": 2, "n_follower": 3, "seed": 1}
FIGURE = {"reference_slope": 0.5}
OF_REGRET = FIGURE | {"ax": axes(), "confidence": 0.9, "scale": "log", "per_round": True}
