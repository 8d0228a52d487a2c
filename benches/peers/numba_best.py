"""Our fastest numba code: a round in which no arm changes takes little more time than its noise.

- An arm's index changes only when the arm is played: indices are stored, and one is recomputed.
- While an arm is played, the best index of the others is a constant theta, and the arm stays as long as
  sum >= theta n - sqrt(2 ln T n). The right side is convex in n, so along a block of rounds it is below
  its chord, and a sum above the chord needs no root. Only a sum below it is compared exactly.
- Rewards come from a buffer of normals that one vectorised loop fills: see `numba_normals`.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from contract import one_by_one, serve
from numba import njit
from numba_normals import fill_normals, seeded

BUFFER = 1024


class Walk(NamedTuple):
    """A sum of rewards along a block of rounds, and the line that it must not fall below."""

    total: float
    mean: float
    line: float
    slope: float


@njit
def best_and_rival(indices):
    """Return the first arm with the largest index, and the largest index of the others."""
    best, rival = 0, -np.inf
    for arm in range(1, len(indices)):
        if indices[arm] > indices[best]:
            best, rival = arm, indices[best]
        else:
            rival = max(rival, indices[arm])
    return best, rival


@njit
def barrier(theta, width, count):
    """Return the sum of `count` rewards at which an index is theta."""
    return theta * count - width * math.sqrt(count)


@njit
def chord(theta, width, count, rounds):
    """Return start and slope of the barrier's chord over the next rounds."""
    start = barrier(theta, width, count)
    return start, (barrier(theta, width, count + rounds) - start) / rounds


@njit
def walk(leader, follower, sigma, normals):
    """Play until a sum is below its line or the normals are used up: return the rounds, and both sums."""
    total1, mean1, line1, slope1 = leader
    total2, mean2, line2, slope2 = follower
    for k in range(0, len(normals), 2):
        total1 += mean1 + sigma * normals[k]
        total2 += mean2 + sigma * normals[k + 1]
        line1 += slope1
        line2 += slope2
        if total1 < line1 or total2 < line2:
            return k // 2 + 1, total1, total2
    return len(normals) // 2, total1, total2


@njit
def play_rounds(game, horizon, state, rng):
    n_leader, cells = len(game.leader), game.leader.shape
    counts1, sums1, indices1 = np.zeros(n_leader), np.zeros(n_leader), np.full(n_leader, np.inf)
    counts2, sums2, indices2 = np.zeros(cells), np.zeros(cells), np.full(cells, np.inf)
    bits, normals = np.empty(BUFFER, np.uint64), np.empty(BUFFER)
    width = math.sqrt(2 * math.log(horizon))
    left, used = horizon, BUFFER
    while left:
        a, theta1 = best_and_rival(indices1)
        b, theta2 = best_and_rival(indices2[a])
        n1, sum1, n2, sum2 = counts1[a], sums1[a], counts2[a, b], sums2[a, b]
        stay = True
        while stay and left:
            if used == BUFFER:
                fill_normals(bits, normals, state, rng)
                used = 0
            # At most doubling the counts keeps the chord close to the barrier.
            rounds = min(left, (BUFFER - used) // 2, int(min(n1, n2)) + 1)
            leader = Walk(sum1, game.leader[a, b], *chord(theta1, width, n1, rounds))
            follower = Walk(sum2, game.follower[a, b], *chord(theta2, width, n2, rounds))
            rounds, sum1, sum2 = walk(leader, follower, game.sigma, normals[used : used + 2 * rounds])
            n1, n2, left, used = n1 + rounds, n2 + rounds, left - rounds, used + 2 * rounds
            stay = sum1 >= barrier(theta1, width, n1) and sum2 >= barrier(theta2, width, n2)
        counts1[a], sums1[a], indices1[a] = n1, sum1, sum1 / n1 + width / math.sqrt(n1)
        counts2[a, b], sums2[a, b], indices2[a, b] = n2, sum2, sum2 / n2 + width / math.sqrt(n2)
    return counts2


def play(game, horizon, seed):
    return play_rounds(game, horizon, seeded(seed), np.random.default_rng(seed))


if __name__ == "__main__":
    serve(one_by_one(play), ["numba"])
