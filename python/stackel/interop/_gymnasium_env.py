"""Class of `to_gymnasium`, in its own module because its base class is Gymnasium's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import gymnasium as gym
import numpy as np

from stackel._utils.players import ROLES
from stackel._utils.validation import as_choice
from stackel.interop._episodes import METADATA, Episodes
from stackel.learners._custom import as_learner

if TYPE_CHECKING:
    from stackel.games._changing import AnyGame
    from stackel.learners._custom import AnyLearner
    from stackel.simulation._simulation import Simulation


class SeatEnv(gym.Env[np.int64, np.int64]):
    """One seat of a repeated game, with a learner in the other one; see `stackel.interop.to_gymnasium`."""

    metadata = METADATA

    def __init__(
        self,
        game: AnyGame,
        opponent: AnyLearner,
        horizon: int,
        role: str = "leader",
        render_mode: str | None = None,
    ) -> None:
        self._seat = ROLES.index(as_choice("role", role, ROLES))
        opponent = as_learner("opponent", opponent)
        leader, follower = (None, opponent) if self._seat == 0 else (opponent, None)
        self._episodes = Episodes(game, leader, follower, horizon, render_mode)
        self.render_mode = self._episodes.mode
        rows, columns = game.shape
        self.action_space = gym.spaces.Discrete((rows, columns)[self._seat])
        self.observation_space = gym.spaces.Discrete((1, rows)[self._seat])
        given = {"game": game, "opponent": opponent, "horizon": horizon, "role": role}
        self.spec = gym.envs.registration.EnvSpec(
            "stackel/Seat-v0",
            cast("Any", SeatEnv),
            max_episode_steps=self._episodes.horizon,
            kwargs=given | {"render_mode": render_mode},
        )

    @property
    def simulation(self) -> Simulation:
        """The game in progress: its seed, replication, round, utilities and counts."""
        if self._episodes.simulation is None:
            raise gym.error.ResetNeeded("call reset() first")
        return self._episodes.simulation

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[np.int64, dict[str, Any]]:
        """Begin replication 0 of `seed`, or the replication after the last one."""
        self._episodes.begin(seed, self.np_random)
        super().reset(seed=seed, options=options)
        return self._seen(), {}

    def step(self, action: np.int64) -> tuple[np.int64, float, bool, bool, dict[str, Any]]:
        """Play a round."""
        simulation = self.simulation
        own: tuple[Any, Any] = (action, None) if self._seat == 0 else (None, action)
        a, b = simulation.choose(*own)
        rewards = self._episodes.end_round(simulation)
        info = {"leader_action": a, "follower_action": b, "opponent_reward": rewards[1 - self._seat]}
        is_over = simulation.t == simulation.horizon
        return self._seen(), rewards[self._seat], False, is_over, info

    def render(self) -> str | None:
        """Return or print the last round, by the render mode."""
        return self._episodes.render(self.simulation)

    def _seen(self) -> np.int64:
        """Return the player's observation before it acts; after the last round, its last one."""
        if self._seat == 0:
            return np.int64(0)
        simulation = self.simulation
        if simulation.t < simulation.horizon:
            return np.int64(cast("int", simulation.choose()[0]))
        return np.int64(self._episodes.actions[0] if self._episodes.actions else 0)
