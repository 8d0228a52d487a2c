"""Strategic games of Gambit: ``Game`` of pygambit 16, ``StrategicGame`` of pygambit 17.

Versions differ in their access to payoffs and labels, but have the same file format. Games are therefore
transferred as text.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.interop import nfg
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel.games._game import Game
    from stackel.noise import Noise


def to_pygambit(game: Game) -> Any:
    """Return the game of both players' mean utilities with simultaneous moves, as a ``pygambit.Game``.

    The names of the players are leader and follower. Gambit computes with rational numbers; a
    utility becomes its shortest decimal, 0.1 becomes 1/10. Noise is not transferred. Gambit adds a number to
    labels that repeat or are empty. A SpecError says so where Gambit refuses them: with outer or double
    spaces, and in version 16 others than ASCII.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import to_pygambit
    >>> to_pygambit(sk.games.etc_failure()).to_arrays()[0][0, 0]
    Rational(3, 5)
    """
    gambit = require("pygambit", "interop")
    text = nfg.dumps(game, labels=True)
    try:
        return gambit.read_nfg(io.BytesIO(text.encode()))
    except ValueError as error:
        raise SpecError("game", "labelled as Gambit allows", str(error)) from error


def from_pygambit(source: Any, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Return the Stackelberg game in which Gambit's first player leads.

    Parameters
    ----------
    source : pygambit.Game
        A strategic game of two players. Payoffs become mean utilities, and the names of game and
        strategies become name and labels.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.

    Examples
    --------
    >>> import pygambit
    >>> from stackel.interop import from_pygambit
    >>> from_pygambit(pygambit.StrategicGame.from_arrays([[1, 2]], [[3, 4]], title="Tiny"))
    Game('Tiny', 1x2, noise=Gaussian(sigma=1.0))
    """
    gambit = require("pygambit", "interop")
    if not isinstance(source, gambit.Game) or _is_tree(gambit, source) or len(source.players) != 2:
        raise SpecError("source", "a strategic game of pygambit with two players", shown(source))
    return nfg.loads(source.to_nfg(), noise=noise)


def _is_tree(gambit: Any, source: Any) -> bool:
    """Return whether a game is in extensive form, which is a class since version 17 and a flag before."""
    extensive = getattr(gambit, "ExtensiveGame", None)
    return source.is_tree if extensive is None else isinstance(source, extensive)
