"""Games that turn into another game little by little."""

from __future__ import annotations

import numpy as np

from stackel._utils.arguments import checks_names
from stackel._utils.validation import MAX_HORIZON, as_count
from stackel.games._changing import ChangingGame
from stackel.games._game import Game, as_game

_MOST_PIECES = 2**16


@checks_names
def drift(first: Game, last: Game, pieces: int, horizon: int) -> ChangingGame:
    """Return a game that turns from one game into another in equal steps.

    Its games are ``first + k / (pieces - 1) * (last - first)`` for k = 0, 1, ..., pieces - 1. Game k begins
    after ``k * horizon // pieces`` rounds.

    Parameters
    ----------
    first, last : Game
        Games of the same shape, noise and labels.
    pieces : int
        Number of games, from 2 to 2**16 and at most `horizon`.
    horizon : int
        Number of rounds T over which it drifts. A longer run stays in the last game.

    Returns
    -------
    ChangingGame

    Examples
    --------
    >>> import stackel as sk
    >>> easy, hard = sk.games.lower_bound(0.1)
    >>> game = sk.games.drift(easy, hard, 3, 100)
    >>> game.starts
    (0, 33, 66)
    >>> [each.follower[0, 1].round(3).item() for each in game.games]
    [0.0, 0.1, 0.2]
    """
    ends = as_game(first, "first"), as_game(last, "last")
    rounds = as_count("horizon", horizon, 2, MAX_HORIZON)
    steps = as_count("pieces", pieces, 2, min(_MOST_PIECES, rounds))
    ChangingGame(ends, (0, 1))  # refuses games that cannot follow each other
    return ChangingGame(
        [_between(*ends, k / (steps - 1)) for k in range(steps)], [k * rounds // steps for k in range(steps)]
    )


def _between(first: Game, last: Game, share: float) -> Game:
    if share in {0.0, 1.0}:
        return last if share else first
    pairs = ((first.leader, last.leader), (first.follower, last.follower))
    # Rounding must not lead out of the range, which may be that of probabilities.
    means = [np.clip((1 - share) * a + share * b, np.minimum(a, b), np.maximum(a, b)) for a, b in pairs]
    return Game(
        *means, noise=first.noise, leader_labels=first.leader_labels, follower_labels=first.follower_labels
    )
