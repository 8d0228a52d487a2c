"""Sweeps that stop at a standard error: when they look, and what their intervals are worth then.

The statistical test rejects correct intervals with probability below 1e-4: a binomial bound at four standard
deviations.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from swept import tasks

import stackel as sk
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.play import Part, ReplicationRange
from stackel.sweeps.precision import Precision

LOOKS = (32, 64, 128, 256, 400)


@pytest.mark.parametrize("goal", [{"leader": 0.3}, {"leader": 0.3, "follower": 0.6}])
def test_a_task_stops_at_the_first_look_that_reaches_the_goal(goal):
    found, everything = sk.sweep(tasks(400), standard_error=goal), sk.sweep(tasks(400))
    for i, count in enumerate(found.replications.tolist()):
        errors = [stats.sem(everything.utility(i)[:, :look, -1], axis=1) for look in LOOKS]
        reached = [
            look
            for look, (leader, follower) in zip(LOOKS, errors, strict=True)
            if leader <= goal["leader"] and follower <= goal.get("follower", math.inf)
        ]
        assert count == (reached[0] if reached else LOOKS[-1])
    assert len(set(found.replications.tolist())) > 1


@pytest.mark.parametrize(
    ("replications", "looks"),
    [(1, 1), (32, 1), (33, 2), (64, 2), (65, 3), (400, 5), (2**20, 16), (2**20 + 1, 17)],
)
def test_number_of_looks(replications, looks):
    assert Precision.of({"leader": 1.0}).looks(replications) == looks
    assert Precision.of(None).looks(replications) == 1


def test_the_interval_is_that_of_all_looks_together():
    table = sk.sweep(tasks(400), standard_error={"leader": 0.3}).summary(sk.stackelberg, confidence=0.9)
    reach = stats.t.ppf((1 + 0.9 ** (1 / 5)) / 2, table["replications"] - 1) * table["regret_se"]
    np.testing.assert_allclose(table["regret_high"] - table["regret"], reach)
    np.testing.assert_allclose(table["regret"] - table["regret_low"], reach)


class Drawn:
    """Store whose utilities are drawn when they are asked for, twice as many each time."""

    def __init__(self, draw):
        self.draw, self.known = draw, {}

    def wholes(self, ids):
        for key in sorted(ids):
            known = self.known.get(key, np.empty((4, 0, 1)))
            size = max(64, known.shape[1])
            more = np.concatenate([self.draw((2, size, 1)), np.zeros((2, size, 1))])
            self.known[key] = np.concatenate([known, more], axis=1)
        return {key: self.part(self.known[key]) for key in ids}

    @staticmethod
    def part(utility):
        return Part(0, np.array([10]), utility, np.zeros(utility.shape[1]), frozenset({"leap"}))


def test_intervals_keep_their_level_when_the_data_stop_a_task():
    # Student's interval for the number of replications misses 8.8 % after this stop: skewness.
    trials, most = 2500, 1000
    pair = {"leader": sk.UCB(), "follower": sk.UCB(), "game": sk.games.etc_failure()}
    several = sk.grid(seed=range(trials)).tasks(horizon=10, replications=most, **pair)
    rule, store = Precision.of({"leader": 0.1}), Drawn(np.random.default_rng(5).standard_exponential)
    enough = {}
    list(rule.waves([ReplicationRange(task, 0, most) for task in several], store, enough))
    counts = np.array([enough[task.id] for task in several])
    assert len(set(counts.tolist())) > 2
    looks = np.full(trials, rule.looks(most))
    table = Sweep(tuple(several), counts, store, 0, 0, looks=looks).summary((0.0, 0.0))
    leader = table[table["player"] == "leader"]
    missed = ((leader["regret_low"] > -1.0) | (leader["regret_high"] < -1.0)).sum()
    assert missed < 0.05 * trials + 4 * math.sqrt(0.05 * 0.95 * trials)
