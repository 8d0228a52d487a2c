"""Figures: what is drawn is what was measured, and what cannot be drawn is said."""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
import types

import matplotlib as mpl
import numpy as np
import pytest
from made import hide_module, with_regret
from matplotlib.figure import Figure
from scipy import stats

import stackel as sk
from stackel.plotting import (
    LINESTYLES,
    MARKERS,
    PALETTE,
    new_figure,
    plot_regret,
    plot_scaling,
    reference_line,
)

ROUNDS = [1, 10, 100, 1000]
NOTHING = (0.0, 0.0)
"""Benchmark against which regret is minus utility."""


def growing(slope=0.5, replications=8, factor=1.0):
    """Result with noisy regret around ``factor * t**slope``, the follower's twice the leader's."""
    rng = np.random.default_rng(5)
    regret = np.array(ROUNDS) ** slope * (1 + 0.1 * rng.standard_normal((2, replications, 4)))
    return with_regret(factor * regret * np.array([1, 2])[:, None, None], ROUNDS)


def curves(axes):
    return {line.get_label(): line for line in axes.lines if len(line.get_xdata()) == len(ROUNDS)}


def note(axes):
    return "\n".join(text.get_text() for text in axes.texts)


def rendered(figure):
    figure.savefig(png := io.BytesIO(), format="png")
    return png.getvalue()


def test_one_call_draws_both_players_with_bands():
    run = growing()
    figure = run.plot(NOTHING)
    (axes,) = figure.axes
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    lines = curves(axes)
    assert list(lines) == ["leader: FixedAction", "follower: FixedAction"]
    regret = run.regret(NOTHING)
    for player, line in enumerate(lines.values()):
        np.testing.assert_array_equal(line.get_xdata(), run.rounds)
        np.testing.assert_allclose(line.get_ydata(), regret[player].mean(axis=0))
        assert line.get_linestyle() == LINESTYLES[player]
        band = axes.collections[player].get_paths()[0].vertices
        mean, error = regret[player].mean(axis=0), stats.sem(regret[player], axis=0)
        for limit in stats.t.interval(0.95, 7, loc=mean, scale=error):
            for place in zip(run.rounds, limit, strict=True):
                assert np.isclose(band, place, rtol=1e-6).all(axis=1).any()
    assert note(axes) == ""
    assert rendered(figure).startswith(b"\x89PNG")


def test_labels_have_units_and_name_the_benchmark():
    run = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 100, replications=3, seed=1)
    axes = run.plot().axes[0]
    assert axes.get_xlabel() == "t (rounds)"
    assert axes.get_ylabel() == "regret, Stackelberg benchmark (utility)"
    axes = run.plot(sk.self_tolerant(run.game, 0.05)).axes[0]
    assert axes.get_ylabel() == "regret, 0.05-self-tolerant benchmark (utility)"
    assert run.plot((1, 1)).axes[0].get_ylabel() == "regret (utility)"


def test_negative_regret_is_drawn():
    """By the data, an axis of both signs; every point is on it."""
    run = with_regret(-np.array(ROUNDS, dtype=float) * [[[1.0]] * 5, [[2.0]] * 5], ROUNDS)
    axes = run.plot(NOTHING).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "symlog")
    np.testing.assert_allclose(curves(axes)["leader: FixedAction"].get_ydata(), -np.array(ROUNDS))
    assert axes.get_ylim()[0] < -2000
    assert note(axes) == "no interval where replications are alike by chance" or note(axes) == ""
    rendered(axes.figure)


@pytest.mark.parametrize(
    ("scale", "scales"),
    [
        ("auto", ("log", "log")),
        ("log", ("log", "log")),
        ("symlog", ("log", "symlog")),
        ("linear", ("linear",) * 2),
    ],
)
def test_scales(scale, scales):
    figure = growing().plot(NOTHING, scale=scale, reference_slope=0.5)
    axes = figure.axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == scales
    (line,) = [line for line in axes.lines if line.get_label() == "slope 1/2"]
    x, y = line.get_data()
    np.testing.assert_allclose(y / y[-1], np.sqrt(x / x[-1]))
    rendered(figure)


