"""Files of gameanalysis, a library of empirical games: JSON with the payoffs of every profile.

The roles are "leader" and "follower", of one player each, so that the game is never taken for symmetric. The
format has no name and no noise; gameanalysis sorts strategies by their names.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stackel._files.text import write_text
from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import action_labels, as_game

if TYPE_CHECKING:
    import os

    from stackel.games._game import Game

_TYPE = "game.1"


def to_gameanalysis(game: Game) -> dict[str, Any]:
    """Return the game as gameanalysis describes games in JSON, for ``gamereader.loadj``.

    Parameters
    ----------
    game : Game
        The game, such as ``sk.meta_game(...).game``; the labels of a player have to be different.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import to_gameanalysis
    >>> to_gameanalysis(sk.games.etc_failure())["profiles"][0]
    {'leader': [['a1', 1, 0.6]], 'follower': [['b1', 1, 0.4]]}
    """
    labels = action_labels(as_game(game))
    for role, names in zip(ROLES, labels, strict=True):
        if len(set(names)) < len(names):
            raise SpecError(f"{role}_labels", "all different for a file of gameanalysis", shown(names))
    return {
        "players": dict.fromkeys(ROLES, 1),
        "strategies": {role: list(names) for role, names in zip(ROLES, labels, strict=True)},
        "profiles": [
            {
                "leader": [[first, 1, float(game.leader[a, b])]],
                "follower": [[second, 1, float(game.follower[a, b])]],
            }
            for a, first in enumerate(labels[0])
            for b, second in enumerate(labels[1])
        ],
        "type": _TYPE,
    }


def write_gameanalysis(game: Game, path: str | os.PathLike[str]) -> None:
    """Write a game's mean utilities to a JSON file of gameanalysis.

    Parameters
    ----------
    game : Game
        As in `to_gameanalysis`.
    path : path-like
        A file; an existing one is replaced when the new one is complete.
    """
    write_text(path, json.dumps(to_gameanalysis(game), indent=1) + "\n")
