"""Gymnasium: its own checker, and the games that stackel plays by itself, bit for bit."""

from __future__ import annotations

import subprocess
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env, data_equivalence

import stackel as sk
from stackel.interop import to_gymnasium

GAME = sk.games.random(3, 4, seed=1)
COINS = sk.Game(GAME.leader / 2 + 0.5, GAME.follower / 2 + 0.5, noise=sk.Bernoulli())
OPPONENT = sk.UCB()
ROUNDS = 400


def make(role="leader", opponent=OPPONENT, horizon=ROUNDS, game=GAME, **options):
    return to_gymnasium(game, opponent, horizon, role=role, **options)


def both(argument, values):
    """Every value with either role."""
    return pytest.mark.parametrize(
        ("role", argument), [(r, v) for r in ("leader", "follower") for v in values]
    )


def episode(env, choose, seed=None):
    """What an agent that answers an observation by `choose` sees and earns until the end."""
    observation, info = env.reset(seed=seed)
    seen, earned, infos, is_over = [observation], [], [info], False
    while not is_over:
        observation, reward, terminated, is_over, info = env.step(choose(observation))
        assert not terminated
        seen.append(observation)
        earned.append(reward)
        infos.append(info)
    return seen, earned, infos


@both("render_mode", [None, "ansi", "human"])
@pytest.mark.parametrize("opponent", [sk.UCB(), sk.UniformLearner()], ids=repr)
def test_passes_the_checker_of_gymnasium(role, render_mode, opponent):
    check_env(make(role, opponent, render_mode=render_mode))


def test_passes_it_against_a_follower_that_knows_the_game():
    check_env(make("leader", sk.BestResponse()))


@both("seed", [0, 7, 2**64 - 1])
def test_a_seed_repeats_every_round(role, seed):
    runs = []
    for _ in range(2):
        env = make(role, sk.UniformLearner())
        env.action_space.seed(3)
        runs.append([episode(env, lambda _, env=env: env.action_space.sample(), s) for s in (seed, None)])
    assert data_equivalence(*runs, exact=True)
    first, second = runs[0]
    assert first[1] != second[1]
    assert len(set(first[1])) == ROUNDS


@both("action", [0, 2])
@pytest.mark.parametrize("opponent", [sk.UCB(), sk.UniformLearner(), sk.ThompsonSampling()], ids=repr)
@pytest.mark.parametrize("game", [GAME, COINS], ids=["normal", "coins"])
def test_a_fixed_action_earns_what_it_earns_in_a_simulation(role, action, opponent, game):
    env = make(role, opponent, game=game)
    k = ("leader", "follower").index(role)
    players = (None, opponent) if k == 0 else (opponent, None)
    for replication in range(3):
        seen, earned, infos = episode(env, lambda _: action, seed=11 if replication == 0 else None)
        sim = sk.Simulation(game, *players, ROUNDS, 11, replication=replication, engine="stepwise")
        actions, rewards = sim.step(ROUNDS, **{f"{role}_actions": np.full(ROUNDS, action)})
        assert earned == rewards[k].tolist()
        assert [info["opponent_reward"] for info in infos[1:]] == rewards[1 - k].tolist()
        assert [info["leader_action"] for info in infos[1:]] == actions[0].tolist()
        assert [info["follower_action"] for info in infos[1:]] == actions[1].tolist()
        assert seen[:-1] == ([0] * ROUNDS if k == 0 else actions[0].tolist())


@both("own", [sk.UCB(), sk.UniformLearner(), sk.ExploreThenCommit(exploration=20)])
@pytest.mark.parametrize("opponent", [sk.UCB(), sk.ThompsonSampling()], ids=repr)
def test_an_agent_plays_the_games_of_simulate(role, own, opponent):
    """One learner is driven by hand in the environment; `simulate` plays both."""
    env = make(role, opponent)
    players = (own, opponent) if role == "leader" else (opponent, own)
    whole = sk.simulate(GAME, *players, ROUNDS, replications=2, seed=5, engine="stepwise")
    for replication in range(2):
        agent = sk.Agent(own, GAME, ROUNDS, 5, role=role, replication=replication)
        observation, _ = env.reset(seed=5 if replication == 0 else None)
        for t in range(ROUNDS):
            action = agent.choose() if role == "leader" else agent.choose(int(observation))
            observation, reward, _, truncated, _ = env.step(np.int64(action))
            agent.observe(reward)
            assert truncated == (t == ROUNDS - 1)
        np.testing.assert_array_equal(env.simulation.pulls, whole.pulls[replication])
        np.testing.assert_array_equal(env.simulation.utility, whole.utility[:, replication, -1])


def test_what_is_observed():
    assert make("leader").observation_space == gym.spaces.Discrete(1)
    assert make("leader").action_space == gym.spaces.Discrete(3)
    assert make("follower").observation_space == gym.spaces.Discrete(3)
    assert make("follower").action_space == gym.spaces.Discrete(4)
    seen, _, infos = episode(make("follower", sk.UCB(), 5), int, seed=1)
    assert seen[:3] == [0, 1, 2]  # each once, in order
    assert seen[-1] == seen[-2]
    assert infos[0] == {}
    assert [info["follower_action"] for info in infos[1:]] == seen[:-1]


@both("seed", [4])
def test_copies_in_parallel_begin_with_seeds_of_their_own(role, seed):
    envs = gym.make_vec(make(role).spec, num_envs=3)
    envs.reset(seed=seed)
    rewards = np.array([envs.step(np.ones(3, np.int64))[1] for _ in range(20)])
    for i in range(3):
        _, earned, _ = episode(make(role), lambda _: 1, seed=seed + i)
        assert rewards[:, i].tolist() == earned[:20]
    envs.close()


