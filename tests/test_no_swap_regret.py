"""NoSwapRegret: no replacement of its arms would have gained more than its bound.

Replacing arms of learners that have little regret against a single arm only does gain more.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from adversary import arms_played, in_phases

import stackel as sk

T, ARMS, RUNS = 12_000, 3, 10
BOUND = ARMS * math.sqrt(2 * T * math.log(ARMS))
LURE = in_phases([T // 3, T // 6, T // 2], [[0.0, 0.3, 1.0], [1.0, 0.0, 1.0], [1.0, 1.0, 0.2]])
"""At first arm 0 is best, then arm 1; at last arm 2, whose sum of losses is the least only in the end."""
RNG = np.random.default_rng(1)
LOSSES = {
    "lure": LURE,
    "fixed means": (RNG.random((T, ARMS)) < [0.4, 0.5, 0.6]).astype(float),
    "in turn": in_phases([T // 30] * 30, np.roll(np.eye(3), 1, axis=1).tolist() * 10),
}


def swap_regret(rule, losses):
    """What the best replacement of arms would have gained, in the mean of the runs."""
    played = arms_played(rule, losses, RUNS)
    gains = np.zeros((ARMS, ARMS))
    for arm in range(ARMS):
        rounds = (played == arm).sum(axis=0)[:, None]
        gains[arm] = (rounds * (losses[:, [arm]] - losses)).sum(axis=0) / RUNS
    return gains.max(axis=1).sum()


@pytest.mark.parametrize("losses", LOSSES)
def test_bound_on_the_swap_regret(losses):
    # It is one on the mean of many runs, and holds with room: no false alarm in 1e5.
    assert swap_regret(sk.NoSwapRegret(), LOSSES[losses]) < 0.75 * BOUND


@pytest.mark.parametrize("rule", [sk.EXP3(), sk.TsallisINF()], ids=repr)
def test_others_are_lured(rule):
    """They play arm 1 in the second half, where arm 2 is better."""
    assert swap_regret(rule, LURE) > 1.5 * BOUND


def test_two_arms_play_the_stationary_law():
    """Of two copies that advise with fixed probabilities, the law is known: here after a single loss."""
    rate, runs = 1.5, 40_000
    game = sk.Game([[0.0, 1.0]], [[0.0, 1.0]], noise=sk.Deterministic())
    rule = sk.NoSwapRegret(learning_rate=rate)
    run = sk.simulate(game, sk.FixedAction(0), rule, 2, replications=runs, seed=1)
    # Arm 0 loses 1, and was played with probability 1/2: each copy takes 1/2 / (1/2) of it. Then both copies
    # give the same advice, which is the stationary law.
    after_loss = math.exp(-rate) / (1 + math.exp(-rate))
    law = [0.5 * after_loss, 0.5 * (1 - after_loss) + 0.5 * 0.5, 0.5 * 0.5]
    counts = np.bincount(2 - run.pulls[:, 0, 0], minlength=3)
    off = (counts - runs * np.array(law)) / np.sqrt(runs * np.array(law))
    assert (abs(off) < 5.5).all()
