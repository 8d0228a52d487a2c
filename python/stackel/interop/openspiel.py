"""Games of OpenSpiel, whose player 0 is the leader.

A matrix game of OpenSpiel is simultaneous, also after ``pyspiel.convert_to_turn_based``: its second
player moves without seeing the first's action. The turn-based game here is the sequential one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.optional import require
from stackel._utils.validation import as_flag, shown
from stackel.errors import SpecError
from stackel.games._game import Game, as_game
from stackel.learners._own import name_or
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.noise import Noise


def to_openspiel(game: Game, *, turn_based: bool = False) -> Any:
    """Return the game of both players' mean utilities, played once, as a game of ``pyspiel``.

    Parameters
    ----------
    game : Game
        The game. Noise is not transferred, and a turn-based game has no name.
    turn_based : bool, default False
        False: a matrix game with simultaneous moves. True: a game of perfect information in which the
        leader moves, and the follower sees the action and answers. OpenSpiel numbers a turn-based
        game's actions by their names, the leader's first, which must be different.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import to_openspiel
    >>> state = to_openspiel(sk.games.etc_failure(), turn_based=True).new_initial_state()
    >>> state.apply_action(state.legal_actions()[1])
    >>> state.apply_action(state.legal_actions()[1])
    >>> state.returns()
    [0.4, 0.2]
    """
    spiel = require("pyspiel", "interop")
    rows, columns = as_game(game).shape
    if as_flag("turn_based", turn_based):
        return spiel.load_efg_game(_tree(game))
    labels = game.leader_labels or _numbered(rows), game.follower_labels or _numbered(columns)
    return spiel.create_matrix_game("matrix_game", game.name or "", *labels, game.leader, game.follower)


def from_openspiel(
    source: Any, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0), name: str | None = None
) -> Game:
    """Return the Stackelberg game in which OpenSpiel's player 0 leads.

    Parameters
    ----------
    source : pyspiel.Game
        A game without chance in which both players choose once, player 0 first or both at the same
        time: a matrix game, its ``pyspiel.convert_to_turn_based``, or a game of `to_openspiel`.
        Returns become mean utilities. If the second player's actions have other names after another move,
        the follower's actions have no labels.
    noise, name
        As in `from_nashpy`; the name is by default that of a matrix game.

    Examples
    --------
    >>> import pyspiel
    >>> from stackel.interop import from_openspiel
    >>> game = from_openspiel(pyspiel.load_game("matrix_pd"))
    >>> game.name, game.leader_labels
    ("Prisoner's Dilemma", ('Cooperate', 'Defect'))
    """
    spiel = require("pyspiel", "interop")
    if not isinstance(source, spiel.Game) or source.num_players() != 2:
        raise SpecError("source", "a game of OpenSpiel with two players", shown(source))
    if isinstance(source, spiel.MatrixGame):
        utilities = source.row_utilities(), source.col_utilities()
        names = [
            [source.row_action_name(a) for a in range(source.num_rows())],
            [source.col_action_name(b) for b in range(source.num_cols())],
        ]
        name = name_or(name, source.get_type().long_name or None)
    else:
        if source.get_type().dynamics == spiel.GameType.Dynamics.SIMULTANEOUS:
            source = spiel.convert_to_turn_based(source)
        utilities, names = _played_out(source)
    leader_labels, follower_labels = (None if own == _numbered(len(own)) else own for own in names)
    return Game(
        *utilities, noise=noise, name=name, leader_labels=leader_labels, follower_labels=follower_labels
    )


def _tree(game: Game) -> str:
    """Return Gambit's extensive form, with an information set of the follower for every leader action."""
    rows, columns = game.shape
    leader = _distinct("leader_labels", game.leader_labels or _numbered(rows))
    follower = _distinct("follower_labels", game.follower_labels or _numbered(columns))
    lines = ['EFG 2 R "" { "leader" "follower" }', f'p "" 1 1 "" {leader} 0']
    for a in range(rows):
        lines.append(f'p "" 2 {a + 1} "" {follower} 0')
        payoffs = zip(game.leader[a].tolist(), game.follower[a].tolist(), strict=True)
        lines += (f't "" {a * columns + b} "" {{ {u1!r} {u2!r} }}' for b, (u1, u2) in enumerate(payoffs, 1))
    return "\n".join(lines) + "\n"


def _distinct(argument: str, labels: Sequence[str]) -> str:
    """Return a quoted list of labels; to OpenSpiel, actions with equal names are the same action."""
    quoted = ['"' + label.replace('"', "'") + '"' for label in labels]
    if len(set(quoted)) < len(quoted):
        raise SpecError(argument, "all different for a turn-based game of OpenSpiel", shown(labels))
    return "{ " + " ".join(quoted) + " }"


def _numbered(count: int) -> list[str]:
    """Return OpenSpiel's names for actions without names."""
    return [str(number) for number in range(count)]


def _played_out(source: Any) -> tuple[Any, list[list[str]]]:
    """Return the utilities of all outcomes and the names of all actions of a game of two moves."""
    root = source.new_initial_state()
    names = [_names(root)]
    rows = []
    for state in _children(source, root, 0):
        rows.append([end.returns() for end in _children(source, state, 1) if end.is_terminal()])
        names.append(_names(state))
    if not all(len(row) == len(own) == len(names[1]) for row, own in zip(rows, names[1:], strict=True)):
        raise _not_two_moves(source)
    if any(own != names[1] for own in names[2:]):  # the answers have no names in common
        names[1] = _numbered(len(names[1]))
    return np.moveaxis(np.array(rows), 2, 0), names[:2]


def _children(source: Any, state: Any, player: int) -> list[Any]:
    if state.current_player() != player:
        raise _not_two_moves(source)
    return [state.child(action) for action in state.legal_actions()]


def _names(state: Any) -> list[str]:
    return [state.action_to_string(state.current_player(), action) for action in state.legal_actions()]


def _not_two_moves(source: Any) -> SpecError:
    allowed = "a game of OpenSpiel in which players 0 and 1 choose once, from the same actions each time"
    return SpecError("source", allowed, shown(source))