def test_some_negative_points_leave_a_log_axis():
    some = with_regret([[[-1.0, -2.0, 3.0, 4.0]], [[1.0] * 4]], ROUNDS)
    most = with_regret([[[-1.0, -2.0, -3.0, 4.0]], [[1.0] * 4]], ROUNDS)
    last = with_regret([[[1.0, 2.0, 3.0, -4.0]], [[1.0] * 4]], ROUNDS)
    assert [run.plot(NOTHING).axes[0].get_yscale() for run in (some, most, last)] == [
        "log",
        "symlog",
        "symlog",
    ]


def test_axes_with_curves_keep_their_scale():
    figure = growing().plot(NOTHING, scale="linear")
    with_regret(-np.ones((2, 5, 4)), ROUNDS).plot(NOTHING, ax=figure.axes[0])
    assert figure.axes[0].get_yscale() == "linear"


def test_regret_per_round():
    run = growing()
    axes = run.plot(NOTHING, per_round=True).axes[0]
    assert axes.get_ylabel() == "regret a round (utility)"
    mean = run.regret(NOTHING)[0].mean(axis=0) / ROUNDS
    np.testing.assert_allclose(curves(axes)["leader: FixedAction"].get_ydata(), mean)


def test_equal_curves_show_beside_each_other():
    regret = np.tile(np.array(ROUNDS, dtype=float) ** 0.5, (2, 5, 1)) * np.linspace(1, 1.1, 5)[:, None]
    axes = with_regret(regret, ROUNDS).plot(NOTHING).axes[0]
    below, above = curves(axes).values()
    assert below.get_linewidth() > 2 * above.get_linewidth()
    assert note(axes) == "equal: leader and follower"
    assert len({line.get_linewidth() for line in curves(growing().plot(NOTHING).axes[0]).values()}) == 1


@pytest.mark.parametrize("against", ["stackelberg", "self_tolerant"])
@pytest.mark.parametrize("per_round", [False, True])
def test_labels_fit_in_given_axes(against, per_round):
    """In a figure of Matplotlib's default size and layout, nothing is cut off."""
    run = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10**9, replications=3, seed=1)
    figure = Figure()
    axes = figure.subplots()
    run.plot(against, ax=axes, per_round=per_round)
    rendered(figure)
    box = axes.yaxis.label.get_window_extent()
    assert box.x0 >= 0
    assert box.y0 >= 0
    assert box.y1 <= figure.bbox.height


def test_best_shares():
    game = sk.Game([[0, 3], [1, 1]], [[0, 1], [1, 1]], noise=sk.Deterministic())
    learners = sk.ExploreThenCommit(exploration=2), sk.ExploreThenCommit(exploration=1)
    run = sk.simulate(game, *learners, 100, checkpoints=[1, 2, 4, 100], trace=True)
    counts = run.trace.cell_counts[0]
    expected = np.array([counts[:, 0].sum(axis=1), counts[:, 0, 1] + counts[:, 1].sum(axis=1)])
    np.testing.assert_allclose(run.best_share()[:, 0], expected / [1, 2, 4, 100])
    axes = run.plot_best_share().axes[0]
    np.testing.assert_allclose(axes.lines[1].get_ydata(), run.best_share()[1, 0])
    assert axes.get_ylabel() == "share of best actions up to t"
    rendered(axes.figure)
    traced = sk.simulate(
        sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10**4, replications=5, seed=1, trace=True
    )
    assert len(traced.plot_best_share().axes[0].collections) == 2
    with pytest.raises(sk.SpecError, match="trace=True"):
        sk.simulate(game, *learners, 10).best_share()


SHOWN = """
import sys, warnings
import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backend_bases import FigureManagerBase
calls = []
class Manager(FigureManagerBase):
    def show(self):
        calls.append(("show", self.canvas.figure))
    @classmethod
    def start_main_loop(cls):
        calls.append("loop")
class FigureCanvas(FigureCanvasAgg):
    manager_class = Manager
sys.modules["windows"] = sys.modules[__name__]
matplotlib.use(sys.argv[1])
import stackel as sk
figure = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 100).plot()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    figure.show()
if sys.argv[1] == "agg":
    assert not calls
    assert "savefig(path)" in str(caught[0].message)
    figure.show(warn=False)
    assert len(caught) == 1
else:
    assert calls == [("show", figure), "loop"], calls
    assert not caught
    import matplotlib.pyplot as plt
    assert not plt.get_fignums()
figure.savefig(sys.argv[2], format="png")
"""


