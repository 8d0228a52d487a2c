"""Games as text and matrices, for files that keep numbers apart from their description.

The matrices of a changing game stand on top of each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._files.archive import DamagedError
from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.games._changing import game_of, games_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from stackel.games._changing import AnyGame


def description(game: AnyGame) -> dict[str, Any]:
    """Return the ``to_dict`` of a game without its matrices."""
    table = _without(game.to_dict())
    return table | {"games": [_without(each) for each in table["games"]]} if "games" in table else table


def matrices(game: AnyGame) -> dict[str, npt.NDArray[np.float64]]:
    """Return the matrices of both players, shape (n_leader, n_follower); of M games (M n_leader, ...)."""
    return {role: np.concatenate([getattr(each, role) for each in games_of(game)]) for role in ROLES}


def game_with(description: Any, matrices: Mapping[str, npt.NDArray[np.float64]]) -> AnyGame:
    """Rebuild a game from its `description` and its `matrices`, which are not trusted."""
    if not isinstance(description, dict) or description.keys() & set(ROLES):
        raise DamagedError(f"game = {shown(description)}")
    if "games" not in description:
        return game_of({**description, **matrices})
    several = description["games"]
    rows = len(matrices[ROLES[0]])
    if not isinstance(several, list) or not several or rows % len(several):
        raise DamagedError(f"games = {shown(several)} and matrices of {rows} rows")
    parts = zip(several, *(np.split(matrices[role], len(several)) for role in ROLES), strict=True)
    games = [game_with(each, dict(zip(ROLES, pair, strict=True))) for each, *pair in parts]
    return game_of({**description, "games": games})


def _without(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in ROLES}
