"""Whether a fitted power law fits: local slopes, curvature, explained variance; and what is exported.

The statistical test would reject a correct interval with probability below 1e-4: a binomial bound at
four standard deviations.
"""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy import stats
from test_scaling import DECADES, GAME, LINEAR, fitted

import stackel as sk

UNEVEN = [10, 50, 3000, 10_000, 10**6, 10**7]


def everywhere(values):
    """Regrets of shape (2, 4, H) without noise."""
    return np.broadcast_to(np.asarray(values, dtype=float), (2, 4, len(values)))


def test_a_power_law_is_straight():
    fit = fitted(UNEVEN, everywhere(3 * np.array(UNEVEN) ** 0.6))
    np.testing.assert_allclose(fit.local_exponent, 0.6)
    np.testing.assert_allclose(fit.local_ci, 0.6)
    np.testing.assert_allclose(fit.curvature, 0, atol=1e-12)
    np.testing.assert_allclose(fit.curvature_ci, 0, atol=1e-12)
    np.testing.assert_allclose(fit.r_squared, 1)
    np.testing.assert_allclose(fit.fitted, fit.regret.mean(axis=1))
    assert fit.notes == ()


@pytest.mark.parametrize("bend", [0.02, -0.1])
def test_curvature_is_the_change_of_slope_per_decade(bend):
    decades = np.log10(UNEVEN)
    fit = fitted(UNEVEN, everywhere(10 ** (0.3 + 0.5 * decades + bend / 2 * decades**2)))
    np.testing.assert_allclose(fit.curvature, bend)
    np.testing.assert_allclose(fit.curvature_ci, bend)
    # The chord of a parabola has the slope of the tangent in its middle.
    middles = (decades[1:] + decades[:-1]) / 2
    np.testing.assert_allclose(fit.local_exponent, [0.5 + bend * middles] * 2, atol=1e-12)
    assert f"leader: not a straight line, the slope changes by {bend:+.3f} [" in "".join(fit.notes)


def test_a_log_factor_shows_as_curvature_and_not_after_the_adjustment():
    horizons = np.logspace(3, 9, 7).round().astype(int)
    fit = fitted(horizons, everywhere(horizons ** (2 / 3) * np.log(horizons) ** 0.5), log_power=0.5)
    assert (fit.curvature < 0).all()
    assert (np.diff(fit.local_exponent) < 0).all()
    np.testing.assert_allclose(fit.log_adjusted_exponent, 2 / 3)


def test_explained_variance_is_that_of_least_squares():
    regret = np.random.default_rng(2).exponential(size=(2, 6, 5)) * np.array(DECADES) ** 0.7
    fit = fitted(DECADES, regret)
    for player in range(2):
        line = stats.linregress(np.log(DECADES), np.log(regret[player].mean(axis=0)))
        assert fit.r_squared[player] == pytest.approx(line.rvalue**2)


def test_what_is_not_positive_leaves_its_neighbours_without_a_slope():
    regret = np.array(everywhere(np.array(DECADES, dtype=float)))
    regret[0, :, 1] = -1.0
    fit = fitted(DECADES, regret)
    np.testing.assert_allclose(fit.local_exponent, [[np.nan, np.nan, 1, 1], [1, 1, 1, 1]])
    np.testing.assert_allclose(fit.curvature, 0, atol=1e-12)


def test_two_horizons_have_no_shape():
    fit = fitted([10, 1000], everywhere([10.0, 1000.0]))
    np.testing.assert_allclose(fit.local_exponent, 1)
    for values in (fit.curvature, fit.curvature_ci, fit.r_squared):
        assert np.isnan(values).all()


def test_one_replication_has_a_shape_without_intervals():
    fit = sk.scaling(GAME, *LINEAR, DECADES, seed=1, replications=1)
    np.testing.assert_allclose(fit.local_exponent, 1)
    np.testing.assert_allclose(fit.curvature, 0, atol=1e-9)
    assert np.isnan(fit.local_ci).all()
    assert np.isnan(fit.curvature_ci).all()


def test_intervals_of_shape_cover_as_often_as_they_say():
    rng, replications = np.random.default_rng(16), 6
    fits = 400
    straight, local = 0, 0
    for _ in range(fits):
        noise = rng.standard_normal((2, replications, 5))
        fit = fitted(DECADES, np.sqrt(DECADES) * (1 + 0.3 * noise), bootstrap=400)
        straight += (fit.curvature_ci[0, 0] <= 0) & (fit.curvature_ci[0, 1] >= 0)
        local += (fit.local_ci[0, 2, 0] <= 0.5) & (fit.local_ci[0, 2, 1] >= 0.5)
    for covered in (straight, local):
        assert abs(covered - 0.95 * fits) < 4 * math.sqrt(0.95 * 0.05 * fits)


def test_table_has_fit_and_local_slopes():
    fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), DECADES, seed=1, replications=6)
    table = fit.table
    np.testing.assert_allclose(table["fitted"], fit.fitted.ravel())
    leader = table[table["player"] == "leader"]
    assert np.isnan(leader["local_exponent"].iloc[0])
    np.testing.assert_allclose(leader["local_exponent"].iloc[1:], fit.local_exponent[0])
    np.testing.assert_allclose(leader["local_low"].iloc[1:], fit.local_ci[0, :, 0])
    np.testing.assert_allclose(leader["local_high"].iloc[1:], fit.local_ci[0, :, 1])


def test_to_xarray_names_everything():
    fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), DECADES, seed=1, replications=6)
    data = fit.to_xarray()
    assert data["regret"].dims == ("player", "replication", "horizon")
    np.testing.assert_array_equal(data["regret"].sel(player="follower", horizon=1000), fit.regret[1, :, 2])
    np.testing.assert_array_equal(data["exponent_ci"].sel(limit="high"), fit.ci[:, 1])
    np.testing.assert_array_equal(data["local_exponent"].sel(span=1000), fit.local_exponent[:, 1])
    assert json.loads(data.attrs["spec"]) == fit.provenance["spec"]


def test_provenance_repeats_every_run():
    fit = sk.scaling(
        lambda horizon: sk.games.lower_bound(horizon ** (-1 / 3))[0],
        sk.UCB(),
        lambda horizon: sk.ExploreThenCommit(exploration=horizon // 10),
        [100, 1000],
        lambda game: (2 * game.leader.max(), 2 * game.follower.max()),
        seed=4,
        replications=4,
    )
    spec = json.loads(json.dumps(fit.provenance["spec"]))
    for column, run in enumerate(spec["runs"]):
        again = sk.simulate(
            sk.Game.from_dict(spec["games"][run["game"]]),
            sk.Learner.from_dict(spec["learners"][run["leader"]]),
            sk.Learner.from_dict(spec["learners"][run["follower"]]),
            run["horizon"],
            replications=run["replications"],
            seed=int(run["seed"]),
            checkpoints=[run["horizon"]],
            engine=run["engine"],
        )
        alpha = tuple(spec["benchmark"][column])
        np.testing.assert_array_equal(again.regret(alpha)[:, :, 0], fit.regret[:, :, column])
    assert len(spec["learners"]) == 3
    assert fit.provenance["seed"] == 4
