"""Learners that play the largest of some upper bounds."""

from __future__ import annotations

import itertools
import math
import sys
from functools import cache
from typing import Any

import numpy as np
from oracle_seat import Play, Seat, Tally, best, first_best, next_new, radius
from scipy import special


def ucb(
    seat: Seat,
    *,
    anytime: bool = False,
    sigma: float = 1.0,
    confidence: float = 1.0,
    ties: str = "lowest",
    first: str = "index",
) -> Play:
    tally = Tally(seat.arms)
    while (new := next_new(seat, tally.count, first)) is not None:
        tally.add(new, (yield new))
    for played in itertools.count(seat.arms):
        log = math.log(max(1, played)) if anytime else seat.log_horizon
        bounds = [tally.mean(k) + radius(sigma, confidence, log, tally.count[k]) for k in range(seat.arms)]
        arm = best(seat, bounds, ties)
        tally.add(arm, (yield arm))


def bayes_ucb(
    seat: Seat,
    *,
    family: str = "gaussian",
    prior_ones: float = 1.0,
    prior_zeros: float = 1.0,
    exponent: float = 0.0,
    sigma: float = 1.0,
    ties: str = "lowest",
) -> Play:
    tally = Tally(seat.arms)

    def exceeded(arm: int, p: float) -> float:
        n, total = tally.count[arm], tally.sum[arm]
        if family == "gaussian":
            return total / n - sigma * float(special.ndtri(p)) / math.sqrt(n) if n else math.inf
        ones = min(max(total, 0.0), n)
        return beta_quantile(prior_ones + ones, prior_zeros + n - ones, 1 - p)

    for t in itertools.count(1):
        p = 1 / (t * max(1.0, seat.log_horizon) ** exponent)
        arm = best(seat, [exceeded(k, p) for k in range(seat.arms)], ties)
        tally.add(arm, (yield arm))


@cache
def beta_quantile(ones: float, zeros: float, p: float) -> float:
    return 0.5 if ones == zeros and p == 0.5 else float(special.betaincinv(ones, zeros, p))


def hierarchical_ucb(
    seat: Seat,
    kappa: float = 4.0,
    constant: float = 1.0,
    delta: float | None = None,
    ties: str = "lowest",
) -> Play:
    log = math.log(seat.horizon / (1 / seat.horizon if delta is None else delta))
    tally = Tally(seat.arms)

    def optimism(arm: int) -> float:
        n = tally.count[arm]
        if n == 0:
            return math.inf
        loss, luck = math.sqrt(kappa * seat.n_follower * log / n), constant * math.sqrt(log / n)
        return tally.mean(arm) + loss + luck

    while True:
        arm = best(seat, [optimism(k) for k in range(seat.arms)], ties)
        tally.add(arm, (yield arm))


def lipschitz_ucb(
    seat: Seat,
    lipschitz: float = 1.0,
    follower_constant: float = 4.0,
    sigma: float = 1.0,
    ties: str = "lowest",
) -> Play:
    tally = Tally(seat.arms)
    for arm in range(seat.arms):
        tally.add(arm, (yield arm))
    scale = follower_constant * lipschitz * sigma
    while True:
        bounds = [
            tally.mean(k) + scale * math.sqrt(seat.n_follower * seat.log_horizon / tally.count[k])
            for k in range(seat.arms)
        ]
        arm = best(seat, bounds, ties)
        tally.add(arm, (yield arm))


def klucb(
    seat: Seat,
    family: str = "gaussian",
    loglog: float = 0.0,
    *,
    anytime: bool = False,
    sigma: float = 1.0,
    confidence: float = 1.0,
    ties: str = "lowest",
    first: str = "index",
) -> Play:
    tally = Tally(seat.arms)

    def index(arm: int) -> float:
        log = math.log(sum(tally.count)) if anytime else seat.log_horizon
        exploration = confidence * (log + loglog * math.log(max(1.0, log)))
        mean, level = tally.mean(arm), exploration / tally.count[arm]
        if family == "gaussian":
            return mean + sigma * math.sqrt(2 * level)
        return least_rest(min(max(mean, 0.0), 1.0), level)

    while (new := next_new(seat, tally.count, first)) is not None:
        tally.add(new, (yield new))
    indices = [index(arm) for arm in range(seat.arms)]
    while True:
        arm = best(seat, indices, ties)
        tally.add(arm, (yield arm))
        indices = [index(k) if anytime or k == arm else indices[k] for k in range(seat.arms)]


