"""A run in words: a person works with a chatbot.

The leader is a person who asks, the follower a chatbot that sees the question and answers.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stackel._explorer._numbers import CONFIDENCE
from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.games._game import action_labels, as_game

if TYPE_CHECKING:
    from stackel._figures.curves import Regrets
    from stackel._stats.intervals import Interval
    from stackel.results import Result

_WHO = ("the person", "the chatbot")
_NEARLY_ALL = 0.9995
_DECADE = 10.0
_READABLE = 1e-4
_LINEAR, _FLAT = 0.95, 0.05
"""Growth exponents of the last decade that count as proportional to time, and as none."""


def caption_of(run: Result, regrets: Regrets) -> str:
    """Return what happened, in four or five sentences."""
    rows, columns = run.game.shape
    rounds = f"{run.horizon:,} times" if run.horizon > 1 else "once"
    who = (
        f"A person (the leader, {run.leader.label}) has {_ways(rows, 'ask')}, a chatbot (the follower, "
        f"{run.follower.label}) sees the question and has {_ways(columns, 'answer')}. They meet {rounds}."
    )
    interval = regrets.interval(CONFIDENCE)
    return " ".join([who, _meeting(run), *(_regret(run, interval, player) for player in (0, 1))])


def _ways(count: int, verb: str) -> str:
    return f"one way to {verb}" if count == 1 else f"{count} ways to {verb}"


def _meeting(run: Result) -> str:
    """Return where most rounds went."""
    shares = run.pulls.mean(axis=0) / run.horizon
    a, b = map(int, np.unravel_index(int(shares.argmax()), shares.shape))
    game = as_game(run.game)
    asks, answers = action_labels(game)
    best = stackelberg(game)
    if (a, b) == (best.leader_action, best.follower_action):
        kind = "the Stackelberg outcome"
    elif best_responses(game)[a, b]:
        kind = "where the answer is the chatbot's best one, but the question not the person's"
    else:
        kind = "where another answer would be better for the chatbot"
    return f"Most often, in {_share(shares[a, b])} of the rounds, it is {asks[a]} with {answers[b]}, {kind}."


def _share(share: float) -> str:
    if share == 1:
        return "all"
    return f"{100 * share:.1f} %" if share < _NEARLY_ALL else "more than 99.9 %"


def _regret(run: Result, interval: Interval, player: int) -> str:
    """Return how much a player misses, and whether that fades."""
    who = _WHO[player].capitalize()
    mean, low, high = (float(part[player, -1]) for part in (interval.mean, interval.low, interval.high))
    per_round = mean / run.horizon
    if math.isnan(low):
        if mean == 0:
            return f"{who} misses nothing of the benchmark."
    elif low <= 0 <= high:
        return (
            f"{who} neither clearly misses nor exceeds the benchmark: the interval of the regret contains 0."
        )
    amount = _amount(abs(per_round))
    if mean < 0:
        return f"{who} earns {amount} a round more than the benchmark."
    return f"{who} misses {amount} of the benchmark a round{_trend(run, interval, player)}."


def _amount(number: float) -> str:
    if number >= _READABLE:
        return f"{number:.3g}"
    digits, power = f"{number:.2e}".split("e")
    return f"{digits} × 10^{int(power)}"


def _trend(run: Result, interval: Interval, player: int) -> str:
    """Return how the regret grew over the last tenfold of time."""
    earlier = np.flatnonzero(run.rounds <= run.rounds[-1] / _DECADE)
    if not earlier.size:
        return ""
    k = earlier[-1]
    before, after = interval.mean[player, [k, -1]]
    if not before > 0:
        return ""
    slope = math.log(after / before) / math.log(run.rounds[-1] / run.rounds[k])
    if slope >= _LINEAR:
        return ", and the loss does not fade: the regret grew in proportion to the time"
    if slope > _FLAT:
        return f", and the loss fades: the regret grew like t^{slope:.2f} over the last tenfold of time"
    return ", and the loss is over: the regret hardly grew over the last tenfold of time"
