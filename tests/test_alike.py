"""Replications that are all alike although chance takes part: nothing calls that certain.

The statistical test would reject correct fits with probability below 1e-4: a binomial bound at four standard
deviations.
"""

from __future__ import annotations

import itertools
import math
import warnings

import numpy as np
import pytest
from policies import UCB
from scipy import stats

import stackel as sk
from stackel.learners._examples import examples
from stackel.results._chance import takes_part

EXPLORED, GAP = 34, 0.5
RARE = stats.norm.cdf(-GAP * math.sqrt(EXPLORED) / math.sqrt(2))
"""Probability that the follower of `PAIR` commits to the worse arm: 0.02."""
GAME = sk.Game([[1.0, 1.0 - GAP]], [[1.0, 1.0 - GAP]], name="rare mistake")
PAIR = (sk.FixedAction(0), sk.ExploreThenCommit(exploration=EXPLORED))
SURE = (sk.FixedAction(0), sk.BestResponse())
T = 10_000
"""No replication of the seeds below commits to the worse arm, unless the test says so."""


def regret_at(horizon):
    return GAP * (EXPLORED + RARE * (horizon - 2 * EXPLORED))


def alike(**options):
    run = sk.simulate(GAME, *PAIR, T, **{"replications": 12, "seed": 2, "checkpoints": [T]} | options)
    assert np.ptp(run.utility, axis=1).max() == 0
    return run


def test_a_fit_without_the_rare_event_is_not_reliable():
    horizons = np.array([100, T])
    truth = math.log(regret_at(T) / regret_at(100)) / math.log(T / 100)
    trials, missed, said = 120, 0, 0
    for seed in range(trials):
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            fit = sk.scaling(GAME, *PAIR, horizons, replications=32, seed=seed, bootstrap=300)
        low, high = fit.ci[1]
        missed += bool(fit.reliable[1]) and not low <= truth <= high
        without = np.ptp(fit.regret[1], axis=0) == 0
        assert (fit.alike[1] == without).all()
        if without.any():
            said += any("leader, follower: all replications are alike at T" in note for note in fit.notes)
            assert not fit.reliable.any()
    assert missed < 0.05 * trials + 4 * math.sqrt(0.05 * 0.95 * trials)
    assert said > (1 - RARE) ** 32 * trials - 4 * math.sqrt(trials / 4)


def test_a_fit_says_it():
    fit = sk.scaling(GAME, *PAIR, [100, 1000, T], replications=8, seed=2)
    note = "leader, follower: all replications are alike at T = 100, 1000, 10000; rare events may be missing"
    assert fit.notes[0] == note
    assert note in repr(fit)
    assert repr(fit).count("not reliable") == 2
    assert np.isnan(fit.table[["regret_se", "regret_low", "regret_high"]]).all(axis=None)
    assert "not a straight line" not in repr(fit)
    assert "no interval where replications are alike by chance" in drawn(fit.plot())


def drawn(figure):
    return "\n".join(text.get_text() for ax in figure.axes for text in ax.texts)


def test_tables_have_no_interval_then():
    run = alike()
    errors = ["regret_se", "regret_low", "regret_high"]
    assert np.isnan(run.summary(sk.stackelberg)[["utility_se", *errors]]).all(axis=None)
    assert np.isnan(sk.diagnostics(run).table["se"]).all()
    assert "± nan" in run._repr_html_()
    assert "no interval where replications are alike by chance" in drawn(run.plot())
    table = sk.portfolio(*PAIR, GAME, T, replications=12, seed=2).table
    assert np.isnan(table[errors]).all(axis=None)
    task = sk.Task(GAME, *PAIR, T, replications=12, seed=2)
    assert np.isnan(sk.sweep([task]).summary(sk.stackelberg)[["utility_se", *errors]]).all(axis=None)


def test_tables_have_an_interval_of_no_width_if_nothing_is_random():
    run = sk.simulate(GAME, *SURE, T, replications=12, seed=2)
    summary = run.summary(sk.stackelberg)
    assert (summary[["utility_se", "regret_se"]] == 0).all(axis=None)
    assert (summary["regret_low"] == summary["regret_high"]).all()


def test_a_comparison_says_what_rests_on_it():
    pairs = {"explores": PAIR, "knows": SURE, "is told": (sk.FixedAction(0), sk.FixedAction(0))}
    found = sk.compare(GAME, pairs, T, replications=12, seed=2)
    assert len(found.notes) == 1
    assert found.notes[0].startswith("some differences were the same in all 12 replications by chance: ")
    expected = np.array([[False, True, True], [True, False, False], [True, False, False]])
    assert (found.alike == expected).all()
    assert "alike in all replications by chance" in found.plot().axes[0].get_title(loc="right")
    assert found.against("knows")["alike"].tolist() == [True, False, False] * 3
    portfolio = sk.portfolio(PAIR[0], [PAIR[1], SURE[1]], GAME, T, replications=12, seed=2)
    assert portfolio.best()["alike"].all()
    assert found.notes[0] in repr(portfolio)


