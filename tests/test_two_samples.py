"""The two-sample tests are what SciPy and their definitions say."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from two_samples import cell_edges, holm, homogeneity, kolmogorov_smirnov, lead_is_reached

LAWS = {
    "normal": lambda rng, size: rng.normal(size=size),
    "counts": lambda rng, size: rng.poisson(3, size=size).astype(float),
    "rare": lambda rng, size: rng.poisson(0.1, size=size).astype(float),
    "constant": lambda rng, size: 0 * rng.random(size),
}


@pytest.mark.parametrize("law", ["normal", "counts"])
@pytest.mark.parametrize("size", [60, 700])
def test_kolmogorov_smirnov_is_that_of_scipy(law, size):
    ours, theirs = LAWS[law](np.random.default_rng(size), (2, size, 12))
    exact = [stats.ks_2samp(*pair, method="exact").pvalue for pair in zip(ours.T, theirs.T, strict=True)]
    np.testing.assert_allclose(kolmogorov_smirnov(ours, theirs), exact, rtol=1e-9)


def test_kolmogorov_smirnov_counts_all_orders():
    size, leads = 4, []
    for ours in combinations(range(2 * size), size):
        steps = np.isin(np.arange(2 * size), ours) * 2 - 1
        leads.append(abs(steps.cumsum()).max())
    for lead in range(1, size + 2):
        assert lead_is_reached(lead, size) == pytest.approx(np.mean(np.array(leads) >= lead), abs=1e-12)


@pytest.mark.parametrize("law", ["normal", "counts", "rare"])
def test_homogeneity_is_a_chi_square_test(law):
    ours, theirs = LAWS[law](np.random.default_rng(1), (2, 900))
    edges = cell_edges(np.r_[ours, theirs])
    table = [np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) for x in (ours, theirs)]
    assert np.sum(table, axis=0).min() >= 100
    assert homogeneity(ours, theirs) == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)


def test_homogeneity_has_nothing_to_say_of_a_single_value():
    assert homogeneity(np.zeros(300), np.zeros(300)) == 1.0


def test_holm_steps_down():
    # 0.011 exceeds 0.05 / 5 but not 0.05 / 4; 0.02 exceeds 0.05 / 3, and what comes after it is spared.
    p = np.array([0.02, 0.5, 0.004, 0.011, 0.022])
    assert holm(p, 0.05).tolist() == [2, 3]
    assert holm(p, 0.5).tolist() == [2, 3, 0, 4, 1]
    assert holm(np.empty(0), 0.5).tolist() == []