@pytest.mark.parametrize("backend", ["agg", "module://windows"])
def test_figures_of_scripts_are_shown(backend):
    subprocess.run([sys.executable, "-c", SHOWN, backend, "/dev/null"], check=True)


def test_figures_of_notebooks_are_shown(monkeypatch):
    shown = []
    shell = types.SimpleNamespace(
        get_ipython=lambda: types.SimpleNamespace(kernel=1),
        display=types.SimpleNamespace(display=shown.append),
    )
    monkeypatch.setitem(sys.modules, "IPython", shell)
    figure = growing().plot(NOTHING)
    figure.show()
    assert shown == [figure]


def test_a_mapping_gets_a_colour_and_a_marker_each():
    runs = {"slow": growing(0.5), "fast": growing(1.0), "faster": growing(1.2)}
    axes = plot_regret(runs, NOTHING).axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == len(ROUNDS)]
    looks = [(line.get_color(), line.get_marker(), line.get_linestyle()) for line in lines]
    assert looks == [(PALETTE[k], MARKERS[k], style) for k in range(3) for style in LINESTYLES]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["slow", "fast", "faster", "leader", "follower"]


def test_every_name_is_in_the_legend():
    axes = plot_regret({"_tuned": growing(0.5), "": growing(1.0)}, NOTHING).axes[0]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == [" _tuned", " ", "leader", "follower"]


def test_many_runs_still_differ():
    runs = {str(rank): growing(0.5 + rank / 40) for rank in range(20)}
    axes = plot_regret(runs, NOTHING).axes[0]
    looks = {(line.get_color(), line.get_marker(), line.get_linestyle()) for line in axes.lines[:40]}
    assert len(looks) == 40


def test_points_that_have_no_logarithm_are_counted_on_the_figure():
    leader = [[-1.0, 2.0, 3.0, 4.0]] * 3
    follower = [[1.0, 0.0, -5.0, 4.0]] * 3
    run = with_regret([leader, follower], ROUNDS)
    figure = run.plot(NOTHING)
    lines = curves(figure.axes[0])
    np.testing.assert_array_equal(lines["leader: FixedAction"].get_ydata(), [np.nan, 2, 3, 4])
    np.testing.assert_array_equal(lines["follower: FixedAction"].get_ydata(), [1, np.nan, np.nan, 4])
    assert "leader, 1 of 4 points" in note(figure.axes[0])
    assert "follower, 2 of 4 points" in note(figure.axes[0])
    rendered(figure)


def test_lonely_points_keep_their_marker():
    run = with_regret([[[-1.0, 2.0, -3.0, 4.0]], [[1.0, -1.0, 5.0, 4.0]]], ROUNDS)
    axes = run.plot(NOTHING).axes[0]
    assert set(curves(axes)["leader: FixedAction"].get_markevery()) >= {1, 3}
    assert 0 in curves(axes)["follower: FixedAction"].get_markevery()


def test_many_curves_with_missing_points_give_one_number():
    bad = with_regret([[[-1.0, 2.0, 3.0, 4.0]]] * 2, ROUNDS)
    axes = plot_regret({"one": bad, "two": bad, "three": growing()}, NOTHING).axes[0]
    assert note(axes) == "not shown, mean regret ≤ 0: 4 of 24 points\n4 curves are equal"


def test_rounding_errors_do_not_become_points():
    run = with_regret([[[0.0, 1e-17, 1e-16, 1e-15]], [[1.0] * 4]], ROUNDS)
    assert "leader, 4 of 4 points" in note(run.plot(NOTHING).axes[0])


def test_nothing_positive_is_said_too():
    run = with_regret(-np.ones((2, 5, 4)), ROUNDS)
    figure = run.plot(NOTHING, reference_slope=0.5, scale="log")
    assert note(figure.axes[0]).count("4 of 4 points") == 2
    low, high = figure.axes[0].get_xlim()
    assert low < ROUNDS[0]
    assert ROUNDS[-1] < high
    rendered(figure)


