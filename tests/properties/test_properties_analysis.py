"""What holds for comparisons, fits, sweeps and figures, whatever was played."""

from __future__ import annotations

import itertools
import pickle
import warnings

import matplotlib.figure
import numpy as np
import pytest
from about import FEW, MANY, about
from hypothesis import given
from hypothesis import strategies as st
from made_up import EIGHTHS, SEEDS, SETTLED, games, plays, run
from things import FOLDER, warned

import stackel as sk
from stackel import interop, plotting

QUICK = (sk.UCB(), sk.ExploreThenCommit(), sk.UniformLearner(), sk.FixedAction(0))
LEVELS = st.floats(0.5, 0.99)
SMALL = games(utilities=EIGHTHS, laws=st.sampled_from(SETTLED))
PLAYED = plays(
    leaders=QUICK, followers=QUICK, utilities=EIGHTHS, laws=st.sampled_from(SETTLED), horizons=st.just(100)
)
"""Plays whose figures and tables are looked at."""


def drawn(figure):
    """Draw a figure to its last pixel."""
    assert isinstance(figure, matplotlib.figure.Figure)
    figure.canvas.draw()


@about("compare", "Comparison", "Comparison.verdict", "Comparison.best", "Comparison.against")
@about("Comparison.to_xarray", "Comparison.table")
@FEW
@given(SMALL, SEEDS, LEVELS, st.permutations(QUICK))
def test_comparisons_see_both_sides(game, seed, level, order):
    pairs = {f"{rank}": (learner, sk.UCB()) for rank, learner in enumerate(order[:3])}
    found = sk.compare(game, pairs, 100, seed=seed, replications=8, confidence=level, bootstrap=50)
    assert found.names == tuple(pairs)
    regret = found.regret.mean(axis=2)
    for player in range(2):
        expected = regret[player][:, None] - regret[player][None]
        np.testing.assert_allclose(found.difference[player], expected, atol=1e-9)
    np.testing.assert_allclose(found.difference, -found.difference.swapaxes(1, 2), atol=1e-9)
    assert (found.low <= found.difference + 1e-9).all()
    assert (found.difference <= found.high + 1e-9).all()
    opposite = {"better": "worse", "worse": "better", "undecided": "undecided", "equal": "equal"}
    for (one, other), player in itertools.product(itertools.permutations(pairs, 2), ("leader", "max")):
        verdict = found.verdict(one, other, player)
        assert found.verdict(other, one, player) == opposite.get(verdict, verdict)
    assert set(found.best()) <= set(pairs)
    assert found.best()
    single = sk.simulate(game, *pairs["0"], 100, seed=seed, replications=8, checkpoints=1)
    assert (single.regret(sk.stackelberg)[:, :, -1] == found.regret[:, 0]).all()
    assert len(found.table)
    assert len(found.against("0"))
    assert found.to_xarray().sizes
    assert pickle.loads(pickle.dumps(found)).names == found.names


@about("portfolio", "Portfolio", "Portfolio.regret", "Portfolio.compare", "Portfolio.best")
@about("Portfolio.to_xarray", "Portfolio.table", "Portfolio.pairs")
@FEW
@given(st.lists(SMALL, min_size=1, max_size=2), SEEDS)
def test_portfolios_hold_all_comparisons(several, seed):
    named = {f"game {rank}": game for rank, game in enumerate(several)}
    learners = {"a": sk.UCB(), "b": sk.UniformLearner()}
    options = {"seed": seed, "replications": 4, "bootstrap": 20}
    table = sk.portfolio(learners, learners, named, 60, **options)
    assert table.regret("stackelberg").shape == (len(named), 2, 2, 2, 4)
    for rank, (name, game) in enumerate(named.items()):
        single = sk.simulate(game, *learners.values(), 60, seed=seed, replications=4, checkpoints=1)
        regret = single.regret(sk.stackelberg)[:, :, -1]
        assert (table.regret("stackelberg")[rank, :, 0, 1] == regret).all()
        assert len(table.compare(name).names) == 4
    assert len(table.best("stackelberg")) >= len(named)
    assert len(table.pairs) == 4
    assert len(table.table)
    assert table.to_xarray().sizes


