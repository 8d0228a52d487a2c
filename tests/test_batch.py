"""Many games in one call: each is the game that `simulate` plays, to the last bit."""

from __future__ import annotations

import copy
import dataclasses
import math
import pickle
import threading
import time

import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, NOISES, make_game
from hypothesis import given, settings
from hypothesis import strategies as st
from test_bad_input import assert_refused

import stackel as sk
from stackel._core import simulate_many
from stackel.simulation._experiment import Experiment

HORIZON = 250
RNG = np.random.default_rng(12)
U1, U2 = np.round(RNG.random((2, 6, 2, 3)), 2)
ENGINES = ("leap", "stepwise", "reference")
OPTIONS = {"replications": 2, "checkpoints": [1, 100, HORIZON]}


def many(leader=sk.UCB(), follower=sk.UCB(), stacks=(U1, U2), **options):  # noqa: B008
    options = {"seed": 9, "threads": 1, **options}
    return sk.simulate_many(*stacks, leader, follower, HORIZON, **options)


def assert_each_is_its_own_run(batch, **options):
    for i in range(len(batch)):
        one = batch[i]
        alone = sk.simulate(
            batch.game(i), one.leader, one.follower, HORIZON, seed=int(batch.seeds[i]), threads=1, **options
        )
        assert one == alone
        assert one.utility.tobytes() == alone.utility.tobytes()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("noise", NOISES)
def test_every_game_is_its_own_run(noise, engine):
    pairs = zip(LEADERS, FOLLOWERS[::-1] * 2, strict=False)
    for leader, follower in pairs:
        batch = many(leader, follower, noise=NOISES[noise], engine=engine, **OPTIONS)
        assert batch.utility.shape == (2, 6, 2, 3)
        assert batch.pulls.shape == (6, 2, 2, 3)
        assert batch.engine == engine
        assert_each_is_its_own_run(batch, engine=engine, **OPTIONS)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_batch(data):
    """Stacks of any size, or one game; parameters and seeds that change or do not."""
    shape = tuple(data.draw(st.tuples(st.integers(1, 4), st.integers(1, 4))))
    games = data.draw(st.integers(1, 5))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    stacks = [
        rng.random((*((games,) if data.draw(st.booleans()) else ()), *shape)).round(1) for _ in range(2)
    ]
    varied = {
        "sigma": rng.random(games),
        "confidence": rng.integers(1, 4, games),
        "anytime": rng.random(games) < 0.5,
    }
    chosen = data.draw(st.lists(st.sampled_from(sorted(varied)), unique=True))
    phases = {"phases": rng.integers(1, 4, (games, 3))} if data.draw(st.booleans()) else {}
    options = {
        "leader_parameters": {name: varied[name] for name in chosen},
        "follower_parameters": phases | {"sigma": 0.3},
        "seed": rng.integers(0, 2**63, games) if data.draw(st.booleans()) else 3,
        "replications": data.draw(st.integers(1, 3)),
        "engine": data.draw(st.sampled_from(("auto", *ENGINES))),
        "threads": data.draw(st.sampled_from([1, 2])),
    }
    batch = many(sk.UCB(), sk.ActiveArmElimination(), stacks, **options)
    some_array = [stack.ndim == 3 for stack in stacks] + [
        bool(chosen),
        bool(phases),
        not isinstance(options["seed"], int),
    ]
    assert len(batch) == (games if any(some_array) else 1)
    for i, one in enumerate(batch):
        own = {name: varied[name][i].item() for name in chosen}
        assert one.leader == sk.UCB(**own)
        assert one.follower == sk.ActiveArmElimination(
            sigma=0.3, **{name: rows[i] for name, rows in phases.items()}
        )
        for stack, means in zip(stacks, (one.game.leader, one.game.follower), strict=True):
            np.testing.assert_array_equal(means, stack[i] if stack.ndim == 3 else stack)
    alike = {"replications": options["replications"], "engine": batch.engine, "checkpoints": 1}
    assert_each_is_its_own_run(batch, **alike)


