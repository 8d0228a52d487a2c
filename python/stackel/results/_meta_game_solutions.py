"""Solve a meta-game, and certify solutions by simultaneous limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel.benchmarks._benchmarks import stackelberg_outcome
from stackel.benchmarks._commitment import mixed_stackelberg
from stackel.benchmarks._nash import nash, pure_equilibria
from stackel.benchmarks._programs import best_mixture
from stackel.benchmarks._ties import rounding
from stackel.games._game import Game

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.results._meta_game_limits import Limits

    Floats = npt.NDArray[np.float64]

KINDS = ("pure", "nash", "stackelberg", "commitment", "cce")
Mixes = tuple["Floats", "Floats"]


def deviation_gains(limits: Limits, joint: Floats) -> tuple[Floats, Floats]:
    """Return each player's largest gain by a single algorithm, and its upper limit, each of shape (2,)."""
    gain, upper = (
        np.array([np.einsum("kxy,xy->k", each, joint).max() for each in pair])
        for pair in zip(*((found.mean, found.high) for found in limits.gains), strict=True)
    )
    return np.maximum(gain, 0.0), np.maximum(upper, 0.0)


def pure_profiles(game: Game) -> list[Mixes]:
    """Return all pairs of best responses to each other; payoffs that differ by rounding are equal."""
    return [_pure(game, int(x), int(y)) for x, y in np.argwhere(pure_equilibria(game))]


def nash_profiles(game: Game, method: str) -> list[Mixes]:
    """Return Nash equilibria; an algorithm that another one dominates clearly is in none and is left out."""
    rows, columns = undominated(game.leader, game.follower)
    kept = np.ix_(rows, columns)
    found = nash(Game(game.leader[kept], game.follower[kept]), method)
    return [
        (
            _spread(each.leader_strategy, rows, game.shape[0]),
            _spread(each.follower_strategy, columns, game.shape[1]),
        )
        for each in found
    ]


def undominated(leader: Floats, follower: Floats) -> tuple[list[int], list[int]]:
    """Return the rows and columns left when no one is worse than another one against all that is left."""
    rows, columns = list(range(leader.shape[0])), list(range(leader.shape[1]))
    while True:
        first = _survivors(leader[np.ix_(rows, columns)])
        second = _survivors(follower[np.ix_(rows, columns)].T)
        if len(first) == len(rows) and len(second) == len(columns):
            return rows, columns
        rows, columns = [rows[i] for i in first], [columns[i] for i in second]


def _survivors(own: Floats) -> list[int]:
    better = own[:, np.newaxis] - own > rounding(own[:, np.newaxis], own)
    return np.flatnonzero(~better.all(axis=2).any(axis=0)).tolist()


def stackelberg_profile(game: Game) -> Mixes:
    """Return the algorithm that a leader deploys first, and the follower's answer; ties for the leader."""
    return _pure(game, *stackelberg_outcome(game, "strong"))


def stackelberg_gain(limits: Limits, x: int, y: int) -> float:
    """Return an upper limit of the leader's gain by deploying another algorithm first.

    An answer of the follower counts unless it is certainly worse than another one.
    """
    upper = limits.payoff.high[0] - limits.payoff.low[0, x, y]
    upper[:, y] = np.minimum(upper[:, y], limits.gains[0].high[:, x, y])
    return float(np.maximum(upper[_possible_answers(limits)].max(), 0.0))


def commitment_profile(game: Game) -> Mixes:
    """Return the best mixture of algorithms to commit to, and the follower's answer; ties for the leader."""
    found = mixed_stackelberg(game)
    return found.strategy, np.eye(game.shape[1])[found.response]


def commitment_gain(limits: Limits, value: float) -> float:
    """Return an upper limit of the leader's gain by committing to another mixture; `value` is a lower limit.

    An answer of the follower counts for a mixture unless it is certainly worse than another one.
    """
    high, certain = limits.payoff.high[0], limits.gains[1].low
    found = (best_mixture(high[:, y], -certain[:, :, y]) for y in range(high.shape[1]))
    return max(0.0, *(each[1] - value for each in found if each is not None))


def cce_joint(game: Game) -> Floats:
    """Return the coarse correlated equilibrium with the largest sum of payoffs, shape (m, n)."""
    rows, columns = game.shape
    leader = game.leader[np.newaxis] - game.leader[:, np.newaxis]
    follower = game.follower[np.newaxis] - game.follower.T[:, :, np.newaxis]
    losses = np.vstack([leader.reshape(rows, -1), follower.reshape(columns, -1)])
    found = best_mixture((game.leader + game.follower).ravel(), losses)
    if found is None:
        raise RuntimeError("every Nash equilibrium is coarse correlated")
    return found[0].reshape(game.shape)


def _possible_answers(limits: Limits) -> npt.NDArray[np.bool_]:
    """Return which answers of the follower are not certainly worse than another one, shape (m, n)."""
    possible: npt.NDArray[np.bool_] = np.max(limits.gains[1].low, axis=0) <= 0
    return possible


def _pure(game: Game, x: int, y: int) -> Mixes:
    return np.eye(game.shape[0])[x], np.eye(game.shape[1])[y]


def _spread(strategy: Floats, places: list[int], count: int) -> Floats:
    spread = np.zeros(count)
    spread[places] = strategy
    return spread
