"""Games that change: engines play the definition, and newcomers are new."""

from __future__ import annotations

import copy
import itertools
from zlib import crc32

import numpy as np
import oracle
import oracle_changing
import policies
import pytest
from cases import FOLLOWERS, LEADERS, MEANS, NOISES, is_random, named
from changed_games import NEWCOMERS, SEED, changing, played, same, turned
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk
from stackel.learners._examples import leaps

CERTAIN = [[learner for learner in learners if not is_random(learner)] for learners in (LEADERS, FOLLOWERS)]


@pytest.mark.parametrize("noise", ["Deterministic", "Gaussian", "Bernoulli", "Gaussian, Uniform"])
@pytest.mark.parametrize("newcomer", NEWCOMERS)
def test_every_learner_follows_the_oracle(noise, newcomer):
    turns = itertools.count(crc32(f"{noise} {newcomer}".encode()))
    for mine, others, seat in ((*CERTAIN, 0), (*CERTAIN[::-1], 1)):
        for learner in mine:
            other = others[next(turns) % len(others)]
            leader, follower = (learner, other) if seat == 0 else (other, learner)
            means = list(MEANS)[next(turns) % len(MEANS)]
            game, horizon = changing(means, noise, newcomer), 95
            reward = oracle_changing.as_reward(game, SEED, 1)
            slow = oracle_changing.play(game, named(leader), named(follower), horizon, reward)
            run = played(
                game,
                leader,
                follower,
                horizon,
                replications=2,
                checkpoints=range(1, horizon + 1),
                engine="stepwise",
                trace=True,
            )
            pair = f"{leader} x {follower} on {means}"
            np.testing.assert_array_equal(run.pulls[1], slow.pulls, pair)
            # Multiples of 1/8 add up exactly.
            np.testing.assert_array_equal(run.utility[:, 1], slow.utility, pair)
            assert run.switches[:, 1].tolist() == oracle.switches(slow.actions), pair
            assert run.last_exploration[:, 1].tolist() == oracle.last_exploration(slow.actions), pair


