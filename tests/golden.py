"""Runs whose every bit is kept in golden.json, and with `golden_snapshots` the snapshots of them.

Run this file to write both. That is right when there is a new run, which adds lines; or when streams or
definitions changed on purpose: then STREAM_VERSION is raised and the changelog says so.

    python tests/golden.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import drawn
from cases import LEARNERS, MEANS, ROUNDED, can_be

import stackel as sk
from stackel import _core

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FILE = Path(__file__).with_name("golden.json")
HORIZON = 500
CHECKPOINTS = [7, 100, HORIZON]
LAWS = {
    "Gaussian": (sk.Gaussian(0.8), sk.Gaussian(0.8)),
    "Bernoulli": (sk.Bernoulli(), sk.Bernoulli()),
    "Uniform": (sk.Uniform(0.6), sk.Uniform(0.6)),
    "Deterministic": (sk.Deterministic(), sk.Deterministic()),
    "mixed": (sk.Bernoulli(), sk.Gaussian(0.3)),
    "StudentT": (sk.StudentT(2.5, 0.4), sk.StudentT(1.2, [[0.1] * 3, [0.4, 0.0, 2.0]])),
    "of cells": (
        sk.Gaussian([[0.5, 2.0, 0.0], [1 / 3, 1e-3, 0.7]]),
        sk.Uniform([[0.0, 0.25, 1.0], [0.7, 1 / 3, 1e3]]),
    ),
}
NAMED: dict[str, tuple[str, str, sk.Learner, sk.Learner, int]] = {
    # name: means, law, leader, follower, seed
    "commit": ("2x2", "Gaussian", sk.ExploreThenCommit(), sk.ExploreThenCommit(), 0),
    "throw out": ("2x2", "Gaussian", sk.ExploreThenCommitThrowOut(), sk.ExploreThenCommit(exploration=5), 1),
    "explore, ucb": (
        "5x3",
        "Uniform",
        sk.ExploreThenUCB(exploration=9),
        sk.ActiveArmElimination(sigma=0.3),
        2,
    ),
    "ucb": ("rounded", "Gaussian", sk.UCB(), sk.UCB(), 3),
    "ucb, biased coins": ("2x3", "Bernoulli", sk.UCB(sigma=0.5), sk.UCB(sigma=0.5), 4),
    "anytime ucb": ("5x3", "mixed", sk.UCB(anytime=True), sk.UCB(anytime=True), 5),
    "elimination": (
        "5x3",
        "Gaussian",
        sk.ActiveArmElimination(sigma=0.4),
        sk.ActiveArmElimination(phases=(2, 4), sigma=0.4),
        6,
    ),
    "lipschitz": (
        "2x3",
        "Uniform",
        sk.LipschitzUCB(lipschitz=2.0, follower_constant=0.5),
        sk.ActiveArmElimination(sigma=0.3),
        7,
    ),
    "phased": (
        "rounded",
        "Gaussian",
        sk.PhasedUCB(phases=(3, 1)),
        sk.ActiveArmElimination(phases=(3, 1), sigma=0.3),
        8,
    ),
    "fixed": ("2x2", "Bernoulli", sk.FixedAction(1), sk.ExploreThenCommit(exploration=20), 9),
    "best response": ("5x3", "Gaussian", sk.UCB(), sk.BestResponse(), 2**64 - 1),
    "uniform": ("5x3", "Gaussian", sk.UniformLearner(), sk.UniformLearner(), 10),
    "no noise": ("5x3", "Deterministic", sk.UCB(sigma=0.5), sk.ExploreThenUCB(exploration=4), 11),
    "epsilon-greedy": ("5x3", "Gaussian", sk.EpsilonGreedy(), sk.EpsilonGreedy(epsilon=0.9, decay=0.5), 13),
    "thompson": (
        "5x3",
        "Gaussian",
        sk.ThompsonSampling(sigma=0.5),
        sk.ThompsonSampling(prior_weight=0.0),
        14,
    ),
    "thompson, coins": (
        "2x3",
        "mixed",
        sk.ThompsonSampling(family="bernoulli"),
        sk.ThompsonSampling(family="bernoulli", prior_mean=0.25, prior_weight=0.5),
        15,
    ),
    "kl-ucb": (
        "5x3",
        "Bernoulli",
        sk.KLUCB(family="bernoulli"),
        sk.KLUCB(family="bernoulli", loglog=3.0),
        16,
    ),
    "bayes-ucb": (
        "5x3",
        "Bernoulli",
        sk.BayesUCB(family="bernoulli"),
        sk.BayesUCB(sigma=0.5, exponent=1.0),
        36,
    ),
    "moss": ("5x3", "Gaussian", sk.MOSS(), sk.MOSS(sigma=0.5), 17),
    "exp3": ("5x3", "Gaussian", sk.EXP3(learning_rate=0.2), sk.EXP3(), 18),
    "exp3-ix": (
        "2x3",
        "mixed",
        sk.EXP3IX(low=-1.0, high=2.0),
        sk.EXP3IX(learning_rate=0.3, implicit_exploration=0.05),
        19,
    ),
    "hierarchical": ("2x3", "Bernoulli", sk.HierarchicalUCB(kappa=0.5, constant=0.5), sk.UCB(sigma=0.5), 24),
    "manipulation": ("5x3", "Gaussian", sk.UCB(), sk.BestManipulation(), 25),
    "manipulation, learnt": ("5x3", "mixed", sk.UCB(sigma=0.5), sk.ManipulationUCB(delta=0.5, sigma=0.3), 26),
    "sliding window": (
        "5x3",
        "Gaussian",
        sk.SlidingWindowUCB(),
        sk.SlidingWindowUCB(window=30, sigma=0.3),
        20,
    ),
    "discounted": (
        "2x3",
        "mixed",
        sk.DiscountedUCB(sigma=0.5),
        sk.DiscountedUCB(discount=0.95, sigma=0.2, confidence=0.5),
        21,
    ),
    "ucb-v": ("2x3", "Uniform", sk.UCBV(), sk.UCBV(reward_range=0.3, confidence=1.0), 22),
    "adaptive": (
        "5x3",
        "Gaussian",
        sk.ExploreThenCommitAdaptive(sigma=0.1),
        sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.1),
        23,
    ),
    "student": ("2x3", "StudentT", sk.UCB(sigma=0.5), sk.ActiveArmElimination(sigma=0.5), 28),
    "scales of cells": ("2x3", "of cells", sk.UCB(sigma=0.5), sk.UCB(sigma=0.5), 27),
    "one column": ("3x1", "Bernoulli", sk.ExploreThenUCB(), sk.UniformLearner(), 12),
}


def others() -> dict[str, tuple[str, str, sk.Learner, sk.Learner, int]]:
    """A run of each learner that none of the above plays: its first case in the seats that it can take."""
    named = {type(learner) for run in NAMED.values() for learner in run[2:4]}
    runs: dict[str, tuple[str, str, sk.Learner, sk.Learner, int]] = {}
    for learner in LEARNERS:
        name = type(learner).__name__
        if type(learner) not in named and name not in runs:
            leader, follower = (learner if can_be(learner, role) else sk.UCB() for role in sk.learners.ROLES)
            runs[name] = ("5x3", "mixed", leader, follower, crc32(name.encode()))
    return runs


RUNS = NAMED | others()


def bits(name: str) -> dict[str, list[str]]:
    """Pull counts of each replication, and utilities of each player and replication."""
    means, law, leader, follower, seed = RUNS[name]
    game = sk.Game(*{**MEANS, "rounded": ROUNDED}[means], noise=LAWS[law])
    run = sk.simulate(
        game, leader, follower, HORIZON, replications=2, seed=seed, checkpoints=CHECKPOINTS, engine="stepwise"
    )
    return {
        "pulls": [" ".join(map(str, counts.flat)) for counts in run.pulls],
        "utility": [in_hex(path) for player in run.utility for path in player],
    }


def rewards() -> dict[str, str]:
    """Sums of the first entries of some tapes, for each law and player."""
    places = [1, 2, 3, 100, 10**6]
    return {
        f"{law} {player} {replication}": read(
            laws[k], places, seed=77, replication=replication, player=player
        )
        for law, laws in LAWS.items()
        for k, player in enumerate(sk.learners.ROLES)
        for replication in (0, 12_345)
    }


def read(law: sk.Noise, places: list[int], **key: int | str) -> str:
    """Sums of the first entries of a tape; of one without sums, single entries."""
    if isinstance(law, sk.StudentT):
        return " ".join(in_hex(drawn.entries(law, 2, place, 1, **key)) for place in places)
    return " ".join(map(str, drawn.sums(law, 2, places, mean=0.25, **key)))


def in_hex(values: npt.NDArray[np.float64]) -> str:
    return " ".join(value.hex() for value in values.tolist())


def current() -> dict[str, object]:
    return {
        "stream_version": _core.STREAM_VERSION,
        "rewards": rewards(),
        "runs": {name: bits(name) for name in RUNS},
    }


if __name__ == "__main__":
    import golden_snapshots  # it takes the runs from here

    FILE.write_text(json.dumps(current(), indent=1) + "\n", encoding="utf-8")
    golden_snapshots.write()
