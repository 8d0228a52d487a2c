"""Learners that explore first."""

from __future__ import annotations

import itertools
import math

from oracle_seat import Play, Seat, Tally, first_best, radius

from oracle_learners.optimistic import ucb


def explore_then_commit(seat: Seat, exploration: int | None = None) -> Play:
    yield from explore_then_commit_throw_out(seat, 0, seat.window if exploration is None else exploration)


def explore_then_commit_throw_out(
    seat: Seat, discard: int | None = None, exploration: int | None = None
) -> Play:
    discard = seat.leader_window if discard is None else discard
    exploration = seat.leader_window if exploration is None else exploration
    tally = Tally(seat.arms)
    for visit in range(discard + exploration):
        for arm in range(seat.arms):
            observed = yield arm
            if visit >= discard:
                tally.add(arm, observed)
    best = first_best([tally.mean(arm) for arm in range(seat.arms)])
    while True:
        yield best


def explore_then_commit_adaptive(
    seat: Seat, growth: float = 1.1, sigma: float = 1.0, confidence: float = 1.0
) -> Play:
    tally = Tally(seat.arms)
    look = 1
    for sweeps in itertools.count(1):
        for arm in range(seat.arms):
            tally.add(arm, (yield arm))
        if sweeps < look:
            continue
        look = max(sweeps + 1, math.ceil(growth * sweeps))
        lead = 2 * radius(sigma, confidence, seat.log_horizon, sweeps)
        *others, best = sorted(range(seat.arms), key=tally.mean)
        if all(tally.mean(best) - tally.mean(other) > lead for other in others):
            while True:
                yield best


def explore_then_ucb(
    seat: Seat, exploration: int | None = None, sigma: float = 1.0, confidence: float = 1.0
) -> Play:
    for _ in range(seat.leader_window if exploration is None else exploration):
        for arm in range(seat.arms):
            _thrown_away = yield arm
    yield from ucb(seat, anytime=False, sigma=sigma, confidence=confidence)
