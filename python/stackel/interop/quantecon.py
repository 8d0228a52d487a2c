"""Normal form games of QuantEcon, whose first player is the leader.

In QuantEcon the first index of a player's payoffs is that player's own action, so the follower's matrix is
transposed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import Game, as_game
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel.noise import Noise


def to_quantecon(game: Game) -> Any:
    """Return the game of both players' mean utilities with simultaneous moves, as a ``NormalFormGame``.

    Name, labels and noise are not transferred.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import to_quantecon
    >>> to_quantecon(sk.games.etc_failure()).players[1].payoff_array
    array([[0.4, 0.3],
           [0. , 0.2]])
    """
    theory = require("quantecon.game_theory", "interop")
    own_first = as_game(game).leader.copy(), game.follower.T.copy()
    return theory.NormalFormGame([theory.Player(payoffs) for payoffs in own_first])


def from_quantecon(
    source: Any, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0), name: str | None = None
) -> Game:
    """Return the Stackelberg game in which QuantEcon's first player leads.

    Parameters
    ----------
    source : quantecon.game_theory.NormalFormGame
        A game of two players; their payoffs become mean utilities.
    noise, name
        As in `from_nashpy`.

    Examples
    --------
    >>> from quantecon.game_theory import NormalFormGame
    >>> from stackel.interop import from_quantecon
    >>> from_quantecon(NormalFormGame([[(1, 5), (2, 6)], [(3, 7), (4, 8)]])).follower
    array([[5., 6.],
           [7., 8.]])
    """
    theory = require("quantecon.game_theory", "interop")
    if not isinstance(source, theory.NormalFormGame) or source.N != 2:
        raise SpecError("source", "a quantecon.game_theory.NormalFormGame of two players", shown(source))
    leader, follower = (player.payoff_array for player in source.players)
    return Game(leader, follower.T, noise=noise, name=name)
