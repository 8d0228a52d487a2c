"""Utilities of outcomes that were counted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.benchmarks._regret import product_error
from stackel.errors import SpecError
from stackel.games._changing import ChangingGame, games_of
from stackel.games._game import as_game

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.games._game import Game


def earned(
    game: AnyGame, counts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return utilities and what rounding took from them, each of shape (2, R, K), from counts of outcomes.

    The counts are of shape (R, K, n_leader, n_follower); of a game that changes they are those in each of
    its M games, shape (R, K, M, n_leader, n_follower).
    """
    shape = counts.shape[:2]
    times = counts.reshape(*shape, -1).astype(float)
    utility, remainder = np.zeros((2, 2, *shape))
    for player, role in enumerate(ROLES):
        means = np.concatenate([getattr(each, role).ravel() for each in games_of(game)])
        products = times * means
        parts = np.concatenate([products, product_error(times, means, products)], axis=2)
        for place in np.ndindex(shape):
            terms = parts[place].tolist()
            total = math.fsum(terms)
            utility[player][place], remainder[player][place] = total, math.fsum([*terms, -total])
    return utility, remainder


def check_other(game: Game, played: AnyGame) -> None:
    """Check that outcomes of the game that was `played` have utilities in another game too."""
    if isinstance(played, ChangingGame):
        raise SpecError("result", "a run of a game that stays the same", shown(played))
    as_game(game)
    if game.shape != played.shape:
        raise SpecError("game", f"of the shape that was played, {played.shape}", f"shape {game.shape}")
