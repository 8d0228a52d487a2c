"""What holds for every run, whoever plays what: of results, batches, simulations and agents."""

from __future__ import annotations

import copy
import math
import pickle
import tempfile
from pathlib import Path

import numpy as np
import pytest
from about import FEW, MANY, about
from cases import EITHER_SEAT, FOLLOWERS, LEADERS, is_random
from hypothesis import given
from hypothesis import strategies as st
from made_up import EIGHTHS, SEEDS, SETTLED, games, plays, run

import stackel as sk
from stackel._selftest.equality import differences
from stackel.learners._examples import leaps

ENGINES = st.sampled_from(["auto", "leap", "stepwise"])
ANY = plays(utilities=EIGHTHS)
"""Plays whose utilities add up without rounding."""
SCALED = (
    sk.UCB(sigma=0.5),
    sk.ExploreThenCommit(),
    sk.ExploreThenUCB(sigma=0.5),
    sk.ActiveArmElimination(sigma=0.5),
    sk.MOSS(sigma=0.5),
    sk.SlidingWindowUCB(sigma=0.5),
)
"""Learners that know no unit but sigma."""


def earned(pulls, game):
    """Utilities that outcomes of these counts add up to, shape (2, R)."""
    return np.stack([(pulls * u).sum(axis=(-2, -1)) for u in (game.leader, game.follower)])


@about("simulate", "Result", "Result.regret", "Result.horizon", "Result.replications")
@MANY
@given(ANY, ENGINES, st.integers(1, 3), st.integers(1, 5))
def test_counts_add_up_and_earn_the_utility(play, engine, replications, marks):
    game, _, _, horizon, seed = play
    result = run(play, engine=engine, replications=replications, checkpoints=marks)
    assert (result.pulls >= 0).all()
    assert (result.pulls.sum(axis=(1, 2)) == horizon).all()
    assert result.rounds[-1] == horizon
    assert (np.diff(result.rounds) > 0).all()
    assert (result.utility[:, :, -1] == earned(result.pulls, game)).all()
    assert (result.horizon, result.replications, result.seed) == (horizon, replications, seed)
    assert 0.0 <= result.error_bound < 1e-9
    for benchmark in (sk.stackelberg, sk.tolerant(game, 0.1), (1.0, 0.5)):
        value = benchmark(game) if callable(benchmark) else benchmark
        alpha = value if isinstance(value, tuple) else (value.leader, value.follower)
        expected = np.multiply.outer(alpha, result.rounds)[:, None] - result.utility
        assert (result.regret(benchmark) == expected).all()


@about("simulate")
@MANY
@given(ANY, ENGINES, st.booleans())
def test_replications_do_not_know_of_each_other(play, engine, trace):
    options = {"engine": engine, "trace": trace, "checkpoints": 3}
    many = run(play, replications=4, threads=3, **options)
    few = run(play, replications=2, threads=1, **options)
    assert (many.utility[:, :2] == few.utility).all()
    assert (many.pulls[:2] == few.pulls).all()


@about("simulate", "simulate_many", "Simulation.advance", "Simulation.step", "Simulation.snapshot")
@MANY
@given(ANY, st.data())
def test_there_is_one_game_for_all(play, data):
    """By every engine, at once and in pieces, alone and in a batch, whatever is looked at."""
    game, leader, follower, horizon, seed = play
    every = run(play, engine="reference", checkpoints=range(1, horizon + 1), trace=True)
    in_law = "in law" in map(leaps, (leader, follower))
    for engine in ("stepwise",) if in_law else ("stepwise", "leap"):
        some = sorted(data.draw(st.sets(st.integers(1, horizon), min_size=1, max_size=9)))
        options = {"checkpoints": some, "trace": data.draw(st.booleans())}
        tolerance = data.draw(st.sampled_from([1e-18, 1e-300]))
        result = run(play, engine=engine, crossing_tolerance=tolerance, **options)
        assert not differences(every, result)
        sim = sk.Simulation(*play, engine=engine, crossing_tolerance=tolerance)
        for t in some:
            how = data.draw(st.sampled_from([sim.advance, sim.step]))
            how(t - sim.t)
            assert (sim.utility == every.utility[:, 0, t - 1]).all()
            assert (sim.pulls == every.cell_counts[0, t - 1]).all()
            if data.draw(st.booleans()):
                sim = sk.Simulation.restore(sim.snapshot())
        stacks = (u[None] for u in (game.leader, game.follower))
        batch = sk.simulate_many(
            *stacks, leader, follower, horizon, seed=[seed], engine=engine, checkpoints=some, noise=game.noise
        )
        assert (batch[0].pulls == every.pulls).all()


