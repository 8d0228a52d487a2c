"""GameTracer's game files (``.gam``).

A file has the number of players, the number of each player's actions, then all payoffs of the first player
and all of the second, each in the order of cells in which the first player's action changes fastest.
It has no names. Player 1 is the leader, player 2 the follower.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._files.text import read_text, write_text
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import as_game
from stackel.interop._tokens import Tokens
from stackel.noise import Gaussian

if TYPE_CHECKING:
    import os

    import numpy.typing as npt

    from stackel.games._game import Game
    from stackel.noise import Noise

_MAX_BYTES = 2**28
_FORM = "GameTracer's gam"


def read_gam(path: str | os.PathLike[str], *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Read a two-player game from a file in GameTracer's format; otherwise as `read_nfg`.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stackel as sk
    >>> from stackel.interop import read_gam, write_gam
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "game.gam")
    ...     write_gam(sk.games.etc_failure(), path)
    ...     read_gam(path)
    Game(2x2, noise=Gaussian(sigma=1.0))
    """
    return _game(Tokens(read_text(path, _MAX_BYTES), _FORM, path), noise)


def loads(text: str, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Read a game from text, as `read_gam` reads one from a file.

    Examples
    --------
    >>> from stackel.interop import gam
    >>> gam.loads("2  1 2  1 3  2 4").follower
    array([[2., 4.]])
    """
    if not isinstance(text, str):
        raise SpecError("text", "a string", shown(text))
    return _game(Tokens(text, _FORM), noise)


def write_gam(game: Game, path: str | os.PathLike[str]) -> None:
    """Write a game's mean utilities to a file in GameTracer's format.

    `read_gam` returns a game with the same utilities, bit for bit; see its example. The format has no name,
    labels or noise.

    Parameters
    ----------
    game : Game
    path : path-like
        A file; an existing one is replaced when the new one is complete.
    """
    write_text(path, dumps(game))


def dumps(game: Game) -> str:
    r"""Return the text that `write_gam` writes.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import gam
    >>> gam.dumps(sk.games.etc_failure())
    '2\n2 2\n\n0.6 0.5 0.2 0.4\n0.4 0.3 0.0 0.2\n'
    """
    rows, columns = as_game(game).shape
    return f"2\n{rows} {columns}\n\n{_payoffs(game.leader)}\n{_payoffs(game.follower)}\n"


def _payoffs(utility: npt.NDArray[np.float64]) -> str:
    return " ".join(map(_written, utility.T.ravel().tolist()))


def _written(number: float) -> str:
    """Return the shortest decimal of a float, with a point: QuantEcon reads others as ints."""
    text = repr(number)
    return text if "." in text else text.replace("e", ".0e")


def _game(tokens: Tokens, noise: Noise | tuple[Noise, Noise]) -> Game:
    if not tokens.skip("2"):
        raise tokens.fault("2, the number of players,")
    shape = tokens.whole("a number of actions", 1), tokens.whole("a number of actions", 1)
    count = 2 * shape[0] * shape[1]
    tokens.room_for(count)
    payoffs = np.fromiter((tokens.number("payoff") for _ in range(count)), np.float64, count)
    leader, follower = payoffs.reshape(2, shape[1], shape[0]).transpose(0, 2, 1)
    return tokens.last(leader, follower, noise=noise)


read = read_gam
write = write_gam
