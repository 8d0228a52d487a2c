"""The two-sample tests are what SciPy and their definitions say, and the grid of laws is what it promises.

One test is statistical, of p values being uniform: false alarms 1e-4.
"""

from __future__ import annotations

import shlex
from itertools import combinations, product

import numpy as np
import pytest
from law_grid import verdict
from scipy import stats

import stackel as sk
from stackel._selftest.cases import Case
from stackel._selftest.comparison import Comparison, compare
from stackel._selftest.design import FOLLOWERS, LEADERS, SHORT, design, kind
from stackel._selftest.two_samples import (
    cell_edges,
    holm,
    homogeneity,
    kolmogorov_smirnov,
    lead_is_reached,
    names_of_statistics,
    statistics,
    uniform_p_value,
)

LAWS = {
    "normal": lambda rng, size: rng.normal(size=size),
    "counts": lambda rng, size: rng.poisson(3, size=size).astype(float),
    "rare": lambda rng, size: rng.poisson(0.1, size=size).astype(float),
    "constant": lambda rng, size: 0 * rng.random(size),
}
CASE = Case(200, "random", "Gaussian", sk.UCB(sigma=0.3), sk.ActiveArmElimination(sigma=0.2))


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


@pytest.mark.parametrize("law", LAWS)
def test_uniform_p_values_are_uniform_whatever_coincides(law):
    rng = np.random.default_rng(2)
    p = [uniform_p_value(*LAWS[law](rng, (2, 40)), rng) for _ in range(3000)]
    assert stats.kstest(p, "uniform").pvalue > 1e-4 / len(LAWS)


def test_every_statistic_has_a_name():
    run = CASE.play("stepwise", 1, 3)
    names = names_of_statistics(run)
    assert statistics(run).shape == (3, len(names))
    values = dict(zip(names, statistics(run).T, strict=True))
    np.testing.assert_array_equal(values["utility of follower at 50"], run.utility[1, :, 1])
    gained = run.utility[0, :, 2] - run.utility[0, :, 1]
    np.testing.assert_array_equal(values["utility of leader in 51..200"], gained)
    np.testing.assert_array_equal(values["pulls of (2, 3)"], run.pulls[:, 2, 3])


def test_every_pair_of_registered_learners_is_in_the_grid():
    both = {type(learner).__name__ for learner in (*LEADERS, *FOLLOWERS)}
    assert both == set(sk.registered_learners())
    everyone = set(product(map(kind, LEADERS), map(kind, FOLLOWERS)))
    for quick in (False, True):
        cases = design(SHORT, 0, quick=quick)
        assert {(kind(case.leader), kind(case.follower)) for case in cases} == everyone
        assert all(case.is_meaningful for case in cases)
        assert cases == design(SHORT, 0, quick=quick)


def test_verdict_of_the_grid_names_the_case_that_differs():
    comparison = compare(CASE, "leap", 0)
    agree, lines = verdict([comparison], "again")
    assert agree
    off = comparison._replace(p=np.where(comparison.p == comparison.p.min(), 1e-12, comparison.p))
    agree, lines = verdict([comparison, off], "again")
    assert not agree
    assert any(line.lstrip().startswith(f"again --only {shlex.quote(str(CASE))}") for line in lines)


def test_verdict_of_the_grid_sees_many_small_differences():
    comparisons = [
        Comparison(CASE, ["x"], np.array([[0.1, 0.1]]), p / 2, leapt=True) for p in np.arange(0, 1, 0.01)
    ]
    assert not verdict(comparisons, "again")[0]
