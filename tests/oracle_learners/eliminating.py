"""Learners that drop arms, and one that watches a follower doing so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oracle_seat import Play, Seat, Tally, first_best, phase_lengths, radius

if TYPE_CHECKING:
    from collections.abc import Sequence


def active_arm_elimination(
    seat: Seat, phases: Sequence[int] | None = None, sigma: float = 1.0, confidence: float = 1.0
) -> Play:
    tally = Tally(seat.arms)
    active = list(range(seat.arms))
    for sweeps in phase_lengths(phases):
        for _ in range(sweeps):
            for arm in active:
                tally.add(arm, (yield arm))
        best = max(tally.mean(arm) for arm in active)
        active = [
            arm
            for arm in active
            if best - tally.mean(arm) <= 2 * radius(sigma, confidence, seat.log_horizon, tally.count[arm])
        ]


def phased_ucb(
    seat: Seat, phases: Sequence[int] | None = None, sigma: float = 1.0, confidence: float = 1.0
) -> Play:
    tallies = [Tally(seat.n_follower) for _ in range(seat.n_leader)]
    watchers = [Watcher(seat.n_follower, phases) for _ in range(seat.n_leader)]

    def optimism(a: int, b: int) -> float:
        n = tallies[a].count[b]
        return math.inf if n == 0 else tallies[a].mean(b) + radius(sigma, confidence, seat.log_horizon, n)

    while True:
        a = first_best([max(optimism(a, b) for b in watchers[a].active) for a in range(seat.n_leader)])
        reward, b = yield a
        assert b is not None
        tallies[a].add(b, (reward, None))
        watchers[a].see(b)


class Watcher:
    """Which arms an elimination follower still has active, read off the arms it plays.

    A sweep is an increasing run of arms; phase p is M_p sweeps. An arm skipped in the first sweep
    of a phase has been dropped; an arm that is played is active by definition.
    """

    def __init__(self, arms: int, phases: Sequence[int] | None) -> None:
        self.active = set(range(arms))
        self._arms = arms
        self._lengths = phase_lengths(phases)
        self._sweeps_left = next(self._lengths)
        self._in_first_sweep = True
        self._previous = -1

    def see(self, arm: int) -> None:
        if arm <= self._previous:
            self._skip(self._previous + 1, self._arms)
            self._start_sweep()
        self._skip(self._previous + 1, arm)
        self.active.add(arm)
        self._previous = arm

    def _skip(self, start: int, stop: int) -> None:
        if self._in_first_sweep:
            self.active -= set(range(start, stop))

    def _start_sweep(self) -> None:
        self._previous = -1
        self._sweeps_left -= 1
        self._in_first_sweep = self._sweeps_left == 0
        if self._in_first_sweep:
            self._sweeps_left = next(self._lengths)
