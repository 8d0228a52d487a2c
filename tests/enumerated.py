"""The exact law of pull counts in a tiny Bernoulli game: every sequence of rewards, played out."""

from __future__ import annotations

import itertools
from collections import defaultdict
from random import Random

import oracle

Counts = tuple[int, ...]


def law_of_pulls(
    means: tuple[oracle.Means, oracle.Means], leader: oracle.Named, follower: oracle.Named, horizon: int
) -> dict[Counts, float]:
    """Probability of each matrix of counts, row-major. The learners must not be randomised."""
    law: defaultdict[Counts, float] = defaultdict(float)
    # What the last round pays changes no count.
    for bits in itertools.product((0.0, 1.0), repeat=2 * (horizon - 1)):
        rewards = Prescribed(bits)
        path = oracle.play(means, leader, follower, horizon, reward=rewards, rng=Random(0))
        law[tuple(path.pulls.ravel().tolist())] += rewards.probability
    return dict(law)


class Prescribed:
    """Rewards read off a list, then zeros, and the probability that the list comes out like that."""

    def __init__(self, bits: tuple[float, ...]) -> None:
        self._bits = bits
        self.probability = 1.0

    def __call__(self, player: int, round_: int, mean: float) -> float:
        if 2 * round_ >= len(self._bits):
            return 0.0
        bit = self._bits[2 * round_ + player]
        self.probability *= mean if bit else 1 - mean
        return bit
