"""SMPyBandits: one `UCBH` policy for the leader, one for each of its actions for the follower.

`UCBH` has the radius sqrt(alpha ln T / 2 n): alpha = 4 is the radius of the others.
"""

from __future__ import annotations

import contextlib
import io

import numpy as np
from contract import one_by_one, serve

with contextlib.redirect_stdout(io.StringIO()):  # it reports missing optional packages there
    from SMPyBandits.Policies import UCBH

ALPHA = 4


def new_policy(n_arms, horizon):
    policy = UCBH(n_arms, horizon=horizon, alpha=ALPHA)
    policy.startGame()
    return policy


def choose(policy):
    """Return the policy's choice, after each arm once in index order: the policy's own order is random."""
    return policy.t if policy.t < policy.nbArms else policy.choice()


def play(game, horizon, seed):
    rng = np.random.default_rng(seed)
    n_leader, n_follower = game.leader.shape
    leader = new_policy(n_leader, horizon)
    followers = [new_policy(n_follower, horizon) for _ in range(n_leader)]
    for _ in range(horizon):
        a = choose(leader)
        b = choose(followers[a])
        leader.getReward(a, rng.normal(game.leader[a, b], game.sigma))
        followers[a].getReward(b, rng.normal(game.follower[a, b], game.sigma))
    return [follower.pulls for follower in followers]


if __name__ == "__main__":
    serve(one_by_one(play), ["SMPyBandits", "scipy"])