def test_threads_do_not_matter():
    stacks = np.random.default_rng(1).random((2, 700, 2, 2))
    one, two, all_cores = (
        many(stacks=stacks, engine="stepwise", threads=threads) for threads in (1, 2, None)
    )
    for other in (two, all_cores):
        assert one.utility.tobytes() == other.utility.tobytes()
        np.testing.assert_array_equal(one.pulls, other.pulls)


def test_seeds():
    batch = many(seed=5)
    assert batch.seeds.tolist() == np.random.SeedSequence(5).generate_state(6, np.uint64).tolist()
    assert len(set(batch.seeds.tolist())) == 6
    np.testing.assert_array_equal(many(stacks=(U1[:4], U2[:4]), seed=5).seeds, batch.seeds[:4])
    np.testing.assert_array_equal(many(stacks=(U1[:4], U2[:4]), seed=5).pulls, batch.pulls[:4])
    given_seeds = [0, 1, 2**64 - 1, 7, 7, 7]
    for seeds in (given_seeds, tuple(given_seeds), np.array(given_seeds, np.uint64)):
        assert many(seed=seeds).seeds.tolist() == given_seeds
    assert (many(seed=None).seeds != many(seed=None).seeds).all()
    for seed in (np.random.SeedSequence(5), np.random.default_rng(5)):
        assert len(set(many(seed=seed).seeds.tolist())) == 6


def test_equal_seeds_give_games_the_same_noise():
    batch = many(sk.FixedAction(0), sk.FixedAction(1), stacks=(U1[0], U2[0]), seed=[3, 3, 4])
    assert batch[0] == batch[1]
    parameters = {"sigma": [0.2, 0.2, 0.4]}
    for seed in (3, [3] * 3):
        batch = many(sk.UCB(), sk.UCB(), (U1[0], U2[0]), seed=seed, leader_parameters=parameters)
        assert batch.seeds.tolist() == [3] * 3
        assert batch[0] == batch[1] != batch[2]


def test_defaults_of_parameters_are_those_of_the_size():
    batch = many(
        sk.ExploreThenCommit(), sk.ExploreThenCommit(), leader_parameters={"exploration": [1, 2, 3, 4, 5, 6]}
    )
    assert [one.leader.exploration for one in batch] == [1, 2, 3, 4, 5, 6]
    assert all(one.follower.exploration is None for one in batch)
    assert_each_is_its_own_run(batch, checkpoints=1)


def test_it_can_be_looked_at():
    batch = many(replications=3, checkpoints=5)
    assert repr(batch) == "Batch(6 games 2x3, UCB vs UCB, horizon=250, replications=3, engine='leap')"
    assert (len(batch), batch.horizon, batch.replications, len(batch.rounds)) == (6, HORIZON, 3, 5)
    assert batch[-1] == batch[5] == list(batch)[5]
    for wrong in (6, -7):
        with pytest.raises(IndexError):
            batch[wrong]
        with pytest.raises(IndexError):
            batch.game(wrong)
    assert sk.Game(U1[2], U2[2]) == batch.game(2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        batch.engine = "leap"
    for array in (batch.utility, batch.pulls, batch.seeds, batch.leader_stack, batch.error_bound):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda batch: pickle.loads(pickle.dumps(batch))])
def test_copies(duplicate):
    batch = many(leader_parameters={"sigma": np.linspace(0.1, 1, 6)}, checkpoints=3)
    twin = duplicate(batch)
    assert list(twin) == list(batch)
    with pytest.raises(ValueError, match="read-only"):
        twin.leader_parameters["sigma"][0] = 3


def test_arrays_of_the_caller_stay_the_callers():
    u1, u2, sigma, seeds = U1.copy(), U2.copy(), np.full(6, 0.5), np.arange(6, dtype=np.uint64)
    batch = many(stacks=(u1, u2), leader_parameters={"sigma": sigma}, seed=seeds)
    for array in (u1, u2, sigma, seeds):
        array[...] = 0.0
    assert_each_is_its_own_run(batch, checkpoints=1)
    assert batch[1].leader.sigma == 0.5