@about("simulate")
@MANY
@given(
    plays(
        leaders=SCALED, followers=(*SCALED, sk.BestResponse()), utilities=EIGHTHS, laws=st.just(sk.Gaussian())
    ),
    st.sampled_from([1 / 4, 2.0, 16.0]),
    ENGINES,
)
def test_units_do_not_matter(play, unit, engine):
    """By powers of 2, to the last bit: utilities, noise and the scale that learners assume."""

    def in_units(learner):
        return type(learner)(**vars(learner) | ({"sigma": 0.5 * unit} if "sigma" in vars(learner) else {}))

    game, leader, follower, horizon, seed = play
    larger = sk.Game(unit * game.leader, unit * game.follower, noise=sk.Gaussian(unit))
    one = run(play, engine=engine)
    other = run((larger, in_units(leader), in_units(follower), horizon, seed), engine=engine)
    assert (one.pulls == other.pulls).all()
    assert (unit * one.utility == other.utility).all()


def with_more_rows(law, shape):
    """The law for twice as many leader actions."""
    *_, (name, scale) = vars(law).items() or [("", 0.0)]
    if not np.ndim(scale):
        return law
    return type(law)(**vars(law) | {name: np.vstack([scale, np.ones(shape)])})


@about("simulate")
@MANY
@given(plays(leaders=[sk.FixedAction(0)], utilities=EIGHTHS), ENGINES)
def test_what_is_never_played_does_not_matter(play, engine):
    game, *others = play
    larger = (np.vstack([u, np.full_like(u, 0.5)]) for u in (game.leader, game.follower))
    more = sk.Game(*larger, noise=tuple(with_more_rows(law, game.shape) for law in game.noise))
    if isinstance(others[1], sk.FixedAction | sk.BestResponse | sk.UCB):  # lengths of others depend on |A|
        played = run((more, *others), engine=engine).pulls
        assert (played[:, : game.shape[0]] == run(play, engine=engine).pulls).all()


@about("Trace", "Trace.arrays", "Result.cell_counts", "Result.switches", "Result.last_exploration")
@MANY
@given(ANY, ENGINES)
def test_traces_tell_of_the_same_game(play, engine):
    game, _, _, horizon, _ = play
    result = run(play, engine=engine, trace=True, checkpoints=5, replications=2)
    counts = result.cell_counts
    assert (counts.sum(axis=(2, 3)) == result.rounds).all()
    assert (np.diff(counts, axis=1) >= 0).all()
    assert (counts[:, -1] == result.pulls).all()
    assert (earned(counts, game) == result.utility).all()
    assert (result.switches <= result.last_exploration).all()
    assert (result.last_exploration < horizon).all()
    assert pickle.loads(pickle.dumps(result.trace)) == result.trace
    assert result.trace.arrays() == (counts, result.switches, result.last_exploration)


