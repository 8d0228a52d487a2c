"""Rounds that were played elsewhere, as results: against `simulate`, and against sums in fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import stackel as sk

GAME = sk.games.random(3, 4, 5, noise=sk.Gaussian(0.5))
PAIRS = [
    (sk.UCB(), sk.ActiveArmElimination()),
    (sk.ExploreThenCommit(exploration=3), sk.EXP3(low=-3.0, high=4.0)),
    (sk.FixedAction(1), sk.BestResponse()),
]


def played(pair, horizon, replications):
    """Actions of `simulate`, step by step, shape (2, R, T)."""
    sims = [sk.Simulation(GAME, *pair, horizon, seed=7, replication=r) for r in range(replications)]
    return np.stack([sim.step(horizon).actions for sim in sims], axis=1)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_rounds_of_simulate(pair):
    marks = [1, 7, 100, 400]
    run = sk.simulate(
        GAME, *pair, 400, replications=5, seed=7, checkpoints=marks, trace=True, engine="stepwise"
    )
    found = sk.result_of(GAME, *played(pair, 400, 5), checkpoints=marks, leader=pair[0], follower=pair[1])
    np.testing.assert_array_equal(found.pulls, run.pulls)
    assert found.trace == run.trace
    np.testing.assert_array_equal(found.rounds, run.rounds)
    np.testing.assert_allclose(found.utility, run.utility, rtol=1e-14)
    np.testing.assert_allclose(found.regret("stackelberg"), run.regret("stackelberg"), atol=1e-12)
    assert (found.leader, found.follower, found.engine, found.seed) == (*pair, "external", 0)


def test_sums_are_exact():
    """Utilities around 1e9 that differ by little, in fractions."""
    game = sk.Game(1e9 + GAME.leader, -1e9 * GAME.follower, name="far")
    actions = np.random.default_rng(3).integers([[[3]], [[4]]], size=(2, 3, 500))
    found = sk.result_of(game, *actions, checkpoints=[3, 77, 500])
    for player, means in enumerate((game.leader, game.follower)):
        benchmark = float(means.max())
        for r in range(3):
            each = [Fraction(float(x)) for x in means[tuple(actions[:, r])]]
            for k, t in enumerate((3, 77, 500)):
                regret = Fraction(benchmark) * t - sum(each[:t])
                got = found.regret((benchmark, benchmark))[player, r, k]
                assert got == pytest.approx(float(regret), rel=1e-14)


@pytest.mark.parametrize("newcomer", [None, "leader", "both"])
def test_rounds_of_games_that_change(tmp_path, newcomer):
    """Against `simulate`, in games of which the last one is not reached."""
    games = [sk.games.random(3, 4, seed, noise=sk.Gaussian(0.5)) for seed in range(4)]
    game = sk.ChangingGame(games, [0, 7, 100, 400], newcomer)
    pair, marks = (sk.UCB(), sk.EpsilonGreedy()), [1, 7, 8, 100, 250, 400]
    run = sk.simulate(
        game, *pair, 400, replications=2, seed=7, checkpoints=marks, trace=True, engine="stepwise"
    )
    sims = [sk.Simulation(game, *pair, 400, seed=7, replication=r) for r in range(2)]
    actions = np.stack([sim.step(400).actions for sim in sims], axis=1)
    found = sk.result_of(game, *actions, checkpoints=marks, leader=pair[0], follower=pair[1])
    np.testing.assert_array_equal(found.pulls, run.pulls)
    assert found.trace == run.trace
    np.testing.assert_allclose(found.utility, run.utility, rtol=1e-14)
    np.testing.assert_allclose(found.regret("stackelberg"), run.regret("stackelberg"), atol=1e-11)
    np.testing.assert_allclose(found.best_share(), run.best_share(), rtol=1e-14)
    found.save(tmp_path / "result")
    assert sk.load(tmp_path / "result") == found


def test_default_checkpoints_tables_and_figures():
    actions = np.zeros((2, 4, 5000), int)
    actions[0, :, 2500:] = 1
    found = sk.result_of(GAME, *actions, leader="mine", follower="theirs")
    assert 50 <= len(found.rounds) <= 64
    assert found.rounds[0] == 1
    assert found.rounds[-1] == found.horizon == 5000
    assert found.summary("stackelberg")["round"].iloc[-1] == 5000
    legend = found.plot().axes[0].get_legend().get_texts()
    assert [text.get_text() for text in legend] == ["leader: mine", "follower: theirs"]
    assert found.switches.tolist() == [[1] * 4, [0] * 4]
    assert found.best_share().shape == (2, 4, len(found.rounds))
    assert sk.result_of(GAME, [1], [2]).rounds.tolist() == [1]
    assert sk.result_of(GAME, [1, 0], [2.0, 1.0], checkpoints=2).rounds.tolist() == [1, 2]


def test_files(tmp_path):
    actions = np.random.default_rng(3).integers([[[3]], [[4]]], size=(2, 3, 50))
    for options in ({}, {"utility": np.random.default_rng(4).random((2, 3, 50))}):
        found = sk.result_of(GAME, *actions, **options)
        found.save(tmp_path / "result")
        assert sk.load(tmp_path / "result") == found


def test_utilities_of_an_environment_that_drifts():
    utility = np.arange(2 * 3 * 10, dtype=float).reshape(2, 3, 10)
    found = sk.result_of(GAME, np.zeros((3, 10)), np.zeros((3, 10)), utility=utility, checkpoints=[2, 9])
    np.testing.assert_allclose(found.utility[..., 0], utility[..., :2].sum(axis=2))
    np.testing.assert_allclose(found.utility[..., 1], utility[..., :9].sum(axis=2))
    assert found.trace is None
    assert found.horizon == 10
    single = sk.result_of(GAME, np.zeros(10), np.zeros(10), utility=utility[:, 0])
    np.testing.assert_allclose(single.utility[:, 0, -1], utility[:, 0].sum(axis=1))


def test_several_agents():
    """One follower that serves two leaders in turn, each in its own result."""
    leaders = [sk.Agent(sk.UCB(), GAME, 300, seed=k, role="leader") for k in range(2)]
    follower = sk.Agent(sk.UCB(), GAME, 600, seed=9, role="follower")
    rng, actions = np.random.default_rng(1), np.zeros((2, 2, 300), int)
    for t in range(300):
        for k, leader in enumerate(leaders):
            a = leader.choose()
            b = follower.choose(a)
            leader.observe(GAME.leader[a, b] + rng.normal())
            follower.observe(GAME.follower[a, b] + rng.normal())
            actions[:, k, t] = a, b
    found = sk.result_of(GAME, *actions, leader=leaders[0].learner, follower=follower.learner)
    assert found.replications == 2
    means = GAME.leader[tuple(actions)].sum(axis=1)
    np.testing.assert_allclose(found.utility[0, :, -1], means)


@pytest.mark.parametrize("players", [(sk.UCB(), sk.UCB()), (None, sk.UCB())])
def test_games_in_progress(players):
    sim = sk.Simulation(GAME, *players, 1000, seed=3)
    with pytest.raises(sk.SpecError, match="before the first round"):
        sim.result()
    sim.step(200, leader_actions=None if players[0] else [1] * 200)
    found = sim.result()
    assert (found.horizon, found.rounds.tolist(), found.seed, found.engine) == (200, [200], 3, sim.engine)
    np.testing.assert_array_equal(found.pulls[0], sim.pulls)
    np.testing.assert_allclose(found.utility[:, 0, 0], sim.utility, rtol=1e-14)
    assert found.leader == (players[0] or sk.RecordedLearner("CustomLearner", "caller"))
    if players[0] is None:
        return
    whole = sk.Simulation(GAME, *players, 300, seed=3)
    whole.advance(300)
    run = sk.simulate(GAME, *players, 300, seed=3, checkpoints=1)
    np.testing.assert_allclose(whole.result().regret("tolerant"), run.regret("tolerant"), atol=1e-11)
    np.testing.assert_array_equal(whole.result().pulls, run.pulls)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("leader_actions", [[0, 3]]),
        ("leader_actions", [0, -1]),
        ("leader_actions", [0, 0.5]),
        ("leader_actions", []),
        ("leader_actions", [[[0, 1]]]),
        ("leader_actions", ["a", "b"]),
        ("leader_actions", [np.nan, 1]),
        ("follower_actions", [0, 4]),
        ("follower_actions", [0, 1, 2]),
        ("utility", [1.0, 2.0]),
        ("utility", [[1.0, 2.0], [1.0, np.inf]]),
        ("utility", [["a", "b"], ["c", "d"]]),
        ("utility", np.zeros((2, 2, 2))),
        ("checkpoints", [3]),
        ("checkpoints", 0),
        ("leader", 5),
        ("leader", ""),
        ("follower", sk.UCB),
        ("game", None),
    ],
)
def test_what_does_not_fit(argument, value):
    good = {"game": GAME, "leader_actions": [0, 1], "follower_actions": [0, 1]}
    with pytest.raises(sk.SpecError) as caught:
        sk.result_of(**good | {argument: value})
    assert caught.value.argument == argument


@pytest.mark.parametrize("shape", [(2, 10, 4), (2, 40), (2, 4, 10, 1), (8, 10)])
def test_utilities_of_another_shape_are_refused(shape):
    actions = np.zeros((4, 10), int)
    with pytest.raises(sk.SpecError, match=r"^utility: must be .* of shape \(2, 4, 10\), got shape"):
        sk.result_of(GAME, actions, actions, utility=np.zeros(shape))