@about("meta_game", "MetaGame", "MetaGame.shape", "MetaGame.payoff", "MetaGame.low", "MetaGame.high")
@about("MetaGame.error", "MetaGame.gains", "MetaGame.solve", "MetaGame.profile", "MetaGame.price_of_anarchy")
@about("MetaGame.table", "MetaGame.to_xarray", "MetaGame.save", "MetaSolution", "PriceOfAnarchy")
@about("PriceOfAnarchy.loss", "PriceOfAnarchy.ratio", "Portfolio.meta_game", "MetaGame.alpharank")
@about("interop.to_gameanalysis", "interop.write_gameanalysis", "MetaGame.plot")
@FEW
@given(st.lists(SMALL, min_size=1, max_size=2), SEEDS, st.permutations(QUICK))
def test_meta_games_are_games(several, seed, order):
    named = {f"game {rank}": game for rank, game in enumerate(several)}
    seats = {"a": order[0], "b": order[1]}, {"c": order[2], "d": order[3]}
    meta = sk.meta_game(*seats, named, 60, seed=seed, replications=4)
    assert meta.shape == meta.game.shape == (2, 2)
    assert (meta.low <= meta.payoff + 1e-9).all()
    assert (meta.payoff <= meta.high + 1e-9).all()
    assert (meta.bounds[:, 0, None, None] <= meta.payoff + 1e-9).all()
    np.testing.assert_array_equal(meta.game.leader, meta.payoff[0])
    assert (meta.error >= 0).all()
    for player in ("leader", "follower"):
        gains = meta.gains(player)
        assert (gains.low <= gains.mean + 1e-9).all()
        assert (gains.mean <= gains.high + 1e-9).all()
    ties = {frozenset(map(tuple, each.joint.tolist())) for each in meta.solve("pure")}
    assert ties <= {frozenset(map(tuple, each.joint.tolist())) for each in meta.solve("nash")}
    for kind in ("nash", "stackelberg", "commitment", "cce"):
        for each in meta.solve(kind):
            assert isinstance(each, sk.MetaSolution)
            np.testing.assert_allclose(each.joint.sum(), 1.0)
            assert (each.gain <= each.epsilon + 1e-9).all()
            assert kind in repr(each)
    assert (meta.profile([0.5, 0.5], [1, 0]).gain >= 0).all()
    price = meta.price_of_anarchy()
    assert price.loss >= -1e-9
    assert price.ratio >= 1 - 1e-9 or np.isnan(price.ratio)
    np.testing.assert_allclose(meta.alpharank()["mass"].sum(), 1.0)
    assert len(meta.table) == 4
    assert meta.to_xarray().sizes["leader"] == 2
    drawn(meta.plot())
    assert len(interop.to_gameanalysis(meta.game)["profiles"]) == 4
    interop.write_gameanalysis(meta.game, FOLDER / "meta.json")
    meta.save(FOLDER / "meta.saved")
    assert sk.load(FOLDER / "meta.saved").to_xarray().identical(meta.to_xarray())
    for html in (meta._repr_html_(), sk.load(FOLDER / "meta.saved")._repr_html_()):
        assert html.count("<td>") + html.count("<td><b>") >= 4
    runs = sk.portfolio(*seats, named, 60, seed=seed, replications=4, bootstrap=9)
    np.testing.assert_allclose(
        runs.meta_game().payoff, runs.utility.mean(axis=(0, -1)) / 60, rtol=1e-9, atol=1e-12
    )