@st.composite
def changes(draw):
    """A changing game and two learners."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape, noise = (2, *rng.integers(1, 4, 2)), NOISES[draw(st.sampled_from(list(NOISES)))]
    games = [sk.Game(*rng.random(shape).round(rng.integers(1, 3)), noise=noise) for _ in range(3)]
    starts = sorted({0, *draw(st.sets(st.integers(1, 2500), max_size=5))})
    newcomer = draw(st.sampled_from(NEWCOMERS))
    game = sk.ChangingGame([games[rng.integers(3)] for _ in starts], starts, newcomer)
    return game, draw(st.sampled_from(LEADERS)), draw(st.sampled_from(FOLLOWERS))


@settings(max_examples=60, deadline=None)
@given(changes(), st.sets(st.integers(1, 1999), max_size=5))
def test_engines_agree(described, marks):
    runs = {
        engine: played(*described, 2000, engine=engine, checkpoints=[*sorted(marks), 2000], replications=2)
        for engine in ("reference", "stepwise", "leap")
    }
    assert same(runs["reference"], runs["stepwise"])
    if "in law" not in map(leaps, described[1:]):
        assert same(runs["reference"], runs["leap"])
    fewer = played(*described, 2000, engine="leap", checkpoints=[2000], replications=2)
    assert np.array_equal(runs["leap"].utility[:, :, -1], fewer.utility[:, :, 0])


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("engine", ["reference", "stepwise", "leap"])
def test_a_change_that_changes_nothing_has_the_bits_of_the_plain_game(noise, engine):
    plain = sk.Game(*MEANS["2x3"], noise=NOISES[noise])
    expected = played(plain, sk.UCB(sigma=0.4), sk.UCB(sigma=0.4), 5000, engine=engine)
    for games, starts in (([plain], [0]), ([plain, plain], [0, 1234]), ([plain, turned(plain)], [0, 5000])):
        game = sk.ChangingGame(games, starts)
        found = played(game, sk.UCB(sigma=0.4), sk.UCB(sigma=0.4), 5000, engine=engine)
        assert same(found, expected)
        assert found.error_bound == expected.error_bound


@pytest.mark.parametrize(
    "pair", [(sk.ExploreThenUCB(), sk.UCB()), (sk.LinUCB(), sk.UCB()), (sk.UCB(), sk.LinUCB())], ids=str
)
def test_newcomers_play_as_in_games_of_their_own(pair):
    first = sk.Game(*MEANS["5x3"], noise=sk.Deterministic())
    second = turned(first)
    both = played(sk.ChangingGame([first, second, first], [0, 300, 1000], "both"), *pair, 1600).pulls
    alone = [
        played(game, *pair, rounds).pulls for game, rounds in ((first, 300), (second, 700), (first, 600))
    ]
    np.testing.assert_array_equal(both, sum(alone))
    # The defaults of a learner that stays are those of the whole horizon.
    kept = played(sk.ChangingGame([first, second], [0, 300], "follower"), *pair, 1600).pulls
    assert not np.array_equal(kept, both)


@pytest.mark.parametrize("learner", [rule for rule in CERTAIN[0] if rule in CERTAIN[1]], ids=str)
@pytest.mark.parametrize("newcomer", ["leader", "follower"])
def test_a_newcomer_forgets_whoever_stays(learner, newcomer):
    first = sk.Game(*MEANS["5x3"], noise=sk.Deterministic())
    second = turned(first)
    # An action that is fixed is the same for one who stays and for one who is new.
    pair = (learner, sk.FixedAction(1)) if newcomer == "leader" else (sk.FixedAction(1), learner)
    found = played(sk.ChangingGame([first, second, first], [0, 100, 150], newcomer), *pair, 300).pulls
    alone = [played(game, *pair, rounds).pulls for game, rounds in ((first, 100), (second, 50), (first, 150))]
    np.testing.assert_array_equal(found, sum(alone))


@pytest.mark.parametrize("newcomer", NEWCOMERS)
@pytest.mark.parametrize("own", [policies.UCB, policies.ManyUCB])
@pytest.mark.parametrize("seat", [0, 1])
def test_policies_in_python_are_replaced_as_learners_are(newcomer, own, seat):
    game = changing("2x3", "Gaussian", newcomer, starts=(0, 100, 170))
    pair = [sk.UCB(), sk.UCB()]
    expected = played(game, *pair, 260, replications=3)
    pair[seat] = own
    assert same(played(game, *pair, 260, replications=3), expected)
    simulation = sk.Simulation(game, *pair, 260, SEED, replication=2)
    simulation.step(99)
    simulation.advance(161)
    np.testing.assert_array_equal(simulation.pulls, expected.pulls[2])


@pytest.mark.parametrize("newcomer", NEWCOMERS)
@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
def test_simulations_and_agents_go_through_changes(newcomer, noise):
    game = changing("2x3", noise, newcomer, starts=(0, 100, 170))
    expected = played(game, sk.UCB(), sk.BestResponse(), 260)
    simulation = sk.Simulation(game, sk.UCB(), sk.BestResponse(), 260, SEED)
    for rounds in (99, 1, 1, 68, 1):
        simulation.advance(rounds)
        simulation = sk.Simulation.restore(simulation.snapshot())
    np.testing.assert_array_equal(copy.copy(simulation).step(1).actions, simulation.step(1).actions)
    simulation.advance(89)
    np.testing.assert_array_equal(simulation.pulls, expected.pulls[0])
    np.testing.assert_array_equal(simulation.utility, expected.utility[:, 0, -1])

    agents = [
        sk.Agent(learner, game, 260, SEED, role=role)
        for learner, role in ((sk.UCB(), "leader"), (sk.BestResponse(), "follower"))
    ]
    table = sk.Simulation(game, None, None, 260, SEED)
    for t in range(260):
        a = agents[0].choose()
        b = agents[1].choose(a)
        table.choose(a, b)
        rewards = table.observe()
        agents[0].observe(rewards[0])
        agents[1].observe(rewards[1])
        if t in {98, 99, 100}:
            agents = [sk.Agent.restore(agent.snapshot()) for agent in agents]
    np.testing.assert_array_equal(table.pulls, expected.pulls[0])


def test_a_cancelled_advance_returns_to_before_the_change():
    game = changing("2x3", "Gaussian", "both", starts=(0, 1000, 10**12))
    simulation = sk.Simulation(game, sk.UniformLearner(), sk.EXP3(), 10**13, SEED, engine="stepwise")
    simulation.advance(900)
    before = simulation.snapshot()
    token = sk.CancelToken()
    token.cancel()
    with pytest.raises(sk.RunError):
        simulation.advance(10**9, cancel=token)
    assert simulation.snapshot() == before
    simulation.advance(200)
    again = sk.Simulation.restore(before)
    again.advance(200)
    np.testing.assert_array_equal(simulation.pulls, again.pulls)


def test_many_games_and_sweeps_play_what_simulate_plays():
    pair = sk.UCB(sigma=0.4), sk.ThompsonSampling(sigma=0.4)
    one, two = (changing("2x3", "Bernoulli, Gaussian", "leader", starts) for starts in ((0, 31), (0, 50)))
    stacks = [
        np.array([[getattr(each, role) for each in game.games] for game in (one, one)])
        for role in ("leader", "follower")
    ]
    batch = sk.simulate_many(
        *stacks, *pair, 90, noise=one.noise, starts=one.starts, newcomer="leader", seed=[3, 4], replications=2
    )
    for i, seed in enumerate((3, 4)):
        alone = sk.simulate(batch.game(i), *pair, 90, seed=seed, replications=2, checkpoints=1)
        assert batch[i] == alone
        assert batch.game(i) == one
        expected = alone.regret(sk.stackelberg)
        np.testing.assert_array_equal(batch.regret(sk.stackelberg)[:, i], expected)
    own = sk.simulate_many(
        *stacks, policies.UCB, pair[1], 90, noise=one.noise, starts=one.starts, newcomer="leader", seed=3
    )
    assert own.game(1) == one
    tasks = [sk.Task(game, *pair, 90, replications=2, seed=7) for game in (one, two, one.games[0])]
    found = sk.sweep(tasks)
    for i, task in enumerate(tasks):
        for r, seed in enumerate(task.seeds(0, 2).tolist()):
            alone = sk.simulate(task.game, *pair, 90, seed=seed)
            np.testing.assert_array_equal(found.utility(i)[:, r, -1], alone.utility[:, 0, -1])
            expected = alone.regret(sk.stackelberg)[:, 0, -1]
            np.testing.assert_array_equal(found.regrets(sk.stackelberg)[i][:, r, -1], expected)
    assert len({task.id for task in tasks}) == 3
    others = [
        sk.ChangingGame(one.games, one.starts, "leader", name="other"),
        sk.ChangingGame(one.games, one.starts, "both"),
        sk.ChangingGame(one.games[::-1], one.starts, "leader"),
    ]
    assert [sk.Task(game, *pair, 90, seed=7).id == tasks[0].id for game in others] == [True, False, False]


def test_tasks_of_newcomers_keep_defaults_apart_from_the_numbers_that_they_are_at_first():
    # Both stays have other defaults, so that neither number stands for the default.
    game = changing("2x3", "Gaussian", "leader", starts=(0, 100))
    default = sk.ExploreThenCommit()
    first = default.resolve("leader", 100, *game.shape)
    tasks = [sk.Task(game, learner, sk.UCB(), 1000) for learner in (default, first)]
    assert tasks[0].id != tasks[1].id
