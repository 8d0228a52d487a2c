"""Ties broken at random favour no arm, in games that are leapt over too. False alarms: 1e-5 a test.

The laws of short games are compared with the exact ones in `test_exact_laws.py`.
"""

from __future__ import annotations

import dataclasses
import math

import pytest
from cases import BREAKING_TIES, FACTS, can_be, facts
from scipy import stats

import stackel as sk

ALPHA = 1e-5
RUNS = 4000
EVEN = {
    "LargestSum": {"explored": None},
    "RoundRobinThenCommit": {"stop": "budget", "rounds": 4},
}
"""Parameters of rules that would favour the first arm otherwise, however ties are broken: if it alone is
explored, or if a round-robin of equal rewards goes on to the end of a game with an odd number of rounds."""


def even(rule):
    """The rule with parameters that favour no arm."""
    return dataclasses.replace(rule, **EVEN.get(type(rule).__name__, {}))


def first_arm(rule, role, law, horizon, engine):
    """Counts of the first of two equal arms."""
    shape = [[0.5, 0.5]] if role == "follower" else [[0.5], [0.5]]
    pair = (rule, sk.FixedAction(0)) if role == "leader" else (sk.FixedAction(0), rule)
    run = sk.simulate(
        sk.Game(shape, shape, noise=law), *pair, horizon, replications=RUNS, seed=4, engine=engine
    )
    return run.pulls[:, 0, 0]


@pytest.mark.parametrize("law", [sk.Bernoulli(), sk.Deterministic()], ids=repr)
@pytest.mark.parametrize("rule", [even(rule) for rule in BREAKING_TIES], ids=repr)
def test_equal_arms_are_played_equally_often(rule, law):
    # Each has had a reward, in turn, before the first tie, or none has had one: from then on they are
    # exchangeable. The mean of counts is half of the rounds; that of a learner that prefers the first arm is
    # not.
    role = "leader" if not can_be(rule, "follower") else "follower"
    horizon = 301
    for engine in ("leap", "stepwise") if facts(rule)["plans_ahead"] else ("stepwise",):
        counts = first_arm(rule, role, law, horizon, engine)
        room = stats.norm.isf(ALPHA / 4) * counts.std() / math.sqrt(RUNS)
        assert abs(counts.mean() - horizon / 2) <= room


@pytest.mark.parametrize("rule", [sk.UCB(sigma=0.5), sk.ExploreThenCommit(exploration=5)], ids=repr)
def test_the_lowest_index_is_favoured_without(rule):
    counts = first_arm(rule, "follower", sk.Deterministic(), 301, "leap")
    assert counts.min() > 150.5


def test_every_learner_that_compares_its_statistics_can_break_ties():
    offered = {
        name
        for name, entry in FACTS.items()
        if {(each["name"], "choices" in each) for each in entry["parameters"]}
        & {("ties", True), ("first", True)}
    }
    assert offered == {type(rule).__name__ for rule in BREAKING_TIES}
