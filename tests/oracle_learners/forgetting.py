"""Learners that trust recent rewards more."""

from __future__ import annotations

import math

from oracle_seat import Play, Seat, best, next_new, radius


def sliding_window_ucb(
    seat: Seat,
    window: int | None = None,
    sigma: float = 1.0,
    confidence: float = 1.0,
    *,
    ties: str = "lowest",
    first: str = "index",
) -> Play:
    window = max(1, math.ceil(2 * math.sqrt(seat.horizon * seat.log_horizon))) if window is None else window
    rewards: list[tuple[int, float]] = []
    played = 0

    def index(arm: int) -> float:
        own = [reward for chosen, reward in rewards if chosen == arm]
        log = math.log(max(1, min(played, window)))
        return math.fsum(own) / len(own) + radius(sigma, confidence, log, len(own)) if own else math.inf

    while True:
        counts = [sum(chosen == k for chosen, _ in rewards) for k in range(seat.arms)]
        new = next_new(seat, counts, first)
        arm = best(seat, [index(k) for k in range(seat.arms)], ties) if new is None else new
        reward, _ = yield arm
        rewards = [*rewards, (arm, reward)][-window:]
        played += 1


def discounted_ucb(
    seat: Seat,
    discount: float | None = None,
    sigma: float = 1.0,
    confidence: float = 1.0,
    ties: str = "lowest",
) -> Play:
    discount = 1 - 1 / (4 * math.sqrt(seat.horizon)) if discount is None else discount
    weights, sums = [0.0] * seat.arms, [0.0] * seat.arms

    def index(arm: int) -> float:
        if weights[arm] == 0:
            return math.inf
        log = math.log(max(1.0, sum(weights)))
        return sums[arm] / weights[arm] + 2 * sigma * math.sqrt(2 * confidence * log / weights[arm])

    while True:
        arm = best(seat, [index(k) for k in range(seat.arms)], ties)
        reward, _ = yield arm
        weights = [discount * weight for weight in weights]
        sums = [discount * total for total in sums]
        weights[arm] += 1
        sums[arm] += reward
