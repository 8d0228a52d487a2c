"""The exact law of a short game, by the oracle: every way in which chance can decide, played out."""

from __future__ import annotations

import itertools
from collections import defaultdict
from typing import TYPE_CHECKING

import oracle
from chance import every_course

if TYPE_CHECKING:
    from chance import Course

Counts = tuple[int, ...]
Path = tuple[int, ...]


def law_of_pulls(
    means: tuple[oracle.Means, oracle.Means], leader: oracle.Named, follower: oracle.Named, horizon: int
) -> dict[Counts, float]:
    """Probability of each matrix of counts, row-major, when rewards are coins."""

    def play(chance: Course) -> Counts:
        def coin(_player: int, _cell: tuple[int, int], mean: float) -> float:
            return float(chance.draw([1 - mean, mean]))

        path = oracle.play(means, leader, follower, horizon, reward=coin, chance=chance)
        return tuple(path.pulls.ravel().tolist())

    return _summed(every_course(play))


def law_of_paths(
    means: tuple[oracle.Means, oracle.Means],
    leader: oracle.Named,
    follower: oracle.Named,
    horizon: int,
    *,
    rounds: int,
    most: int,
) -> dict[Path, float] | None:
    """Probability of each sequence of cells, numbered row-major, in the first rounds when rewards are sure.

    None if chance has more than `most` ways to decide.
    """
    n_follower = len(means[0][0])

    def play(chance: Course) -> Path:
        path = oracle.play(means, leader, follower, horizon, reward=_sure, chance=chance, rounds=rounds)
        return tuple((path.actions @ [n_follower, 1]).tolist())

    courses = list(itertools.islice(every_course(play), most + 1))
    return None if len(courses) > most else _summed(courses)


def _sure(_player: int, _cell: tuple[int, int], mean: float) -> float:
    return mean


def _summed(courses):
    law = defaultdict(float)
    for outcome, probability in courses:
        law[outcome] += probability
    return dict(law)
