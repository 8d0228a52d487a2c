"""Bimatrix games played by the engine, beside the loops of OpenSpiel and PettingZoo over the same players.

Tests of laws raise a false alarm with a probability of at most LEVEL each.
"""

from __future__ import annotations

import io

import nashpy
import numpy as np
import pygambit
import pyspiel
import pytest
from matrix_env import Matrix
from open_spiel.python import rl_agent
from open_spiel.python.algorithms.random_agent import RandomAgent
from open_spiel.python.algorithms.tabular_qlearner import QLearner
from open_spiel.python.rl_environment import Environment
from two_samples import holm, p_values

import stackel as sk
from stackel.interop import from_openspiel_agent, openspiel, play_bimatrix, to_openspiel, to_openspiel_agent

LEVEL = 1e-4
DILEMMA = pyspiel.load_game("matrix_pd")
ROW, COLUMN = [[3.0, 0.0], [5.0, 1.0]], [[3.0, 5.0], [0.0, 1.0]]


class Stubborn(rl_agent.AbstractAgent):
    """An agent without chance: keeps its action while the reward is above the mean of its rewards."""

    def __init__(self, player_id, num_actions):
        self._player_id, self._n = player_id, num_actions
        self.action, self.rewards = player_id, [2.0]

    def step(self, time_step, is_evaluation=None):
        if not time_step.last():
            assert time_step.observations["legal_actions"][self._player_id] == list(range(self._n))
            return rl_agent.StepOutput(self.action, np.eye(self._n)[self.action])
        reward = time_step.rewards[self._player_id]
        if reward <= np.mean(self.rewards):
            self.action = (self.action + 1) % self._n
        self.rewards.append(reward)
        return None


def in_openspiel(game, agents, episodes):
    """Counts of pairs of actions in OpenSpiel's own loop."""
    env = Environment(game)
    counts = np.zeros([game.num_rows(), game.num_cols()], int)
    for _ in range(episodes):
        step = env.reset()
        actions = [agent.step(step).action for agent in agents]
        step = env.step(actions)
        counts[tuple(actions)] += 1
        for agent in agents:
            agent.step(step)
    return counts


def assert_same_law(ours, others):
    ours, others = (np.reshape(counts, (len(counts), -1)).astype(float) for counts in (ours, others))
    assert not len(holm(p_values(ours, others).ravel(), LEVEL))


def test_agents_without_chance_play_what_they_play_in_openspiel():
    run = play_bimatrix(DILEMMA, Stubborn(0, 2), Stubborn(1, 2), 200, seed=1)
    counts = in_openspiel(DILEMMA, [Stubborn(0, 2), Stubborn(1, 2)], 200)
    assert run.pulls[0].tolist() == counts.tolist()
    assert (counts > 0).sum() >= 3


@pytest.mark.parametrize("name", ["matrix_pd", "matrix_sh"])
def test_agents_of_openspiel_have_the_law_of_its_loop(name):
    game = pyspiel.load_game(name)
    run = play_bimatrix(game, QLearner(0, 2), QLearner(1, 2), 60, replications=150, seed=1)
    np.random.seed(2)  # noqa: NPY002 what OpenSpiel draws from
    own = [in_openspiel(game, [QLearner(0, 2), QLearner(1, 2)], 60) for _ in range(150)]
    assert_same_law(run.pulls, own)
    assert run.pulls.std(axis=0).max() > 1


def test_the_comparison_has_power():
    run = play_bimatrix(DILEMMA, RandomAgent(0, 2), QLearner(1, 2), 60, replications=150, seed=1)
    other = play_bimatrix(DILEMMA, QLearner(0, 2), QLearner(1, 2), 60, replications=150, seed=1)
    with pytest.raises(AssertionError):
        assert_same_law(run.pulls, other.pulls)


def test_seeds_repeat_what_agents_do():
    one, two, other = (
        play_bimatrix(DILEMMA, QLearner(0, 2), sk.EXP3(high=10.0), 50, replications=3, seed=seed)
        for seed in (1, 1, 2)
    )
    assert np.array_equal(one.pulls, two.pulls)
    assert not np.array_equal(one.pulls, other.pulls)


def test_learners_in_openspiels_loop_without_chance():
    agents = [to_openspiel_agent(sk.UCB(sigma=s), player, 2, 300) for player, s in enumerate((1.0, 2.0))]
    run = play_bimatrix(DILEMMA, sk.UCB(sigma=1.0), sk.UCB(sigma=2.0), 300, seed=1)
    assert run.pulls[0].tolist() == in_openspiel(DILEMMA, agents, 300).tolist()


