"""Typical numba code: the loop of NumPy written out, with `np.random.normal` and `@njit`."""

from __future__ import annotations

import numpy as np
from contract import one_by_one, serve
from numba import njit


@njit
def choose(counts, sums, log_horizon):
    best, best_index = 0, -np.inf
    for arm in range(len(counts)):
        if counts[arm] == 0:
            return arm
        index = sums[arm] / counts[arm] + np.sqrt(2 * log_horizon / counts[arm])
        if index > best_index:
            best, best_index = arm, index
    return best


@njit
def play_rounds(leader, follower, sigma, horizon, seed):
    np.random.seed(seed)
    n_leader, n_follower = leader.shape
    leader_counts, leader_sums = np.zeros(n_leader), np.zeros(n_leader)
    counts, sums = np.zeros((n_leader, n_follower)), np.zeros((n_leader, n_follower))
    log_horizon = np.log(horizon)
    for _ in range(horizon):
        a = choose(leader_counts, leader_sums, log_horizon)
        b = choose(counts[a], sums[a], log_horizon)
        leader_counts[a] += 1
        leader_sums[a] += np.random.normal(leader[a, b], sigma)
        counts[a, b] += 1
        sums[a, b] += np.random.normal(follower[a, b], sigma)
    return counts


def play(game, horizon, seed):
    return play_rounds(game.leader, game.follower, game.sigma, horizon, seed)


if __name__ == "__main__":
    serve(one_by_one(play), ["numba"])
