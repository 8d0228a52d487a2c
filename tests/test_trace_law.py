"""Leaping leaves traces of the same law as stepping, and tracing does not change the law of leaping.

Two-sample tests of counts at several checkpoints, switches and last explorations, over games, pairs of
learners and noises; the samples come from different seeds. False alarms: FAMILY_WISE over the whole file
(Bonferroni).
"""

from __future__ import annotations

from itertools import cycle

import numpy as np
import pytest

import stackel as sk
from stackel._selftest.cases import DELICATE_PAIRS, GAMES, NOISES, Case
from stackel._selftest.two_samples import TESTS_PER_STATISTIC, p_values, statistics

FAMILY_WISE = 1e-4
HORIZON = 4000
CHECKPOINTS = [200, 1000, HORIZON]
REPLICATIONS = 500
MOST_CELLS = 80

PAIRS = [
    (sk.UCB(sigma=0.2), sk.UCB(sigma=0.2, confidence=2.0)),
    (sk.UCB(anytime=True, sigma=0.3), sk.UCB(anytime=True, sigma=0.3)),
    (sk.ExploreThenCommit(exploration=500), sk.UCB(sigma=0.3)),
    (sk.ExploreThenUCB(exploration=100, sigma=0.3), sk.ExploreThenCommit(exploration=40)),
    (sk.ActiveArmElimination(phases=(40, 7), sigma=0.3), sk.ActiveArmElimination(sigma=0.2)),
    (sk.PhasedUCB(sigma=0.3), sk.ActiveArmElimination(sigma=0.2)),
    *DELICATE_PAIRS,
]
ALL_CASES = [
    Case(HORIZON, means, noise, *pair)
    for pair, (means, noise) in zip(
        PAIRS,
        # As the numbers of games and noises have no factor in common, all combinations occur in time.
        zip(cycle(GAMES), cycle(list(NOISES)), strict=False),
        strict=False,
    )
]
CASES = [case for case in ALL_CASES if case.is_meaningful]
MOST_TESTS = TESTS_PER_STATISTIC * max(4 + len(CHECKPOINTS) * MOST_CELLS, 2 * 5 + MOST_CELLS)
ALPHA = FAMILY_WISE / (2 * len(CASES) * MOST_TESTS)


def play(case, engine, seed, replications=REPLICATIONS, *, trace=True):
    run = sk.simulate(
        case.game,
        case.leader,
        case.follower,
        case.horizon,
        replications=replications,
        seed=seed,
        checkpoints=CHECKPOINTS,
        engine=engine,
        trace=trace,
    )
    assert run.engine == engine
    return run


def of_trace(run):
    """Everything that a trace holds, one column each."""
    counts = run.cell_counts.reshape(run.replications, -1)
    return np.c_[counts, run.switches.T, run.last_exploration.T].astype(float)


def test_there_are_no_more_tests_than_are_paid_for():
    assert len(CASES) > 40
    assert max(case.game.leader.size for case in CASES) == MOST_CELLS


@pytest.mark.parametrize("case", CASES, ids=str)
def test_traces_of_leaping_have_the_law_of_those_of_stepping(case):
    leapt, stepped = play(case, "leap", 1), play(case, "stepwise", 2)
    assert p_values(of_trace(leapt), of_trace(stepped)).min() > ALPHA


@pytest.mark.parametrize("case", CASES[::3], ids=str)
def test_tracing_does_not_change_the_law_of_leaping(case):
    traced, plain = play(case, "leap", 1), play(case, "leap", 2, trace=False)
    assert p_values(statistics(traced), statistics(plain)).min() > ALPHA


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (sk.UCB(sigma=0.2), sk.UCB(sigma=0.21)),
        (sk.ExploreThenCommit(exploration=300), sk.ExploreThenCommit(exploration=301)),
    ],
    ids=str,
)
def test_the_comparison_sees_a_small_mistake(right, wrong):
    leaping, stepping = (
        Case(HORIZON, "nearly tied", "Gaussian", leader, sk.BestResponse()) for leader in (right, wrong)
    )
    ours, theirs = (
        of_trace(play(case, engine, seed, 12_000))[:, -4:]
        for case, engine, seed in ((leaping, "leap", 1), (stepping, "stepwise", 2))
    )
    assert p_values(ours, theirs).min() < ALPHA
