"""PettingZoo: its own tests, and the games that stackel plays by itself, bit for bit.

Its `seed_test` ends at the first truncation. Its `parallel_seed_test` is for environments in which agents
move at the same time, which this one is not.
"""

from __future__ import annotations

import sys

import gymnasium as gym
import numpy as np
import pettingzoo
import pytest
from gymnasium.utils.env_checker import data_equivalence
from pettingzoo.test import api_test, render_test
from pettingzoo.test.seed_test import seed_test
from pettingzoo.utils import aec_to_parallel, turn_based_aec_to_parallel, wrappers

import stackel as sk
from stackel.interop import to_pettingzoo

GAME = sk.games.random(3, 4, seed=1)
COINS = sk.Game(GAME.leader / 2 + 0.5, GAME.follower / 2 + 0.5, noise=(sk.Bernoulli(), sk.Gaussian(2.0)))
ROUNDS = 500


def turns(env, choose):
    """Everything that agents are told until the end, with ``choose(agent, observation, reward)``."""
    told = []
    for agent in env.agent_iter():
        observation, reward, terminated, truncated, info = env.last()
        told.append((agent, observation, reward, terminated, truncated, info))
        env.step(None if truncated else choose(agent, observation, reward))
    return told


@pytest.mark.parametrize("game", [GAME, COINS, sk.Game([[1]], [[2]])], ids=["normal", "coins", "one outcome"])
@pytest.mark.parametrize("horizon", [5, 5000])
def test_passes_the_tests_of_pettingzoo(game, horizon):
    api_test(to_pettingzoo(game, horizon))
    seed_test(lambda: to_pettingzoo(game, horizon))


def test_passes_the_render_test_of_pettingzoo():
    render_test(lambda render_mode: to_pettingzoo(GAME, 50, render_mode=render_mode))


@pytest.mark.parametrize(
    ("wrap", "mode"),
    [
        (wrappers.AssertOutOfBoundsWrapper, None),
        (wrappers.BaseWrapper, None),
        (wrappers.CaptureStdoutWrapper, "human"),
        (wrappers.OrderEnforcingWrapper, None),
        (lambda env: wrappers.TerminateIllegalWrapper(env, illegal_reward=-1.0), None),
        (lambda env: wrappers.MultiEpisodeEnv(env, 1), None),
    ],
)
def test_wrappers_of_pettingzoo(wrap, mode):
    plain, wrapped = to_pettingzoo(GAME, 5), wrap(to_pettingzoo(GAME, 5, render_mode=mode))
    for env in (plain, wrapped):
        env.reset(seed=1)
    first, second = ([told[2] for told in turns(env, lambda *_: 1)] for env in (plain, wrapped))
    assert first == second


def test_as_a_parallel_environment_that_takes_turns():
    plain, parallel = to_pettingzoo(GAME, 5), turn_based_aec_to_parallel(to_pettingzoo(GAME, 5))
    plain.reset(seed=1)
    parallel.reset(seed=1)
    earned = []
    while parallel.agents:
        _, rewards, *_ = parallel.step(dict.fromkeys(parallel.agents, 1))
        earned.append(rewards["leader_0"])
    told = [reward for agent, _, reward, *_ in turns(plain, lambda *_: 1) if agent == "leader_0"]
    assert earned[1::2] == told[1:]
    with pytest.raises(AssertionError, match="not generally safe"):
        aec_to_parallel(plain)


def test_every_action_is_allowed():
    env = to_pettingzoo(GAME, 5)
    env.reset(seed=1)
    for agent, actions in zip(env.possible_agents, GAME.shape, strict=True):
        assert env.infos[agent]["action_mask"].tolist() == [1] * actions
        assert env.unwrapped.action_spaces[agent] == env.action_space(agent)


@pytest.mark.parametrize("seed", [0, 7, 2**64 - 1])
def test_a_seed_repeats_every_round(seed):
    runs = []
    for _ in range(2):
        env = to_pettingzoo(GAME, ROUNDS)
        rng = np.random.default_rng(3)
        run = []
        for given in (seed, None):
            env.reset(seed=given)
            run.append(
                turns(env, lambda agent, *_, env=env, rng=rng: rng.integers(env.action_space(agent).n))
            )
        runs.append(run)
    assert data_equivalence(*runs, exact=True)
    rewards = [[reward for *_, reward, _, _, _ in run] for run in runs[0]]
    assert rewards[0] != rewards[1]
    assert len(set(rewards[0])) == 2 * ROUNDS + 1  # and the zeros of the first turns


@pytest.mark.parametrize("game", [GAME, COINS], ids=["normal", "coins"])
def test_given_actions_earn_what_they_earn_in_a_simulation(game):
    env = to_pettingzoo(game, ROUNDS)
    plan = np.random.default_rng(2).integers([[3], [4]], size=(2, ROUNDS))
    for replication in range(3):
        env.reset(seed=11 if replication == 0 else None)
        given = {agent: iter(own.tolist()) for agent, own in zip(env.possible_agents, plan, strict=True)}
        told = turns(env, lambda agent, *_, given=given: next(given[agent]))
        sim = sk.Simulation(game, None, None, ROUNDS, 11, replication=replication)
        _, rewards = sim.step(ROUNDS, leader_actions=plan[0], follower_actions=plan[1])
        for agent, own in zip(env.possible_agents, rewards, strict=True):
            earned = [reward for who, _, reward, *_ in told if who == agent]
            assert earned == [0.0, *own.tolist()]
        np.testing.assert_array_equal(env.simulation.pulls, sim.pulls)
        np.testing.assert_array_equal(env.simulation.utility, sim.utility)