def test_regret():
    batch = many(replications=2, checkpoints=[10, HORIZON])
    alphas = np.array(
        [[sk.stackelberg(one.game).leader, sk.stackelberg(one.game).follower] for one in batch]
    ).T
    for benchmark in (sk.stackelberg, alphas, alphas.tolist()):
        regret = batch.regret(benchmark)
        assert regret.shape == (2, 6, 2, 2)
        for i, one in enumerate(batch):
            np.testing.assert_array_equal(regret[:, i], one.regret(sk.stackelberg))
    same = batch.regret((0.5, 0.25))
    np.testing.assert_array_equal(same[:, 3], batch[3].regret((0.5, 0.25)))
    np.testing.assert_array_equal(
        batch.regret(lambda game, horizon: (game.leader.max(), horizon))[1, 4],
        batch[4].regret((0, HORIZON))[1],
    )
    for wrong in (np.ones((6, 2)), np.full((2, 6), math.nan), "best", np.full((2, 6), "a"), None, 3.0):
        assert_refused("benchmark", lambda: batch.regret(wrong))  # noqa: B023


def with_entry(value, place=(4, 1, 2)):
    stack = U1.copy()
    stack[place] = value
    return stack


@pytest.mark.parametrize(
    ("argument", "where", "changes"),
    [
        ("leader_stack", "inf at [1, 2] in game 4", {"stacks": (with_entry(math.inf), U2)}),
        ("follower_stack", "NaN at [1, 2] in game 4", {"stacks": (U1, with_entry(math.nan))}),
        (
            "leader_stack",
            "2.0 at [1, 2] in game 4",
            {"stacks": (with_entry(2.0), U2), "noise": sk.Bernoulli()},
        ),
        ("follower_stack", "shape (6, 3, 2)", {"stacks": (U1, U2.reshape(6, 3, 2))}),
        ("follower_stack", "for 5", {"stacks": (U1, U2[:5])}),
        ("leader_stack", "shape (6,)", {"stacks": (U1[:, 0, 0], U2)}),
        ("leader_stack", "shape (0, 2, 3)", {"stacks": (U1[:0], U2)}),
        ("leader_stack", "<U5", {"stacks": ("stack", U2)}),
        ("leader_stack", "", {"stacks": ([[[1.0], [1.0, 2.0]]], U2)}),
        ("leader_stack", "complex", {"stacks": (U1 * 1j, U2)}),
        ("leader", "'UCB'", {"leader": "UCB"}),
        ("leader", "BestResponse in game 0", {"leader": sk.BestResponse()}),
        ("follower", "in game 0", {"follower": sk.PhasedUCB()}),
        ("a", "3 in game 0", {"follower": sk.FixedAction(3)}),
        ("a", "2 in game 1", {"leader": sk.FixedAction(0), "leader_parameters": {"a": [0, 2, 0, 0, 0, 0]}}),
        ("sigma", "-1.0 in game 5", {"leader_parameters": {"sigma": [1, 1, 1, 1, 1, -1.0]}}),
        ("sigma", "NaN in game 0", {"follower_parameters": {"sigma": [math.nan] * 6}}),
        ("sigma", "-2", {"leader_parameters": {"sigma": -2}}),
        ("sigma", "True in game 0", {"leader_parameters": {"sigma": [True] * 6}}),
        ("confidence", "-3.0 in game 2", {"leader_parameters": {"confidence": [1, 1, -3, 1, 1, 1]}}),
        ("leader_parameters", "'sgima'", {"leader_parameters": {"sgima": [1.0] * 6}}),
        ("leader_parameters", "for 5", {"leader_parameters": {"sigma": [1.0] * 5}}),
        ("follower_parameters", "for 7", {"follower_parameters": {"sigma": [1.0] * 7}}),
        ("leader_parameters", "'x'", {"leader_parameters": {"sigma": ["x"] * 6}}),
        ("leader_parameters", "sigma", {"leader_parameters": {"sigma": np.ones((6, 2))}}),
        ("sigma", "in game 0", {"leader_parameters": {"sigma": np.ones((6, 2), int)}}),
        ("leader_parameters", "[0.1]", {"leader_parameters": [0.1]}),
        ("leader_parameters", "3", {"leader_parameters": 3}),
        ("horizon", "0", {"horizon": 0}),
        ("replications", "0", {"replications": 0}),
        ("seed", "-1", {"seed": -1}),
        ("seed", "for 3", {"seed": [1, 2, 3]}),
        ("seed", "-1 in game 2", {"seed": [1, 2, -1, 3, 4, 5]}),
        ("seed", "2.5", {"seed": [1, 2, 2.5, 3, 4, 5]}),
        ("seed", "18446744073709551616", {"seed": [1, 2, 2**64, 3, 4, 5]}),
        ("seed", "[[", {"seed": [[1, 2, 3, 4, 5, 6]]}),
        ("seed", "'a'", {"seed": "a"}),
        ("checkpoints", "0", {"checkpoints": [0]}),
        ("checkpoints", "", {"checkpoints": [HORIZON + 1]}),
        ("engine", "'fast'", {"engine": "fast"}),
        ("crossing_tolerance", "1.0", {"crossing_tolerance": 1.0}),
        ("threads", "0", {"threads": 0}),
        ("noise", "'loud'", {"noise": "loud"}),
        ("replications", "GiB", {"replications": 2**40}),
    ],
)
def test_bad_input_names_the_argument_and_the_game(argument, where, changes):
    horizon = changes.pop("horizon", HORIZON)
    stacks = changes.pop("stacks", (U1, U2))
    players = [changes.pop(role, sk.UCB()) for role in sk.learners.ROLES]
    error = assert_refused(argument, lambda: sk.simulate_many(*stacks, *players, horizon, **changes))
    assert where in error.given


