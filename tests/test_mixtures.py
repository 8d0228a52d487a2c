"""Rounds of mixtures that are counted at once are those that are played one by one.

With a trace, rounds are played in their order.
"""

from __future__ import annotations

import numpy as np
import pytest

import stackel as sk

LONG = 1 << 16
"""Horizon from which on rounds of an epsilon-greedy learner are counted."""
MIXING = [
    sk.EpsilonGreedy(),
    sk.EpsilonGreedy(epsilon=0.3, ties="random"),
    sk.EpsilonGreedy(epsilon=1.0),
    sk.EpsilonGreedy(epsilon=0.01),
    sk.UniformLearner(),
]
OTHERS = [
    sk.UCB(),
    sk.UCB(sigma=0.1),
    sk.MOSS(),
    sk.ExploreThenCommit(),
    sk.ActiveArmElimination(),
    sk.ThompsonSampling(),
    sk.EXP3(),
    sk.FixedAction(0),
]
NOISES = [
    sk.Gaussian(1.0),
    sk.Gaussian(0.1),
    sk.Bernoulli(),
    sk.Uniform(0.5),
    sk.Deterministic(),
    (sk.Gaussian(0.3), sk.Bernoulli()),
]


def any_game(rng, seed):
    """Return a game with utilities that are apart, close or tied."""
    shape = (2, *rng.integers(1, 5, 2))
    scale = rng.choice([1.0, 0.1, 0.01, 0.0])
    return sk.Game(*(0.5 + scale * (rng.random(shape) - 0.5)), noise=NOISES[seed % len(NOISES)])


@pytest.mark.parametrize("seed", range(40))
def test_counted_rounds_are_those_in_order(seed):
    rng = np.random.default_rng(seed)
    game = any_game(rng, seed)
    pair = [MIXING[rng.integers(len(MIXING))], [*MIXING, *OTHERS][rng.integers(len(MIXING + OTHERS))]]
    if rng.random() < 0.5:
        pair.reverse()
    if seed % 8 == 0:
        pair[1] = sk.Blind(sk.EpsilonGreedy(epsilon=0.05))
    horizon = int(rng.choice([LONG, 3 * LONG]))
    checkpoints = sorted({*rng.integers(1, horizon, 4).tolist(), horizon})
    runs = [
        sk.simulate(game, *pair, horizon, seed=seed, replications=2, engine="leap", **how)
        for how in ({}, {"trace": True}, {"checkpoints": checkpoints}, {"crossing_tolerance": 1e-9})
    ]
    for run in runs[1:]:
        assert np.array_equal(runs[0].pulls, run.pulls), (game, pair, horizon)
    simulation = sk.Simulation(game, *pair, horizon, seed=seed, engine="leap")
    while simulation.t < horizon:
        simulation.advance(min(horizon // 3, horizon - simulation.t))
        simulation = sk.Simulation.restore(simulation.snapshot())
    assert np.array_equal(simulation.pulls, runs[0].pulls[0])


@pytest.mark.parametrize("pair", [MIXING[:1] + OTHERS[:1], OTHERS[:1] + MIXING[:1], MIXING[:2]], ids=repr)
def test_a_trillion_rounds_explore_as_often_as_they_should(pair):
    rng = np.random.default_rng(1)
    game = sk.Game(
        *rng.permuted(np.linspace(0.0, 1.0, 9).reshape(1, 9).repeat(2, 0), axis=1).reshape(2, 3, 3)
    )
    horizon = 10**12
    run = sk.simulate(game, *pair, horizon, seed=1)
    assert run.engine == "leap"
    assert 0 < run.error_bound < 1e-9
    for seat, rule in enumerate(pair):
        if isinstance(rule, sk.EpsilonGreedy):
            pulls = (
                run.pulls[0].sum(axis=1 - seat) if seat == 0 else run.pulls[0][run.pulls[0].sum(1).argmax()]
            )
            rounds, share = pulls.sum(), rule.epsilon / 3
            bad = np.sort(pulls)[:-1]
            # A bad arm is played in explorations, but for some early rounds; six standard deviations.
            assert (np.abs(bad - rounds * share) < 6 * np.sqrt(rounds * share) + 1e5).all()
