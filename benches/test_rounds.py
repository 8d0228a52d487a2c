"""Time of a round, compared with a round in which every decision is repeated, and with its noise alone.

One thread, T = 1,000,000, games without ties, Gaussian noise. All rounds of the horizon count, also those
without cost after both players have committed.
"""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk
from stackel import _core

HORIZON = 1_000_000
GAUSSIAN = ("Gaussian", {"sigma": 1.0})
AT_ONCE = 2**13
"""Rewards drawn by a call: few enough for the cache, and enough for a small overhead."""

FEATURES = np.random.default_rng(0).uniform(-1.0, 1.0, (4, 4, 8))
ETC, ETC_UCB, AAE = sk.ExploreThenCommit(), sk.ExploreThenUCB(), sk.ActiveArmElimination()
PAIRS = [
    (ETC, ETC),
    (sk.ExploreThenCommitThrowOut(), ETC),
    (ETC_UCB, ETC),
    (ETC_UCB, AAE),
    (ETC_UCB, sk.UCB()),
    (sk.UCB(), sk.UCB()),
    (sk.UCB(), AAE),
    (sk.UCB(anytime=True), sk.UCB(anytime=True)),
    (sk.LipschitzUCB(), AAE),
    (sk.LipschitzUCB(), sk.UCB()),
    (sk.PhasedUCB(), AAE),
    (sk.UCB(), sk.BestResponse()),
    (sk.UniformLearner(), sk.UniformLearner()),
]
ANEW = [
    (sk.EXP3(), sk.UCB()),
    (sk.EXP3IX(), sk.UCB()),
    (sk.SlidingWindowUCB(), sk.UCB()),
    (sk.UCB(), sk.SlidingWindowUCB()),
    (sk.DiscountedUCB(), sk.UCB()),
    (sk.UCB(), sk.DiscountedUCB()),
    (sk.LinUCB(features=FEATURES[0]), sk.UCB()),
    (sk.UCB(), sk.LinUCB(features=FEATURES)),
]
"""Pairs of which one learner decides anew in every round, so that both engines step."""
SIZES = [2, 4, 16, 64, 256]


def name(learner):
    return "anytime UCB" if learner == sk.UCB(anytime=True) else type(learner).__name__


def player(game, leader, follower, engine="stepwise"):
    """Return a function that plays one game."""
    return lambda: sk.simulate(
        game, leader, follower, HORIZON, seed=1, checkpoints=[HORIZON], engine=engine, threads=1
    )


def race_engines(race, game, leader, follower, turns):
    rows, columns = game.shape
    engines = {
        "stepwise": player(game, leader, follower),
        "every round anew": player(game, leader, follower, "reference"),
    }
    race(f"{name(leader)} v {name(follower)} {rows}x{columns}", engines, rounds=HORIZON, turns=turns)


@pytest.mark.parametrize("pair", [*PAIRS, *ANEW], ids=lambda pair: f"{name(pair[0])}-{name(pair[1])}")
def test_pairs(race, spread_game, pair):
    race_engines(race, spread_game(4), *pair, turns=7)


@pytest.mark.parametrize("n", SIZES)
def test_sizes(race, spread_game, n):
    race_engines(race, spread_game(n), sk.UCB(), sk.UCB(), turns=7 if n < 64 else 2)


def test_noise_floor(race, spread_game):
    """Goal: at most 1.5 times the two entries of the table alone.

    `sums_of_noise` also fills an array, so that it takes longer than the entries alone and the ratio
    is too small; `cargo bench -p stackel-core` measures it precisely.
    """
    places = np.zeros(AT_ONCE, np.int64), np.arange(1, AT_ONCE + 1)

    def two_normals():
        for replication in range(HORIZON // AT_ONCE):
            for player in sk.learners.ROLES:
                _core.sums_of_noise(GAUSSIAN, 0.5, 1, replication, player, places)

    contestants = {
        "stepwise": player(spread_game(4), sk.UCB(), sk.UCB()),
        "two normals stored": two_normals,
    }
    floor_to_play = race("UCB v UCB 4x4", contestants, rounds=HORIZON, turns=20)
    assert 1 / floor_to_play < 1.5
