"""EXP3S: its published bound against a best arm that changes. False alarms: 1e-5 a test."""

from __future__ import annotations

import math

import pytest
from adversary import arms_played, in_phases, paid
from scipy import stats

import stackel as sk

ALPHA = 1e-5
HORIZON, ARMS = 10_000, 3
LOSSES = {
    2: in_phases([4000, 6000], [[0.1, 0.9, 0.9], [0.9, 0.1, 0.9]]),
    4: in_phases([2500] * 4, [[0.1, 0.9, 0.9], [0.9, 0.1, 0.9], [0.9, 0.9, 0.1], [0.1, 0.9, 0.9]]),
}
"""By the number of pieces, S."""


def regrets(rule, pieces):
    """Regret of each run against the best arm of every piece."""
    losses = LOSSES[pieces]
    return paid(losses, arms_played(rule, losses, 20)) - losses.min(axis=1).sum()


@pytest.mark.parametrize("pieces", LOSSES)
def test_bound_against_the_best_arms(pieces):
    # Auer, Cesa-Bianchi, Freund and Schapire (2002), corollary 8.2.
    log = math.log(ARMS * HORIZON)
    bound = pieces * math.sqrt(ARMS * HORIZON * log) + 2 * math.e * math.sqrt(ARMS * HORIZON / log)
    found = regrets(sk.EXP3S(), pieces)
    assert found.mean() + stats.norm.isf(ALPHA) * found.std() / math.sqrt(len(found)) < bound


@pytest.mark.parametrize("pieces", LOSSES)
def test_bound_for_a_known_number_of_pieces(pieces):
    # The same, corollary 8.3.
    hardness = pieces * math.log(ARMS * HORIZON) + math.e
    gamma = min(1.0, math.sqrt(ARMS * hardness / ((math.e - 1) * HORIZON)))
    bound = 2 * math.sqrt(math.e - 1) * math.sqrt(ARMS * HORIZON * hardness)
    found = regrets(sk.EXP3S(gamma=gamma), pieces)
    assert found.mean() + stats.norm.isf(ALPHA) * found.std() / math.sqrt(len(found)) < bound


def test_it_finds_a_new_best_arm_sooner_than_exponential_weights():
    soon = slice(4500, 5000)
    followed, lost = (
        (arms_played(rule, LOSSES[2], 20)[:, soon] == 1).mean() for rule in (sk.EXP3S(), sk.EXP3())
    )
    assert followed > 0.9
    assert lost < 0.2
    assert regrets(sk.EXP3S(), 4).mean() < regrets(sk.EXP3(), 4).mean() / 2
