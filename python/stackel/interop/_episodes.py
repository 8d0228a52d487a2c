"""Episodes of reinforcement learning as replications of a seed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

from stackel._utils.console import as_shown
from stackel._utils.seeds import as_seed
from stackel._utils.validation import as_choice
from stackel.games._changing import as_any_game
from stackel.games._game import action_labels
from stackel.simulation._simulation import Simulation

if TYPE_CHECKING:
    import numpy as np

    from stackel.games._changing import AnyGame
    from stackel.learners import Learner

RENDER_MODES = ("ansi", "human")
METADATA: dict[str, Any] = {"render_modes": list(RENDER_MODES), "render_fps": 4}


class Episodes:
    """Episodes of one game: a new seed begins with its replication 0, and further ones follow."""

    simulation: Simulation | None = None
    """The game in progress."""
    actions: tuple[int, int] | None = None
    """What was played in the last round; None before the first."""
    rewards = (0.0, 0.0)

    def __init__(
        self,
        game: AnyGame,
        leader: Learner | None,
        follower: Learner | None,
        horizon: int,
        render_mode: str | None,
    ) -> None:
        self.mode = None if render_mode is None else as_choice("render_mode", render_mode, RENDER_MODES)
        self._players = as_any_game(game), leader, follower
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
        self.simulation, self.actions = self._begun(self._seed), None
        self._show()
        return self.simulation

    def end_round(self, simulation: Simulation) -> tuple[float, float]:
        """End the round in which both players have acted, and return their rewards."""
        self.actions = cast("tuple[int, int]", simulation.choose())
        self.rewards = simulation.observe()
        self._show()
        return self.rewards

    def render(self, simulation: Simulation) -> str | None:
        """Return a line about the last round, print it, or do nothing, by the render mode."""
        line = f"round {simulation.t} of {self._horizon}"
        if self.actions is not None:
            plays, answers = (names[action] for names, action in zip(self._labels, self.actions, strict=True))
            first, second = self.rewards
            line += f": leader plays {plays}, follower answers {answers}; rewards {first:.3f}, {second:.3f}"
        if self.mode == "human":
            sys.stdout.write(as_shown(line, sys.stdout) + "\n")
        return line if self.mode == "ansi" else None

    def _begun(self, seed: int) -> Simulation:
        return Simulation(
            *self._players, self._horizon, seed, replication=self._replication, engine="stepwise"
        )

    def _show(self) -> None:
        if self.mode == "human" and self.simulation is not None:
            self.render(self.simulation)