@about(
    "scaling",
    "ScalingFit",
    "ScalingFit.to_xarray",
    "ScalingFit.table",
    "ScalingFit.exponents",
    "ScalingFit.fitted",
    "ScalingFit.excluded",
)
@FEW
@given(SMALL, SEEDS, st.sampled_from([0.25, 4.0]))
def test_exponents_know_no_unit(game, seed, unit):
    """By powers of 2: regret in other units has the same slope."""
    learners = sk.UniformLearner(), sk.FixedAction(0)
    options = {"seed": seed, "replications": 4, "bootstrap": 20}
    larger = sk.Game(unit * game.leader, unit * game.follower)
    with warned():
        one = sk.scaling(game, *learners, [20, 200, 2000], (2.0, 2.0), **options)
        other = sk.scaling(larger, *learners, [20, 200, 2000], (2 * unit, 2 * unit), **options)
    np.testing.assert_allclose(one.exponent, other.exponent, atol=1e-9)
    np.testing.assert_allclose(unit * one.prefactor, other.prefactor, rtol=1e-9)
    assert (unit * one.regret == other.regret).all()
    assert (one.exponent > 0.5).all()  # a benchmark out of reach is missed by as much in every round
    assert (one.ci[:, 0] <= one.exponent + 1e-12).all()
    assert (one.exponent <= one.ci[:, 1] + 1e-12).all()
    np.testing.assert_allclose(unit * one.fitted, other.fitted, rtol=1e-9)
    assert one.excluded == []
    assert len(one.table)
    np.testing.assert_array_equal(one.exponents["exponent"], one.exponent)
    assert one.to_xarray().sizes


@about("worst_case", "WorstCase", "WorstCase.to_xarray", "WorstCase.table", "WorstCase.sweep_table")
@FEW
@given(st.sets(st.integers(1, 8), min_size=1, max_size=3), SEEDS)
def test_the_worst_is_in_the_grid(eighths, seed):
    grid = [number / 16 for number in sorted(eighths)]
    options = {"seed": seed, "replications": 4, "bootstrap": 20}
    with warned():
        found = sk.worst_case(
            sk.games.lower_bound, sk.UniformLearner(), sk.UCB(), [20, 200], sk.stackelberg, grid, **options
        )
    assert np.isin(found.parameter, grid).all()
    assert (found.low <= found.high).all()
    assert (found.selected[2] >= found.selected[:2].max(axis=0) - 1e-9).all()
    assert found.to_xarray().sizes


@about("diagnostics", "Diagnostics", "Diagnostics.cell_fractions", "Diagnostics.to_xarray")
@about("Diagnostics.regret_quantiles", "Diagnostics.max_over_median", "Diagnostics.worst_share")
@about("Diagnostics.switches", "Diagnostics.last_exploration", "Diagnostics.table")
@about("Diagnostics.play_table", "Diagnostics.cell_table")
@FEW
@given(PLAYED, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=4, unique=True).map(sorted))
def test_diagnostics_describe_the_run(play, levels):
    result = run(play, replications=5, trace=True, checkpoints=3)
    found = sk.diagnostics(result, quantiles=levels, worst=[0.5, 1.0])
    assert (np.diff(found.regret_quantiles, axis=0) >= 0).all()
    shares = found.worst_share[:, found.regret.sum(axis=1) > 0]
    np.testing.assert_allclose(shares[-1], 1.0)
    for fractions in (found.cell_fractions(), found.cell_fractions(between=True)):
        np.testing.assert_allclose(fractions.sum(axis=(2, 3)), 1.0)
    assert (found.switches == result.switches).all()
    assert (found.last_exploration == result.last_exploration).all()
    ratios = found.max_over_median
    assert (ratios[np.isfinite(ratios)] >= 1.0 - 1e-12).all()
    for table in (found.table, found.play_table, found.cell_table):
        assert len(table)
    assert found.to_xarray().sizes


