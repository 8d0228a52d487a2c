"""MABWiser: one `MAB` with `UCB1` for the leader, one for each of its actions for the follower.

`UCB1` has the radius alpha sqrt(2 ln t / n) with t the rounds that this MAB has seen: the anytime rule.
"""

from __future__ import annotations

import numpy as np
from contract import one_by_one, serve
from mabwiser.mab import MAB, LearningPolicy


class UCB1:
    """A MAB that gets one reward at a time; it must be fitted to each arm once before it predicts."""

    def __init__(self, n_arms, seed):
        self.n_arms = n_arms
        self.rounds = 0
        self.mab = MAB(list(range(n_arms)), LearningPolicy.UCB1(alpha=1.0), seed=seed)

    def choose(self):
        return self.rounds if self.rounds < self.n_arms else self.mab.predict()

    def observe(self, arm, reward):
        learn = self.mab.partial_fit if self.rounds else self.mab.fit
        learn([arm], [reward])
        self.rounds += 1


def play(game, horizon, seed):
    rng = np.random.default_rng(seed)
    n_leader, n_follower = game.leader.shape
    leader = UCB1(n_leader, seed)
    followers = [UCB1(n_follower, seed) for _ in range(n_leader)]
    pulls = np.zeros(game.leader.shape)
    for _ in range(horizon):
        a = leader.choose()
        b = followers[a].choose()
        leader.observe(a, rng.normal(game.leader[a, b], game.sigma))
        followers[a].observe(b, rng.normal(game.follower[a, b], game.sigma))
        pulls[a, b] += 1
    return pulls


if __name__ == "__main__":
    serve(one_by_one(play), ["mabwiser"])