def test_the_worst_game_says_it():
    found = sk.worst_case(
        lambda gap: sk.Game([[1.0, 1 - gap]], [[1.0, 1 - gap]]), *PAIR, T, sk.stackelberg, [GAP, 0.6], seed=1
    )
    assert (found.sweep.alike == (np.ptp(found.sweep.regret, axis=1) == 0)).all()
    assert found.sweep.alike.any()
    assert any(
        each.startswith("leader, follower: all replications are alike in some games at T = 10000;")
        for each in found.notes
    )


def test_a_sweep_does_not_stop_on_it():
    goal = {"follower": 1e9}
    tasks = [sk.Task(GAME, *PAIR, T, replications=500, seed=seed) for seed in range(20)]
    found = sk.sweep(tasks, standard_error=goal)
    for count, task in zip(found.replications.tolist(), tasks, strict=True):
        utility = sk.sweep([task]).utility(0)[1, :, -1]
        looks = [look for look in (32, 64, 128, 256, 500) if np.ptp(utility[:look]) > 0]
        assert count == (looks[0] if looks else 500)
    assert len(set(found.replications.tolist())) > 2
    assert sk.sweep([sk.Task(GAME, *SURE, T, replications=500)], standard_error=goal).replications == [32]


LAWS = [sk.Gaussian(1.0), sk.Gaussian(0.0), sk.Uniform(0.0), sk.Deterministic()]
COINS = [[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]


@pytest.mark.parametrize("laws", list(itertools.product(LAWS[::3], LAWS)), ids=repr)
@pytest.mark.parametrize("ties", ["lowest", "random"])
def test_what_varies_is_known_to_be_random(laws, ties):
    game = sk.Game([[0.3, 0.3], [0.3, 0.2]], [[0.4, 0.4], [0.1, 0.3]], noise=laws)
    several = (examples(role, ties=ties).values() for role in ("leader", "follower"))
    for leader, follower in itertools.product(*several):
        run = sk.simulate(game, leader, follower, 60, replications=4, seed=2)
        assert takes_part(game, (leader, follower)) >= bool(np.ptp(run.pulls, axis=0).any())


NOISY, QUIET = sk.Gaussian(1.0), sk.Deterministic()


@pytest.mark.parametrize(
    ("noise", "leader", "follower", "random"),
    [
        (NOISY, sk.FixedAction(0), sk.BestResponse(), False),
        (NOISY, sk.FixedAction(0), sk.UCB(), True),
        (NOISY, sk.UCB(), sk.FixedAction(0), True),
        ((QUIET, NOISY), sk.UCB(), sk.BestResponse(), False),
        ((QUIET, NOISY), sk.UCB(), sk.UCB(), True),
        ((NOISY, QUIET), sk.FixedAction(0), sk.UCB(), False),
        ((NOISY, QUIET), sk.FixedAction(0), sk.ManipulationUCB(), True),
        (QUIET, sk.ThompsonSampling(), sk.UCB(), True),
        (QUIET, sk.CustomLearner(UCB), sk.UCB(), True),
        (QUIET, sk.UCB(ties="random"), sk.UCB(), True),
        (sk.Bernoulli(), sk.UCB(), sk.UCB(), False),
    ],
)
def test_who_makes_a_game_random(noise, leader, follower, random):
    assert takes_part(sk.Game(*COINS, noise=noise), (leader, follower)) is random


def test_a_player_whose_utility_is_constant_is_sure():
    game = sk.Game([[0.5, 0.5]], [[1.0, 0.0]])
    table = sk.simulate(game, *PAIR, T, replications=4, seed=3).summary()
    sure = table["player"] == "leader"
    assert (table.loc[sure, "utility_se"] == 0).all()


def test_what_is_alike_has_no_unit():
    game = sk.Game([[0.3, 0.1 + 0.2]], [[1e9 + 1.0, 1e9 + 0.5]])
    uncertain = (sk.FixedAction(0), sk.UniformLearner())
    summary = sk.simulate(game, *uncertain, 10**5, replications=8, seed=1, checkpoints=1).summary()
    leader, follower = summary["utility_se"]
    assert leader < 1e-6  # both utilities tie: nothing that chance decides counts
    assert follower == pytest.approx(0.25 * math.sqrt(10**5 / 8), rel=0.9)
    run = sk.simulate(game, *PAIR, 10**9, replications=4, seed=3, checkpoints=[10**9])
    assert np.ptp(run.pulls, axis=0).max() == 0
    assert np.isnan(run.summary()["utility_se"]).tolist() == [False, True]
