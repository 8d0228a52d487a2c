"""Gambit's strategic game files (``.nfg``).

Both versions of the format are read: payoffs listed one by one, and outcomes that are listed once and
then referred to by number. Cells are in the order in which the first player's strategy changes
fastest. Numbers are whole, decimal or rational.

The format has no noise. Player 1 is the leader, player 2 the follower; names of players and the
comment are not kept.
"""

from __future__ import annotations

import array
import re
from typing import TYPE_CHECKING

import numpy as np

from stackel._files.text import read_text, write_text
from stackel._utils.validation import as_flag, shown
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
_FORM = "Gambit's nfg"
_READ_ALIKE = str.maketrans('"\\', "'/")  # programs disagree on what escapes these two
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SPACES = re.compile(r"\s{2,}")


def read_nfg(path: str | os.PathLike[str], *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Read a two-player game from a file in Gambit's nfg format.

    Strategy names become labels unless they are Gambit's own numbering 1, 2, ....

    Parameters
    ----------
    path : path-like
        A file in UTF-8 (UTF-16 and UTF-32 with a byte order mark), at most 256 MiB, with line ends of any
        kind. Reading takes memory in proportion to the file, not to the sizes that it announces.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.

    Returns
    -------
    Game

    Raises
    ------
    SpecError
        If the file does not exist, or has no game of two players; the message names the file and the
        line.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stackel as sk
    >>> from stackel.interop import read_nfg, write_nfg
    >>> game = sk.games.etc_failure()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "game.nfg")
    ...     write_nfg(game, path)
    ...     read_nfg(path) == game
    True
    """
    return _game(Tokens(read_text(path, _MAX_BYTES), _FORM, path), noise)


def loads(text: str, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)) -> Game:
    """Read a game from text, as `read_nfg` reads one from a file.

    Examples
    --------
    >>> from stackel.interop import nfg
    >>> nfg.loads('NFG 1 R "Example" { "Row" "Column" } { 1 2 }  1 2  3 4').follower
    array([[2., 4.]])
    """
    if not isinstance(text, str):
        raise SpecError("text", "a string", shown(text))
    return _game(Tokens(text, _FORM), noise)


def write_nfg(game: Game, path: str | os.PathLike[str], *, labels: bool = False) -> None:
    """Write a game's mean utilities to a file in Gambit's nfg format.

    Gambit and OpenSpiel read the file, and `read_nfg` returns a game with the same utilities, bit for
    bit, and the same name; see its example.

    Parameters
    ----------
    game : Game
        The game. Its noise is not written. Double quotes and backslashes in names are written as ``'`` and
        ``/``, because programs read them differently.
    path : path-like
        A file; an existing one is replaced when the new one is complete.
    labels : bool, default False
        Write names of actions instead of their number, without line ends, other control characters, and outer
        and double spaces, which Gambit refuses. OpenSpiel does not read names.
    """
    write_text(path, dumps(game, labels=labels))


def dumps(game: Game, *, labels: bool = False) -> str:
    """Return the text that `write_nfg` writes.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import nfg
    >>> print(nfg.dumps(sk.games.etc_failure()), end="")
    NFG 1 R "etc_failure"
    { "leader" "follower" } { 2 2 }
    <BLANKLINE>
    0.6 0.4 0.5 0.3
    0.2 0 0.4 0.2
    """
    rows, columns = as_game(game).shape
    strategies = f"{{ {rows} {columns} }}"
    if as_flag("labels", labels):
        names = game.leader_labels or _numbered(rows), game.follower_labels or _numbered(columns)
        strategies = "{ " + " ".join(f"{{ {' '.join(map(_label, own))} }}" for own in names) + " }"
    cells = np.stack([game.leader.T, game.follower.T], axis=2).reshape(columns, 2 * rows)
    lines = [
        f"NFG 1 R {_quoted(game.name or '')}",
        f'{{ "leader" "follower" }} {strategies}',
        "",
        *(" ".join(map(_written, column)) for column in cells.tolist()),
    ]
    return "\n".join(lines) + "\n"


def _written(number: float) -> str:
    """Return the shortest decimal of a float; Gambit 16 cannot read a plus sign in exponents."""
    return repr(number).removesuffix(".0").replace("e+", "e")


def _quoted(name: str) -> str:
    return '"' + _CONTROLS.sub(" ", name.translate(_READ_ALIKE)) + '"'


def _label(name: str) -> str:
    return _quoted(_SPACES.sub(" ", _CONTROLS.sub(" ", name)).strip())


def _numbered(count: int) -> tuple[str, ...]:
    """Return Gambit's names for strategies without names."""
    return tuple(str(number) for number in range(1, count + 1))


