"""Selection of the cases of the grid of laws.

Not every combination is played. At the horizon SHORT every pair of learners plays every game, and the
difficult pairs play their hardest games with every noise; longer horizons have a share of these cases.
Other noises and the parameters of learners are drawn at random.
"""

from __future__ import annotations

import math
from itertools import groupby, product
from typing import TYPE_CHECKING

import numpy as np

import stackel as sk
from stackel._selftest.cases import DELICATE_PAIRS, GAMES, NOISES, SWEEPS, Case
from stackel.learners._examples import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORT = 2000
DECAY = 0.7
"""Power with which the share of cases played at horizon T falls in T."""
QUICK_SHARE = 0.12

EITHER_SEAT: tuple[sk.Learner, ...] = (
    sk.ExploreThenCommit(exploration=1),
    sk.ExploreThenCommit(exploration=25),
    sk.ExploreThenCommit(),
    sk.ExploreThenCommitThrowOut(discard=30, exploration=25),
    sk.ExploreThenCommitThrowOut(),
    sk.ExploreThenUCB(exploration=9, sigma=0.3),
    sk.ExploreThenUCB(exploration=60, sigma=0.1, confidence=2.0),
    sk.ExploreThenUCB(sigma=0.4),
    sk.UCB(sigma=0.5),
    sk.UCB(sigma=0.2, confidence=2.0),
    sk.UCB(sigma=0.3, confidence=0.5),
    sk.UCB(sigma=0.02),
    sk.UCB(anytime=True, sigma=0.5),
    sk.UCB(anytime=True, sigma=0.3, confidence=0.5),
    sk.UCB(anytime=True, sigma=0.1, confidence=3.0),
    sk.ActiveArmElimination(sigma=0.2),
    sk.ActiveArmElimination(sigma=0.4, confidence=0.5),
    sk.ActiveArmElimination(sigma=0.05),
    *SWEEPS[1:],
    sk.ActiveArmElimination(phases=(2, 1, 3), sigma=0.1, confidence=2.0),
    sk.FixedAction(0),
    sk.UniformLearner(),
    sk.EpsilonGreedy(),
    sk.EpsilonGreedy(epsilon=1.0, decay=0.5),
    sk.EpsilonGreedy(epsilon=20.0, decay=1.0),
    sk.ThompsonSampling(sigma=0.3),
    sk.ThompsonSampling(family="bernoulli"),
    sk.KLUCB(loglog=1.0, sigma=0.3),
    sk.KLUCB(family="bernoulli"),
    sk.UCBV(reward_range=0.2),
    sk.MOSS(sigma=0.3),
    sk.ExploreThenCommitAdaptive(sigma=0.2),
    sk.ExploreThenCommitAdaptive(sigma=0.05),
    sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.2),
    sk.EXP3(),
    sk.EXP3IX(),
    sk.SlidingWindowUCB(sigma=0.3),
    sk.SlidingWindowUCB(window=50, sigma=0.3),
    sk.DiscountedUCB(sigma=0.3),
)
_LEADERS = (
    *EITHER_SEAT,
    sk.LipschitzUCB(follower_constant=0.5, sigma=0.3),
    sk.LipschitzUCB(lipschitz=1.5, follower_constant=0.5, sigma=0.1),
    sk.LipschitzUCB(lipschitz=3.0, follower_constant=1.0, sigma=0.2),
    sk.HierarchicalUCB(kappa=0.1, constant=0.2),
    sk.PhasedUCB(sigma=0.3),
    sk.PhasedUCB(phases=(1, 2, 4, 8), sigma=0.3, confidence=0.5),
)
_FOLLOWERS = (*EITHER_SEAT, sk.BestResponse(), sk.BestManipulation(), sk.ManipulationUCB(sigma=0.3))
LEADERS = (*_LEADERS, *examples("leader", beside=_LEADERS, sigma=0.3).values())
FOLLOWERS = (*_FOLLOWERS, *examples("follower", beside=_FOLLOWERS, sigma=0.3).values())
"""Learners of the registry that are not named above have their defaults."""

HARD_GAMES = ("tied", "tied 4x4", "nearly tied", "separated", "random 3x5", "rare", "wide")
HARD_NOISES = ("Gaussian", "Bernoulli", "Uniform", "small, large")


def kind(learner: sk.Learner) -> str:
    """Return the name of the learner's rule."""
    match learner:
        case sk.UCB(anytime=True):
            return "anytime UCB"
        case sk.ActiveArmElimination(phases=tuple()):
            return "ActiveArmElimination in phases"
    return type(learner).__name__


def by_kind(learners: tuple[sk.Learner, ...]) -> list[list[sk.Learner]]:
    return [list(some) for _, some in groupby(learners, kind)]


def design(horizon: int, seed: int, *, quick: bool = False) -> list[Case]:
    """Return the cases at one horizon; equal arguments give equal cases."""
    rng = np.random.default_rng([seed, horizon])
    share = (QUICK_SHARE if quick else 1.0) * min(1.0, (SHORT / horizon) ** DECAY)
    return list(dict.fromkeys([*every_pair(horizon, share, rng), *delicate(horizon, share, rng)]))


def every_pair(horizon: int, share: float, rng: np.random.Generator) -> Iterator[Case]:
    for kinds in product(by_kind(LEADERS), by_kind(FOLLOWERS)):
        games = math.floor(share * len(GAMES) + rng.random())
        for game in rng.permutation(GAMES)[:games].tolist():
            leader, follower = (some[rng.integers(len(some))] for some in kinds)
            noises = rng.permutation(list(NOISES)).tolist()
            cases = (Case(horizon, game, noise, leader, follower) for noise in noises)
            yield next(case for case in cases if case.is_meaningful)


def delicate(horizon: int, share: float, rng: np.random.Generator) -> Iterator[Case]:
    everything = [
        Case(horizon, game, noise, *pair)
        for pair, game, noise in product(DELICATE_PAIRS, HARD_GAMES, HARD_NOISES)
    ]
    chosen = rng.permutation(len(everything))[: math.ceil(share * len(everything))]
    yield from (everything[place] for place in np.sort(chosen))
