"""Timing in turns: contestants alternate, so that a change of the machine's speed affects all of them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Contestant(NamedTuple):
    """Replications of a game in one call.

    On one thread the calling thread plays, and its CPU time counts, which other programs do not change.
    On several threads the elapsed time counts.
    """

    game: sk.Game
    leader: sk.Learner
    follower: sk.Learner
    horizon: int
    engine: str
    replications: int = 1
    threads: int = 1

    @property
    def clock(self) -> Callable[[], float]:
        return time.thread_time if self.threads == 1 else time.perf_counter

    def play(self) -> sk.Result:
        return sk.simulate(
            self.game,
            self.leader,
            self.follower,
            self.horizon,
            replications=self.replications,
            seed=1,
            checkpoints=[self.horizon],
            engine=self.engine,
            threads=self.threads,
        )

    def timed(self) -> tuple[float, sk.Result]:
        """Return the seconds of a call, and its result."""
        start = self.clock()
        result = self.play()
        return self.clock() - start, result

    def seconds(self) -> float:
        return self.timed()[0]


class ManyGames(NamedTuple):
    """Random games in one call, one replication each; elapsed time counts."""

    size: int
    horizon: int
    replications: int
    threads: int

    @property
    def clock(self) -> Callable[[], float]:
        return time.perf_counter

    def play(self) -> sk.Batch:
        stacks = np.random.default_rng(0).random((2, self.replications, self.size, self.size))
        return sk.simulate_many(*stacks, sk.UCB(), sk.UCB(), self.horizon, seed=1, threads=self.threads)

    def seconds(self) -> float:
        start = self.clock()
        self.play()
        return self.clock() - start


class Times(NamedTuple):
    """Seconds a game in every turn: the time of the call divided by its replications."""

    turns: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.turns)

    @property
    def shortest(self) -> float:
        return min(self.turns)

    def __str__(self) -> str:
        """Return the median, and the shortest and longest time."""
        middle, low, high = map(shown, (self.median, self.shortest, max(self.turns)))
        return f"{middle} ({low} to {high})" if len(self.turns) > 1 else f"{middle} (once)"


def shown(seconds: float) -> str:
    """Return a time with three digits and a unit."""
    unit, factor = next(
        (unit, factor)
        for unit, factor in (("s", 1), ("ms", 1e3), ("µs", 1e6), ("ns", 1e9))
        if seconds * factor >= 1 or unit == "ns"
    )
    return f"{seconds * factor:.3g} {unit}"


def in_turns(contestants: Mapping[str, Contestant | ManyGames], turns: int) -> dict[str, Times]:
    """Return the times of all contestants."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(turns):
        for name, contestant in contestants.items():
            seconds[name].append(contestant.seconds() / contestant.replications)
    return {name: Times(tuple(each)) for name, each in seconds.items()}
