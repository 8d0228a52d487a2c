"""What the engine pays for arms whose means change, beside a learner that writes down all of its rewards."""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk
from stackel.interop._problem import Bandit
from stackel.interop._smpybandits_played import played_by_engine

MEANS = [[0.2, 0.5, 0.9], [0.9, 0.5, 0.2], [0.2, 0.6, 0.9], [0.9, 0.6, 0.9]]
"""An arm that has its first mean again reads on where it stopped."""
STARTS = 0, 70, 120, 190
HORIZON, RUNS = 200, 3


class Writer:
    """Any arm in every round; `paths` gets the sums of rewards of each game."""

    def __init__(self, paths):
        self.paths = paths

    def reset(self, n_arms, horizon, role):
        self.n_arms, self.path = n_arms, []
        self.paths.append(self.path)

    def choose(self, rng):
        return int(rng.integers(self.n_arms))

    def observe(self, arm, reward):
        self.path.append(reward + (self.path[-1] if self.path else 0.0))


@pytest.mark.parametrize(
    "noise", [sk.Bernoulli(), sk.Gaussian(0.5), sk.Uniform(0.3), sk.Deterministic()], ids=repr
)
@pytest.mark.parametrize("order", [None, [2, 0, 1]], ids=["in place", "in another order"])
@pytest.mark.parametrize("changes", [0, 3])
def test_rewards_are_those_that_the_learner_got(noise, order, changes):
    written = []
    later = [(start, np.array(means)) for start, means in zip(STARTS[1:], MEANS[1:], strict=True)]
    bandit = Bandit(np.array(MEANS[0]), noise, HORIZON, tuple(later[:changes]))
    played = played_by_engine(
        sk.CustomLearner(lambda: Writer(written)), bandit, RUNS, 5, 1, order=order, extra=[69]
    )
    paths = np.array([path for path in written if path])
    assert paths.shape == (RUNS, HORIZON)
    assert np.sort(played.totals) == pytest.approx(np.sort(paths[:, -1]))
    at = paths[:, played.rounds - 1]
    assert played.rewards == pytest.approx(np.array([at.sum(axis=0), at.min(axis=0), at.max(axis=0)]))
    assert {69, 70, 120, 190} <= set(played.rounds.tolist()) or not changes


def test_each_arm_has_its_means_in_any_order():
    later = [(start, np.array(means)) for start, means in zip(STARTS[1:], MEANS[1:], strict=True)]
    bandit = Bandit(np.array(MEANS[0]), sk.Deterministic(), HORIZON, tuple(later))
    order = [2, 0, 1]
    for place, arm in enumerate(order):
        played = played_by_engine(sk.FixedAction(place), bandit, 1, 5, 1, order=order)
        lengths = np.diff([*STARTS, HORIZON])
        assert played.totals == pytest.approx([lengths @ np.array(MEANS)[:, arm]])
        assert played.pulls[arm].tolist() == [HORIZON]
