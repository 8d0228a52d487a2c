"""Learners that decide by what they have observed so far, which may be less than what was played.

A rule here is a function of all that was observed, computed anew each time: `Batched` and `Delayed` say how
much that is. One that commits also keeps what it has decided. An observation is
``(arm, reward, probability)``, with the probability that the arm had when it was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from oracle_seat import Seat, first_best, phase_lengths, radius

if TYPE_CHECKING:
    from oracle import Named
    from oracle_seat import Play

Observed = Sequence[tuple[int, float, float]]
Chances = Sequence[float]
"""The probability of each arm."""
Rule = Callable[[Seat, Observed], Chances]


def surely(seat: Seat, arm: int) -> Chances:
    return [float(k == arm) for k in range(seat.arms)]


def rewards_of(seat: Seat, observed: Observed) -> list[list[float]]:
    return [[reward for arm, reward, _ in observed if arm == k] for k in range(seat.arms)]


def mean(rewards: Sequence[float]) -> float:
    return sum(rewards) / len(rewards)


def ucb(
    seat: Seat,
    observed: Observed,
    *,
    anytime: bool = False,
    sigma: float = 1.0,
    confidence: float = 1.0,
    **_: Any,
) -> Chances:
    known = rewards_of(seat, observed)
    if [] in known:
        return surely(seat, known.index([]))
    log = math.log(len(observed)) if anytime else seat.log_horizon
    return surely(seat, first_best([mean(own) + radius(sigma, confidence, log, len(own)) for own in known]))


def explore_then_commit(
    seat: Seat, observed: Observed, exploration: int | None = None, *, memory: dict[str, int], **_: Any
) -> Chances:
    """The memory is empty until the arm is chosen that is played ever after."""
    if not memory:
        known = rewards_of(seat, observed)
        counts = [len(own) for own in known]
        if min(counts) < (seat.window if exploration is None else exploration):
            return surely(seat, counts.index(min(counts)))
        memory["arm"] = first_best([mean(own) for own in known])
    return surely(seat, memory["arm"])


def round_robin_then_commit(
    seat: Seat,
    observed: Observed,
    *,
    stop: str = "bai",
    alpha: float = 4.0,
    slack: float = 1.0,
    rounds: int | None = None,
    extra: int = 0,
    memory: dict[str, int],
    **_: Any,
) -> Chances:
    """The memory holds the sweeps of the last look; then the arm, and how many rewards it was chosen by."""
    known, t = rewards_of(seat, observed), len(observed)
    counts = [len(own) for own in known]
    if "arm" not in memory:
        if stop == "budget":
            over = t >= (seat.window * seat.arms if rounds is None else rounds)
        elif over := min(counts) > memory.get("sweeps", 0):
            least = slack / t if stop == "sprt" else math.sqrt(alpha * math.log(seat.horizon / t) / t)
            over = max(map(mean, known)) - min(map(mean, known)) >= least
        memory["sweeps"] = min(counts)
        if not over:
            return surely(seat, counts.index(min(counts)))
        memory["arm"] = first_best([mean(own) if own else -math.inf for own in known])
        memory["rewards"] = t
    if t - memory["rewards"] >= extra:
        return surely(seat, memory["arm"])
    further = [len(own) for own in rewards_of(seat, observed[memory["rewards"] :])]
    return surely(seat, further.index(min(further)))


def active_arm_elimination(
    seat: Seat,
    observed: Observed,
    phases: Sequence[int] | None = None,
    sigma: float = 1.0,
    confidence: float = 1.0,
) -> Chances:
    lengths = phase_lengths(phases)
    active, end = list(range(seat.arms)), next(lengths)
    known: list[list[float]] = [[] for _ in active]
    for arm, reward, _ in observed:
        known[arm].append(reward)
        if len(active) > 1 and min(len(known[k]) for k in active) >= end:
            best = max(mean(known[k]) for k in active)
            active = [
                k
                for k in active
                if best - mean(known[k]) <= 2 * radius(sigma, confidence, seat.log_horizon, len(known[k]))
            ]
            end += next(lengths)
    return surely(seat, min(active, key=lambda k: (len(known[k]), k)))


def exp3(
    seat: Seat, observed: Observed, learning_rate: float | None = None, low: float = 0.0, high: float = 1.0
) -> Chances:
    arms = seat.arms
    rate = math.sqrt(2 * math.log(arms) / (seat.horizon * arms)) if learning_rate is None else learning_rate
    losses = [0.0] * arms
    for arm, reward, probability in observed:
        losses[arm] += (high - min(max(reward, low), high)) / (high - low) / probability
    least = min(losses)
    weights = [math.exp(-rate * (loss - least)) for loss in losses]
    return [weight / sum(weights) for weight in weights]


def fixed_action(seat: Seat, _: Observed, a: int) -> Chances:
    return surely(seat, a)


def uniform_learner(seat: Seat, _: Observed) -> Chances:
    return [1 / seat.arms] * seat.arms


def rule_of(of: Named) -> Rule:
    """The rule of a learner, with its parameters."""
    learner, parameters = of
    for name, rule in list(globals().items()):
        if name.replace("_", "") == learner.lower():
            committing = rule in (explore_then_commit, round_robin_then_commit)
            kept: dict[str, Any] = {"memory": {}} if committing else {}
            return lambda seat, observed: rule(seat, observed, **parameters, **kept)
    raise AssertionError(f"no {learner} that is told late: write its rule in {__file__}")


def decide(seat: Seat, chances: Chances) -> tuple[int, float]:
    """An arm, and the probability that it had."""
    if max(chances) == 1.0:
        return first_best(chances), 1.0
    arm = seat.chance.draw(chances)
    return arm, chances[arm]


def delayed(seat: Seat, of: Named, delay: int) -> Play:
    rule = rule_of(of)
    history: list[tuple[int, float, float]] = []
    while True:
        arm, probability = decide(seat, rule(seat, history[: max(0, len(history) - delay)]))
        reward, _ = yield arm
        history.append((arm, reward, probability))


def batched(seat: Seat, of: Named, size: int) -> Play:
    rule = rule_of(of)
    history: list[tuple[int, float, float]] = []
    while True:
        arm, probability = decide(seat, rule(seat, history))
        for _ in range(size):
            reward, _reply = yield arm
            history.append((arm, reward, probability))
