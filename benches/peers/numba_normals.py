"""A fast source of normals for numba: xoshiro256++ in many lanes, and a ziggurat.

The lanes advance in one vectorised loop. A normal is a look-up, a product and a comparison of their bits,
except 4 times in 1000 (Marsaglia and Tsang 2000, with 1024 layers).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit, uint64

LANES = 16
LAYERS = 1024
TAIL = 4.038_849_846_109_505
"""End of the lowest layer, for which layers of equal area close at the top."""


def right_ends():
    """Return the right ends of all layers, the widest first: a box with the area of base and tail."""
    area = TAIL * math.exp(-(TAIL**2) / 2) + math.sqrt(math.pi / 2) * math.erfc(TAIL / math.sqrt(2))
    ends = [area / math.exp(-(TAIL**2) / 2), TAIL]
    while len(ends) < LAYERS:
        ends.append(math.sqrt(-2 * math.log(math.exp(-(ends[-1] ** 2) / 2) + area / ends[-1])))
    return np.array([*ends, 0.0])


ENDS = right_ends()
HEIGHTS = np.exp(-(ENDS**2) / 2)
STEPS = ENDS * 2.0**-52
"""Multiplied by 53 random bits with a sign, a point between both ends of a layer."""


def seeded(seed):
    """Return the four words of each lane's state, shape (4, LANES)."""
    return np.random.SeedSequence(seed).generate_state(4 * LANES, np.uint64).reshape(4, LANES)


@njit(inline="always")
def rotated(x, k):
    return (x << uint64(k)) | (x >> uint64(64 - k))


@njit
def fill_bits(bits, state):
    for start in range(0, len(bits), LANES):
        for lane in range(LANES):
            s0, s1, s2, s3 = state[0, lane], state[1, lane], state[2, lane], state[3, lane]
            bits[start + lane] = rotated(s0 + s3, 23) + s0
            s2 ^= s0
            s3 ^= s1
            state[0, lane] = s0 ^ s3
            state[1, lane] = s1 ^ s2
            state[2, lane] = s2 ^ (s1 << uint64(17))
            state[3, lane] = rotated(s3, 45)


@njit
def fill_normals(bits, normals, state, rng):
    """Fill both arrays, of equal length that LANES divides; `rng` is for the few that need more numbers."""
    fill_bits(bits, state)
    for k in range(len(bits)):
        layer = bits[k] & uint64(LAYERS - 1)
        x = (np.int64(bits[k]) >> 11) * STEPS[layer]
        normals[k] = x if abs(x) < ENDS[layer + uint64(1)] else outside(np.int64(layer), x, rng)


@njit
def outside(layer, x, rng):
    """Return a normal, given a point of a layer that is not under all of the next one."""
    if layer == 0:
        return math.copysign(tail(rng), x)
    y = HEIGHTS[layer] + rng.random() * (HEIGHTS[layer + 1] - HEIGHTS[layer])
    return x if y < math.exp(-x * x / 2) else rng.standard_normal()


@njit
def tail(rng):
    """Return a normal beyond TAIL."""
    while True:
        x = -math.log(1 - rng.random()) / TAIL
        if -2 * math.log(1 - rng.random()) > x * x:
            return TAIL + x
