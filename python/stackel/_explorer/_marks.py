"""What the page marks in a game: best responses, and the outcomes of the benchmarks and equilibria."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel.benchmarks._benchmarks import best_responses, near_optimal_actions, stackelberg
from stackel.benchmarks._nash import nash, pure_equilibria
from stackel.games._game import action_labels

if TYPE_CHECKING:
    from stackel.benchmarks._nash import Equilibrium
    from stackel.games._game import Game

_MOST_CELLS_OF_NASH = 16
"""Larger games have their equilibria without mixing only: all of them take exponential time."""
_MOST_LISTED = 8


def marks_of(game: Game, gamma: float) -> dict[str, Any]:
    """Return what the page says of a game; `gamma` is the tolerance of the tolerant outcomes.

    The tolerant outcomes are those of leader actions that can look optimal, and of responses that can look
    best, at this tolerance.
    """
    benchmark = stackelberg(game)
    tolerant = best_responses(game, gamma) & near_optimal_actions(game, gamma)[:, None]
    return {
        "responses": best_responses(game).tolist(),
        "stackelberg": [benchmark.leader_action, benchmark.follower_action],
        "ambiguous": benchmark.ambiguous,
        "tolerant": tolerant.tolist(),
        "gamma": gamma,
        "nash": pure_equilibria(game).tolist(),
        "mixed": _mixed(game),
    }


def _mixed(game: Game) -> list[str] | None:
    """Return the equilibria in which somebody mixes, in words; None if the game is too large for them."""
    if game.leader.size > _MOST_CELLS_OF_NASH:
        return None
    found = [each for each in nash(game) if max(each.leader_strategy) < 1 or max(each.follower_strategy) < 1]
    more = [f"and {len(found) - _MOST_LISTED} more"] if len(found) > _MOST_LISTED else []
    return [_in_words(each, game) for each in found[:_MOST_LISTED]] + more


def _in_words(equilibrium: Equilibrium, game: Game) -> str:
    mixtures = zip(
        (equilibrium.leader_strategy, equilibrium.follower_strategy), action_labels(game), strict=True
    )
    sides = (
        " + ".join(
            name if share == 1 else f"{share:.3g} {name}"
            for share, name in zip(strategy, names, strict=True)
            if share > 0
        )
        for strategy, names in mixtures
    )
    return f"{' against '.join(sides)}: worth ({equilibrium.leader:.4g}, {equilibrium.follower:.4g})"
