"""Results: what they hold, regret, tables, and running them again."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle

import numpy as np
import pytest
from made import LABELLED, hide_module, made, made_traced, with_regret
from scipy import stats

import stackel as sk

GAME = sk.games.etc_failure()


def test_one_row_a_player_then_replication_then_checkpoint():
    run = sk.simulate(
        LABELLED, sk.FixedAction(1), sk.FixedAction(2), 50, replications=4, checkpoints=[1, 7, 50]
    )
    assert (run.rounds.dtype, run.utility.dtype, run.pulls.dtype) == (np.int64, np.float64, np.int64)
    np.testing.assert_allclose(run.utility, np.broadcast_to([[[0.3, 2.1, 15.0]]], (2, 4, 3)), rtol=1e-12)
    assert (run.pulls == [[0, 0, 0], [0, 0, 50]]).all()
    assert run.replications == 4


def test_horizon_is_known_when_the_last_checkpoint_comes_before_it():
    run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 1000, checkpoints=[10])
    assert run.horizon == run.spec["horizon"] == 1000
    assert type(run.horizon) is int


@pytest.mark.parametrize(
    "name", ["rounds", "utility", "pulls", "cell_counts", "switches", "last_exploration"]
)
@pytest.mark.parametrize(
    "pass_through", [lambda run: run, copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))]
)
def test_arrays_are_read_only(name, pass_through):
    array = getattr(pass_through(made_traced()), name)
    with pytest.raises(ValueError, match="read-only"):
        array[...] = 0


def test_fields_cannot_be_replaced():
    with pytest.raises(dataclasses.FrozenInstanceError):
        made().seed = 1


def test_regret_is_benchmark_times_rounds_minus_utility():
    run = made()
    expected = np.array([0.6, 0.4])[:, None, None] * run.rounds - run.utility
    np.testing.assert_allclose(run.regret((0.6, 0.4)), expected, rtol=1e-12)
    np.testing.assert_array_equal(run.regret(sk.stackelberg(LABELLED)), run.regret((0.6, 0.4)))


def test_regret_is_never_clipped():
    run = sk.simulate(GAME, sk.FixedAction(0), sk.BestResponse(), 100, checkpoints=[100])
    np.testing.assert_allclose(run.regret((0.5, 0.5)).ravel(), [-10.0, 10.0])


def test_benchmark_may_be_a_function_of_game_and_horizon():
    run = made()

    def vanishing(game, horizon):
        assert game is run.game
        return sk.tolerant(game, 1 / horizon)

    np.testing.assert_array_equal(run.regret(vanishing), run.regret(sk.tolerant(run.game, 1 / 1000)))
    constant = run.regret(lambda game, T: (T, game.leader[0, 0]))  # noqa: N803 the horizon's other name
    np.testing.assert_array_equal(constant, run.regret((1000.0, 0.6)))
    np.testing.assert_array_equal(run.regret(sk.stackelberg), run.regret(sk.stackelberg(run.game)))


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        0.5,
        (0.5,),
        (0.5, 0.5, 0.5),
        "ab",
        (0.5, float("nan")),
        (float("inf"), 0.5),
        lambda: (0.5, 0.5),
        lambda _: 0.5,
        sk.tolerant,  # its second parameter is gamma, not a horizon
    ],
)
def test_anything_else_is_no_benchmark(nonsense):
    with pytest.raises(sk.SpecError) as caught:
        made().regret(nonsense)
    assert caught.value.argument == "benchmark"


def test_summary_has_a_row_for_each_player_and_checkpoint():
    table = made().summary()
    assert table.columns.tolist() == ["player", "round", "utility", "utility_se"]
    assert table["player"].tolist() == ["leader"] * 3 + ["follower"] * 3
    assert table["round"].tolist() == [1, 10, 999] * 2
    np.testing.assert_allclose(table["utility"], made().utility.mean(axis=1).ravel())
    np.testing.assert_allclose(table["utility_se"], stats.sem(made().utility, axis=1).ravel())


def test_table_has_every_replication():
    run = made()
    table = run.table
    assert table.columns.tolist() == ["player", "replication", "round", "utility"]
    assert len(table) == run.utility.size
    row = table[(table["player"] == "follower") & (table["replication"] == 2) & (table["round"] == 10)]
    assert row["utility"].tolist() == [run.utility[1, 2, 1]]
    means = table.groupby(["player", "round"], sort=False)["utility"].mean()
    np.testing.assert_allclose(means.to_numpy(), run.summary()["utility"])


def test_everything_that_is_exported_says_where_it_comes_from():
    run = made()
    expected = run.provenance | {"spec": json.dumps(run.spec), "seed": str(run.seed)}
    for exported in (run.table, run.summary(), run.summary((0.6, 0.4)), run.to_xarray()):
        assert exported.attrs == expected
    assert set(expected) == {
        "spec", "seed", "engine", "error_bound", "version", "stream_version", "platform",
    }  # fmt: skip


def test_a_run_knows_its_platform_and_streams():
    run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 10)
    assert run.platform.startswith(sk.build_info()["target"])
    assert f"NumPy {np.__version__}" in run.platform
    assert run.stream_version == sk.build_info()["stream_version"]


def test_summary_of_regret():
    run, benchmark = made(replications=20), (0.6, 0.4)
    table = run.summary(benchmark, confidence=0.9)
    regret = run.regret(benchmark)
    mean, error = regret.mean(axis=1), stats.sem(regret, axis=1)
    low, high = stats.t.interval(0.9, 19, loc=mean, scale=error)
    expected = {
        "regret": mean,
        "regret_se": error,
        "regret_low": low,
        "regret_high": high,
        "regret_per_round": mean / run.rounds,
    }
    assert table.columns.tolist()[4:] == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(table[name], values.ravel(), rtol=1e-9, err_msg=name)


def test_summary_of_one_replication_has_no_errors_to_show():
    table = made(replications=1).summary((0.6, 0.4))
    assert table[["utility_se", "regret_se", "regret_low", "regret_high"]].isna().all(axis=None)
    assert table[["utility", "regret", "regret_per_round"]].notna().all(axis=None)


def test_to_xarray_names_everything():
    run = made()
    data = run.to_xarray()
    assert data["utility"].dims == ("player", "replication", "round")
    np.testing.assert_array_equal(data["utility"].sel(player="follower", round=10), run.utility[1, :, 1])
    np.testing.assert_array_equal(
        data["pulls"].sel(leader_action="döwn", follower_action="left"), run.pulls[:, 1, 0]
    )
    assert set(data.data_vars) == {"utility", "pulls"}
    plain = with_regret(np.ones((2, 4, 1)), [5]).to_xarray()
    assert plain["leader_action"].values.tolist() == [0]


def test_to_xarray_holds_the_trace():
    run = made_traced()
    data = run.to_xarray()
    counts = data["cell_counts"].sel(round=10, leader_action="döwn", follower_action="left")
    np.testing.assert_array_equal(counts, run.cell_counts[:, 1, 1, 0])
    for name in ("switches", "last_exploration"):
        assert data[name].dims == ("player", "replication")
        np.testing.assert_array_equal(data[name].sel(player="follower"), getattr(run, name)[1])
    assert all(data[name].attrs == {"units": "rounds"} for name in ("cell_counts", "switches", "pulls"))


@pytest.mark.parametrize("name", ["cell_counts", "switches", "last_exploration"])
def test_a_run_without_a_trace_says_how_to_get_one(name):
    with pytest.raises(sk.SpecError, match=rf"trace=True\), for its {name}"):
        getattr(made(), name)


@pytest.mark.parametrize("trace", [False, True])
@pytest.mark.parametrize("engine", ["auto", "leap", "stepwise", "reference"])
@pytest.mark.parametrize("seed", [0, 2**64 - 1])
def test_spec_is_enough_to_run_it_again(engine, seed, trace):
    leader = sk.ActiveArmElimination(phases=(np.int64(1), 2), sigma=np.float32(0.1))
    run = sk.simulate(
        LABELLED,
        leader,
        sk.UCB(sigma=0.1),
        200,
        replications=3,
        seed=seed,
        engine=engine,
        checkpoints=[3, 77],
        crossing_tolerance=1e-7,
        trace=trace,
    )
    spec = json.loads(json.dumps(run.spec))
    assert set(spec) == {
        "game", "leader", "follower", "horizon", "replications", "seed", "checkpoints", "engine",
        "crossing_tolerance", "trace",
    }  # fmt: skip
    again = sk.simulate(
        sk.Game.from_dict(spec["game"]),
        sk.Learner.from_dict(spec["leader"]),
        sk.Learner.from_dict(spec["follower"]),
        spec["horizon"],
        replications=spec["replications"],
        seed=int(spec["seed"]),
        checkpoints=spec["checkpoints"],
        engine=spec["engine"],
        crossing_tolerance=spec["crossing_tolerance"],
        trace=spec["trace"],
    )
    assert again == run
    assert again.utility.tobytes() == run.utility.tobytes()


def test_equality_compares_everything():
    run = made()
    assert run == made()
    assert hash(run) == hash(made())
    others = {
        "game": GAME,
        "leader": sk.UCB(),
        "follower": sk.UCB(),
        "rounds": np.array([1, 10, 1000]),
        "utility": np.nextafter(run.utility, 0),
        "pulls": run.pulls[::-1].copy(),
        "seed": 1,
        "engine": "reference",
        "error_bound": 0.0,
        "version": "0.2.0",
        "stream_version": 99,
        "crossing_tolerance": 1e-9,
        "trace": sk.Trace(run.pulls[:, None].copy(), *np.zeros((2, 2, 3), dtype=int)),
    }
    assert {*others, "platform", "remainder"} == {field.name for field in dataclasses.fields(run)}
    for name, value in others.items():
        assert dataclasses.replace(run, **{name: value}) != run, name
    assert dataclasses.replace(run, platform="elsewhere") == run
    assert run != "a result"


@pytest.mark.parametrize("make", [made, made_traced])
def test_copies_are_equal(make):
    assert pickle.loads(pickle.dumps(make())) == make() == copy.deepcopy(make())


def test_traces_are_compared_array_by_array():
    trace = made_traced().trace
    assert trace == made_traced().trace == copy.copy(trace)
    assert hash(trace) == hash(made_traced().trace)
    for field in dataclasses.fields(trace):
        changed = dataclasses.replace(trace, **{field.name: getattr(trace, field.name) + 1})
        assert trace != changed
        assert dataclasses.replace(made_traced(), trace=changed) != made_traced()
    assert trace != "a trace"


def test_repr_is_one_short_line():
    learners = "ActiveArmElimination vs ExploreThenCommit"
    expected = f"Result({learners}, horizon=1000, replications=3, seed=5, engine='stepwise')"
    assert repr(made(seed=5)) == expected


@pytest.mark.parametrize("replications", [1, 3])
def test_html_shows_the_run_and_escapes_names(replications):
    text = made(seed=5, replications=replications)._repr_html_()
    assert "<b>" not in text
    assert "naïve &lt;b&gt;" in text
    assert "1000 rounds" in text
    assert text.count("<tr>") == 9


@pytest.mark.parametrize(
    ("package", "extra", "use"),
    [
        ("pandas", "pandas", lambda run: run.summary()),
        ("xarray", "xarray", lambda run: run.to_xarray()),
        ("matplotlib", "plot", lambda run: run.plot((1.0, 1.0))),
    ],
)
def test_missing_extra_is_named(monkeypatch, package, extra, use):
    hide_module(monkeypatch, package)
    with pytest.raises(sk.MissingExtraError) as caught:
        use(made())
    assert f"stackel[{extra}]" in str(caught.value)
    assert caught.value.name == package
