"""Games of Gambit: ``Game`` of pygambit 16, ``StrategicGame`` and ``ExtensiveGame`` of pygambit 17.

Versions differ in their access to payoffs and labels, but have the same file format. Games are therefore
transferred as text.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.interop import _efg, nfg
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from stackel.games._game import Game
    from stackel.noise import Noise


def to_pygambit(game: Game) -> Any:
    """Return the game of both players' mean utilities with simultaneous moves, as a ``pygambit.Game``.

    The names of the players are leader and follower. Gambit computes with rational numbers; a
    utility becomes its shortest decimal, 0.1 becomes 1/10. Noise is not transferred. Labels are as
    `write_nfg` writes them; Gambit adds a number to those that repeat or are empty, and version 16 refuses
    others than ASCII.

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
        A strategic game of two players, or a tree in which one player moves, who then leads, and the other
        one answers from as many actions after each move. Payoffs become mean utilities, and the names of
        game, strategies and actions become name and labels. Answers are matched by their names; if these
        are not the same after each move, by their places, and the follower's actions have no labels.
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
    if not isinstance(source, gambit.Game):
        raise _efg.refused(shown(source))
    if len(source.players) != 2:
        raise _efg.refused(f"one of {len(source.players)} players")
    if is_tree(source):
        return _efg.loads(source.to_efg(), noise)
    return nfg.loads(source.to_nfg(), noise=noise)


def is_tree(source: Any) -> bool:
    """Return whether a game is in extensive form, which is a class since version 17 and a flag before."""
    extensive = getattr(require("pygambit", "interop"), "ExtensiveGame", None)
    return source.is_tree if extensive is None else isinstance(source, extensive)
