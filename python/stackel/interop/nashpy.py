"""Games of Nashpy, whose row player is the leader and whose column player is the follower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import Game, as_game
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel.noise import Noise


def to_nashpy(game: Game) -> Any:
    """Return the game of both players' mean utilities with simultaneous moves, as a ``nashpy.Game``.

    Name, labels and noise are not transferred.

    Examples
    --------
    The only equilibrium if the follower does not see the leader's action:

    >>> import stackel as sk
    >>> from stackel.interop import to_nashpy
    >>> game = sk.Game([[2, 4], [1, 3]], [[0, 1], [0, 1]])
    >>> [[strategy.round(6).tolist() for strategy in pair] for pair in to_nashpy(game).support_enumeration()]
    [[[1.0, 0.0], [0.0, 1.0]]]
    """
    nash = require("nashpy", "interop")
    return nash.Game(as_game(game).leader.copy(), game.follower.copy())


def from_nashpy(
    source: Any, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0), name: str | None = None
) -> Game:
    """Return the Stackelberg game in which the row player of a ``nashpy.Game`` leads.

    Parameters
    ----------
    source : nashpy.Game
        The game; its payoffs become mean utilities.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.
    name : str, optional
        Name of the game.

    Examples
    --------
    >>> import nashpy
    >>> from stackel.interop import from_nashpy
    >>> from_nashpy(nashpy.Game([[1, -1], [-1, 1]])).follower
    array([[-1.,  1.],
           [ 1., -1.]])
    """
    nash = require("nashpy", "interop")
    if not isinstance(source, nash.Game):
        raise SpecError("source", "a nashpy.Game", shown(source))
    leader, follower = source.payoff_matrices
    return Game(leader, follower, noise=noise, name=name)
