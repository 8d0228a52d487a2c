"""Leaps of UCBV: the same game in whatever pieces, and the definition where squares are known."""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk

RULES = [
    sk.UCBV(reward_range=0.1),
    sk.UCBV(),
    sk.UCBV(reward_range=0.0, ties="random", first="random"),
    sk.UCBV(reward_range=0.3, confidence=0.5, count_current=False),
]
OTHERS = [
    sk.UCB(sigma=0.3),
    sk.ThompsonSampling(sigma=0.3),
    sk.EpsilonGreedy(epsilon=0.05),
    sk.ExploreThenCommit(exploration=100),
    sk.ActiveArmElimination(sigma=0.1),
    sk.UniformLearner(),
    sk.Doubling(sk.UCBV(reward_range=0.2)),
]
HORIZON = 1 << 16


def any_game(rng, seed):
    """Return a game in which UCBV leaps, with utilities apart, close or tied; every sixth one changes."""
    shape = rng.integers(1, 4, 2)
    laws = [sk.Gaussian(0.5), sk.Gaussian(rng.random(shape) + 0.05), sk.Bernoulli()]
    scale = rng.choice([1.0, 0.1, 0.0])
    games = [
        sk.Game(*(0.5 + scale * (rng.random((2, *shape)) - 0.5)), noise=(laws[seed % 3], laws[seed % 2]))
        for _ in range(2)
    ]
    return sk.ChangingGame(games, [0, 10_000]) if seed % 6 == 0 else games[0]


def any_pair(rng):
    """Return a pair with UCBV in one seat at least."""
    pair = [RULES[rng.integers(len(RULES))], [*RULES, *OTHERS][rng.integers(len(RULES + OTHERS))]]
    return pair if rng.random() < 0.5 else pair[::-1]


@pytest.mark.parametrize("seed", range(30))
def test_leaps_are_the_same_in_whatever_pieces(seed):
    rng = np.random.default_rng(seed)
    game, pair = any_game(rng, seed), any_pair(rng)
    checkpoints = sorted({*rng.integers(1, HORIZON, 4).tolist(), HORIZON})
    runs = [
        sk.simulate(game, *pair, HORIZON, seed=seed, engine="leap", **how)
        for how in ({}, {"trace": True}, {"checkpoints": checkpoints}, {"crossing_tolerance": 1e-9})
    ]
    for run in runs[1:]:
        assert np.array_equal(runs[0].pulls, run.pulls), (game, pair)
    simulation = sk.Simulation(game, *pair, HORIZON, seed=seed, engine="leap")
    while simulation.t < HORIZON:
        simulation.advance(min(int(rng.integers(HORIZON // 4)), HORIZON - simulation.t))
        simulation.step(min(int(rng.integers(300)), HORIZON - simulation.t))
        simulation = sk.Simulation.restore(simulation.snapshot())
    assert np.array_equal(simulation.pulls, runs[0].pulls[0]), (game, pair)


@pytest.mark.parametrize("seed", range(20))
def test_of_coins_the_squares_are_known(seed):
    rng = np.random.default_rng(seed)
    shape = (2, *rng.integers(1, 5, 2))
    game = sk.Game(*rng.choice([rng.random(shape), np.full(shape, 0.4)]), noise=sk.Bernoulli())
    pair = [RULES[rng.integers(len(RULES))] for _ in range(2)]
    leapt, stepped = (
        sk.simulate(game, *pair, HORIZON, seed=seed, engine=engine) for engine in ("leap", "stepwise")
    )
    assert np.array_equal(leapt.utility, stepped.utility)
    assert np.array_equal(leapt.pulls, stepped.pulls)


@pytest.mark.parametrize("given", [True, False], ids=["given", "drawn"])
@pytest.mark.parametrize("rule", RULES, ids=repr)
def test_squares_of_rewards_that_the_caller_may_react_to_are_their_own(rule, given):
    game, horizon = sk.Game([[0.5, 0.2, 0.4]], [[0.3, 0.6, 0.5]]), 2000
    choices = []
    for engine in ("leap", "stepwise"):
        rng = np.random.default_rng(1)
        simulation = sk.Simulation(game, None, rule, horizon, seed=2, engine=engine)
        for _ in range(horizon):
            _, response = simulation.choose(0)
            simulation.observe(follower_reward=0.2 * response + rng.normal() if given else None)
        choices.append(simulation.pulls)
    assert np.array_equal(*choices)
    assert (choices[0] > 0).all()


def test_a_reward_that_the_caller_gives_in_between_counts_as_it_is():
    """A huge reward makes an arm the best one for all rounds that follow, whatever was drawn before."""
    game, horizon = sk.Game([[0.0, 0.0]], [[0.0, 0.3]]), 40_000
    simulation = sk.Simulation(game, sk.FixedAction(0), sk.UCBV(), horizon, seed=1, engine="leap")
    simulation.advance(20_000)
    before = simulation.pulls.copy()
    _, response = simulation.choose()
    simulation.observe(follower_reward=1e9)
    simulation.advance(horizon - simulation.t)
    assert simulation.pulls[0, response] - before[0, response] == horizon - 20_000


@pytest.mark.parametrize(
    "pair", [(sk.UCBV(), sk.UCB()), (sk.UCB(), sk.UCBV()), (sk.UCBV(), sk.UCBV())], ids=repr
)
@pytest.mark.parametrize("noise", [sk.Gaussian(), sk.Bernoulli()], ids=repr)
def test_a_trillion_rounds_end(pair, noise):
    utility = np.random.default_rng(4).random((2, 4, 4))
    run = sk.simulate(sk.Game(*utility, noise=noise), *pair, 10**12, seed=1)
    assert (run.engine, int(run.pulls.sum())) == ("leap", 10**12)
    assert 0 < run.error_bound < 1e-9