def test_nothing_runs_before_all_is_checked():
    """The last of the games is wrong; the others would take years."""
    stack = with_entry(math.nan, (5, 0, 0))
    assert_refused(
        "leader_stack", lambda: sk.simulate_many(stack, U2, sk.UCB(), sk.UCB(), 2**53, engine="stepwise")
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_cancel(threads):
    token, stopped = sk.CancelToken(), []

    def work():
        with pytest.raises(sk.RunError, match="cancelled"):
            sk.simulate_many(
                U1, U2, sk.UCB(), sk.UCB(), 10**12, engine="stepwise", threads=threads, cancel=token
            )
        stopped.append(time.monotonic())

    worker = threading.Thread(target=work)
    worker.start()
    time.sleep(0.05)
    sent = time.monotonic()
    token.cancel()
    worker.join(60)
    assert stopped[0] - sent < 5


def test_progress_reaches_the_end(capfd):
    stacks = np.random.default_rng(2).random((2, 60, 2, 2))
    sk.simulate_many(*stacks, sk.UCB(), sk.UCB(), 2_000_000, engine="stepwise", progress=True, threads=1)
    assert "100%" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["stackelberg", "tolerant", "self_tolerant"])
def test_benchmarks_by_name_are_those_of_each_game(name):
    stack = np.random.default_rng(3).random((2, 4, 2, 3))
    batch = sk.simulate_many(*stack, sk.UCB(), sk.UCB(), 50, seed=1)
    wanted = np.stack([run.regret(name) for run in batch], axis=1)
    assert np.array_equal(batch.regret(name), wanted)


def test_values_of_every_kind_of_benchmark_fit_all_games():
    stack = np.random.default_rng(4).random((2, 3, 2, 3))
    batch = sk.simulate_many(*stack, sk.UCB(), sk.UCB(), 50, seed=1)
    game = batch.game(0)
    for value in (sk.mixed_stackelberg(game), sk.nash(game)[0], sk.stackelberg(game)):
        wanted = np.stack([run.regret(value) for run in batch], axis=1)
        assert np.array_equal(batch.regret(value), wanted)


@pytest.mark.parametrize("starts", [[], [0, 5]])
def test_the_core_refuses_matrices_that_are_not_those_of_whole_games(starts):
    shared = Experiment.of(make_game("2x2", "Gaussian"), sk.UCB(), sk.UCB(), 10, 1, seed=1)
    stacks, seeds = [np.zeros((3, 2, 2))] * 2, np.zeros(3, np.uint64)
    with pytest.raises(sk.SpecError, match="starts"):
        simulate_many(shared, *stacks, [], [], seeds, starts, (False, False), 1, None, None, {})
