"""A repeated matrix game of PettingZoo."""

from __future__ import annotations

import gymnasium as gym
import pettingzoo

PAYOFFS = {(0, 0): (1, 2), (0, 1): (3, 4), (0, 2): (0.1, -1), (1, 0): (5, 6), (1, 1): (7, 8), (1, 2): (0, 0)}


class Matrix(pettingzoo.ParallelEnv):
    """A repeated matrix game whose agents see each other's last action."""

    metadata = {"name": "matrix"}  # noqa: RUF012 as PettingZoo has it
    possible_agents = ["row", "column"]  # noqa: RUF012 as PettingZoo has it

    def __init__(self, rounds=10, drift=0.0, actions=(2, 3)):
        self.rounds, self.drift, self.actions = rounds, drift, actions

    def action_space(self, agent):
        return gym.spaces.Discrete(self.actions[self.possible_agents.index(agent)])

    def reset(self, seed=None, options=None):
        self.agents, self.t = list(self.possible_agents), 0
        return dict.fromkeys(self.agents, 0), {}

    def step(self, actions):
        both = PAYOFFS[actions["row"], actions["column"]]
        rewards = {
            agent: x + self.drift * self.t for agent, x in zip(self.possible_agents, both, strict=True)
        }
        self.t += 1
        over = dict.fromkeys(self.agents, self.t == self.rounds)
        self.agents = [] if self.t == self.rounds else self.agents
        return {}, rewards, dict.fromkeys(over, False), over, {}