WRAPPERS = {
    "Autoreset": (),
    "ClipReward": (-1.0, 1.0),
    "DelayObservation": (2,),
    "FlattenObservation": (),
    "FrameStackObservation": (3,),
    "MaxAndSkipObservation": (2,),
    "NormalizeReward": (),
    "OrderEnforcing": (),
    "PassiveEnvChecker": (),
    "RecordEpisodeStatistics": (),
    "RepeatAction": (2,),
    "StickyAction": (0.2,),
    "TimeAwareObservation": (),
    "TimeLimit": (9,),
    "TransformReward": (abs,),
}


@both("name", WRAPPERS)
def test_wrappers_of_gymnasium(role, name):
    wrap = getattr(gym.wrappers, name)
    env = wrap(make(role, horizon=9), *WRAPPERS[name])
    again = gym.make(env.spec) if name != "TransformReward" else env
    for each in (env, again):
        observation, _ = each.reset(seed=1)
        assert observation in each.observation_space
        lengths = 0
        while True:
            lengths += 1
            observation, _, terminated, truncated, _ = each.step(each.action_space.sample())
            assert observation in each.observation_space
            assert not terminated
            if truncated:
                break
        assert each.unwrapped.simulation.t == 9
        assert lengths == (5 if name in {"MaxAndSkipObservation", "RepeatAction"} else 9)


@both("horizon", [9, 9.0])
def test_the_specification_says_how_long_an_episode_is(role, horizon):
    env = make(role, horizon=horizon)
    assert env.spec.max_episode_steps == 9
    rounds, _ = gym.wrappers.TimeAwareObservation(env).reset(seed=1)
    assert rounds[-1] == 0
    shared, _ = gym.wrappers.TimeAwareObservation(env, normalize_time=True, flatten=False).reset(seed=1)
    assert shared["time"] == 0


def test_episodes_without_a_seed_differ():
    first, second = (episode(make(), lambda _: 1)[1] for _ in range(2))
    assert first != second
    env = make()
    env.np_random = np.random.default_rng(3)
    again = make()
    again.np_random = np.random.default_rng(3)
    assert episode(env, lambda _: 1)[1] == episode(again, lambda _: 1)[1]


def test_an_episode_left_early_is_not_taken_up_again():
    env = make(opponent=sk.UniformLearner())
    env.reset(seed=1)
    env.step(0)
    env.reset()
    assert (env.simulation.seed, env.simulation.replication, env.simulation.t) == (1, 1, 0)


def test_rendering(capsys):
    game = sk.Game(
        [[0, 1], [2, 3]],
        [[1, 0], [0, 1]],
        noise=sk.Deterministic(),
        leader_labels=["up", "down"],
        follower_labels=["left", "right"],
    )
    env = make(opponent=sk.BestResponse(), game=game, horizon=9, render_mode="ansi")
    env.reset(seed=1)
    assert env.render() == "round 0 of 9"
    env.step(1)
    line = "round 1 of 9: leader plays down, follower answers right; rewards 3.000, 1.000"
    assert env.render() == line
    assert capsys.readouterr().out == ""
    env = make(opponent=sk.BestResponse(), game=game, horizon=9, render_mode="human")
    env.reset(seed=1)
    env.step(1)
    assert capsys.readouterr().out == f"round 0 of 9\n{line}\n"
    env = make(opponent=sk.BestResponse(), game=game, horizon=9)
    env.reset()
    assert env.render() is None


class Stubborn:
    def choose(self, rng):
        return 0

    def observe(self, arm, reward):
        pass


@pytest.mark.parametrize(
    ("argument", "bad"),
    [
        ("game", [[1]]),
        ("opponent", None),
        ("opponent", "UCB"),
        ("opponent", Stubborn().choose),
        ("horizon", 0),
        ("role", "row"),
        ("render_mode", "rgb_array"),
    ],
)
def test_bad_arguments(argument, bad):
    given = {"game": GAME, "opponent": sk.UCB(), "horizon": 5} | {argument: bad}
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        to_gymnasium(**given)


def test_players_that_cannot_play_here():
    with pytest.raises(sk.SpecError):
        make("follower", sk.BestResponse())


@both("action", [-1, 4, 1.5, "up", None])
def test_bad_actions_change_nothing(role, action):
    env = make(role, horizon=5)
    env.reset(seed=1)
    with pytest.raises(sk.SpecError):
        env.step(action)
    assert env.simulation.t == 0
    _, earned, _ = episode(make(role, horizon=5), lambda _: 1, seed=1)
    assert [env.step(1)[1] for _ in range(5)] == earned


@both("seed", [-1, 1.5])
def test_bad_seeds(role, seed):
    with pytest.raises(sk.SpecError, match="seed: must be"):
        make(role).reset(seed=seed)


def test_the_end_is_the_end():
    env = make("follower", horizon=2)
    episode(env, lambda _: 0, seed=1)
    with pytest.raises(sk.SpecError, match="horizon"):
        env.step(0)
    with pytest.raises(gym.error.ResetNeeded):
        make().step(0)


def test_not_installed(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "gymnasium"]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(sk.MissingExtraError, match=r"pip install 'stackel\[rl\]'"):
        make()


def test_nothing_is_imported_before_it_is_used():
    names = {"gymnasium", "pettingzoo", "mabwiser", "SMPyBandits"}
    code = f"import sys, stackel.interop; print(sorted({names} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
