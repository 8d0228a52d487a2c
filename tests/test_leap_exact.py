"""Tiny Bernoulli games whose law of pull counts is known exactly, by playing out all reward sequences.

False alarms: ALPHA a test, by a chi-square test whose cells expect at least LEAST runs each.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from cases import named
from exact_law import law_of_pulls
from scipy import stats

import stackel as sk

ALPHA = 1e-6
RUNS = 60_000
LEAST = 30
MEANS = ([[0.75, 0.25], [0.4, 0.5]], [[0.3, 0.6], [0.8, 0.35]])
GAME = sk.Game(*MEANS, noise=sk.Bernoulli())
PAIRS = [
    (8, sk.ExploreThenCommit(exploration=3), sk.ExploreThenCommit(exploration=1)),
    (8, sk.UCB(sigma=0.4), sk.UCB(sigma=0.4)),
    (7, sk.UCB(anytime=True, sigma=0.3), sk.UCB(anytime=True, sigma=0.5)),
    (7, sk.LipschitzUCB(follower_constant=0.5, sigma=0.3), sk.ActiveArmElimination(sigma=0.2)),
    (7, sk.ExploreThenUCB(exploration=1, sigma=0.4), sk.ExploreThenCommit(exploration=1)),
    (7, sk.ExploreThenCommitThrowOut(discard=1, exploration=2), sk.ActiveArmElimination(sigma=0.15)),
    (7, sk.ExploreThenCommit(exploration=2), sk.UCB(sigma=0.3)),
    (7, sk.ActiveArmElimination(phases=(2, 1), sigma=0.2), sk.ExploreThenUCB(exploration=1, sigma=0.3)),
    (7, sk.PhasedUCB(sigma=0.4), sk.ActiveArmElimination(sigma=0.2)),
]


@cache
def exact(horizon, leader, follower):
    return law_of_pulls(MEANS, named(leader), named(follower), horizon)


def p_value(pulls, law):
    """Of the counts of each outcome; outcomes that are too rare share the last cell."""
    position = {outcome: i for i, outcome in enumerate(law)}
    seen = np.bincount(
        [position[tuple(row)] for row in pulls.reshape(len(pulls), -1).tolist()], minlength=len(law)
    )
    expected = len(pulls) * np.array(list(law.values()))
    rare = expected < LEAST
    cells = [np.append(each[~rare], each[rare].sum()) for each in (seen, expected)]
    if cells[1][-1] < LEAST:
        # What is left over joins the least of the others.
        least = cells[1][:-1].argmin()
        for cell in cells:
            cell[least] += cell[-1]
        cells = [cell[:-1] for cell in cells]
    return stats.chisquare(*cells).pvalue if len(cells[0]) > 1 else 1.0


@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
@pytest.mark.parametrize(("horizon", "leader", "follower"), PAIRS, ids=str)
def test_pull_counts_have_their_exact_law(horizon, leader, follower, engine):
    law = exact(horizon, leader, follower)
    assert len(law) > 3
    assert sum(law.values()) == pytest.approx(1, abs=1e-12)
    run = sk.simulate(GAME, leader, follower, horizon, replications=RUNS, seed=11, engine=engine)
    assert p_value(run.pulls, law) > ALPHA


def test_a_slightly_wrong_law_is_seen():
    horizon, leader, follower = PAIRS[1]
    other = sk.Game(np.array(MEANS[0]) + 0.03, MEANS[1], noise=sk.Bernoulli())
    run = sk.simulate(other, leader, follower, horizon, replications=RUNS, seed=12, engine="leap")
    assert p_value(run.pulls, exact(horizon, leader, follower)) < ALPHA
