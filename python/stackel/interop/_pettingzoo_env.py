"""Class of `to_pettingzoo`, in its own module because its base class is PettingZoo's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import gymnasium as gym
import numpy as np
from pettingzoo import AECEnv

from stackel.errors import SpecError
from stackel.interop._episodes import METADATA, Episodes

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.simulation._simulation import Simulation

LEADER, FOLLOWER = AGENTS = ("leader_0", "follower_0")


class TurnsEnv(AECEnv[str, "npt.NDArray[np.float32]", int]):
    """Both seats of a repeated game, in turns; see `stackel.interop.to_pettingzoo`."""

    metadata: ClassVar[dict[str, Any]] = METADATA | {"name": "stackel_v0", "is_parallelizable": False}
    simulation: Simulation
    """The game in progress: its seed, replication, round, utilities and counts."""

    def __init__(self, game: AnyGame, horizon: int, render_mode: str | None = None) -> None:
        super().__init__()
        self._episodes = Episodes(game, None, None, horizon, render_mode)
        self.render_mode = self._episodes.mode
        self.possible_agents = list(AGENTS)
        self.action_spaces = {
            agent: gym.spaces.Discrete(size) for agent, size in zip(AGENTS, game.shape, strict=True)
        }
        shape = (1 + game.shape[0],)
        self.observation_spaces = {
            agent: gym.spaces.Box(0.0, 1.0, shape, dtype=np.float32) for agent in AGENTS
        }

    def action_space(self, agent: str) -> gym.spaces.Discrete:
        """Return the actions of a seat."""
        return self.action_spaces[agent]

    def observation_space(self, agent: str) -> gym.spaces.Box:
        """Return the observations of a seat: vectors with a single 1."""
        return self.observation_spaces[agent]

    def reset(
        self,
        seed: int | None = None,
        options: dict[str, Any] | None = None,  # noqa: ARG002 as PettingZoo calls it
    ) -> None:
        """Begin replication 0 of `seed`, or the replication after the last one."""
        self.simulation = self._episodes.begin(seed)
        self.agents = list(AGENTS)
        self.agent_selection = LEADER
        self.rewards = dict.fromkeys(AGENTS, 0.0)
        self._cumulative_rewards = dict.fromkeys(AGENTS, 0.0)
        self.terminations = dict.fromkeys(AGENTS, False)
        self.truncations = dict.fromkeys(AGENTS, False)
        self.infos: dict[str, dict[str, Any]] = {
            agent: {"action_mask": np.ones(space.n, np.int8)} for agent, space in self.action_spaces.items()
        }

    def observe(self, agent: str) -> npt.NDArray[np.float32]:
        """Return an agent's observation of the round so far."""
        seen = np.zeros(self.observation_spaces[agent].shape, np.float32)
        seen[1 + self._leader_action() if agent == FOLLOWER == self.agent_selection else 0] = 1
        return seen

    def step(self, action: int | None) -> None:
        """Take the action of the agent in turn."""
        agent = self.agent_selection
        if self.truncations[agent]:
            self._was_dead_step(action)
            return
        if action is None:
            raise SpecError("action", "one of those of " + agent, "None")
        if agent == LEADER:
            self.simulation.choose(leader_action=action)
        else:
            self.simulation.choose(follower_action=action)
        self._clear_rewards()
        self._cumulative_rewards[agent] = 0.0
        self.agent_selection = FOLLOWER if agent == LEADER else LEADER
        if agent == FOLLOWER:
            self._end_round()
        self._accumulate_rewards()

    def render(self) -> str | None:
        """Return or print the last round, by the render mode."""
        return self._episodes.render(self.simulation)

    def close(self) -> None:
        """Do nothing: the environment holds no resources."""

    def _end_round(self) -> None:
        self.rewards = dict(zip(AGENTS, self._episodes.end_round(self.simulation), strict=True))
        self.truncations = dict.fromkeys(AGENTS, self.simulation.t == self.simulation.horizon)

    def _leader_action(self) -> int:
        """Return the leader's action in this round, -1 for none."""
        is_over = self.simulation.t == self.simulation.horizon
        a = None if is_over else self.simulation.choose()[0]
        return -1 if a is None else a
