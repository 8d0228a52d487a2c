"""Shared code of the peers: the game, and the line of JSON that each of them prints.

A peer is a script that calls `serve(play)`, where `play(game, horizon, replications, seed)` returns the
number of rounds of each pair of actions in each replication: an array of shape (replications, 4, 4). This
file needs only NumPy, from version 1.23 on.
"""

from __future__ import annotations

import json
import platform
import sys
import time
from importlib import metadata
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Array = np.ndarray[Any, Any]

GOLDEN_RATIO = 0.618_033_988_749_894_9


class Game(NamedTuple):
    """Mean utilities of leader and follower, and the scale of the Gaussian noise on both."""

    leader: Array
    follower: Array
    sigma: float = 1.0

    @classmethod
    def spread(cls, n: int = 4) -> Game:
        """Return a game without ties: utilities are the fractional parts of multiples of the golden ratio."""
        leader, follower = np.arange(1, 1 + 2 * n * n).reshape(2, n, n) * GOLDEN_RATIO % 1.0
        return cls(leader, follower)

    def regret(self, pulls: Array) -> Array:
        """Return both players' regrets against the Stackelberg benchmark, shape (2, replications)."""
        responses = self.follower.argmax(axis=1)
        action = self.leader[np.arange(len(responses)), responses].argmax()
        losses = [u[action, responses[action]] - u for u in (self.leader, self.follower)]
        return np.tensordot(losses, pulls, axes=([1, 2], [1, 2]))


def one_by_one(play_one: Callable[[Game, int, int], Any]) -> Callable[..., Array]:
    """Return a `play` that calls `play_one(game, horizon, seed)` for each replication."""

    def play(game: Game, horizon: int, replications: int, seed: int) -> Array:
        return np.array([play_one(game, horizon, seed + r) for r in range(replications)])

    return play


def serve(play: Callable[..., Array], distributions: Sequence[str] = (), **versions: str) -> None:
    """Carry out the task given on the command line, and print its results.

    A task has a timed part, repeated after a first call that also compiles; a common one, whose regrets
    are compared between peers; a silent one, without noise, in which all peers with the same rule must
    make the same choices; and horizons at which one game is timed, likewise. `versions` are those of packages
    that need not be installed as distributions.
    """
    task, game = json.loads(sys.argv[1]), Game.spread()

    def seconds(seed: int, part: dict[str, int]) -> float:
        start = time.process_time()  # of all threads; what other processes take does not count
        play(game, **part, seed=seed, **task["options"])
        return time.process_time() - start

    first, *runs = [seconds(run, task["timed"]) for run in range(task["runs"] + 1)]
    parts = [{"horizon": horizon, "replications": 1} for horizon in task["horizons"]]
    games = [[seconds(run, part) for run in range(task["game_runs"] + 1)][1:] for part in parts]
    pulls = play(game, **task["common"], **task["options"])
    silent = play(game._replace(sigma=0.0), **task["silent"], **task["options"])
    report = {
        "first": first,
        "seconds": runs,
        "games": games,
        "regret": game.regret(pulls).tolist(),
        "silent": silent[0].astype(int).tolist(),
        "versions": {"Python": platform.python_version()}
        | {name: metadata.version(name) for name in ("numpy", *distributions)}
        | versions,
    }
    json.dump(report, sys.stdout)