@about("load", "Result.save", "Result.provenance", "Result.spec")
@FEW
@given(ANY, st.booleans())
def test_results_are_kept_bit_for_bit(play, trace):
    result = run(play, trace=trace, replications=2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "run")
        result.save(path)
        for again in (sk.load(path), pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
            assert again == result
            assert again.utility.tobytes() == result.utility.tobytes()
            assert again.provenance == result.provenance
            assert again.spec == result.spec


@about("Result.summary", "Result.table", "Result.to_xarray")
@FEW
@given(ANY, st.floats(0.5, 0.99))
def test_tables_hold_what_was_recorded(play, confidence):
    result = run(play, replications=3, checkpoints=2)
    table, summary = result.table, result.summary(sk.stackelberg, confidence=confidence)
    assert (table["utility"].to_numpy() == result.utility.ravel()).all()
    regret = result.regret(sk.stackelberg).mean(axis=1).ravel()
    np.testing.assert_allclose(summary["regret"], regret, atol=1e-9)
    known = summary.dropna()  # there are no limits where replications are alike by chance
    assert (known["regret_low"] <= known["regret"] + 1e-12).all()
    assert (known["regret"] <= known["regret_high"] + 1e-12).all()
    assert (result.to_xarray()["utility"].to_numpy() == result.utility).all()


@about("Simulation", "Simulation.advance", "Simulation.step", "Rounds", "Simulation.snapshot")
@about("Simulation.restore", "Simulation.pulls", "Simulation.utility", "Simulation.t", "Simulation.horizon")
@about("Simulation.seed", "Simulation.replication", "Simulation.engine", "Simulation.game")
@about("Simulation.leader", "Simulation.follower", "Simulation.error_bound")
@MANY
@given(ANY, st.sampled_from(["leap", "stepwise"]), st.integers(0, 3), st.floats(0.0, 1.0))
def test_simulations_are_the_replications_in_pieces(play, engine, replication, share):
    game, leader, follower, horizon, seed = play
    sim = sk.Simulation(*play, replication=replication, engine=engine)
    before = max(1, int(share * horizon))
    sim.advance(before)
    again = sk.Simulation.restore(sim.snapshot())
    assert again.snapshot() == sim.snapshot()
    for each in (sim, again):
        each.advance(horizon - before)
        marks = [before] if before == horizon else [before, horizon]
        whole = run(play, engine=engine, replications=replication + 1, checkpoints=marks)
        assert (each.pulls == whole.pulls[-1]).all()
        assert (each.utility == whole.utility[:, -1, -1]).all()
        assert (each.t, each.horizon, each.seed, each.replication) == (horizon, horizon, seed, replication)
        assert (each.game, each.leader, each.follower) == (game, leader, follower)
        assert each.engine in {"leap", "stepwise"}
        assert 0.0 <= each.error_bound < 1e-9
    stepped = sk.Simulation(*play, engine="stepwise")
    actions, rewards = stepped.step(horizon)
    assert rewards.shape == actions.shape == (2, horizon)
    assert np.isfinite(rewards).all()
    counts = np.zeros(game.shape, np.int64)
    np.add.at(counts, tuple(actions), 1)
    assert (counts == stepped.pulls).all()


@about("Agent", "Agent.choose", "Agent.observe", "Agent.snapshot", "Agent.restore", "Agent.t", "Agent.role")
@about("Agent.learner", "Agent.horizon", "Agent.seed", "Agent.replication", "Agent.shape")
@about("Simulation.choose", "Simulation.observe")
@MANY
@given(plays(horizons=st.integers(1, 40), utilities=EIGHTHS), st.floats(0.0, 1.0))
def test_agents_play_what_their_learners_play(play, share):
    game, leader, follower, horizon, seed = play
    alone = sk.Simulation(*play, engine="stepwise")
    actions, _ = alone.step(horizon)
    sim = sk.Simulation(game, None, None, horizon, seed)
    seats = {"leader": leader, "follower": follower}
    agents = {
        role: sk.Agent(learner, game, horizon, seed, role=role)
        for role, learner in seats.items()
        if not is_random(learner) or role == "leader"
    }
    for t in range(horizon):
        if t == int(share * horizon):
            agents = {role: sk.Agent.restore(agent.snapshot()) for role, agent in agents.items()}
        a = agents["leader"].choose()
        b = agents["follower"].choose(a) if "follower" in agents else int(actions[1, t])
        assert sim.choose(a, b) == (a, b)
        assert (a, b) == tuple(actions[:, t])
        rewards = sim.observe()
        agents["leader"].observe(rewards[0], follower_action=b)
        if "follower" in agents:
            agents["follower"].observe(rewards[1], leader_reward=rewards[0])
    for role, agent in agents.items():
        assert (agent.t, agent.horizon, agent.role, agent.seed) == (horizon, horizon, role, seed)
        assert (agent.learner, agent.shape, agent.replication) == (seats[role], game.shape, 0)


@about("simulate_many", "Batch", "Batch.game", "Batch.regret", "Batch.horizon", "Batch.replications")
@MANY
@given(st.lists(SEEDS, min_size=1, max_size=3), st.sampled_from(LEADERS), st.sampled_from(FOLLOWERS), ENGINES)
def test_many_games_are_as_many_single_ones(seeds, leader, follower, engine):
    several = [sk.games.random(2, 3, seed, noise=sk.Gaussian(0.5)) for seed in seeds]
    stacks = ([getattr(game, role) for game in several] for role in ("leader", "follower"))
    options = {"replications": 2, "checkpoints": 3, "engine": engine}
    batch = sk.simulate_many(
        *stacks, leader, follower, 100, noise=sk.Gaussian(0.5), seed=np.array(seeds, np.uint64), **options
    )
    assert (len(batch), batch.horizon, batch.replications) == (len(seeds), 100, 2)
    for i, (game, seed) in enumerate(zip(several, seeds, strict=True)):
        single = sk.simulate(game, leader, follower, 100, seed=seed, **options)
        assert (batch[i].utility == single.utility).all()
        assert (batch[i].pulls == single.pulls).all()
        assert (batch.game(i).leader == game.leader).all()
        assert (batch.regret(sk.stackelberg)[:, i] == single.regret(sk.stackelberg)).all()


class Scripted:
    """Plays at random, alone or for all replications."""

    def __init__(self):
        self.seen = 0

    def reset(self, n_arms, horizon, role):
        self.n_arms = n_arms

    def choose(self, rng):
        return int(rng.integers(self.n_arms))

    def observe(self, arm, reward):
        assert math.isfinite(reward)
        self.seen += 1


class Vectorised:
    def reset_many(self, n_instances, n_arms, horizon, role):
        self.n_arms, self.count = n_arms, n_instances

    def choose_many(self, rng, instances):
        assert len(rng) == len(instances)
        assert (rng.random() < 1).all()
        assert np.isfinite(rng.standard_normal()).all()
        return rng.integers(self.n_arms)

    def observe_many(self, instances, arms, rewards):
        assert instances.shape == arms.shape == rewards.shape
        assert (instances < self.count).all()


@about(
    "Policy",
    "Policy.choose",
    "Policy.observe",
    "RandomStreams",
    "VectorPolicy",
    "CustomLearner",
    "CustomLearner.vectorised",
    "OwnLearner",
)
@about("CustomLearner.sees_response", "CustomLearner.as_core", "OwnLearner.resolve", "OwnLearner.to_dict")
@about("OwnLearner.label", "RecordedLearner", "RecordedLearner.to_dict", "RecordedLearner.from_dict")
@about("RecordedLearner.as_core", "VectorPolicy.choose_many", "VectorPolicy.observe_many")
@FEW
@given(games(), st.sampled_from(EITHER_SEAT), SEEDS, st.integers(1, 40))
def test_own_learners_play_by_the_same_rules(game, other, seed, horizon):
    for policy in (Scripted, Vectorised):
        mine = sk.CustomLearner(policy)
        assert (mine.label, mine.vectorised, mine.sees_response) == (
            policy.__name__,
            policy is Vectorised,
            False,
        )
        assert mine.resolve("leader", horizon, *game.shape) is mine
        for pair in ((mine, other), (other, mine)):
            results = [
                sk.simulate(game, *pair, horizon, seed=seed, replications=count) for count in (3, 3, 1)
            ]
            assert (results[0].pulls.sum(axis=(1, 2)) == horizon).all()
            assert results[0] == results[1]
            assert (results[0].pulls[:1] == results[2].pulls).all()
        recorded = sk.Learner.from_dict(mine.to_dict())
        assert recorded == sk.RecordedLearner.from_dict(mine.to_dict())
        assert recorded.to_dict() == mine.to_dict()
        assert isinstance(mine, sk.OwnLearner)
        assert mine.as_core() == ("CustomLearner", {"policy": mine})
        assert isinstance(recorded, sk.OwnLearner)
        with pytest.raises(sk.SpecError, match="learner"):
            recorded.as_core()
    assert isinstance(Scripted(), sk.Policy)
    assert isinstance(Vectorised(), sk.VectorPolicy)


@about("CancelToken")
@FEW
@given(plays(horizons=st.just(10**15), leaders=[sk.UniformLearner()]), st.sampled_from(["simulate", "step"]))
def test_what_is_cancelled_stops(play, how):
    token = sk.CancelToken()
    assert not token.cancelled
    token.cancel()
    assert token.cancelled
    sim = sk.Simulation(*play)
    with pytest.raises(sk.RunError):
        run(play, cancel=token) if how == "simulate" else sim.advance(10**15, cancel=token)
    assert sim.t == 0


@about("central_explorer", "Exploration")
@MANY
@given(games(laws=st.sampled_from(SETTLED)), st.floats(0.1, 2.0), SEEDS, st.integers(1, 1000))
def test_explorers_find_what_they_saw(game, epsilon, seed, samples):
    found = sk.central_explorer(game, epsilon, samples=samples, seed=seed)
    assert found.total == samples * game.leader.size
    assert found.candidates[found.action, found.response]
    assert found.candidates.any(axis=1).all()
    assert found.value == found.leader[found.action, found.response]
    worst = np.where(found.candidates, found.leader, np.inf).min(axis=1)
    assert found.value == worst[found.action] == worst.max()
    if game.noise == (sk.Deterministic(), sk.Deterministic()):
        np.testing.assert_allclose(found.leader, game.leader, rtol=1e-12)
