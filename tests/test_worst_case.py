"""Worst cases over families: known maxima, honest numbers after a search, growth of both.

The statistical test makes two statements about correct results, each wrong with probability below 1e-4:
bounds at four standard deviations.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats

import stackel as sk

ONLY = sk.FixedAction(0)
ONES = (1.0, 1.0)
GAME = sk.games.etc_failure()


def peaked(delta, horizon):
    """Game whose regrets per round against `ONES` are largest at T**(-1/3) and T**(-1/2)."""
    loss = [delta * max(0.0, 1 - delta * horizon**power / 2) for power in (1 / 3, 1 / 2)]
    return sk.Game([[1 - loss[0]]], [[1 - loss[1]]])


def around(horizon):
    """Grid that has both maxima inside."""
    return sorted({factor * horizon**-power for factor in (0.5, 1.0, 1.5) for power in (1 / 3, 1 / 2)})


def test_maximum_at_one_horizon():
    found = sk.worst_case(peaked, ONLY, ONLY, 10**6, ONES, around, seed=1, replications=3)
    np.testing.assert_allclose(found.parameter, [[0.01], [0.001], [0.01]])
    np.testing.assert_allclose(found.regret.mean(axis=1), [[5000], [500], [5000]])
    for part in (found.selected, found.low, found.high):
        np.testing.assert_allclose(part, [[5000], [500], [5000]])
    assert found.attained_by.tolist() == [[0], [1], [0]]
    assert found.scaling is None
    assert np.isnan(found.parameter_exponent).all()
    assert found.notes == ()
    assert found.parameter_name == "delta"


def test_growth_of_the_maximum_and_of_its_place():
    horizons = [10**3, 10**4, 10**5, 10**7]
    found = sk.worst_case(peaked, ONLY, ONLY, horizons, ONES, around, seed=1, replications=3)
    np.testing.assert_allclose(found.scaling.exponent, [2 / 3, 1 / 2, 2 / 3])
    np.testing.assert_allclose(found.scaling.ci, np.transpose([[2 / 3, 1 / 2, 2 / 3]] * 2))
    np.testing.assert_allclose(found.parameter_exponent, [-1 / 3, -1 / 2, -1 / 3])
    np.testing.assert_allclose(found.parameter_ci, np.transpose([[-1 / 3, -1 / 2, -1 / 3]] * 2))
    assert found.scaling.players == ("leader", "follower", "max")
    np.testing.assert_array_equal(found.scaling.regret, found.regret)
    assert "grows with exponent 0.667 [0.667, 0.667], delta with -0.333 [-0.333, -0.333]" in repr(found)


def test_the_adversary_picks_a_game_for_each_player():
    def pair(delta):
        first = sk.Game([[1 - 2 * delta]], [[1 - delta]], name="hard for the leader")
        return first, sk.Game([[1 - delta]], [[1 - 3 * delta]], name="hard for the follower")

    found = sk.worst_case(pair, ONLY, ONLY, 100, ONES, [0.1, 0.2], seed=1, replications=2)
    assert found.game == (
        ("hard for the leader",),
        ("hard for the follower",),
        ("hard for the follower",),
    )
    np.testing.assert_allclose(found.regret[:, 0, 0], [40, 60, 60])
    assert found.attained_by.ravel().tolist() == [0, 1, 1]
    assert "leader: the worst delta is the largest of the grid at T = 100" in found.notes


def test_families_may_have_more_games_for_larger_parameters():
    def hidden(n_follower):
        return [sk.games.lower_bound(0.1, n_follower)[0]] + [
            sk.games.lower_bound(0.1, n_follower, hidden=j)[1] for j in range(1, n_follower)
        ]

    found = sk.worst_case(hidden, ONLY, sk.FixedAction(1), 100, sk.stackelberg, [2, 3, 5], seed=1)
    assert len(found.sweep.instances) == 2 + 3 + 5
    assert [instance.rank for instance in found.sweep.instances] == [0, 1, 0, 1, 2, 0, 1, 2, 3, 4]
    assert found.sweep_table["parameter"].tolist() == ([2] * 2 + [3] * 3 + [5] * 5) * 2
    assert found.parameter_name == "n_follower"


def test_learners_may_know_horizon_and_parameter():
    def leader(horizon, parameter):
        return sk.LipschitzUCB(lipschitz=1 / parameter + horizon)

    found = sk.worst_case(
        lambda delta: sk.games.lower_bound(delta)[0],
        leader,
        lambda horizon: sk.ExploreThenCommit(exploration=horizon // 10),
        [100, 200],
        (9.0, 9.0),
        [0.25, 0.5],
        seed=1,
        replications=2,
    )
    known = {learner.get("lipschitz") for learner in found.provenance["spec"]["learners"]} - {None}
    assert known == {104.0, 102.0, 204.0, 202.0}


def spread(rank):
    """Games of one law for random play, and of other numbers: the cells are permuted."""
    cells = np.random.default_rng(int(rank)).permutation([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    return sk.Game(cells.reshape(2, 3), np.zeros((2, 3)) + 0.5)


def test_the_largest_of_many_is_too_high_and_fresh_runs_are_not():
    random = sk.UniformLearner()
    repeats, rounds = 150, 40
    selected, fresh, held = np.empty(repeats), np.empty(repeats), 0
    for seed in range(repeats):
        found = sk.worst_case(
            spread, random, random, rounds, (1.0, 0.5), range(12), seed=seed, replications=16, bootstrap=1
        )
        selected[seed], fresh[seed] = found.selected[0, 0], found.regret[0].mean()
        held += found.low[0, 0] <= rounds / 2 <= found.high[0, 0]
    error = stats.sem(fresh)
    assert abs(fresh.mean() - rounds / 2) < 4 * error
    assert selected.mean() - rounds / 2 > 4 * stats.sem(selected)
    assert held > 0.95 * repeats - 4 * math.sqrt(0.95 * 0.05 * repeats)


def test_sweep_and_fresh_runs_can_be_repeated():
    horizons = [200, 2000]
    found = sk.worst_case(
        sk.games.lower_bound, sk.UCB(), sk.UCB(), horizons, (1.0, 2.0), [0.1, 0.2], seed=5, replications=4
    )
    for column, instance in enumerate(found.sweep.instances):
        run = sk.simulate(
            instance.game, sk.UCB(), sk.UCB(), instance.horizon, replications=4, seed=5, checkpoints=1
        )
        np.testing.assert_array_equal(found.sweep.regret[:, :, column], run.regret((1.0, 2.0))[:, :, 0])
    for column, horizon in enumerate(horizons):
        game = next(
            instance.game
            for instance in found.sweep.instances
            if (instance.parameter, instance.name) == (found.parameter[0, column], found.game[0][column])
        )
        run = sk.simulate(
            game, sk.UCB(), sk.UCB(), horizon, replications=4, seed=found.fresh_seed, checkpoints=1
        )
        np.testing.assert_array_equal(found.regret[0, :, column], run.regret((1.0, 2.0))[0, :, 0])
    assert found.fresh_seed != found.seed == 5


def test_another_horizon_or_point_does_not_change_the_others():
    options = {"seed": 5, "replications": 3}
    pair = (sk.UCB(), sk.UCB())
    few = sk.worst_case(sk.games.unachievable, *pair, 500, ONES, [0.1], **options)
    many = sk.worst_case(sk.games.unachievable, *pair, [100, 500], ONES, [0.05, 0.1], **options)
    np.testing.assert_array_equal(few.sweep.regret, many.sweep.regret[:, :, 6:])


def test_interval_of_the_place_shows_how_well_it_is_known():
    found = sk.worst_case(
        lambda delta: sk.games.lower_bound(delta)[0],
        sk.UCB(),
        sk.UCB(),
        [100, 10_000],
        ONES,
        [0.1, 0.2],
        seed=2,
        replications=8,
    )
    low, high = found.parameter_ci.T
    assert (low <= found.parameter_exponent).all()
    assert (found.parameter_exponent <= high).all()
    possible = np.log([0.5, 1, 2]) / np.log(100)
    assert all(np.abs(possible - value).min() < 1e-12 for value in found.parameter_ci.ravel())


def test_places_that_have_no_logarithm_have_no_exponent():
    found = sk.worst_case(
        lambda shift: sk.Game([[shift]], [[shift]]), ONLY, ONLY, [10, 100], ONES, [-1, 0.5], replications=2
    )
    assert np.isnan(found.parameter_exponent).all()
    np.testing.assert_allclose(found.scaling.exponent, 1)


def test_a_worst_regret_that_is_not_positive_is_said():
    with pytest.warns(sk.StackelWarning, match="follower: mean regret not positive") as seen:
        found = sk.worst_case(
            lambda gain: sk.Game([[0.0]], [[gain]]), ONLY, ONLY, [10, 100], ONES, [2.0], replications=2
        )
    assert seen[0].filename == __file__
    assert any("follower: mean regret not positive" in note for note in found.notes)
    np.testing.assert_allclose(found.scaling.exponent, [1, math.nan, 1])


def test_tables_have_every_number():
    found = sk.worst_case(
        sk.games.unachievable, sk.UCB(), sk.UCB(), [100, 1000], ONES, [0.05, 0.1], seed=1, replications=4
    )
    table = found.table
    assert table["player"].tolist() == ["leader"] * 2 + ["follower"] * 2 + ["max"] * 2
    np.testing.assert_allclose(table["regret"], found.regret.mean(axis=1).ravel())
    np.testing.assert_allclose(table["selected"], found.selected.ravel())
    assert table["attained_by"].tolist()[:4] == ["leader"] * 2 + ["follower"] * 2
    assert (table["low"] <= table["regret"]).all()
    assert (table["regret"] <= table["high"]).all()
    sweep = found.sweep_table
    assert len(sweep) == 2 * 2 * 2 * 2
    np.testing.assert_allclose(sweep["regret"], found.sweep.regret.mean(axis=1).ravel())
    row = table.iloc[3]
    same = sweep[
        (sweep["player"] == "follower")
        & (sweep["horizon"] == 1000)
        & (sweep["parameter"] == row["parameter"])
        & (sweep["game"] == row["game"])
    ]
    assert same["regret"].item() == pytest.approx(row["selected"])


def test_to_xarray_names_everything():
    found = sk.worst_case(
        sk.games.unachievable, sk.UCB(), sk.UCB(), [100, 1000], ONES, [0.05, 0.1], seed=1, replications=4
    )
    data = found.to_xarray()
    np.testing.assert_array_equal(data["regret"].sel(player="max", horizon=1000), found.regret[2, :, 1])
    small = data["sweep_regret"].sel(seat="leader").where(data["sweep_parameter"] == 0.05, drop=True)
    assert small.shape == (4, 4)
    spec = json.loads(data.attrs["spec"])
    assert spec["analysis"] == "worst_case"
    assert len(spec["runs"]) >= 8 + 2
    assert len(spec["games"]) == 4


def test_one_replication_has_no_intervals():
    found = sk.worst_case(peaked, ONLY, ONLY, [100, 1000], ONES, around, seed=1, replications=1)
    for values in (found.low, found.high, found.scaling.ci, found.parameter_ci):
        assert np.isnan(values).all()
    np.testing.assert_allclose(found.parameter_exponent, [-1 / 3, -1 / 2, -1 / 3])


@pytest.mark.parametrize("horizon", [1000, [100, 1000]])
def test_plot_shows_the_sweep_and_the_growth(horizon):
    found = sk.worst_case(peaked, ONLY, ONLY, horizon, ONES, around, seed=1, replications=3)
    figure = found.plot()
    assert len(figure.axes) == (1 if found.scaling is None else 2)
    sweep = figure.axes[0]
    curve = next(line for line in sweep.lines if line.get_label() == f"T = {found.horizons[-1]:.4g}")
    last = found.sweep.columns()[-1]
    np.testing.assert_allclose(curve.get_xdata(), found.sweep.parameter[last])
    np.testing.assert_allclose(
        curve.get_ydata(), found.sweep.regret.mean(axis=1)[0, last] / found.horizons[-1]
    )
    assert sweep.get_xlabel() == "delta"


@pytest.mark.parametrize(
    ("argument", "changes"),
    [
        ("family", {"family": GAME}),
        ("family", {"family": lambda _: None}),
        ("family", {"family": lambda _: []}),
        ("family", {"family": lambda _: [GAME, "chess"]}),
        ("grid", {"grid": 0.1}),
        ("grid", {"grid": []}),
        ("grid", {"grid": [0.2, 0.1]}),
        ("grid", {"grid": [0.1, math.nan]}),
        ("grid", {"grid": [True]}),
        ("grid", {"grid": "ab"}),
        ("grid", {"grid": lambda _: None}),
        ("horizon", {"horizon": 0}),
        ("horizon", {"horizon": [100, 10]}),
        ("horizon", {"horizon": None}),
        ("leader", {"leader": sk.UCB}),
        ("follower", {"follower": lambda _: 3}),
        ("follower", {"follower": sk.PhasedUCB()}),
        ("benchmark", {"benchmark": 0.5}),
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
    settings = {
        "family": sk.games.unachievable,
        "leader": sk.UCB(),
        "follower": sk.UCB(),
        "horizon": 10,
        "benchmark": ONES,
        "grid": [0.1],
    } | changes
    with pytest.raises(sk.SpecError) as caught:
        sk.worst_case(**settings)
    assert caught.value.argument == argument