def least_rest(x: float, level: float) -> float:
    """``-ln(1 - u)`` for the largest u with ``x ln(x / u) + (1 - x) ln((1 - x) / (1 - u)) <= level``.

    By bisection. As a function of ``-ln(1 - u)``, also u that a float does not tell from 1 are told apart.
    """
    if x == 1:
        return sys.float_info.max
    low, high = -math.log1p(-x), (level + 1) / (1 - x)
    while low < (middle := (low + high) / 2) < high:
        ones = x * math.log(x / -math.expm1(-middle)) if x > 0 else 0.0
        zeros = (1 - x) * (math.log(1 - x) + middle)
        low, high = (middle, high) if ones + zeros <= level else (low, middle)
    return high


def ucbv(
    seat: Seat,
    reward_range: float = 1.0,
    confidence: float = 1.2,
    *,
    count_current: bool = True,
    ties: str = "lowest",
    first: str = "index",
) -> Play:
    rewards: list[list[float]] = [[] for _ in range(seat.arms)]
    t = 0

    def index(own: list[float]) -> float:
        mean = math.fsum(own) / len(own)
        variance = math.fsum((reward - mean) ** 2 for reward in own) / len(own)
        exploration = confidence * math.log(t if count_current else t - 1) / len(own)
        return mean + math.sqrt(2 * variance * exploration) + 3 * reward_range * exploration

    while True:
        t += 1
        new = next_new(seat, [len(own) for own in rewards], first)
        arm = best(seat, [index(own) for own in rewards], ties) if new is None else new
        reward, _ = yield arm
        rewards[arm].append(reward)


def moss(
    seat: Seat, *, anytime: bool = False, sigma: float = 1.0, ties: str = "lowest", first: str = "index"
) -> Play:
    tally = Tally(seat.arms)
    while (new := next_new(seat, tally.count, first)) is not None:
        tally.add(new, (yield new))

    def index(arm: int) -> float:
        n = tally.count[arm]
        log = math.log((sum(tally.count) if anytime else seat.horizon) / (seat.arms * n))
        return tally.mean(arm) + 2 * sigma * math.sqrt(max(log, 0.0) / n)

    while True:
        arm = best(seat, [index(k) for k in range(seat.arms)], ties)
        tally.add(arm, (yield arm))


def lin_ucb(
    seat: Seat, features: Any = None, ridge: float = 1.0, sigma: float = 1.0, confidence: float = 1.0
) -> Play:
    """As a follower, one model for all leader actions, which its instances share."""
    shape = (seat.n_leader,) if seat.role == "leader" else (seat.n_leader, seat.n_follower)
    cells = math.prod(shape)
    x = np.eye(cells).reshape(*shape, cells) if features is None else np.array(features)
    rows = x if seat.role == "leader" else x[seat.action]
    start = {"gram": ridge * np.eye(x.shape[-1]), "moments": np.zeros(x.shape[-1])}
    model = seat.memory.setdefault("lin_ucb", start)

    def arm() -> int:
        theta = np.linalg.solve(model["gram"], model["moments"])
        square = [row @ np.linalg.solve(model["gram"], row) for row in rows]
        width = sigma * math.sqrt(2 * confidence * seat.log_horizon)
        bounds = [float(row @ theta) + width * math.sqrt(s) for row, s in zip(rows, square, strict=True)]
        # Bounds that differ by rounding only tie.
        return first_best([bound >= max(bounds) - 1e-11 * abs(max(bounds)) for bound in bounds])

    while True:
        chosen = arm()
        reward, _ = yield arm if seat.role == "follower" else chosen
        row = rows[seat.memory["answer"] if seat.role == "follower" else chosen]
        model["gram"] = model["gram"] + np.outer(row, row)
        model["moments"] = model["moments"] + reward * row
