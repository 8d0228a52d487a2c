"""Repeated matrix games of PettingZoo as games."""

from __future__ import annotations

import gymnasium as gym
import pettingzoo
import pytest

import stackel as sk
from stackel.interop import from_pettingzoo, to_pettingzoo

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


@pytest.mark.parametrize("rounds", [1, 2, 10])
def test_payoffs_are_read(rounds):
    game = from_pettingzoo(Matrix(rounds), noise=sk.Deterministic(), name="matrix")
    assert game.leader.tolist() == [[1, 3, 0.1], [5, 7, 0]]
    assert game.follower.tolist() == [[2, 4, -1], [6, 8, 0]]
    assert (game.name, game.noise) == ("matrix", (sk.Deterministic(), sk.Deterministic()))


def test_two_learners_play_it_as_in_the_environment():
    env, horizon = Matrix(200), 200
    game = from_pettingzoo(env, noise=sk.Deterministic())
    run = sk.simulate(game, sk.UCB(), sk.UCB(), horizon, seed=1)
    agents = (
        sk.Agent(sk.UCB(), game.shape, horizon, 1),
        sk.Agent(sk.UCB(), game.shape, horizon, 1, role="follower"),
    )
    env.reset()
    earned = [0.0, 0.0]
    while env.agents:
        a = agents[0].choose()
        b = agents[1].choose(a)
        rewards = env.step({"row": a, "column": b})[1]
        for i, agent in enumerate(agents):
            agent.observe(rewards[env.possible_agents[i]])
            earned[i] += rewards[env.possible_agents[i]]
    assert run.utility[:, 0, -1] == pytest.approx(earned)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (Matrix(drift=0.5), "a repeated matrix game"),
        (to_pettingzoo(sk.games.etc_failure(), 10), "a parallel environment"),
        (None, "a parallel environment"),
    ],
)
def test_what_is_no_repeated_matrix_game(source, why):
    with pytest.raises(sk.SpecError, match=f"^source: must be {why}"):
        from_pettingzoo(source)


def test_actions_that_are_not_discrete():
    class Box(Matrix):
        def action_space(self, agent):
            return gym.spaces.Box(0, 1)

    with pytest.raises(sk.SpecError, match=r"^source: must be a parallel environment .*discrete"):
        from_pettingzoo(Box())
