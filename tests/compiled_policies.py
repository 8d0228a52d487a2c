"""Policies compiled by numba that play what learners of stackel play."""

from __future__ import annotations

import math

from numba import cfunc

from stackel import CompiledLearner

CHOOSE = "int64(CPointer(float64), uint64)"
OBSERVE = "void(CPointer(float64), int64, float64)"
RESET = "void(CPointer(float64), int64, int64, int64, CPointer(float64))"


@cfunc(RESET)
def reset(state, n_arms, horizon, _role, parameters):
    state[0] = n_arms
    state[1] = parameters[0] * math.sqrt(2 * math.log(horizon))


@cfunc(CHOOSE)
def choose(state, _random):
    best, largest = 0, -math.inf
    for arm in range(int(state[0])):
        count, total = state[2 + 2 * arm], state[3 + 2 * arm]
        if count == 0:
            return arm
        index = total / count + state[1] / math.sqrt(count)
        if index > largest:
            best, largest = arm, index
    return best


@cfunc(OBSERVE)
def observe(state, arm, reward):
    state[2 + 2 * arm] += 1
    state[3 + 2 * arm] += reward


@cfunc(CHOOSE)
def choose_any(state, random):
    return int((random >> 11) * 2.0**-53 * state[0])


@cfunc("int64(voidptr, uint64)")
def choose_first(_state, _random):
    return 0


def ucb(sigma=1.0, **options):
    """UCB with the noise scale as its parameter."""
    sizes = {"state_bytes": 16, "state_bytes_per_arm": 16}
    return CompiledLearner(
        choose, observe, reset, name="compiled UCB", parameters=[sigma], **sizes, **options
    )


def uniform():
    """An arm at random every round."""
    return CompiledLearner(choose_any, None, reset, name="compiled Uniform", state_bytes=16, parameters=[0])


def first():
    """Always the first arm: no policy can be faster."""
    return CompiledLearner(choose_first, name="first")
