"""Equality of runs: engines play the same game, whatever else is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import stackel as sk
from stackel._selftest.cases import LONGEST_STEPPED
from stackel.learners._examples import leaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackel._selftest.cases import Case

TOLERANCES = (1e-18, 1e-30, 1e-300)


def differences(one: sk.Result, other: sk.Result) -> list[str]:
    """Return what differs in bits between two runs, at the rounds that both have recorded."""
    _, ours, theirs = np.intersect1d(one.rounds, other.rounds, return_indices=True)
    pairs = {
        "utility": (one.utility[:, :, ours], other.utility[:, :, theirs]),
        "pulls": (one.pulls, other.pulls),
    }
    if one.trace is not None and other.trace is not None:
        pairs["cell_counts"] = (one.cell_counts[:, ours], other.cell_counts[:, theirs])
        pairs["switches"] = (one.switches, other.switches)
        pairs["last_exploration"] = (one.last_exploration, other.last_exploration)
    return [name for name, (first, second) in pairs.items() if first.tobytes() != second.tobytes()]


def disagreements(case: Case, rng: np.random.Generator, replications: int = 2) -> list[str]:
    """Return how runs of a case differ: by all engines, with checkpoints, traces and tolerances at random.

    Leaps over learners whose choices then agree in law only are compared with each other.
    """
    seed = int(rng.integers(2**63))
    found = []
    for engines in _alike(case):
        first: sk.Result | None = None
        for options in _ways(engines, case.horizon, rng):
            run = sk.simulate(*case, replications=replications, seed=seed, threads=1, **options)
            first = run if first is None else first
            found += [f"{name}, {options}" for name in differences(first, run)]
    return found


def _alike(case: Case) -> list[list[str]]:
    """Return engines that have to play a case alike."""
    if case.horizon > LONGEST_STEPPED:
        return [["leap", "leap", "leap"]]
    if "in law" in map(leaps, (case.leader, case.follower)):
        return [["reference", "stepwise"], ["leap", "leap"]]
    return [["reference", "stepwise", "leap", "leap"]]


def _ways(engines: list[str], horizon: int, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    common = random_rounds(horizon, rng)
    for number, engine in enumerate(engines):
        some = [] if number == len(engines) - 1 else random_rounds(horizon, rng)
        yield {
            "engine": engine,
            "checkpoints": sorted({*common, *some, horizon}),
            "trace": bool(rng.integers(2)),
            "crossing_tolerance": float(rng.choice(TOLERANCES)),
        }


def random_rounds(horizon: int, rng: np.random.Generator) -> list[int]:
    """Return a few rounds, or now and then many, some of them neighbours."""
    count = int(rng.choice([0, 1, 5, 60]))
    rounds = np.exp(rng.random(count) * np.log(horizon)).astype(int)
    found: list[int] = np.unique(np.clip(np.concatenate([rounds, rounds + 1]), 1, horizon)).tolist()
    return found
