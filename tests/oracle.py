"""Slow simulator of a repeated Stackelberg game, written from the definitions page alone.

Section 1: the leader plays a, the follower sees a and plays b with the learner it keeps for a, both
receive their noisy utilities. The learners are in `oracle_learners`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from chance import Sure
from oracle_learners import rule_of
from oracle_learners.made import is_blind
from oracle_seat import Play, Seat

if TYPE_CHECKING:
    from random import Random

    from chance import Chance

Means = Sequence[Sequence[float]]
Actions = npt.NDArray[np.int64]
"""The pair of actions of each round, shape (T, 2)."""
Course = list[tuple[int, int]]
"""Rounds, from 1 on, and what a learner played in them."""
Named = tuple[str, dict[str, Any]]
Reward = Callable[[int, tuple[int, int], float], float]
"""Next reward of a player (0 the leader) for a pair of actions, given its mean utility."""
SURE = Sure()


@dataclass(frozen=True)
class Path:
    """One play of the game: utility[i][t] sums player i's means over rounds 0..t."""

    utility: npt.NDArray[np.float64]
    pulls: npt.NDArray[np.int64]
    actions: Actions


class Agent:
    """A learner's generator, and the arm it is about to play."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._next = next(play)

    @property
    def arm(self) -> int:
        return self._next() if callable(self._next) else self._next

    def observe(self, reward: float, reply: int | None = None) -> None:
        self._next = self._play.send((reward, reply))


def play(
    means: tuple[Means, Means],
    leader: Named,
    follower: Named,
    horizon: int,
    *,
    reward: Reward,
    chance: Chance = SURE,
    rounds: int | None = None,
) -> Path:
    """Play a game, or its first `rounds`; `leader` and `follower` are (name, parameters) of a learner."""
    rounds = horizon if rounds is None else rounds
    n_leader, n_follower = len(means[0]), len(means[0][0])

    memory: dict[str, float] = {}

    def seated(role: str, learner: Named, row: Sequence[float] = (), action: int = 0) -> Agent:
        name, parameters = learner
        shared = memory if role == "follower" else {}
        seat = Seat(role, horizon, n_leader, n_follower, row, chance, means, action, shared)
        return Agent(rule_of(name)(seat, **parameters))

    top = seated("leader", leader)
    below = [seated("follower", follower, row, a) for a, row in enumerate(means[1])]
    if is_blind(follower):
        below = below[:1] * n_leader
    earned, actions = [], []
    for t in range(rounds):
        a = top.arm
        b = below[a].arm
        u1, u2 = means[0][a][b], means[1][a][b]
        earned.append((u1, u2))
        actions.append((a, b))
        if t == rounds - 1:
            break
        memory |= {"overheard": reward(0, (a, b), u1), "answer": b}
        top.observe(memory["overheard"], b)
        below[a].observe(reward(1, (a, b), u2))
    played = np.array(actions, np.int64)
    pulls = np.bincount(played @ [n_follower, 1], minlength=n_leader * n_follower)
    return Path(np.cumsum(np.array(earned, float).T, axis=1), pulls.reshape(n_leader, n_follower), played)


def courses(actions: Actions) -> tuple[list[Course], list[Course]]:
    """What each learner played when: the leader, and the followers of the leader's actions."""
    leader: Course = []
    below: dict[int, Course] = {}
    for t, (a, b) in enumerate(actions.tolist(), start=1):
        leader.append((t, a))
        below.setdefault(a, []).append((t, b))
    return [leader], list(below.values())


def switches(actions: Actions) -> list[int]:
    """For each player, the number of rounds in which a learner of its did not play what it did before."""
    return [
        sum(arm != before for course in player for (_, before), (_, arm) in pairwise(course))
        for player in courses(actions)
    ]


def last_exploration(actions: Actions) -> list[int]:
    """For each player, the last round in which a learner of its did not play what it does in the end."""
    return [
        max((t for course in player for t, arm in course if arm != course[-1][1]), default=0)
        for player in courses(actions)
    ]


def cell_counts(actions: Actions, shape: tuple[int, int]) -> npt.NDArray[np.int64]:
    """How often each outcome was played by the end of each round."""
    played = np.zeros((len(actions), *shape), np.int64)
    played[np.arange(len(actions)), actions[:, 0], actions[:, 1]] = 1
    return played.cumsum(axis=0)


def noisy(laws: tuple[Named, Named], rng: Random) -> Reward:
    """Draw rewards from a law for each player, named as in the package."""
    draw: dict[str, Callable[..., float]] = {
        "Gaussian": rng.gauss,
        "Bernoulli": lambda mean: float(rng.random() < mean),
        "Uniform": lambda mean, half_width: rng.uniform(mean - half_width, mean + half_width),
        "StudentT": lambda mean, df, scale: (
            mean + scale * rng.gauss() / (rng.gammavariate(df / 2, 2) / df) ** 0.5
        ),
        "Deterministic": lambda mean: mean,
    }

    def reward(player: int, _: tuple[int, int], mean: float) -> float:
        name, parameters = laws[player]
        return draw[name](mean, **parameters)

    return reward
