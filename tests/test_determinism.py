"""Same version, seed, spec and engine: the same bits, however the work is cut up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS, PAIRS, ROUNDED

import stackel as sk

GAME = sk.Game(*ROUNDED, noise=sk.Gaussian(0.5))
HORIZON = 400
WORTH_THREADS = 2**17 // HORIZON + 1
"""Replications from which on threads are used."""
LEADER, FOLLOWER = sk.UCB(), sk.ActiveArmElimination(sigma=0.3)
ENGINES = ("leap", "stepwise", "reference")


def run(leader=LEADER, follower=FOLLOWER, **options):
    options = {"seed": 5, "replications": 7, "threads": 1, **options}
    return sk.simulate(GAME, leader, follower, HORIZON, **options)


def assert_same_bits(one, other):
    np.testing.assert_array_equal(one.rounds, other.rounds)
    np.testing.assert_array_equal(one.utility.view(np.uint64), other.utility.view(np.uint64))
    np.testing.assert_array_equal(one.pulls, other.pulls)
    assert (one.engine, one.error_bound, one.trace) == (other.engine, other.error_bound, other.trace)


@pytest.mark.parametrize("trace", [False, True])
@pytest.mark.parametrize("engine", ENGINES)
def test_threads_do_not_matter(engine, trace):
    options = {"engine": engine, "replications": WORTH_THREADS, "checkpoints": 3, "trace": trace}
    pairs = zip(LEADERS, reversed(FOLLOWERS), strict=False)
    for (leader, follower), threads in zip(list(pairs)[trace::2], cycle([2, 16, None]), strict=False):
        assert_same_bits(run(leader, follower, **options), run(leader, follower, **options, threads=threads))


@pytest.mark.parametrize(("leader", "follower"), PAIRS, ids=repr)
def test_checkpoints_do_not_matter_unless_leaping(leader, follower):
    options = {"replications": 2, "engine": "stepwise", "trace": True}
    every = run(leader, follower, checkpoints=range(1, HORIZON + 1), **options)
    for checkpoints in (None, 1, 5, [HORIZON], [1, 2, 3, 57, 399], [200]):
        sparse = run(leader, follower, checkpoints=checkpoints, **options)
        np.testing.assert_array_equal(sparse.pulls, every.pulls)
        recorded = every.utility[:, :, sparse.rounds - 1]
        np.testing.assert_array_equal(sparse.utility.view(np.uint64), recorded.view(np.uint64))
        np.testing.assert_array_equal(sparse.cell_counts, every.cell_counts[:, sparse.rounds - 1])
        np.testing.assert_array_equal(sparse.switches, every.switches)
        np.testing.assert_array_equal(sparse.last_exploration, every.last_exploration)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("replications", [1, 2, 7, 64])
def test_fewer_replications_are_a_prefix(replications, engine):
    options = {"engine": engine, "threads": 2, "trace": True}
    many, few = run(replications=WORTH_THREADS, **options), run(replications=replications, **options)
    np.testing.assert_array_equal(few.utility, many.utility[:, :replications])
    np.testing.assert_array_equal(few.pulls, many.pulls[:replications])
    np.testing.assert_array_equal(few.cell_counts, many.cell_counts[:replications])
    np.testing.assert_array_equal(few.switches, many.switches[:, :replications])
    np.testing.assert_array_equal(few.last_exploration, many.last_exploration[:, :replications])


def test_seeds_and_replications_differ():
    paths = [run(seed=seed, replications=50).utility for seed in range(20)]
    ends = {tuple(path[:, r].ravel()) for path in paths for r in range(50)}
    assert len(ends) == 20 * 50


@pytest.mark.parametrize(
    "seed",
    [
        0,
        2**64 - 1,
        np.int64(3),
        np.uint64(2**64 - 1),
        np.random.SeedSequence(3),
        np.random.default_rng(3),
        None,
    ],
)
def test_result_holds_the_seed_that_repeats_it(seed):
    one = run(seed=seed)
    assert type(one.seed) is int
    assert_same_bits(one, run(seed=one.seed))


def test_equal_seed_sequences_give_equal_runs_and_fresh_ones_do_not():
    assert run(seed=np.random.SeedSequence(8)).seed == run(seed=np.random.SeedSequence(8)).seed
    assert run(seed=None).seed != run(seed=None).seed
    generator = np.random.default_rng(8)
    assert run(seed=generator).seed != run(seed=generator).seed


def test_global_state_is_neither_read_nor_written():
    np.random.seed(1)  # noqa: NPY002
    before = np.random.get_state()[1].tolist()  # noqa: NPY002
    one = run()
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    np.random.seed(2)  # noqa: NPY002
    assert_same_bits(one, run())


def test_simultaneous_calls_do_not_disturb_each_other():
    alone = [run(seed=seed) for seed in range(24)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda seed: run(seed=seed, threads=2), range(24)))
    for one, other in zip(alone, together, strict=True):
        assert_same_bits(one, other)


def test_longer_game_begins_like_a_shorter_one_when_no_rule_looks_at_the_horizon():
    learners = (sk.UCB(anytime=True), sk.ExploreThenCommit(exploration=20))
    rounds = range(1, HORIZON + 1)
    short = run(*learners, checkpoints=rounds, engine="stepwise")
    long = sk.simulate(
        GAME,
        *learners,
        10 * HORIZON,
        seed=5,
        replications=7,
        threads=1,
        checkpoints=rounds,
        engine="stepwise",
    )
    np.testing.assert_array_equal(short.utility, long.utility)


@pytest.mark.parametrize("rule", [sk.UniformLearner(), sk.ThompsonSampling(family="bernoulli")], ids=repr)
def test_a_choice_does_not_depend_on_what_others_do(rule):
    """The n-th answers to an action are the same whenever they are asked for, as are rewards."""
    answers = []
    for leader in (sk.UCB(), sk.FixedAction(1), sk.UniformLearner()):
        sim = sk.Simulation(GAME, leader, rule, HORIZON, 5)
        actions, responses = sim.step(HORIZON).actions
        answers.append(responses[actions == 1])
    shortest = min(map(len, answers))
    assert shortest > 20
    assert all((some[:shortest] == answers[0][:shortest]).all() for some in answers)