@pytest.mark.parametrize(
    "leader", [sk.UCB(), sk.UniformLearner(), sk.ExploreThenCommit(exploration=20)], ids=repr
)
@pytest.mark.parametrize("follower", [sk.UCB(), sk.ThompsonSampling()], ids=repr)
def test_agents_play_the_games_of_simulate(leader, follower):
    """Two learners are driven by hand, knowing what the environment tells; `simulate` plays both."""
    env = to_pettingzoo(GAME, ROUNDS)
    whole = sk.simulate(GAME, leader, follower, ROUNDS, replications=2, seed=5, engine="stepwise")
    for replication in range(2):
        options = {"seed": 5, "replication": replication}
        agents = {
            "leader_0": sk.Agent(leader, GAME, ROUNDS, **options),
            "follower_0": sk.Agent(follower, GAME, ROUNDS, role="follower", **options),
        }
        env.reset(seed=5 if replication == 0 else None)
        for name in env.agent_iter():
            observation, reward, _, truncated, _ = env.last()
            agent = agents[name]
            if env.simulation.t > 0:
                agent.observe(reward)
            seen = int(observation.argmax()) - 1
            env.step(None if truncated else agent.choose(*[seen][: name == "follower_0"]))
        np.testing.assert_array_equal(env.simulation.pulls, whole.pulls[replication])
        np.testing.assert_array_equal(env.simulation.utility, whole.utility[:, replication, -1])


def test_what_is_observed():
    env = to_pettingzoo(GAME, 2)
    assert isinstance(env, pettingzoo.AECEnv)
    assert env.possible_agents == ["leader_0", "follower_0"]
    assert [env.action_space(agent) for agent in env.possible_agents] == [
        gym.spaces.Discrete(3),
        gym.spaces.Discrete(4),
    ]
    env.reset(seed=1)
    plays = {"leader_0": iter([2, 0]), "follower_0": iter([3, 1])}
    told = turns(env, lambda agent, *_: next(plays[agent]))
    assert [agent for agent, *_ in told] == ["leader_0", "follower_0"] * 3
    assert [int(observation.argmax()) for _, observation, *_ in told] == [0, 3, 0, 1, 0, 0]
    assert all(observation.sum() == 1 for _, observation, *_ in told)
    assert [truncated for *_, truncated, _ in told] == [False] * 4 + [True] * 2
    assert not any(terminated for *_, terminated, _, _ in told)
    env.reset()
    env.step(1)
    assert [env.observe(agent).argmax() for agent in env.possible_agents] == [0, 2]


def test_rendering(capsys):
    game = sk.Game([[0, 1], [2, 3]], [[1, 0], [0, 1]], noise=sk.Deterministic())
    lines = [
        "round 0 of 9",
        "round 0 of 9",
        "round 1 of 9: leader plays a2, follower answers b1; rewards 2.000, 0.000",
    ]
    env = to_pettingzoo(game, 9, render_mode="ansi")
    env.reset()
    assert env.render() == lines[0]
    for action, line in zip((1, 0), lines[1:], strict=True):
        env.step(action)
        assert env.render() == line
    assert capsys.readouterr().out == ""
    env = to_pettingzoo(game, 9, render_mode="human")
    env.reset()
    for action in (1, 0):
        env.step(action)
    assert capsys.readouterr().out.splitlines() == [lines[0], lines[2]]


def test_episodes_without_a_seed_differ():
    seeds = set()
    for _ in range(2):
        env = to_pettingzoo(GAME, 5)
        env.reset()
        seeds.add(env.simulation.seed)
    assert len(seeds) == 2


@pytest.mark.parametrize(("argument", "bad"), [("game", [[1]]), ("horizon", 0), ("render_mode", "rgb_array")])
def test_bad_arguments(argument, bad):
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        to_pettingzoo(**({"game": GAME, "horizon": 5} | {argument: bad}))


@pytest.mark.parametrize("action", [-1, 4, 1.5, "up", None])
@pytest.mark.parametrize("before", [[], [1]], ids=["leader", "follower"])
def test_bad_actions_change_nothing(action, before):
    env = to_pettingzoo(GAME, 5)
    env.reset(seed=1)
    for usable in before:
        env.step(usable)
    agent = env.agent_selection
    with pytest.raises(sk.SpecError):
        env.step(action)
    assert env.agent_selection == agent
    assert env.simulation.t == 0
    env.step(0)


def test_bad_seeds():
    with pytest.raises(sk.SpecError, match="seed: must be"):
        to_pettingzoo(GAME, 5).reset(seed=-1)


def test_not_installed(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "pettingzoo"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(sk.MissingExtraError, match=r"pip install 'stackel\[rl\]'"):
        to_pettingzoo(GAME, 5)
