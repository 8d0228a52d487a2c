"""Portfolios: every pair in every game, against every benchmark, from the same noise."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest

import stackel as sk

GAME = sk.games.etc_failure()
FIXED = {
    "leaders": {"first": sk.FixedAction(0), "second": sk.FixedAction(1)},
    "followers": {"best": sk.BestResponse(), "last": sk.FixedAction(1)},
}


def fixed(games=GAME, horizon=1000, **options):
    """Portfolio of fixed actions, whose regrets are known."""
    settings = {"replications": 3, "seed": 1} | options
    return sk.portfolio(**FIXED, games=games, horizon=horizon, **settings)


def test_regrets_of_fixed_actions():
    found = fixed([GAME, sk.games.unachievable(0.05)[0]])
    assert found.pairs == ("first v best", "first v last", "second v best", "second v last")
    regret = found.regret("stackelberg")
    assert regret.shape == (2, 2, 2, 2, 3)
    np.testing.assert_allclose(regret[0, 0, :, :, 0], [[0, 400], [100, 200]], atol=1e-9)
    np.testing.assert_allclose(regret[0, 1, :, :, 2], [[0, 400], [100, 200]], atol=1e-9)
    np.testing.assert_allclose(regret[1, 1, :, :, 0], [[0, 50], [-550, -350]], atol=1e-9)


def test_the_usual_benchmarks_follow_the_usual_tolerances():
    games = sk.games.unachievable(0.01)
    found = fixed(games, horizon=100_000)
    assert list(found.benchmarks) == ["stackelberg", "tolerant", "self_tolerant"]
    for place, game in enumerate(games):
        third, fourth = sk.tolerance(game, 100_000), sk.tolerance(game, 100_000, exponent=1 / 4)
        for name, benchmark in (
            ("stackelberg", sk.stackelberg(game)),
            ("tolerant", sk.tolerant(game, third)),
            ("self_tolerant", sk.self_tolerant(game, fourth)),
        ):
            np.testing.assert_allclose(found.benchmarks[name][place], [benchmark.leader, benchmark.follower])
            gap = found.regret(name)[place] - found.regret("stackelberg")[place]
            strong = sk.stackelberg(game)
            expected = 100_000 * np.array(
                [benchmark.leader - strong.leader, benchmark.follower - strong.follower]
            )
            np.testing.assert_allclose(gap[:, 0, 0, 0], expected, atol=1e-6)


def test_benchmarks_may_be_anything_that_regret_takes():
    benchmarks = {
        "fixed gamma": partial(sk.tolerant, gamma=0.05),
        "schedule": lambda game, horizon: sk.tolerant(game, sk.tolerance(game, horizon, c=0.5)),
        "pair": (1.0, 2.0),
        "benchmark": sk.stackelberg(GAME),
    }
    found = fixed(benchmarks=benchmarks)
    np.testing.assert_allclose(found.benchmarks["pair"], [[1.0, 2.0]])
    np.testing.assert_allclose(found.regret()[0, :, 0, 0, 0], [0, 0], atol=1e-9)
    assert found.table["benchmark"].unique().tolist() == list(benchmarks)


def test_every_run_has_the_same_seed():
    leaders, followers = [sk.UCB(), sk.ExploreThenCommit()], [sk.UCB(), sk.UniformLearner()]
    games = sk.games.lower_bound(0.1)
    found = sk.portfolio(leaders, followers, games, 500, seed=3, replications=4)
    for g, game in enumerate(games):
        for a, leader in enumerate(leaders):
            for b, follower in enumerate(followers):
                run = sk.simulate(game, leader, follower, 500, replications=4, seed=3, checkpoints=[500])
                np.testing.assert_array_equal(found.utility[g, :, a, b], run.utility[:, :, 0])


def test_names_come_from_learners_and_games():
    found = sk.portfolio(
        [sk.UCB(), sk.UCB(anytime=True, sigma=0.5)], sk.BestResponse(), GAME, 10, seed=1, replications=2
    )
    assert list(found.leaders) == ["UCB", "UCB(anytime=True, sigma=0.5)"]
    assert list(found.followers) == ["BestResponse"]
    assert list(found.games) == ["etc_failure"]


def test_compare_is_the_comparison_of_the_same_pairs():
    pairs = {
        f"{a} v {b}": (leader, follower)
        for a, leader in FIXED["leaders"].items()
        for b, follower in FIXED["followers"].items()
    }
    ours = fixed(replications=8).compare()
    other = sk.compare(GAME, pairs, 1000, seed=1, replications=8)
    assert ours.names == other.names
    np.testing.assert_array_equal(ours.regret, other.regret)
    np.testing.assert_array_equal(ours.low, other.low)


def test_the_benchmark_decides_which_player_is_worse_off():
    found = fixed(benchmarks={"generous to the leader": (0.5, 0.4), "to the follower": (0.6, 0.0)})
    assert found.compare(benchmark="generous to the leader").best()[0] == "first v best"
    np.testing.assert_allclose(
        found.compare(benchmark="to the follower").difference[2, :, 0], [0, 400, 100, 200], atol=1e-9
    )


def test_best_lists_all_that_cannot_be_told_apart():
    learners = {"one": sk.UCB(), "same": sk.UCB(), "bad": sk.FixedAction(1)}
    found = sk.portfolio(learners, sk.BestResponse(), GAME, 5000, seed=2, replications=16)
    best = found.best()
    assert best["player"].tolist() == ["leader", "follower", "max"]
    assert (best["game"] == "etc_failure").all()
    assert best["not_distinguishable"].tolist() == [("one v BestResponse", "same v BestResponse")] * 3
    assert not best["winner"].any()
    np.testing.assert_allclose(best["regret"], found.regret()[0, :, 0, 0].mean(axis=1)[[0, 1, 0]])
    assert "one v BestResponse, not distinguishable from 1 of 3 pairs" in repr(found)


def test_a_winner_stands_alone():
    best = fixed().best()
    assert best["winner"].all()
    assert best["pair"].tolist() == ["first v best"] * 3


def test_table_has_a_row_for_each_number():
    found = fixed(sk.games.unachievable(0.1), replications=5)
    table = found.table
    assert len(table) == 3 * 2 * 2 * 2 * 2
    row = table[
        (table["game"] == "unachievable II")
        & (table["benchmark"] == "tolerant")
        & (table["leader"] == "second")
        & (table["follower"] == "last")
        & (table["player"] == "follower")
    ]
    expected = found.regret("tolerant")[1, 1, 1, 1].mean()
    assert row["regret"].item() == pytest.approx(expected)
    assert row["alpha"].item() == found.benchmarks["tolerant"][1, 1]
    assert row["regret_per_round"].item() == pytest.approx(expected / 1000)
    assert (table["regret_low"] <= table["regret"]).all()
    assert (table["regret"] <= table["regret_high"]).all()


def test_to_xarray_names_everything():
    found = fixed(sk.games.unachievable(0.1), replications=5)
    data = found.to_xarray()
    chosen = data["regret"].sel(
        benchmark="self_tolerant", game="unachievable I", player="leader", leader="second", follower="best"
    )
    np.testing.assert_array_equal(chosen, found.regret("self_tolerant")[0, 0, 1, 0])
    assert data["alpha"].dims == ("benchmark", "game", "player")


def test_provenance_holds_every_game_and_learner_once():
    found = fixed(sk.games.unachievable(0.1))
    spec = json.loads(found.table.attrs["spec"])
    assert len(spec["games"]) == 2
    assert len(spec["learners"]) == 3  # the second leader is the last follower
    assert len(spec["runs"]) == 8
    assert {run["seed"] for run in spec["runs"]} == {"1"}
    assert sk.Game.from_dict(spec["games"][1]) == sk.games.unachievable(0.1)[1]


def test_nothing_in_a_portfolio_can_be_changed():
    found = fixed()
    with pytest.raises(AttributeError):
        found.horizon = 3
    with pytest.raises(ValueError, match="read-only"):
        found.utility[...] = 0


def test_plot_shows_both_players():
    figure = fixed(sk.games.unachievable(0.1)).plot("unachievable II", "tolerant")
    leader, follower = figure.axes[:2]
    for axes in (leader, follower):
        assert [label.get_text() for label in axes.get_yticklabels()] == ["first", "second"]
        assert [label.get_text() for label in axes.get_xticklabels()] == ["best", "last"]
        assert len(axes.texts) == 4
    assert "unachievable II" in figure.get_suptitle()


def test_seats_are_checked_before_anything_runs(monkeypatch):
    monkeypatch.setattr("stackel.analysis._runs.run", lambda *_, **__: pytest.fail("it ran"))
    with pytest.raises(sk.SpecError) as caught:
        sk.portfolio([sk.UCB(), sk.BestResponse()], sk.UCB(), GAME, 10)
    assert caught.value.argument == "leader"


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("leaders", {"leaders": None}),
        ("leaders", {"leaders": []}),
        ("leaders", {"leaders": [sk.UCB(), "UCB"]}),
        ("leaders", {"leaders": [sk.UCB(), sk.UCB()]}),
        ("leaders", {"leaders": {3: sk.UCB()}}),
        ("followers", {"followers": "UCB"}),
        ("games", {"games": [GAME, GAME]}),
        ("games", {"games": [sk.Game([[1.0]], [[1.0]])] * 2}),
        ("horizon", {"horizon": 0}),
        ("benchmarks", {"benchmarks": {}}),
        ("benchmarks", {"benchmarks": [sk.stackelberg]}),
        ("benchmark", {"benchmarks": {"bad": sk.tolerant}}),
        ("replications", {"replications": 0}),
        ("seed", {"seed": -1}),
        ("confidence", {"confidence": 1}),
        ("bootstrap", {"bootstrap": 0}),
        ("engine", {"engine": "steam"}),
    ],
)
def test_bad_arguments_are_named(argument, changes):
    settings = {"leaders": sk.UCB(), "followers": sk.UCB(), "games": GAME, "horizon": 10} | changes
    with pytest.raises(sk.SpecError) as caught:
        sk.portfolio(**settings)
    assert caught.value.argument == argument


def test_unknown_names_are_refused():
    found = fixed()
    for use, argument in (
        (lambda: found.regret("golden"), "benchmark"),
        (lambda: found.best("golden"), "benchmark"),
        (lambda: found.compare("chess"), "game"),
        (lambda: found.plot("chess"), "game"),
    ):
        with pytest.raises(sk.SpecError) as caught:
            use()
        assert caught.value.argument == argument
