"""Scaling fits: known exponents, honest intervals, and nothing dropped in silence.

Seeds are fixed. The two statistical tests would each reject a correct fit with probability below
1e-4: a binomial bound at four standard deviations, and an interval of confidence 0.9999.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from made import hide_module
from scipy import stats

import stackel as sk
from stackel._stats.power_law import expanded_tails, resample_means
from stackel.analysis._scaling_fit import fit_scaling

GAME = sk.games.etc_failure()
LINEAR = (sk.FixedAction(1), sk.BestResponse())
"""A pair whose regret against the Stackelberg benchmark is exactly 0.1 a round."""
DECADES = [10, 100, 1000, 10_000, 100_000]
KEY = np.random.SeedSequence(1)


def fitted(horizons, regret, **options):
    """Fit to regrets of shape (2, R, H) made by hand."""
    count = len(horizons)
    settings = {"confidence": 0.95, "log_power": 0.0, "bootstrap": 500} | options
    settings.setdefault("alike", np.zeros((2, count), dtype=bool))
    regret = np.array(regret, dtype=float)
    return fit_scaling(
        np.array(horizons),
        regret,
        np.zeros((2, count)),
        np.zeros((2, count)),
        seed=0,
        bootstrap_seed=KEY,
        provenance={"spec": {}, "seed": 0},
        **settings,
    )


def test_fixed_actions_have_slope_one():
    fit = sk.scaling(GAME, *LINEAR, DECADES, seed=1)
    np.testing.assert_allclose(fit.exponent, 1, atol=1e-12)
    np.testing.assert_allclose(fit.ci, 1, atol=1e-12)
    np.testing.assert_allclose(fit.prefactor, 0.1)
    assert fit.regret.shape == (2, 32, 5)
    np.testing.assert_allclose(fit.regret, np.broadcast_to(0.1 * np.array(DECADES), (2, 32, 5)))
    assert fit.reliable.all()
    assert fit.notes == ()
    assert fit.excluded == []


def test_players_are_fitted_apart():
    def vanishing(game, horizon):
        return sk.stackelberg(game).leader - 0.1 + horizon**-0.5, sk.stackelberg(game).follower

    fit = sk.scaling(GAME, *LINEAR, DECADES, vanishing, seed=1)
    np.testing.assert_allclose(fit.exponent, [0.5, 1.0], atol=1e-12)


def test_game_learners_and_benchmark_may_depend_on_the_horizon():
    fit = sk.scaling(
        lambda horizon: sk.games.lower_bound(1 / horizon)[0],
        lambda horizon: sk.FixedAction(int(horizon > 100)),
        lambda horizon: sk.FixedAction(int(horizon > 100)),
        [10, 1000],
        lambda _, horizon: (1.0, 10 / horizon),
        replications=2,
        seed=1,
    )
    np.testing.assert_allclose(fit.benchmark, [[1.0, 1.0], [1.0, 0.01]])
    np.testing.assert_allclose(fit.regret[:, 0], [[4.0, 500.0], [9.0, 7.0]])


@pytest.mark.parametrize("argument", ["game", "leader", "follower"])
@pytest.mark.parametrize("function", [lambda: None, lambda _, other: other], ids=["none", "two"])
def test_functions_of_something_else_are_refused(argument, function):
    given = {"game": GAME, "leader": sk.UCB(), "follower": sk.UCB()} | {argument: function}
    with pytest.raises(sk.SpecError, match="or a function of T that returns one, such as lambda T") as caught:
        sk.scaling(**given, horizons=[10, 100])
    assert caught.value.argument == argument
    family = {"family": sk.games.lower_bound, "leader": sk.UCB(), "follower": sk.UCB()}
    for name in family.keys() & {argument}:
        with pytest.raises(sk.SpecError, match="or a function of T that returns one") as caught:
            sk.worst_case(**family | {name: function}, horizon=10, benchmark="stackelberg", grid=[0.1])
        assert caught.value.argument == name


def test_families_and_grids_of_something_else_are_refused():
    given = {"family": sk.games.lower_bound, "grid": [0.1]}
    for argument in given:
        with pytest.raises(sk.SpecError, match="too many positional arguments") as caught:
            sk.worst_case(
                **given | {argument: lambda: None},
                leader=sk.UCB(),
                follower=sk.UCB(),
                horizon=10,
                benchmark="stackelberg",
            )
        assert caught.value.argument == argument


def test_errors_in_functions_are_their_own():
    def faulty(_horizon):
        raise TypeError("mine")

    with pytest.raises(TypeError, match="mine"):
        sk.scaling(GAME, faulty, sk.UCB(), [10, 100])


def test_log_adjusted_exponent_takes_the_log_factor_out():
    horizons = np.array([100, 1000, 10**4, 10**6])
    regret = np.broadcast_to(3 * horizons ** (2 / 3) * np.log(horizons) ** (1 / 3), (2, 4, 4))
    fit = fitted(horizons, regret, log_power=1 / 3)
    np.testing.assert_allclose(fit.log_adjusted_exponent, 2 / 3)
    np.testing.assert_allclose(fit.log_adjusted_ci, 2 / 3)
    assert (fit.exponent > 0.69).all()


def test_exponent_is_the_least_squares_slope():
    rng = np.random.default_rng(2)
    regret = rng.exponential(size=(2, 6, 5)) * np.array(DECADES) ** 0.7
    fit = fitted(DECADES, regret)
    for player in range(2):
        line = stats.linregress(np.log(DECADES), np.log(regret[player].mean(axis=0)))
        assert fit.exponent[player] == pytest.approx(line.slope)
        assert math.log(fit.prefactor[player]) == pytest.approx(line.intercept)


def test_resampling_draws_whole_replications():
    regret = np.random.default_rng(3).normal(size=(2, 5, 3))
    regret[:, :, 2] = 1 + regret[:, :, 0]
    regret[1] = 10 * regret[0]
    means = resample_means(regret, 400, KEY)
    np.testing.assert_allclose(means[1], 10 * means[0])
    for column in range(3):
        possible = np.sort(regret[0, :, column])
        assert possible[0] <= means[0, :, column].min()
        assert means[0, :, column].max() <= possible[-1]
        assert len(np.unique(means[0, :, column].round(12))) > 50
    np.testing.assert_allclose(means[0, :, 2], 1 + means[0, :, 0])


def test_resampling_in_batches_covers_every_resample():
    regret = np.random.default_rng(3).random((2, 2**18, 2)) + 1
    means = resample_means(regret, 7, KEY)
    np.testing.assert_allclose(means, 1.5, atol=6 * math.sqrt(1 / 12 / 2**18))
    assert len(np.unique(means)) == means.size


def test_interval_is_the_expanded_percentile_interval():
    rng = np.random.default_rng(4)
    regret = rng.exponential(size=(2, 9, 5)) * np.array(DECADES)
    fit = fitted(DECADES, regret, bootstrap=999)
    means = resample_means(regret, 999, KEY)
    tails = stats.norm.cdf(np.array([-1, 1]) * stats.t.ppf(0.975, 8) * math.sqrt(9 / 8))
    np.testing.assert_allclose(expanded_tails(0.95, 9), tails)
    for player in range(2):
        slopes = np.sort(np.polyfit(np.log(DECADES), np.log(means[player]).T, 1)[0])
        expected = slopes[np.ceil(tails * 999).astype(int) - 1]
        np.testing.assert_allclose(fit.ci[player], expected)


def test_intervals_cover_as_often_as_they_say():
    rng = np.random.default_rng(6)
    fits = 400
    covered = sum(
        (fit.ci[:, 0] <= 0.5) & (fit.ci[:, 1] >= 0.5)
        for fit in (
            fitted(DECADES, np.sqrt(DECADES) * (1 + 0.3 * rng.standard_normal((2, 24, 5))))
            for _ in range(fits)
        )
    )
    assert (np.abs(covered - 0.95 * fits) < 4 * math.sqrt(0.95 * 0.05 * fits)).all()


def test_random_play_has_slope_one():
    fit = sk.scaling(
        GAME, sk.UniformLearner(), sk.UniformLearner(), DECADES, seed=8, replications=64, confidence=0.9999
    )
    assert ((fit.ci[:, 0] <= 1) & (fit.ci[:, 1] >= 1)).all()
    assert (fit.ci[:, 1] - fit.ci[:, 0] > 0).all()
    np.testing.assert_allclose(fit.exponent, 1, atol=0.05)


def test_another_horizon_does_not_change_the_others():
    options = {"seed": 9, "replications": 50}
    pair = (sk.UCB(), sk.UCB())
    few = sk.scaling(GAME, *pair, [100, 10_000], **options)
    many = sk.scaling(GAME, *pair, [100, 1000, 10_000], **options)
    np.testing.assert_array_equal(few.regret, many.regret[:, :, [0, 2]])


def test_horizons_share_one_game_where_learners_do_not_know_them():
    pair = (sk.UCB(anytime=True), sk.UCB(anytime=True))
    fit = sk.scaling(GAME, *pair, [100, 3000, 100_000], seed=9, replications=32)
    run = sk.simulate(GAME, *pair, 100_000, replications=32, seed=9, checkpoints=[100, 3000, 100_000])
    np.testing.assert_array_equal(fit.regret, run.regret(sk.stackelberg))


def test_exponents_are_a_table_with_the_columns_of_a_sweep():
    pairs = {
        "shy": (sk.FixedAction(1), sk.BestResponse()),
        "both": (sk.UniformLearner(), sk.UniformLearner()),
    }
    fits = {label: sk.scaling(GAME, *pair, DECADES, seed=1, log_power=0.5) for label, pair in pairs.items()}
    tables = pd.concat({label: fit.exponents for label, fit in fits.items()})
    for label, fit in fits.items():
        table = tables.loc[label]
        assert table["player"].tolist() == ["leader", "follower"]
        assert (
            table[["horizons", "first", "last", "replications", "used"]].to_numpy().tolist()
            == [[5, 10, 100_000, 32, 5]] * 2
        )
        for name, numbers in (
            ("exponent", [fit.exponent, *fit.ci.T]),
            ("log_adjusted", [fit.log_adjusted_exponent, *fit.log_adjusted_ci.T]),
            ("curvature", [fit.curvature, *fit.curvature_ci.T]),
        ):
            first = "log_adjusted_exponent" if name == "log_adjusted" else name
            found = table[[first, f"{name}_low", f"{name}_high"]].to_numpy().T
            np.testing.assert_array_equal(found, numbers)
        np.testing.assert_array_equal(table["prefactor"], fit.prefactor)
        np.testing.assert_array_equal(table["reliable"], fit.reliable)
        tasks = [sk.Task(GAME, *pairs[label], horizon, 32, 1) for horizon in DECADES]
        swept = sk.sweep(tasks).scaling(by=[], log_power=0.5).drop(columns="tasks")
        assert swept.dtypes.tolist() == fit.exponents.dtypes.tolist()
        assert swept.columns.tolist() == fit.exponents.columns.tolist()


def test_exponents_have_a_row_for_every_player_of_a_family():
    found = sk.worst_case(
        sk.games.lower_bound, *LINEAR, [20, 200], (2.0, 2.0), [0.1, 0.2], replications=4, seed=1
    )
    assert found.scaling.exponents["player"].tolist() == ["leader", "follower", "max"]


def test_every_run_can_be_repeated_from_the_table():
    fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), [100, 2000], sk.stackelberg, seed=9, replications=50)
    for column, horizon in enumerate(fit.horizons):
        run = sk.simulate(
            GAME,
            sk.UCB(),
            sk.UCB(),
            horizon,
            replications=50,
            seed=9,
            checkpoints=[horizon],
        )
        np.testing.assert_array_equal(run.regret(sk.stackelberg)[:, :, 0], fit.regret[:, :, column])


def test_same_seed_same_fit_whatever_the_threads():
    fits = [
        sk.scaling(GAME, sk.UCB(), sk.UCB(), [100, 1000], seed=np.random.SeedSequence(4), threads=threads)
        for threads in (1, 2)
    ]
    np.testing.assert_array_equal(fits[0].regret, fits[1].regret)
    np.testing.assert_array_equal(fits[0].ci, fits[1].ci)
    other = sk.scaling(GAME, sk.UCB(), sk.UCB(), [100, 1000], seed=5)
    assert (other.regret != fits[0].regret).any()


def test_table_is_tidy():
    fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), DECADES, seed=1, replications=6, confidence=0.8)
    table = fit.table
    assert table["player"].tolist() == ["leader"] * 5 + ["follower"] * 5
    assert table["horizon"].tolist() == DECADES * 2
    assert table["seed"].tolist() == [fit.seed] * 10
    np.testing.assert_allclose(table["benchmark"], [0.6] * 5 + [0.4] * 5)
    np.testing.assert_allclose(table["regret"], fit.regret.mean(axis=1).ravel())
    np.testing.assert_allclose(table["regret_se"], stats.sem(fit.regret, axis=1).ravel())
    low, high = stats.t.interval(0.8, 5, loc=table["regret"], scale=table["regret_se"])
    np.testing.assert_allclose(table["regret_low"], low)
    np.testing.assert_allclose(table["regret_high"], high)
    np.testing.assert_allclose(table["regret_per_round"], table["regret"] / table["horizon"])
    assert table["usable"].all()


def test_what_is_not_positive_is_left_out_and_said():
    def against(game, horizon):
        best = sk.stackelberg(game)
        return best.leader - (0.2 if horizon == 1000 else 0.0), best.follower

    with pytest.warns(
        sk.StackelWarning, match="leader: mean regret not positive, so not in the fit, at T = 1000$"
    ) as seen:
        fit = sk.scaling(GAME, *LINEAR, DECADES, against, seed=1)
    assert seen[0].filename == __file__
    assert fit.excluded == [("leader", 1000)]
    assert fit.usable.tolist() == [[True, True, False, True, True], [True] * 5]
    assert fit.reliable.tolist() == [False, True]
    assert fit.table["regret"][2] == pytest.approx(-100)
    np.testing.assert_allclose(fit.exponent, 1)
    assert "T = 1000" in repr(fit)
    assert "not reliable" in repr(fit)


def test_rounding_errors_are_not_regret():
    game = sk.Game([[0.1 + 0.2]], [[0.7]])
    fixed = sk.FixedAction(0)
    with pytest.warns(sk.StackelWarning):
        fit = sk.scaling(game, fixed, fixed, DECADES, (math.nextafter(0.1 + 0.2, 1), 0.7), seed=1)
    assert not fit.usable.any()


@pytest.mark.parametrize("positive", [0, 1])
def test_fewer_than_two_points_give_no_exponent(positive):
    regret = np.full((2, 3, 4), -1.0)
    regret[:, :, :positive] = 1.0
    fit = fitted([10, 100, 1000, 10_000], regret, log_power=0.5)
    for values in (fit.exponent, fit.prefactor, fit.ci, fit.log_adjusted_exponent, fit.log_adjusted_ci):
        assert np.isnan(values).all()
    assert not fit.reliable.any()
    assert "leader: no exponent, fewer than two horizons are left" in fit.notes


def test_a_regret_that_may_be_zero_makes_the_fit_unreliable():
    regret = np.ones((2, 4, 3)) * [1, 10, 100]
    regret[1, :, 2] = [-300, 300, 500, 100]
    fit = fitted([10, 100, 1000], regret)
    assert fit.reliable.tolist() == [True, False]
    assert "follower: interval of the regret contains 0 at T = 1000" in fit.notes
    assert fit.excluded == []


def test_resamples_without_logarithm_widen_the_interval():
    regret = np.ones((2, 4, 3)) * [1, 10, 100]
    regret[1, :, 2] = [-300, -300, 500, 150]
    fit = fitted([10, 100, 1000], regret)
    assert fit.ci[1].tolist() == [-math.inf, math.inf]
    np.testing.assert_allclose(fit.ci[0], 1)


@pytest.mark.parametrize(("replications", "reliable"), [(2, False), (5, False), (6, True)])
def test_few_replications_are_not_reliable(replications, reliable):
    rng = np.random.default_rng(1)
    fit = fitted(DECADES, np.sqrt(DECADES) * (1 + 0.01 * rng.standard_normal((2, replications, 5))))
    assert fit.reliable.tolist() == [reliable] * 2
    assert (fit.notes == ()) is reliable
    assert reliable or fit.notes[0] == f"intervals from {replications} replications are too narrow"


def test_one_replication_has_an_exponent_only():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit = sk.scaling(GAME, *LINEAR, DECADES, seed=1, replications=1)
    np.testing.assert_allclose(fit.exponent, 1)
    assert np.isnan(fit.ci).all()
    assert not fit.reliable.any()
    assert fit.notes == ("one replication: no intervals",)


def test_short_spans_are_noted():
    assert sk.scaling(GAME, *LINEAR, [10, 316], seed=1).notes == (
        "the horizons span 1.5 decades, and 4 or more are advisable",
    )


def test_nothing_in_a_fit_can_be_changed():
    fit = sk.scaling(GAME, *LINEAR, [10, 100], seed=1, replications=2)
    with pytest.raises(AttributeError):
        fit.exponent = np.zeros(2)
    for name in ("horizons", "regret", "benchmark", "exponent", "ci", "usable", "reliable"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(fit, name)[...] = 0


@pytest.mark.parametrize(
    "horizons", [None, 5, [], [100], [100, 10], [10, 10], [1, 10], [10, 2.5], [10, 2**54], "ab"]
)
def test_horizons_must_increase(horizons):
    with pytest.raises(sk.SpecError, match=r"^horizons: must be at least two horizons that increase"):
        sk.scaling(GAME, *LINEAR, horizons)


@pytest.mark.parametrize(
    "horizons",
    [(10, 100), [1e1, 1e2], np.logspace(1, 2, 2), np.array([10, 100], dtype=np.int32), range(10, 101, 90)],
)
def test_any_whole_numbers_are_horizons(horizons):
    assert sk.scaling(GAME, *LINEAR, horizons, replications=1).horizons.tolist() == [10, 100]


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("game", {"game": "chess"}),
        ("game", {"game": lambda _: None}),
        ("game", {"game": sk.Game}),
        ("leader", {"leader": sk.UCB}),
        ("leader", {"leader": lambda _: 3}),
        ("follower", {"follower": None}),
        ("benchmark", {"benchmark": 0.5}),
        ("benchmark", {"benchmark": sk.tolerant}),
        ("replications", {"replications": 0}),
        ("seed", {"seed": -1}),
        ("confidence", {"confidence": 1}),
        ("log_power", {"log_power": "one"}),
        ("bootstrap", {"bootstrap": 0}),
        ("engine", {"engine": "steam"}),
        ("threads", {"threads": 0}),
    ],
)
def test_bad_arguments_are_named(argument, changes):
    settings = {"game": GAME, "leader": LINEAR[0], "follower": LINEAR[1], "horizons": [10, 100]} | changes
    with pytest.raises(sk.SpecError) as caught:
        sk.scaling(**settings)
    assert caught.value.argument == argument


def test_missing_pandas_names_the_extra(monkeypatch):
    fit = sk.scaling(GAME, *LINEAR, [10, 100], seed=1, replications=2)
    hide_module(monkeypatch, "pandas")
    with pytest.raises(sk.MissingExtraError, match=r"stackel\[pandas\]"):
        _ = fit.table
