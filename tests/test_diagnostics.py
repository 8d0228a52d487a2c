"""Diagnostics: distributions over replications, and what was played when."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import hide_module, made, with_regret

import stackel as sk
from stackel.analysis._distribution import (
    fractions_between,
    fractions_so_far,
    largest_over_median,
    share_of_largest,
    survival,
)

NOTHING = (0.0, 0.0)
"""Benchmark against which regret is minus utility."""


@pytest.mark.parametrize(
    ("values", "fraction", "expected"),
    [
        ([1, 1, 1, 1], 0.25, 0.25),
        ([1, 1, 1, 1], 0.1, 0.1),
        ([7, 1, 1, 1], 0.25, 0.7),
        ([1, 7, 1, 1], 0.1, 0.28),
        ([1, 1, 7, 1], 0.375, 0.75),
        ([0, 0, 0, 5], 0.25, 1.0),
        ([3, 2, 1], 1.0, 1.0),
        ([4, -1, -1], 1 / 3, 2.0),
        ([5.0], 0.01, 0.01),
        ([0.0, 0.0], 0.5, np.nan),
        ([1.0, -2.0], 0.5, np.nan),
    ],
)
def test_share_of_the_largest(values, fraction, expected):
    np.testing.assert_allclose(share_of_largest(np.array(values, dtype=float), fraction, 0), expected)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40),
    st.floats(0.001, 1.0),
    st.floats(0.001, 1.0),
)
def test_shares_make_a_lorenz_curve(values, one, other):
    samples = np.array(values)
    few, many = sorted([one, other])
    low, high = share_of_largest(samples, few, 0), share_of_largest(samples, many, 0)
    assert few - 1e-9 <= low <= high + 1e-12 <= 1 + 1e-9
    middle = share_of_largest(samples, (few + many) / 2, 0)
    assert middle >= (low + high) / 2 - 1e-9  # concave


def test_shares_along_any_axis():
    samples = np.random.default_rng(1).exponential(size=(2, 30, 3))
    found = share_of_largest(samples, 0.1, axis=1)
    assert found.shape == (2, 3)
    for player in range(2):
        for column in range(3):
            top = np.sort(samples[player, :, column])[-3:].sum()
            assert found[player, column] == pytest.approx(top / samples[player, :, column].sum())


def test_largest_over_median():
    samples = np.array([[1.0, -5.0, 0.0], [2.0, 1.0, 0.0], [60.0, -1.0, 1.0]])
    np.testing.assert_allclose(largest_over_median(samples, 0), [30, np.nan, np.nan])


def test_survival_counts_ties_and_itself():
    values, fraction = survival(np.array([2.0, 1.0, 2.0, 5.0]))
    assert values.tolist() == [1, 2, 2, 5]
    assert fraction.tolist() == [1, 0.75, 0.5, 0.25]


COUNTS = np.array(
    [
        [[[1, 0], [0, 0]], [[1, 2], [1, 0]], [[1, 8], [1, 0]]],
        [[[0, 0], [1, 0]], [[0, 0], [4, 0]], [[0, 0], [4, 6]]],
    ]
)
"""Cumulative counts of two replications at rounds 1, 4 and 10."""
ROUNDS = np.array([1, 4, 10])


def test_fractions_of_hand_made_counts():
    so_far, between = fractions_so_far(ROUNDS, COUNTS), fractions_between(ROUNDS, COUNTS)
    np.testing.assert_allclose(so_far[0, :, 0, 1], [0, 0.5, 0.8])
    np.testing.assert_allclose(between[0, :, 0, 1], [0, 2 / 3, 1])
    np.testing.assert_allclose(between[1, :, 1, 0], [1, 1, 0])
    for fractions in (so_far, between):
        np.testing.assert_allclose(fractions.sum(axis=(2, 3)), 1)


@pytest.fixture
def small():
    """Diagnostics of two replications, with checkpoints `ROUNDS` and a trace made by hand."""
    game = sk.Game([[0.0, 1.0]] * 2, [[1.0, 0.0]] * 2, leader_labels=["up", "down"])
    utility = np.array([[[1, 2, 3], [2, 4, 8]], [[0, 1, 1], [1, 1, 2]]]) * -1.0
    trace = sk.Trace(COUNTS.copy(), np.array([[1, 2], [0, 5]]), np.array([[4, 0], [0, 9]]))
    fixed = sk.FixedAction(0)
    pulls = COUNTS[:, -1].copy()
    run = sk.Result(game, fixed, fixed, ROUNDS.copy(), utility, pulls, 1, "stepwise", 0.0, "0", trace=trace)
    return sk.diagnostics(run, NOTHING)


def test_traces_in_tables(small):
    play = small.play_table
    assert play["quantity"].tolist() == ["switches"] * 2 + ["last_exploration"] * 2
    assert play["player"].tolist() == ["leader", "follower"] * 2
    assert play["mean"].tolist() == [1.5, 2.5, 2.0, 4.5]
    assert play["q0.5"].tolist() == [1.5, 2.5, 2.0, 4.5]
    assert play["max"].tolist() == [2, 5, 4, 9]
    cells = small.cell_table
    assert len(cells) == 3 * 4
    row = cells[(cells["round"] == 10) & (cells["leader_action"] == "up") & (cells["follower_action"] == 1)]
    assert row["fraction"].item() == pytest.approx(0.4)
    assert row["since_last"].item() == pytest.approx(0.5)
    np.testing.assert_allclose(cells.groupby("round")["fraction"].sum(), 1)


def test_traces_in_xarray(small):
    data = small.to_xarray()
    assert data["switches"].sel(player="follower").values.tolist() == [0, 5]
    chosen = data["cell_fractions_between"].sel(round=4, leader_action="up", follower_action=1)
    np.testing.assert_allclose(chosen, [2 / 3, 0])


def test_traces_in_a_figure(small):
    (axes,) = small.plot_cells().axes
    curves = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert set(curves) == {"up, b1", "up, b2", "down, b1", "down, b2"}
    np.testing.assert_allclose(curves["down, b1"], [0.5, 2 / 3, 0])


@pytest.mark.parametrize("engine", ["auto", "stepwise"])
def test_traces_of_runs_whose_course_is_known(engine):
    """The leader tries both actions five times, the follower both responses to each three times."""
    game = sk.Game([[0.0, 0.0], [1.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]], noise=sk.Deterministic())
    run = sk.simulate(
        game,
        sk.ExploreThenCommit(exploration=5),
        sk.ExploreThenCommit(exploration=3),
        100,
        replications=2,
        checkpoints=[10, 11, 100],
        engine=engine,
        trace=True,
    )
    found = sk.diagnostics(run)
    np.testing.assert_array_equal(found.last_exploration, [[9, 9], [10, 10]])
    np.testing.assert_array_equal(found.switches, [[9, 9], [9, 9]])
    np.testing.assert_allclose(found.cell_fractions()[0, 0], [[0.3, 0.2], [0.3, 0.2]])
    np.testing.assert_allclose(found.cell_fractions(between=True)[1, 1:, 1], [[0, 1], [0, 1]])


def test_many_outcomes_are_drawn_together():
    game = sk.games.random(4, 4, seed=1)
    result = sk.simulate(game, sk.UniformLearner(), sk.UniformLearner(), 16, seed=1)
    from stackel.analysis._diagnostics_result import draw_cells  # noqa: PLC0415 needs matplotlib

    fractions = np.broadcast_to(result.pulls[0] / 16, (2, 5, 4, 4))
    (axes,) = draw_cells(np.arange(1, 6), fractions, ([*range(4)], [*range(4)])).axes
    assert axes.lines[-1].get_label() == "all other 10"
    np.testing.assert_allclose(sum(line.get_ydata()[0] for line in axes.lines), 1)


@pytest.mark.parametrize(
    "use",
    [
        lambda found: found.switches,
        lambda found: found.last_exploration,
        lambda found: found.cell_fractions(),
        lambda found: found.play_table,
        lambda found: found.cell_table,
        lambda found: found.plot_cells(),
    ],
)
def test_runs_without_a_trace_say_so(use):
    found = sk.diagnostics(sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10, seed=1))
    with pytest.raises(sk.SpecError, match=r"trace=True"):
        use(found)
    assert "switches" not in found.to_xarray()


def test_distribution_of_regret():
    regret = np.zeros((2, 100, 2))
    regret[0, :, 1] = 1.0
    regret[0, 7, 1] = 901.0
    regret[1, :, 1] = np.arange(100)
    found = sk.diagnostics(with_regret(regret, [1, 50]), NOTHING)
    np.testing.assert_allclose(found.worst_share[:, 0, 1], [0.901, 0.91])
    np.testing.assert_allclose(found.worst_share[1, 1, 1], np.arange(90, 100).sum() / np.arange(100).sum())
    np.testing.assert_allclose(found.max_over_median[:, 1], [901, 2])
    assert np.isnan(found.max_over_median[:, 0]).all()
    table = found.table
    row = table[(table["player"] == "leader") & (table["round"] == 50)].iloc[0]
    assert (row["mean"], row["q0.5"], row["max"]) == (10, 1, 901)
    assert row["worst_1%"] == pytest.approx(0.901)
    assert row["se"] == pytest.approx(9)
    assert "leader: regret 10 on average, median 1, largest 901; the worst 1 % carry 90.1 %" in repr(found)


def test_quantiles_are_those_of_numpy():
    run = made(replications=50)
    found = sk.diagnostics(run, (0.6, 0.4), quantiles=[0.1, 0.9], worst=[0.5])
    expected = np.quantile(run.regret((0.6, 0.4)), [0.1, 0.9], axis=1)
    np.testing.assert_array_equal(found.regret_quantiles, expected)
    assert list(found.table.columns)[4:] == ["q0.1", "q0.9", "max", "max_over_median", "worst_50%"]
    assert json.loads(found.table.attrs["spec"]) == run.spec
    data = found.to_xarray()
    np.testing.assert_array_equal(
        data["regret_quantiles"].sel(quantile=0.9, player="follower", round=10), expected[1, 1, 1]
    )
    assert data.attrs["platform"] == run.platform


def test_a_rare_failure_shows():
    """Committing to the wrong action once in a while makes the mean, and the tail says so."""
    run = sk.simulate(
        sk.Game([[0.5], [0.0]], [[0.0], [0.0]], noise=sk.Gaussian(0.3)),
        sk.ExploreThenCommit(exploration=2),
        sk.FixedAction(0),
        10_000,
        replications=1000,
        seed=1,
        checkpoints=1,
    )
    found = sk.diagnostics(run)
    rate = (run.regret(sk.stackelberg)[0, :, 0] > 100).mean()
    assert 0.005 < rate < 0.1
    assert found.max_over_median[0, 0] > 1000
    assert found.worst_share[1, 0, 0] > 0.9


def test_the_figure_shows_the_distribution():
    regret = np.array([[[1.0], [2.0], [9.0]], [[4.0], [4.0], [4.0]]])
    (axes,) = sk.diagnostics(with_regret(regret, [10]), NOTHING).plot().axes
    leader = next(line for line in axes.lines if line.get_label() == "leader")
    assert leader.get_xdata().tolist() == [1, 2, 9]
    np.testing.assert_allclose(leader.get_ydata(), [1, 2 / 3, 1 / 3])
    labels = axes.get_legend_handles_labels()[1]
    assert "leader: mean 4" in labels
    assert "leader: median 2" in labels
    assert axes.get_yscale() == "log"


@pytest.mark.parametrize(
    ("argument", "given_"),
    [
        ("result", {"result": None}),
        ("benchmark", {"benchmark": 3}),
        ("quantiles", {"quantiles": []}),
        ("quantiles", {"quantiles": [1.5]}),
        ("quantiles", {"quantiles": 0.5}),
        ("worst", {"worst": [0.0]}),
        ("worst", {"worst": ["all"]}),
    ],
)
def test_bad_arguments_are_named(argument, given_):
    with pytest.raises(sk.SpecError) as caught:
        sk.diagnostics(**({"result": made()} | given_))
    assert caught.value.argument == argument


@pytest.mark.parametrize(
    ("package", "use"),
    [
        ("pandas", lambda found: found.table),
        ("xarray", lambda found: found.to_xarray()),
        ("matplotlib", lambda found: found.plot()),
    ],
)
def test_missing_extras_are_named(monkeypatch, package, use):
    hide_module(monkeypatch, package)
    with pytest.raises(sk.MissingExtraError):
        use(sk.diagnostics(made()))