@about("Result.plot", "Comparison.plot", "Portfolio.plot", "ScalingFit.plot", "WorstCase.plot")
@about("Diagnostics.plot", "Diagnostics.plot_cells", "plotting.plot_regret", "plotting.plot_scaling")
@about("plotting.new_figure", "plotting.style_axes", "plotting.reference_line", "plotting.PALETTE")
@about("plotting.LINESTYLES", "plotting.MARKERS", "plotting.QUIET", "plotting.SMALL")
@FEW
@given(PLAYED, st.floats(-10.0, 10.0))
def test_everything_can_be_drawn(play, slope):
    game, leader, follower, horizon, seed = play
    result = run(play, replications=3, trace=True, checkpoints=3)
    few = {"seed": seed, "replications": 3, "bootstrap": 9}
    diagnosed = sk.diagnostics(result)
    pairs = {"a": (leader, follower), "b": (follower, leader)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sk.StackelWarning)
        fit = sk.scaling(game, leader, follower, [20, 200], (2.0, 2.0), **few)
        worst = sk.worst_case(sk.games.lower_bound, leader, follower, 50, (2.0, 2.0), [0.1, 0.2], **few)
        table = sk.portfolio({"a": leader}, {"b": follower, "c": sk.UCB()}, {"g": game}, horizon, **few)
        for figure in (
            result.plot(reference_slope=slope),
            plotting.plot_regret({"one": result, "two": result}, (2.0, 2.0)),
            plotting.plot_scaling(fit, reference_slope=slope),
            plotting.plot_scaling({"one": fit, "two": fit}),
            fit.plot(),
            worst.plot(),
            table.plot(),
            sk.compare(game, pairs, horizon, **few).plot(),
            diagnosed.plot(),
            diagnosed.plot_cells(),
        ):
            drawn(figure)
    figure, axes = plotting.new_figure(2, 2)
    for ax, colour in zip(axes, plotting.PALETTE, strict=False):
        plotting.style_axes(ax, x="x", y="y")
        plotting.reference_line(ax, slope, (1e6, 10.0), 1e3)
        ax.plot([1, 2], [1, 2], color=colour, marker=plotting.MARKERS[0], linestyle=plotting.LINESTYLES[1])
        ax.text(1, 1, "text", color=plotting.QUIET, fontsize=plotting.SMALL)
    drawn(figure)


@about(
    "Task",
    "Task.spec",
    "Task.seeds",
    "sweep",
    "Sweep",
    "Sweep.rounds",
    "Sweep.utility",
    "Sweep.utilities",
    "Sweep.regrets",
)
@about("Sweep.summary", "Sweep.results", "Design", "Design.axes", "Design.tasks", "grid", "zipped")
@FEW
@given(SMALL, st.lists(SEEDS, min_size=1, max_size=3, unique=True), st.integers(1, 3))
def test_sweeps_are_simulations(game, seeds, replications):
    design = sk.grid(leader=QUICK[:2], seed=seeds)
    twin = sk.zipped(
        leader=[each for each in QUICK[:2] for _ in seeds], seed=[each for _ in QUICK[:2] for each in seeds]
    )
    fixed = {"game": game, "follower": sk.UCB(), "horizon": 50, "replications": replications}
    tasks = design.tasks(**fixed)
    assert [task.id for task in tasks] == [task.id for task in twin.tasks(**fixed)]
    assert len({task.id for task in tasks}) == len(tasks) == len(design) == 2 * len(seeds)
    assert set(design.axes) == {"leader", "seed"}
    found, backwards = sk.sweep(tasks), sk.sweep(tasks[::-1])
    assert found.results is None
    for i, task in enumerate(tasks):
        assert task.spec["seed"] == str(task.seed)
        for r, seed in enumerate(task.seeds(0, replications).tolist()):
            single = sk.simulate(game, task.leader, task.follower, 50, seed=seed, checkpoints=1)
            assert (found.utility(i)[:, r] == single.utility[:, 0]).all()
        assert found.rounds(i).tolist() == [50]
        assert (found.utility(i) == backwards.utility(len(tasks) - 1 - i)).all()
    assert all((every == found.utility(i)).all() for i, every in enumerate(found.utilities()))
    for i, regret in enumerate(found.regrets(sk.stackelberg)):
        benchmark = sk.stackelberg(tasks[i].game)
        expected = np.array([[[benchmark.leader]], [[benchmark.follower]]]) * 50 - found.utility(i)
        np.testing.assert_allclose(regret, expected, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(found.regrets([benchmark] * len(tasks))[i], regret)
    summary = found.summary(sk.stackelberg)
    assert len(summary) == 2 * len(tasks)
    assert summary["utility"].to_numpy() == pytest.approx(
        [mean for i in range(len(tasks)) for mean in found.utility(i)[:, :, 0].mean(axis=1)]
    )


@MANY
@given(SMALL, st.lists(SEEDS, min_size=1, max_size=3))
@about("Design")
def test_designs_add_and_multiply(game, seeds):
    rows, columns = sk.grid(seed=seeds), sk.grid(horizon=[5, 6])
    assert len(rows + rows) == 2 * len(rows)
    tasks = (rows * columns).tasks(game=game, leader=sk.UCB(), follower=sk.UCB())
    assert [(task.seed, task.horizon) for task in tasks] == [(s, h) for s in seeds for h in (5, 6)]
