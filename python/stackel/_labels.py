"""How actions are called where people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stackel.games._game import Game


def action_labels(game: Game) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Labels of the leader's and the follower's actions: the game's own, or a1, a2, ... and b1, b2, ...

    Data keeps the numbers that indices are, from 0; see `stackel._dataset.action_names`.
    """
    rows, columns = game.shape
    return (
        game.leader_labels or tuple(f"a{a + 1}" for a in range(rows)),
        game.follower_labels or tuple(f"b{b + 1}" for b in range(columns)),
    )
