"""Two leaders that are told nothing: restarts with growing discards, and racing on recent windows.

Both are compiled, so that they play some 10^7 rounds a second. `power` says how much they explore: of
the order of ``t^power`` rounds of each action until round t.
"""

from __future__ import annotations

import math
from typing import Any

from numba import cfunc

import stackel as sk

FIRST = 1024
REFRESH = 256
"""Rounds between two updates of what depends on the number of rounds."""
_RESET = "void(CPointer(float64), int64, int64, int64, CPointer(float64))"
_CHOOSE = "int64(CPointer(float64), uint64)"
_OBSERVE = "void(CPointer(float64), int64, float64)"


@cfunc(_RESET)
def _reset(state: Any, n_arms: Any, _horizon: Any, _role: Any, parameters: Any) -> None:
    state[0] = n_arms
    state[1] = parameters[0]


@cfunc(_CHOOSE)
def _choose_growing(state: Any, _random: Any) -> Any:
    # state: arms, power, rounds left, length, discard and radius of the epoch; of each arm: pulls, kept, sum
    arms = int(state[0])
    if state[2] == 0:
        state[3] = FIRST if state[3] == 0 else 2 * state[3]
        state[2] = state[3]
        state[4] = math.ceil(state[3] ** state[1] / 4)
        state[5] = math.sqrt(2 * math.log(state[3]))
        for place in range(6, 6 + 3 * arms):
            state[place] = 0
    least = 0
    for arm in range(1, arms):
        if state[6 + 3 * arm] < state[6 + 3 * least]:
            least = arm
    if state[6 + 3 * least] < state[4]:
        return least
    best, largest = 0, -math.inf
    for arm in range(arms):
        kept = state[7 + 3 * arm]
        if kept == 0:
            return arm
        index = state[8 + 3 * arm] / kept + state[5] / math.sqrt(kept)
        if index > largest:
            best, largest = arm, index
    return best


@cfunc(_OBSERVE)
def _observe_growing(state: Any, arm: Any, reward: Any) -> None:
    place = 6 + 3 * arm
    state[2] -= 1
    state[place] += 1
    if state[place] > state[4]:
        state[place + 1] += 1
        state[place + 2] += reward


@cfunc(_CHOOSE)
def _choose_racing(state: Any, _random: Any) -> Any:
    # state: arms, power, rounds, pulls that every arm gets, radius;
    # of each arm: pulls, end of its block, sum and length of this block and of the last
    arms = int(state[0])
    least = 0
    for arm in range(1, arms):
        if state[5 + 6 * arm] < state[5 + 6 * least]:
            least = arm
    if state[2] % REFRESH == 0:
        state[3] = max(1, (state[2] + REFRESH) ** state[1])
        state[4] = math.sqrt(2 * math.log(state[2] + REFRESH))
    if state[5 + 6 * least] < state[3]:
        return least
    best, largest = 0, -math.inf
    for arm in range(arms):
        place = 5 + 6 * arm
        kept = state[place + 3] + state[place + 5]
        index = (state[place + 2] + state[place + 4]) / kept + state[4] / math.sqrt(kept)
        if index > largest:
            best, largest = arm, index
    return best


@cfunc(_OBSERVE)
def _observe_racing(state: Any, arm: Any, reward: Any) -> None:
    place = 5 + 6 * arm
    if state[place] >= state[place + 1]:  # the block is over: it becomes the last one, of the older half
        state[place + 1] = max(1.0, 2 * state[place])
        state[place + 4] = state[place + 2]
        state[place + 5] = state[place + 3]
        state[place + 2] = 0
        state[place + 3] = 0
    state[2] += 1
    state[place] += 1
    state[place + 2] += reward
    state[place + 3] += 1


def growing_discards(power: float) -> sk.CompiledLearner:
    """Return restarts in epochs that double: explore, forget, then UCB; discards grow with `power`."""
    return _leader("growing discards", (_choose_growing, _observe_growing), power, (48, 24))


def recent_racing(power: float) -> sk.CompiledLearner:
    """Return UCB on the later half of each action's rewards, which plays every action ``t^power`` times."""
    return _leader("recent racing", (_choose_racing, _observe_racing), power, (40, 48))


def _leader(name: str, rule: tuple[Any, Any], power: float, sizes: tuple[int, int]) -> sk.CompiledLearner:
    """Return a leader of this file; `sizes` are bytes of its state, and further ones for each arm."""
    return sk.CompiledLearner(
        *rule,
        _reset,
        name=f"{name}, {power:.3g}",
        state_bytes=sizes[0],
        state_bytes_per_arm=sizes[1],
        parameters=[power],
        version="1",
    )
