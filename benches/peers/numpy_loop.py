"""Python and NumPy: two objects and a loop that computes every index in every round."""

from __future__ import annotations

import numpy as np
from contract import one_by_one, serve


class UCB:
    """Upper confidence bounds with the radius sqrt(2 ln T / n)."""

    def __init__(self, n_arms, horizon):
        self.counts = np.zeros(n_arms)
        self.sums = np.zeros(n_arms)
        self.log_horizon = np.log(horizon)

    def choose(self):
        if not self.counts.all():
            return self.counts.argmin()
        return np.argmax(self.sums / self.counts + np.sqrt(2 * self.log_horizon / self.counts))

    def observe(self, arm, reward):
        self.counts[arm] += 1
        self.sums[arm] += reward


def play(game, horizon, seed):
    rng = np.random.default_rng(seed)
    n_leader, n_follower = game.leader.shape
    leader = UCB(n_leader, horizon)
    followers = [UCB(n_follower, horizon) for _ in range(n_leader)]
    for _ in range(horizon):
        a = leader.choose()
        b = followers[a].choose()
        leader.observe(a, rng.normal(game.leader[a, b], game.sigma))
        followers[a].observe(b, rng.normal(game.follower[a, b], game.sigma))
    return [follower.counts for follower in followers]


if __name__ == "__main__":
    serve(one_by_one(play))
