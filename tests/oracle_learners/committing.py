"""Learners that explore first."""

from __future__ import annotations

import itertools
import math

from oracle_seat import Play, Seat, Tally, best, radius

from oracle_learners.optimistic import ucb


def explore_then_commit(seat: Seat, exploration: int | None = None, ties: str = "lowest") -> Play:
    exploration = seat.window if exploration is None else exploration
    yield from explore_then_commit_throw_out(seat, 0, exploration, ties)


def explore_then_commit_throw_out(
    seat: Seat, discard: int | None = None, exploration: int | None = None, ties: str = "lowest"
) -> Play:
    discard = seat.leader_window if discard is None else discard
    exploration = seat.leader_window if exploration is None else exploration
    tally = Tally(seat.arms)
    for visit in range(discard + exploration):
        for arm in range(seat.arms):
            observed = yield arm
            if visit >= discard:
                tally.add(arm, observed)
    chosen = best(seat, [tally.mean(arm) for arm in range(seat.arms)], ties)
    while True:
        yield chosen


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
        *others, leader = sorted(range(seat.arms), key=tally.mean)
        if all(tally.mean(leader) - tally.mean(other) > lead for other in others):
            while True:
                yield leader


def round_robin_then_commit(
    seat: Seat,
    *,
    stop: str = "bai",
    alpha: float = 4.0,
    slack: float = 1.0,
    rounds: int | None = None,
    extra: int = 0,
    ties: str = "lowest",
) -> Play:
    budget = seat.window * seat.arms if rounds is None else rounds
    tally = Tally(seat.arms)
    for t in itertools.count(1):
        arm = (t - 1) % seat.arms
        tally.add(arm, (yield arm))
        if stop == "budget":
            over = t == budget
        elif t % seat.arms:
            continue
        else:
            means = [tally.mean(k) for k in range(seat.arms)]
            least = slack / t if stop == "sprt" else math.sqrt(alpha * math.log(seat.horizon / t) / t)
            over = max(means) - min(means) >= least
        if over:
            break
    # Arms that a budget leaves out have no mean.
    means = [tally.mean(k) if tally.count[k] else -math.inf for k in range(seat.arms)]
    chosen = best(seat, means, ties)
    for n in range(extra):
        yield n % seat.arms
    while True:
        yield chosen


def explore_then_ucb(
    seat: Seat,
    exploration: int | None = None,
    sigma: float = 1.0,
    confidence: float = 1.0,
    ties: str = "lowest",
) -> Play:
    for _ in range(seat.leader_window if exploration is None else exploration):
        for arm in range(seat.arms):
            _thrown_away = yield arm
    yield from ucb(seat, anytime=False, sigma=sigma, confidence=confidence, ties=ties)