def _game(tokens: Tokens, noise: Noise | tuple[Noise, Noise]) -> Game:
    tokens.expect("NFG")
    tokens.expect("1")
    if not tokens.skip("R"):
        tokens.expect("D")  # older files
    title = tokens.quoted("the title")
    _two_players(tokens)
    labels, shape = _strategies(tokens)
    if tokens.is_quoted():
        tokens.quoted("a comment")
    cells = _by_outcomes(tokens, shape) if tokens.next == "{" else _one_by_one(tokens, shape)
    leader, follower = cells.reshape(shape[1], shape[0], 2).T
    names = {"name": title or None, "leader_labels": labels[0], "follower_labels": labels[1]}
    return tokens.last(leader, follower, noise=noise, **names)


def _two_players(tokens: Tokens) -> None:
    tokens.expect("{")
    for player in ("first", "second"):
        tokens.quoted(f"the {player} player's name")
    if not tokens.skip("}"):
        raise tokens.fault("no third player: '}'")


def _strategies(tokens: Tokens) -> tuple[list[tuple[str, ...] | None], tuple[int, int]]:
    """Read the names and numbers of both players' strategies, written as names or as numbers."""
    tokens.expect("{")
    if tokens.next == "{":
        names = [_names(tokens), _names(tokens)]
        shape = len(names[0]), len(names[1])
        labels = [None if are_no_names(own) else own for own in names]
    else:
        meaning = "a number of strategies"
        shape = tokens.whole(meaning, 1), tokens.whole(meaning, 1)
        labels = [None, None]
    tokens.expect("}")
    return labels, shape


def _names(tokens: Tokens) -> tuple[str, ...]:
    tokens.expect("{")
    names = [tokens.quoted("a strategy's name")]
    while not tokens.skip("}"):
        names.append(tokens.quoted("a strategy's name"))
    return tuple(names)


def are_no_names(names: tuple[str, ...]) -> bool:
    """Return whether all names are empty, or are Gambit's numbers."""
    return not any(names) or all(name == str(number) for number, name in enumerate(names, 1))


def _one_by_one(tokens: Tokens, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    count = 2 * shape[0] * shape[1]
    tokens.room_for(count)
    return np.fromiter((tokens.number("payoff") for _ in range(count)), np.float64, count)


def _by_outcomes(tokens: Tokens, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Read outcomes, and return the payoffs of each cell's outcome; outcome 0 pays nothing."""
    payoffs = array.array("d", (0.0, 0.0))
    tokens.expect("{")
    while not tokens.skip("}"):
        tokens.expect("{")
        tokens.quoted("an outcome's name")
        for _ in range(2):
            payoffs.append(tokens.number("payoff"))
            tokens.skip(",")
        tokens.expect("}")
    outcomes = np.frombuffer(payoffs).reshape(-1, 2)
    count, last = shape[0] * shape[1], len(outcomes) - 1
    tokens.room_for(count)
    referred = (tokens.whole("an outcome's number", 0, last) for _ in range(count))
    return outcomes[np.fromiter(referred, np.intp, count)]


read = read_nfg
write = write_nfg
