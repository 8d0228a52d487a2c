"""Games of a million outcomes, square and as thin as can be: everything that is quick stays quick."""

from __future__ import annotations

import math

import numpy as np
import pytest

import stackel as sk
from stackel._utils.memory import _physical_memory

SHAPES = [(1000, 1000), (10**6, 1), (1, 10**6)]
HORIZON = 20_000
QUICK = (sk.UCB(), sk.ExploreThenCommit(), sk.ActiveArmElimination())
"""Learners that need no time for actions that they do not play."""


@pytest.fixture(scope="module", params=SHAPES, ids=lambda shape: f"{shape[0]}x{shape[1]}")
def game(request):
    return sk.Game(*np.random.default_rng(3).random((2, *request.param)))


def test_benchmarks(game):
    found = sk.stackelberg(game)
    rows = np.arange(game.shape[0])
    responses = game.follower.argmax(axis=1)
    assert found.leader == game.leader[rows, responses].max()
    for gamma in (0.0, 0.05, math.inf):
        tolerant, self_tolerant = sk.tolerant(game, gamma), sk.self_tolerant(game, gamma)
        assert self_tolerant.leader <= tolerant.leader <= found.leader
        assert self_tolerant.follower <= tolerant.follower <= found.follower
    assert sk.best_responses(game)[found.leader_action, found.follower_action]
    assert sk.alignment(game) > 1e5  # a million random pairs, of which some agree in one utility only


def test_commitments(game):
    uniform = sk.commit(game, np.full(game.shape[0], 1 / game.shape[0]))
    assert uniform.leader == pytest.approx(game.leader[:, uniform.response].mean())
    if 1 in game.shape:  # nothing is gained by mixing
        pure, best = sk.stackelberg(game), sk.mixed_stackelberg(game)
        assert (best.value, best.strategy[pure.leader_action]) == (pure.leader, 1.0)


def test_too_many_linear_programs_are_refused():
    game = sk.Game(*np.random.default_rng(3).random((2, 2, 500_000)))
    with pytest.raises(sk.SpecError, match="game: must be one of at most 4096 responses"):
        sk.mixed_stackelberg(game)


@pytest.mark.parametrize("engine", ["stepwise", "leap"])
@pytest.mark.parametrize("learner", QUICK, ids=lambda learner: type(learner).__name__)
def test_runs(game, learner, engine):
    run = sk.simulate(game, learner, learner, HORIZON, engine=engine, seed=1, checkpoints=2)
    assert run.pulls.sum() == HORIZON
    for player, utility in enumerate((game.leader, game.follower)):
        assert run.utility[player, 0, -1] == pytest.approx((run.pulls[0] * utility).sum(), rel=1e-12)


def test_files_and_snapshots(game, tmp_path):
    run = sk.simulate(game, sk.UCB(), sk.UCB(), HORIZON, seed=1, checkpoints=2)
    run.save(tmp_path / "run")
    assert (tmp_path / "run").stat().st_size < 25 * game.leader.size
    assert sk.load(tmp_path / "run") == run
    sim = sk.Simulation(game, sk.UCB(), sk.UCB(), HORIZON, 1)
    sim.advance(HORIZON // 2)
    again = sk.Simulation.restore(sim.snapshot())
    for each in (sim, again):
        each.advance(HORIZON - HORIZON // 2)
    assert (again.pulls == sim.pulls).all()
    assert (again.utility == sim.utility).all()


def test_what_does_not_fit_says_how_much_it_needs(game):
    available = _physical_memory()
    replications = 1 + (available or 2**60) // (8 * game.leader.size)
    with pytest.raises(sk.SpecError, match=r"replications: .* which need [0-9.]+ GiB"):
        sk.simulate(game, sk.UCB(), sk.UCB(), HORIZON, replications=replications)
    with pytest.raises(sk.SpecError, match=r"replications: .* which need [0-9.]+ GiB"):
        sk.simulate(game, sk.UCB(), sk.UCB(), 2**53, trace=True, checkpoints=replications)


def test_games_that_do_not_fit():
    makers = (
        lambda size: sk.games.random(size, size, 1),
        lambda size: sk.games.aligned(size, size, 2.0, 1),
        lambda size: sk.games.affine(size, size, 1),
        lambda size: sk.games.near_miss(size, size, 1),
        lambda size: sk.games.lower_bound(0.1, size, size),
    )
    for make in makers:
        with pytest.raises(sk.SpecError, match=r"n_leader: .* which need [0-9.]+ GiB"):
            make(2**31)


def test_as_large_a_game_for_an_agent():
    agent = sk.Agent(sk.UCB(), (10**6, 1), HORIZON, 1)
    for action in range(1000):
        assert agent.choose() == action
        agent.observe(0.5)
    with pytest.raises(sk.SpecError, match=r"game_or_shape: .* GiB"):
        sk.Agent(sk.UCB(), (2**31, 2**31), HORIZON, 1)