def test_learners_in_openspiels_loop_have_the_law_of_the_engine():
    rule = sk.EXP3(learning_rate=0.2, high=10.0)
    run = play_bimatrix(DILEMMA, rule, rule, 100, replications=200, seed=1)
    own = [
        in_openspiel(DILEMMA, [to_openspiel_agent(rule, k, 2, 100, seed=2 * r + k) for k in (0, 1)], 100)
        for r in range(200)
    ]
    assert_same_law(run.pulls, own)


def test_an_evaluation_teaches_nothing():
    agent, env = to_openspiel_agent(sk.UCB(), 0, 2, 10), Environment(DILEMMA)
    for evaluates in (True, True, False):
        first, last = env.reset(), env.step([0, 0])
        assert agent.step(first, is_evaluation=evaluates).action == 0
        agent.step(last, is_evaluation=evaluates)
    assert agent.step(env.reset()).action == 1


def test_learners_in_pettingzoo_have_the_law_of_the_engine():
    env, rule, horizon = Matrix(80), sk.EXP3(learning_rate=0.3, low=-1.0, high=8.0), 80
    run = play_bimatrix(env, rule, rule, horizon, replications=150, seed=1)
    own = np.zeros((150, 2, 3))
    for r in range(150):
        agents = {
            name: sk.Agent(rule, (2 + k, 1), horizon, 2 * r + k) for k, name in enumerate(env.possible_agents)
        }
        env.reset(seed=r)
        while env.agents:
            actions = {name: agent.choose() for name, agent in agents.items()}
            rewards = env.step(actions)[1]
            for name, agent in agents.items():
                agent.observe(float(rewards[name]))
            own[r][tuple(actions.values())] += 1
    assert (own.sum(axis=(1, 2)) == horizon).all()
    assert_same_law(run.pulls, own)


@pytest.mark.parametrize(
    "source",
    [
        (ROW, COLUMN),
        nashpy.Game(ROW, COLUMN),
        pygambit.StrategicGame.from_arrays(np.array(ROW), np.array(COLUMN)),
        pyspiel.create_matrix_game(ROW, COLUMN),
        sk.Game(ROW, COLUMN, noise=sk.Deterministic()),
    ],
    ids=["matrices", "nashpy", "gambit", "openspiel", "stackel"],
)
def test_two_learners_end_in_the_equilibrium_of_any_librarys_game(source):
    rule = sk.EXP3(high=5.0)
    run = play_bimatrix(source, rule, rule, 50_000, replications=4, seed=1)
    assert (run.pulls[:, 1, 1] > 45_000).all()
    expected = sk.simulate(
        sk.Game(ROW, COLUMN, noise=sk.Deterministic()), rule, sk.Blind(rule), 50_000, replications=4, seed=1
    )
    assert np.array_equal(run.pulls, expected.pulls)


def test_noise():
    run = play_bimatrix((ROW, COLUMN), sk.UCB(), sk.UCB(), 2_000, noise=sk.Gaussian(0.5), seed=1)
    assert run.game.noise == (sk.Gaussian(0.5), sk.Gaussian(0.5))
    with pytest.raises(sk.SpecError, match=r"^noise: must be None for a game of stackel"):
        play_bimatrix(run.game, sk.UCB(), sk.UCB(), 10, noise=sk.Gaussian(0.5))


@pytest.mark.parametrize(
    ("source", "row", "column", "message"),
    [
        (7, sk.UCB(), sk.UCB(), "source: must be two payoff matrices"),
        (([[1, 2]], [[1], [2]]), sk.UCB(), sk.UCB(), "source: must be two matrices, the second one"),
        (to_openspiel(sk.games.etc_failure(), turn_based=True), sk.UCB(), sk.UCB(), "source: .*take turns"),
        (
            pygambit.read_efg(io.BytesIO(openspiel._tree(sk.games.etc_failure()).encode())),
            sk.UCB(),
            sk.UCB(),
            "source: .*take turns",
        ),
        (DILEMMA, QLearner(1, 2), sk.UCB(), "row: must be an agent made for player 0, got one for player 1"),
        (DILEMMA, sk.UCB(), QLearner(0, 2), "column: must be an agent made for player 1"),
        (DILEMMA, sk.UCB(), sk.BestResponse(), "of: "),
    ],
)
def test_what_cannot_be_played(source, row, column, message):
    with pytest.raises(sk.SpecError, match=f"^{message}"):
        play_bimatrix(source, row, column, 10)


def test_what_is_no_agent():
    with pytest.raises(sk.SpecError, match=r"^agent: must be an agent of OpenSpiel"):
        from_openspiel_agent(sk.UCB())
    with pytest.raises(sk.SpecError, match=r"^leader: must be an agent made for player 0"):
        sk.simulate(sk.games.etc_failure(), from_openspiel_agent(QLearner(1, 2)), sk.UCB(), 10)
