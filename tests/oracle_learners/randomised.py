"""Learners whose choices are random."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction
from functools import cache

from chance import Beta, Law, Normal
from oracle_seat import Play, Seat, Tally, next_new


def epsilon_greedy(seat: Seat, epsilon: float = 0.1, decay: float = 0.0, ties: str = "lowest") -> Play:
    tally = Tally(seat.arms)
    for n in itertools.count(1):
        unplayed = [arm for arm in range(seat.arms) if tally.count[arm] == 0]
        if unplayed:
            arm = unplayed[0]
        else:
            explores = min(1.0, epsilon / n**decay)
            means = [tally.mean(k) for k in range(seat.arms)]
            leaders = [k for k in range(seat.arms) if means[k] == max(means)]
            leaders = leaders[:1] if ties == "lowest" else leaders
            arm = seat.chance.draw(
                [
                    explores / seat.arms + (1 - explores) * (k in leaders) / len(leaders)
                    for k in range(seat.arms)
                ]
            )
        tally.add(arm, (yield arm))


def softmax(
    seat: Seat, temperature: float, decay: float = 0.0, prior_weight: float = 0.0, prior_mean: float = 0.0
) -> Play:
    tally = Tally(seat.arms)
    for n in itertools.count(1):
        if n <= seat.arms:
            arm = n - 1
        else:
            means = [
                (prior_weight * prior_mean + total) / (prior_weight + count)
                for total, count in zip(tally.sum, tally.count, strict=True)
            ]
            arm = seat.chance.draw([math.exp((mean - max(means)) * n**decay / temperature) for mean in means])
        tally.add(arm, (yield arm))


def largest_sum(
    seat: Seat,
    *,
    epsilon: float = 0.1,
    decay: float = 0.0,
    rate: float = 0.0,
    exploration: int = 0,
    explored: int | None = None,
    ties: str = "lowest",
) -> Play:
    drawn = seat.arms if explored is None else min(explored, seat.arms)
    tally = Tally(seat.arms)
    for t in itertools.count():
        share = math.exp(-rate * t) / max(1, t) ** decay
        explores = 1.0 if t < exploration else min(1.0, epsilon * share)
        leaders = [k for k in range(seat.arms) if tally.sum[k] == max(tally.sum)]
        leaders = leaders[:1] if ties == "lowest" else leaders
        weights = [
            explores * (k < drawn) / drawn + (1 - explores) * (k in leaders) / len(leaders)
            for k in range(seat.arms)
        ]
        arm = seat.chance.draw(weights)
        tally.add(arm, (yield arm))


def perturbed_means(seat: Seat, power: float = 1.0, prior_mean: float = 0.0, sigma: float = 1.0) -> Play:
    tally = Tally(seat.arms)
    while True:
        laws: list[Law] = [
            Normal(tally.mean(k), sigma / tally.count[k] ** power)
            if tally.count[k]
            else Normal(prior_mean, sigma)
            for k in range(seat.arms)
        ]
        arm = seat.chance.largest(laws)
        tally.add(arm, (yield arm))


def thompson_sampling(
    seat: Seat,
    family: str = "gaussian",
    prior_mean: float | None = None,
    prior_weight: float | None = None,
    sigma: float = 1.0,
) -> Play:
    coins = family == "bernoulli"
    mean = (0.5 if coins else 0.0) if prior_mean is None else prior_mean
    weight = (2.0 if coins else 1.0) if prior_weight is None else prior_weight
    tally = Tally(seat.arms)

    def posterior(arm: int) -> Law:
        n, total = tally.count[arm], tally.sum[arm]
        if coins:
            return Beta(weight * mean + total, weight * (1 - mean) + n - total)
        if weight + n == 0:
            return Normal(math.inf, 0.0)
        return Normal((weight * mean + total) / (weight + n), sigma / math.sqrt(weight + n))

    while True:
        arm = seat.chance.largest([posterior(k) for k in range(seat.arms)])
        reward, reply = yield arm
        if coins:
            one = min(max(reward, 0.0), 1.0)
            reward = float(seat.chance.draw([1 - one, one]))
        tally.add(arm, (reward, reply))


def exp3(
    seat: Seat, learning_rate: float | None = None, low: float = 0.0, high: float = 1.0, bias: float = 0.0
) -> Play:
    rate = math.sqrt(2 * math.log(seat.arms) / (seat.horizon * seat.arms))
    rate = rate if learning_rate is None else learning_rate
    losses = [0.0] * seat.arms
    while True:
        weights = [math.exp(min(losses) * rate - loss * rate) for loss in losses]
        arm = seat.chance.draw(weights)
        reward, _ = yield arm
        loss = 1 - (min(max(reward, low), high) - low) / (high - low)
        losses[arm] += loss / (weights[arm] / sum(weights) + bias)


def exp3_ix(
    seat: Seat,
    learning_rate: float | None = None,
    implicit_exploration: float | None = None,
    low: float = 0.0,
    high: float = 1.0,
) -> Play:
    rate = math.sqrt(2 * math.log(seat.arms) / (seat.horizon * seat.arms))
    rate = rate if learning_rate is None else learning_rate
    bias = rate / 2 if implicit_exploration is None else implicit_exploration
    return exp3(seat, rate, low, high, bias)


def loss_of(reward: float, low: float, high: float) -> float:
    return 1 - (min(max(reward, low), high) - low) / (high - low)


def tsallis_inf(seat: Seat, low: float = 0.0, high: float = 1.0) -> Play:
    losses = [0.0] * seat.arms
    for n in itertools.count(1):
        probabilities = tsallis_law(tuple(losses), 2 / math.sqrt(n))
        arm = seat.chance.draw(probabilities)
        reward, _ = yield arm
        losses[arm] += loss_of(reward, low, high) / probabilities[arm]


@cache
def tsallis_law(losses: tuple[float, ...], rate: float) -> list[float]:
    """Probabilities ``4 / (rate (loss - x))^2``, with the x that makes them sum to 1, by bisection."""
    least, arms = min(losses), len(losses)
    few, many = least - 2 * math.sqrt(arms) / rate, least - 2 / rate
    while few < (middle := (few + many) / 2) < many:
        below = sum(4 / (rate * (loss - middle)) ** 2 for loss in losses) < 1
        few, many = (middle, many) if below else (few, middle)
    return [4 / (rate * (loss - few)) ** 2 for loss in losses]


def exp3_s(
    seat: Seat,
    gamma: float | None = None,
    alpha: float | None = None,
    *,
    low: float = 0.0,
    high: float = 1.0,
    first: str = "weights",
) -> Play:
    arms, horizon = seat.arms, seat.horizon
    gamma = min(1.0, math.sqrt(arms * math.log(arms * horizon) / horizon)) if gamma is None else gamma
    alpha = 1 / horizon if alpha is None else alpha
    weights = [1.0] * arms
    counts = [0] * arms
    while True:
        total = sum(weights)
        probabilities = [(1 - gamma) * weight / total + gamma / arms for weight in weights]
        new = None if first == "weights" else next_new(seat, counts, first)
        arm = seat.chance.draw(probabilities) if new is None else new
        reward, _ = yield arm
        counts[arm] += 1
        gain = 1 - loss_of(reward, low, high)
        gains = [gain / probabilities[arm] if k == arm else 0.0 for k in range(arms)]
        weights = [
            weight * math.exp(gamma * gains[k] / arms) + math.e * alpha / arms * total
            for k, weight in enumerate(weights)
        ]


def no_swap_regret(
    seat: Seat, learning_rate: float | None = None, low: float = 0.0, high: float = 1.0
) -> Play:
    arms = range(seat.arms)
    rate = math.sqrt(2 * math.log(seat.arms) / seat.horizon) if learning_rate is None else learning_rate
    losses = [[0.0 for _ in arms] for _ in arms]
    while True:
        advice = []
        for copy in arms:
            weights = [math.exp(-rate * loss) for loss in losses[copy]]
            advice.append([weight / sum(weights) for weight in weights])
        law = stationary(tuple(map(tuple, advice)))
        arm = seat.chance.draw(law)
        reward, _ = yield arm
        for copy in arms:
            losses[copy][arm] += law[copy] * loss_of(reward, low, high) / law[arm]


@cache
def stationary(moves: tuple[tuple[float, ...], ...]) -> list[float]:
    """The law p with ``p = p moves``, from exact linear equations: the last one says that it sums to 1."""
    n = len(moves)
    rows = [[Fraction(moves[i][j]) - (i == j) for i in range(n)] + [Fraction(0)] for j in range(n - 1)]
    rows.append([Fraction(1)] * (n + 1))
    for k in range(n):
        pivot = next(row for row in rows[k:] if row[k] != 0)
        rows.remove(pivot)
        pivot = [value / pivot[k] for value in pivot]
        rows = [[value - row[k] * above for value, above in zip(row, pivot, strict=True)] for row in rows]
        rows.insert(k, pivot)
    return [float(row[-1]) for row in rows]