def test_bands_that_reach_zero_run_to_the_edge_and_say_so():
    regret = np.array([[[1.0, 2.0, 3.0, -3.0], [1.1, 2.1, 3.1, 10.0]], [[1.0] * 4, [1.1] * 4]])
    figure = with_regret(regret, ROUNDS).plot(NOTHING)
    assert note(figure.axes[0]) == "intervals that contain 0 extend to the lower edge"
    bottom, top = figure.axes[0].get_ylim()
    assert 0 < bottom < 0.35
    assert top > regret[0, :, -1].mean() + 12.7 * stats.sem(regret[0, :, -1])
    solid, pale, _ = figure.axes[0].collections
    assert solid.get_alpha() > 3 * pale.get_alpha()
    assert solid.get_paths()[0].vertices[:, 1].min() > bottom
    assert pale.get_paths()[0].vertices[:, 1].min() < bottom
    assert pale.get_paths()[0].vertices[:, 0].min() == ROUNDS[-2]
    rendered(figure)


def test_one_replication_has_no_band():
    figure = growing(replications=1).plot(NOTHING)
    assert not figure.axes[0].collections
    rendered(figure)


@pytest.mark.parametrize(
    ("slope", "name"),
    [(2 / 3, "slope 2/3"), (1, "slope 1"), (0.5, "slope 1/2"), (0.123, "slope 0.123"), (-1, "slope -1")],
)
def test_reference_line_has_its_slope_and_lies_above(slope, name):
    axes = growing(0.5).plot(NOTHING, reference_slope=slope).axes[0]
    (line,) = [line for line in axes.lines if line.get_label() == name]
    (start, end), (low, high) = line.get_xdata(), line.get_ydata()
    assert np.log(high / low) / np.log(end / start) == pytest.approx(slope)
    assert high < axes.get_ylim()[1]
    for curve in curves(axes).values():
        late = curve.get_xdata() >= start
        assert (curve.get_ydata()[late] < high * (curve.get_xdata()[late] / end) ** slope).all()


def test_reference_line_by_hand():
    _, (axes,) = new_figure()
    reference_line(axes, 2, through=(100.0, 50.0), start=10.0, label="theory")
    x, y = axes.lines[0].get_data()
    np.testing.assert_allclose([x[0], x[-1]], [10.0, 100.0])
    np.testing.assert_allclose(y, 50.0 * (x / 100.0) ** 2)
    assert axes.lines[0].get_label() == "theory"


def test_given_axes_are_used_and_keep_what_they_had():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    assert growing().plot(NOTHING, ax=left) is figure
    assert len(left.lines) == 2
    assert not right.lines
    before = left.get_ylim()
    bad = with_regret(np.full((2, 3, 4), 1e9) * [1, 1, 1, -1], ROUNDS)
    bad.plot(NOTHING, ax=left)
    assert left.get_ylim()[0] <= before[0]
    assert left.get_ylim()[1] > 1e9
    bad.plot(NOTHING, ax=left)
    assert note(left).count("leader, 1 of 4 points") == 1
    rendered(figure)


def test_subfigures_belong_to_their_figure():
    figure = Figure()
    inner = figure.subfigures(1, 2)[0]
    assert growing().plot(NOTHING, ax=inner.subplots()) is figure


def test_notebooks_and_pickles():
    figure = growing().plot(NOTHING)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert rendered(pickle.loads(pickle.dumps(figure))) == rendered(figure)


def test_global_settings_are_left_alone():
    before = dict(mpl.rcParams)
    rendered(growing().plot(NOTHING, reference_slope=0.5))
    assert dict(mpl.rcParams) == before


def test_pyplot_is_not_even_imported():
    code = (
        "import sys, stackel as sk\n"
        "assert 'matplotlib' not in sys.modules and 'pandas' not in sys.modules\n"
        "sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 100).plot().savefig(sys.argv[1])\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run(
        [sys.executable, "-W", "error", "-c", code, "/dev/null"], check=True, env={"MPLBACKEND": "tkagg"}
    )


@pytest.mark.parametrize("results", [None, {}, [growing()], {"a": 1}, "run"])
def test_what_cannot_be_drawn(results):
    with pytest.raises(sk.SpecError, match=r"^results: must be a stackel.Result or a mapping"):
        plot_regret(results, NOTHING)


@pytest.mark.parametrize(
    ("argument", "options"),
    [
        ("benchmark", {"benchmark": 3}),
        ("confidence", {"confidence": 95}),
        ("reference_slope", {"reference_slope": "steep"}),
        ("reference_slope", {"reference_slope": float("inf")}),
    ],
)
def test_bad_options(argument, options):
    with pytest.raises(sk.SpecError) as caught:
        growing().plot(**{"benchmark": NOTHING} | options)
    assert caught.value.argument == argument


