"""Repeated matrix games of PettingZoo as games."""

from __future__ import annotations

import gymnasium as gym
import pytest
from matrix_env import Matrix

import stackel as sk
from stackel.interop import from_pettingzoo, to_pettingzoo


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
