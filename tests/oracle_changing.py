"""Slow simulator of a game that changes, written from the definitions page alone.

Round t is played in the last game whose start is below t. A replaced player is told the length of its stay;
one that knows utilities knows those of the game in force.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import drawn
import numpy as np
from oracle import SURE, Agent, Path
from oracle_learners import rule_of
from oracle_learners.made import is_blind
from oracle_seat import Seat

if TYPE_CHECKING:
    import oracle

    import stackel as sk

KNOWING = ("BestResponse", "BestManipulation")
"""Followers that know utilities."""


def knows(learner: oracle.Named) -> bool:
    """Whether a follower knows utilities, or is made of one that does."""
    name, parameters = learner
    return name in KNOWING or ("of" in parameters and knows(parameters["of"]))


def play(
    game: sk.ChangingGame, leader: oracle.Named, follower: oracle.Named, horizon: int, reward: oracle.Reward
) -> Path:
    """Play a game that changes."""
    n_leader, n_follower = game.shape
    begun = [start for start in game.starts if start < horizon]
    stays = [end - start for start, end in zip(begun, [*begun[1:], horizon], strict=True)]
    leaves, goes = (game.newcomer in {role, "both"} for role in ("leader", "follower"))
    memory: dict[str, float] = {}

    def seated(role, learner, told, means, action=0):
        name, parameters = learner
        shared = memory if role == "follower" else {}
        seat = Seat(role, told, n_leader, n_follower, means[1][action], SURE, means, action, shared)
        return Agent(rule_of(name)(seat, **parameters))

    earned, actions, total = [], [], np.zeros(2)
    for t in range(horizon):
        if t in begun:
            k = begun.index(t)
            means = game.games[k].leader.tolist(), game.games[k].follower.tolist()
            if t == 0 or leaves:
                top = seated("leader", leader, stays[k] if leaves else horizon, means)
            if t == 0 or goes or knows(follower):
                told = stays[k] if goes else horizon
                memory.clear()
                below = [seated("follower", follower, told, means, a) for a in range(n_leader)]
                below = below[:1] * n_leader if is_blind(follower) else below
        a = top.arm
        b = below[a].arm
        total += means[0][a][b], means[1][a][b]
        earned.append(total.copy())
        actions.append((a, b))
        memory |= {"overheard": reward(0, (a, b), means[0][a][b]), "answer": b}
        top.observe(memory["overheard"], b)
        below[a].observe(reward(1, (a, b), means[1][a][b]))
    played = np.array(actions, np.int64)
    pulls = np.bincount(played @ [n_follower, 1], minlength=n_leader * n_follower)
    return Path(np.array(earned).T, pulls.reshape(n_leader, n_follower), played)


def as_reward(game: sk.ChangingGame, seed: int, replication: int) -> oracle.Reward:
    """The rewards of a replication: the n-th pull of an arm shows the n-th entry of the tape of its mean.

    Coins have a tape for each mean of a cell, numbered in the order in which the means first come.
    """
    pulls: Counter[tuple[int, int]] = Counter()
    n_leader, n_follower = game.shape

    def reward(player: int, cell: tuple[int, int], mean: float) -> float:
        law = game.noise[player]
        arm = drawn.tape_of(law, player, cell, n_follower)
        n = pulls[player, arm]
        pulls[player, arm] += 1
        tape = arm
        if type(law).__name__ == "Bernoulli":
            role = ("leader", "follower")[player]
            means = list(dict.fromkeys(getattr(each, role)[cell].item() for each in game.games))
            tape += n_leader * n_follower * means.index(mean)
        return drawn.first(drawn.law_of(law, cell), mean, tape, player, seed, replication)[n]

    return reward
