"""Episodes of reinforcement learning as replications of a seed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from stackel._utils.console import as_shown
from stackel._utils.seeds import as_seed
from stackel._utils.validation import as_choice
from stackel.games._game import action_labels, as_game
from stackel.simulation._simulation import Simulation

if TYPE_CHECKING:
    import numpy as np

    from stackel.games._game import Game
    from stackel.learners import Learner

RENDER_MODES = ("ansi", "human")
METADATA: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 4}


class Episodes:
    """Episodes of one game: a new seed begins with its replication 0, and further ones follow."""

    def __init__(self, game: Game, leader: Learner | None, follower: Learner | None, horizon: int) -> None:
        self._players = as_game(game), leader, follower
        self._horizon = horizon
        self._labels = action_labels(game)
        self._seed: int | None = None
        self._replication = 0
        self.horizon = self._begun(0).horizon  # checks the arguments
        """Number of rounds of an episode."""

    def begin(self, seed: int | None, entropy: np.random.Generator | None = None) -> Simulation:
        """Begin an episode; the first one without a seed takes a seed from `entropy`, or a fresh one."""
        if seed is None and self._seed is not None:
            self._replication += 1
        else:
            self._seed, self._replication = as_seed(entropy if seed is None else seed), 0
        return self._begun(self._seed)

    def _begun(self, seed: int) -> Simulation:
        return Simulation(
            *self._players, self._horizon, seed, replication=self._replication, engine="stepwise"
        )

    def line(self, t: int, actions: tuple[int, int] | None, rewards: tuple[float, float]) -> str:
        """Return a line about the last round; `actions` is None before the first."""
        if actions is None:
            return f"round 0 of {self.horizon}"
        plays, answers = (names[action] for names, action in zip(self._labels, actions, strict=True))
        first, second = rewards
        return (
            f"round {t} of {self.horizon}: leader plays {plays}, follower answers {answers}; "
            f"rewards {first:.3f}, {second:.3f}"
        )


def as_render_mode(render_mode: str | None) -> str | None:
    """Return a render mode, or None."""
    return None if render_mode is None else as_choice("render_mode", render_mode, RENDER_MODES)


def shown_as(mode: str | None, line: str) -> str | None:
    """Return the line, print it, or do nothing, by the render mode."""
    if mode == "human":
        sys.stdout.write(as_shown(line, sys.stdout) + "\n")
    return line if mode == "ansi" else None
