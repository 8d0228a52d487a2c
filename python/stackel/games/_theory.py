"""Instances of the theory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.validation import as_count, as_real
from stackel.games._game import Game
from stackel.games._random import MAX_ACTIONS, check_game_fits
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel.noise import Noise


def unachievable(delta: float, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> tuple[Game, Game]:
    """Return two games, I and II, that no pair of learners can distinguish in time.

    They differ in one utility of the follower, by ``2 delta``, and in their Stackelberg values by
    constants: with ``delta`` of order ``1 / sqrt(T)`` regret is linear in at least one of them.

    Parameters
    ----------
    delta : float
        Size of the follower's utilities at the leader's first action, > 0.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.

    Returns
    -------
    (Game, Game)
        I and II, 2x2.

    Examples
    --------
    >>> import stackel as sk
    >>> for game in sk.games.unachievable(0.01):
    ...     benchmark = sk.stackelberg(game)
    ...     print(game.name, benchmark.leader, benchmark.follower)
    unachievable I 0.6 0.01
    unachievable II 0.5 0.6
    """
    delta = as_real("delta", delta, above=0.0)
    leader = [[0.6, 0.2], [0.5, 0.4]]
    first = Game(leader, [[delta, 0.0], [0.6, 0.4]], noise=noise, name="unachievable I")
    second = Game(leader, [[delta, 2 * delta], [0.6, 0.4]], noise=noise, name="unachievable II")
    return first, second


def etc_failure(*, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Return the game in which simultaneous exploration costs both players a constant a round.

    It is 2x2, with perfectly aligned utilities (L = 1). `noise` is one reward law, or one for each player.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.stackelberg(sk.games.etc_failure()).leader
    0.6
    """
    return Game([[0.6, 0.2], [0.5, 0.4]], [[0.4, 0.0], [0.3, 0.2]], noise=noise, name="etc_failure")


def lower_bound(
    delta: float,
    n_follower: int = 2,
    n_leader: int = 2,
    hidden: int = 1,
    *,
    noise: Noise | tuple[Noise, Noise] = Gaussian(1.0),
) -> tuple[Game, Game]:
    """Return two games, I and II, that differ in one response, which the follower may never try.

    At the leader's first action only the follower's first response pays, except that in II the
    response `hidden` pays the follower twice as much and the leader nothing. The second leader
    action pays the same for every response; all further ones pay nothing.

    Parameters
    ----------
    delta : float
        Advantage of the leader's first action in game I, > 0. The benchmark values of the
        definitions page hold up to 1/2, with more than two leader actions up to 1/6.
    n_follower, n_leader : int, default 2
        Numbers of actions, at least 2.
    hidden : int, default 1
        Index, from 0, of the response that differs: 1 to ``n_follower - 1``.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.

    Returns
    -------
    (Game, Game)
        I and II.

    Examples
    --------
    >>> import stackel as sk
    >>> for game in sk.games.lower_bound(0.125, n_follower=3, hidden=2):
    ...     benchmark = sk.stackelberg(game)
    ...     print(game.name, benchmark.leader, benchmark.follower)
    lower_bound I 0.625 0.125
    lower_bound II, b3 0.5 0.375
    """
    delta = as_real("delta", delta, above=0.0)
    n_follower = as_count("n_follower", n_follower, 2, MAX_ACTIONS)
    n_leader = as_count("n_leader", n_leader, 2, MAX_ACTIONS)
    hidden = as_count("hidden", hidden, 1, n_follower - 1)
    check_game_fits(n_leader, n_follower)
    leader, follower = np.zeros((2, n_leader, n_follower))
    leader[0, 0], follower[0, 0] = 0.5 + delta, delta
    leader[1], follower[1] = 0.5, 3 * delta
    first = Game(leader, follower, noise=noise, name="lower_bound I")
    follower[0, hidden] = 2 * delta
    second = Game(leader, follower, noise=noise, name=f"lower_bound II, b{hidden + 1}")
    return first, second