def test_fits_are_drawn_with_their_points():
    game = sk.games.etc_failure()
    fit = sk.scaling(game, sk.UniformLearner(), sk.UniformLearner(), [10, 100, 1000], seed=1, replications=16)
    figure = fit.plot(reference_slope=1)
    axes = figure.axes[0]
    assert axes.get_xlabel() == "horizon T (rounds)"
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    low, high = fit.ci[0]
    assert legend[0] == f"leader: slope {fit.exponent[0]:.3f} [{low:.3f}, {high:.3f}]"
    assert legend[2] == "slope 1"
    points = axes.containers[0].lines[0]
    np.testing.assert_allclose(points.get_ydata(), fit.regret[0].mean(axis=0))
    rendered(figure)


def test_fits_are_drawn_together():
    """Colour and marker of the fit, line style of the player; label, role and slope in the legend."""
    game = sk.games.etc_failure()
    fits = {
        label: sk.scaling(
            game,
            sk.UniformLearner(),
            sk.UniformLearner(),
            [10, 100, 1000, 10_000][:count],
            (2.0, 3.0),
            seed=1,
        )
        for label, count in {"_short": 3, "long": 4, "as long": 4}.items()
    }
    axes = plot_scaling(fits, reference_slope=1).axes[0]
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend[-1] == "slope 1"
    shown = iter(zip(legend, axes.containers, strict=False))
    for rank, (label, fit) in enumerate(fits.items()):
        for player, (role, linestyle) in enumerate(zip(("leader", "follower"), LINESTYLES, strict=True)):
            text, points = next(shown)
            low, high = fit.ci[player]
            named = f"{label} ({role}): slope {fit.exponent[player]:.3f} [{low:.3f}, {high:.3f}]"
            assert text.strip() == named
            (line,) = [line for line in axes.lines if line.get_label() == text]
            np.testing.assert_allclose(line.get_data(), [fit.horizons, fit.fitted[player]])
            assert (line.get_color(), line.get_linestyle()) == (PALETTE[rank], linestyle)
            marks = points.lines[0]
            np.testing.assert_allclose(marks.get_data(), [fit.horizons, fit.regret[player].mean(axis=0)])
            assert (marks.get_color(), marks.get_marker()) == (PALETTE[rank], MARKERS[rank])
            assert (line.get_linewidth() > 2) == (label == "long")  # the next is equal, and drawn over it
    assert "equal: long (leader) and as long (leader)" in note(axes)
    rendered(axes.figure)


def test_a_mapping_of_one_fit_is_drawn_as_the_fit():
    fit = sk.scaling(sk.games.etc_failure(), sk.UniformLearner(), sk.UniformLearner(), [10, 100], seed=1)
    assert rendered(plot_scaling({"one": fit})) == rendered(fit.plot())


@pytest.mark.parametrize("fit", [None, {}, {"a": 1}, [1], growing()])
def test_fits_that_cannot_be_drawn(fit):
    with pytest.raises(sk.SpecError, match=r"^fit: must be a result of stackel.scaling or a mapping"):
        plot_scaling(fit)


def test_fits_without_a_slope_say_so():
    with pytest.warns(sk.StackelWarning):
        fit = sk.scaling(
            sk.games.etc_failure(), sk.FixedAction(0), sk.BestResponse(), [10, 100], (0.6, 0.4), seed=1
        )
    labels = [text.get_text() for text in fit.plot().axes[0].get_legend().get_texts()]
    assert labels == [f"{role}: no slope, fewer than two positive points" for role in ("leader", "follower")]


def test_fits_say_what_they_leave_out():
    def against(_, horizon):
        return 0.61, 0.41 if horizon == 100 else 0.31

    with pytest.warns(sk.StackelWarning):
        fit = sk.scaling(
            sk.games.etc_failure(), sk.FixedAction(0), sk.BestResponse(), [10, 100], against, seed=1
        )
    figure = plot_scaling(fit)
    assert note(figure.axes[0]) == "not shown, mean regret ≤ 0:\nfollower, 1 of 2 points"
    rendered(figure)


def test_missing_matplotlib_names_the_extra(monkeypatch):
    hide_module(monkeypatch, "matplotlib")
    with pytest.raises(sk.MissingExtraError, match=r"stackel\[plot\]"):
        new_figure()
