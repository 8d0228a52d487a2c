"""Every engine plays the same game, to the last bit, whatever checkpoints, traces and tolerances it has.

Where a learner that draws is leapt over, the game is the same in law only, and leaps are compared with each
other. Laws are compared in `test_leap_law.py`.
"""

from __future__ import annotations

import dataclasses
import itertools
from zlib import crc32

import numpy as np
import pytest
from cases import BREAKING_TIES, LEADERS, MEANS, NOISES, PAIRS, can_be, followers_of, make_game
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk
from stackel._selftest.cases import LONGEST_STEPPED, random_case
from stackel._selftest.equality import TOLERANCES, differences, disagreements, random_rounds
from stackel.learners._examples import leaps

BOLD = [learner for learner in BREAKING_TIES if can_be(learner, "leader")]


def assert_engines_agree(
    game, leader, follower, horizon, engines=("reference", "stepwise", "leap"), **options
):
    """All engines, each with some checkpoints, traces and tolerances of its own."""
    rng = np.random.default_rng(crc32(f"{leader} {follower} {horizon} {options}".encode()))
    in_law = "in law" in map(leaps, (leader, follower))
    if in_law:
        engines = (*engines, "leap")
    runs = [
        sk.simulate(
            game,
            leader,
            follower,
            horizon,
            **{"seed": 1, "replications": 2, "threads": 1, **options},
            engine=engine,
            checkpoints=sorted({*random_rounds(horizon, rng), (horizon + 1) // 2, horizon}),
            # With a trace, rounds of schedules are played one by one.
            trace=bool(horizon <= LONGEST_STEPPED and rng.integers(2)),
            crossing_tolerance=float(rng.choice(TOLERANCES)),
        )
        for engine in engines
    ]
    assert [run.engine for run in runs] == list(engines)
    first = {}
    for run in runs:
        one = first.setdefault(in_law and run.engine == "leap", run)
        assert not differences(one, run), (run.engine, repr(game), leader, follower, horizon, options)
    return runs


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("leader", [*LEADERS, *BOLD], ids=repr)
def test_every_pair_in_every_game(leader, noise):
    followers = followers_of(leader) if leader in LEADERS else [sk.UCB(sigma=0.4), leader]
    # The games take turns, so that each learner meets all of them.
    games = itertools.islice(itertools.cycle(MEANS), len(repr(leader)) % len(MEANS), None)
    for means, follower in zip(games, followers, strict=False):
        if can_be(follower, "follower"):
            assert_engines_agree(make_game(means, noise), leader, follower, 317)


@pytest.mark.parametrize("horizon", [1, 2, 3, 4, 5, 7, 16])
def test_every_pair_for_few_rounds(horizon):
    for leader, follower in PAIRS:
        assert_engines_agree(make_game("2x3", "Gaussian"), leader, follower, horizon)


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
@pytest.mark.parametrize("means", ["2x2", "ties", "5x3"])
def test_every_pair_for_many_rounds(means, noise):
    for leader, follower in PAIRS:
        assert_engines_agree(make_game(means, noise), leader, follower, 5_000, replications=1)


PHASES = (None, (1,), (3,), (1, 2, 4, 8), (50,))
SWEEPS = [sk.ActiveArmElimination(phases=phases, sigma=0.3) for phases in PHASES]
INDICES = [
    sk.UCB(sigma=0.3),
    sk.UCB(anytime=True, sigma=0.3),
    sk.UCB(sigma=0.02),
    sk.LipschitzUCB(follower_constant=0.5, sigma=0.3),
    sk.ExploreThenUCB(exploration=40, sigma=0.3),
]
SCHEDULES = [
    sk.ExploreThenCommit(exploration=300),
    sk.ExploreThenCommit(),
    sk.ExploreThenCommitThrowOut(discard=100, exploration=200),
    sk.FixedAction(0),
]
DELICATE = [*SWEEPS, *INDICES, *SCHEDULES]
"""Sweeps of elimination, descents of indices, and schedules: what is leapt over in its own way."""
RNG = np.random.default_rng(3)
HARD = {
    "tied 4x4": np.full((2, 4, 4), 0.5),
    "nearly tied": 0.5 + RNG.normal(size=(2, 3, 4)) / 100,
    "random 8x8": RNG.random((2, 8, 8)),
    "wide": RNG.random((2, 2, 40)),
    "rare": np.array([[[0.0, 1e-3, 1.0], [1e-3, 2e-3, 0.0]], [[1e-3, 0.0, 2e-3], [1.0, 0.0, 1.0]]]),
}
LAWS = [
    sk.Gaussian(0.5),
    sk.Bernoulli(),
    (sk.Gaussian(0.05), sk.Uniform(1.0)),
    (sk.Uniform(0.5), sk.Gaussian(0.5)),
]


@pytest.mark.parametrize("means", HARD)
@pytest.mark.parametrize("leader", DELICATE, ids=repr)
def test_hard_games(leader, means):
    for follower, law in itertools.product(DELICATE, LAWS):
        if can_be(follower, "follower"):
            assert_engines_agree(sk.Game(*HARD[means], noise=law), leader, follower, 3000, replications=1)


def test_penalties_and_games_far_from_zero():
    penal = RNG.random((2, 3, 4))
    penal[:, 1, 2] = -1e12
    for means in (penal, penal * 1e-3 - 1e9, penal * 1e80):
        game = sk.Game(*means, noise=sk.Gaussian(float(np.median(np.abs(means)))))
        for leader, follower in PAIRS:
            assert_engines_agree(game, leader, follower, 400, replications=1)


@settings(max_examples=1500, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**64 - 1))
def test_any_game_of_any_learners(seed):
    rng = np.random.default_rng(seed)
    case = random_case(rng)
    assert not disagreements(case, rng), str(case)


@pytest.mark.parametrize("scale", [1e-99, 1e-9, 1e9, 1e99])
def test_utilities_of_any_scale(scale):
    leader_means, follower_means = (np.array(means) * scale for means in MEANS["5x3"])
    game = sk.Game(leader_means, follower_means, noise=sk.Gaussian(scale))
    scaled = [dataclasses.replace(each, sigma=0.3 * scale) for each in LEADERS if hasattr(each, "sigma")]
    for leader, follower in itertools.product(scaled, scaled):
        if can_be(follower, "follower"):
            assert_engines_agree(game, leader, follower, 500)


@pytest.mark.parametrize("rule", [sk.UCB(sigma=0.0), sk.EpsilonGreedy(epsilon=0.0)], ids=repr)
def test_a_tie_at_zero_goes_to_the_lowest_index(rule):
    # The second action earns 1 and then -1: with a mean of 0 it no longer leads.
    game = sk.Game([[0, 0], [1, -1]], [[0, 0], [0, 1]], noise=sk.Deterministic())
    assert_engines_agree(game, rule, sk.ExploreThenCommit(exploration=1), 20)


def test_learners_that_assume_a_wrong_scale():
    game = sk.Game([[1e9, -1e9], [3e9, 2e9]], [[1e-9, 2e-9], [3e-9, -1e-9]], noise=sk.Gaussian(1e9))
    for leader, follower in PAIRS:
        assert_engines_agree(game, leader, follower, 500)


LONG = [
    *itertools.product(
        [sk.UCB(), sk.UCB(anytime=True), sk.MOSS(), sk.ExploreThenUCB(), sk.ExploreThenCommitAdaptive()],
        [sk.UCB(), sk.ActiveArmElimination(), sk.ExploreThenCommit()],
    ),
    (sk.ActiveArmElimination(), sk.UCB()),
    (sk.ExploreThenCommit(), sk.ExploreThenCommit()),
    (sk.ExploreThenCommitThrowOut(), sk.ExploreThenCommit()),
    (sk.LipschitzUCB(follower_constant=0.5), sk.KLUCB()),
    (sk.EpsilonGreedy(epsilon=20.0, decay=1.0), sk.EpsilonGreedy(epsilon=20.0, decay=1.0)),
    (sk.ThompsonSampling(), sk.ThompsonSampling(sigma=0.5)),
    (sk.ThompsonSampling(), sk.UCB()),
    (sk.UCB(anytime=True), sk.ThompsonSampling(prior_weight=0.0)),
    (sk.UniformLearner(), sk.UCB()),
    (sk.UCB(), sk.UniformLearner()),
    (sk.ExploreThenCommit(), sk.UniformLearner()),
    (sk.ThompsonSampling(), sk.UniformLearner()),
]


@pytest.mark.parametrize(
    ("noise", "horizon", "pairs"),
    [
        ("Gaussian", 10**8, LONG),
        ("Gaussian", 10**12, LONG),
        ("Gaussian(0)", 10**12, LONG),
        ("Bernoulli", 10**8, LONG),
        ("Bernoulli, Gaussian", 10**12, LONG[::4]),
    ],
    ids=lambda given: "" if isinstance(given, list) else str(given),
)
def test_leaps_over_long_games_do_not_depend_on_their_lengths(noise, horizon, pairs):
    for leader, follower in pairs:
        game = make_game("5x3", noise)
        one, *_ = assert_engines_agree(game, leader, follower, horizon, engines=["leap"] * 3, replications=1)
        assert one.pulls.sum() == horizon
        sim = sk.Simulation(game, leader, follower, horizon, 1, engine="leap")
        for t in one.rounds.tolist():
            sim.advance((t - sim.t) // 2)
            sim.step(min(5, t - sim.t))
            sim = sk.Simulation.restore(sim.snapshot())
            sim.advance(t - sim.t)
        np.testing.assert_array_equal(sim.pulls, one.pulls[0])
        np.testing.assert_array_equal(sim.utility, one.utility[:, 0, -1])


def test_the_comparison_is_of_leaps():
    """Blocks are leapt over, so that the tests above do not compare stepping with itself."""
    for noise in ("Gaussian", "Bernoulli"):
        rule = sk.UCB(sigma=0.2)
        *_, leapt = assert_engines_agree(make_game("2x2", noise), rule, rule, 10_000, replications=10)
        assert leapt.error_bound / leapt.crossing_tolerance > 20
