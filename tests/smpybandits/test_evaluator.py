"""The `Evaluator` of stackel beside that of SMPyBandits, with policies and arms of SMPyBandits.

Install as `test_beside_smpybandits.py` says. Tests of laws raise a false alarm with a probability of at most
LEVEL each. `python tests/smpybandits/test_evaluator.py HORIZON REPETITIONS` compares with other
numbers, and prints z-scores and the least p-values; ``Bernoulli,changing`` after them are arms that change.
"""

from __future__ import annotations

import contextlib
import io
import sys
import warnings

import h5py
import matplotlib as mpl
import numpy as np
import pytest
from scipy import stats
from two_samples import holm, p_values

import stackel as sk
from stackel.interop import play_bandits
from stackel.interop.smpybandits import Evaluator

mpl.use("agg")
with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
    warnings.simplefilter("ignore")
    from SMPyBandits import Environment, Policies
    from SMPyBandits.Arms import Bernoulli, Constant, Gaussian, UnboundedGaussian, UniformArm
    from SMPyBandits.Policies.kullback import klucbGauss
    from SMPyBandits.Policies.Posterior import Gauss

pytestmark = pytest.mark.filterwarnings("default")
LEVEL = 1e-4
ARMS = {
    "Bernoulli": [Bernoulli(p) for p in (0.2, 0.5, 0.8)],
    "Gaussian": [UnboundedGaussian(m, 0.5) for m in (0.1, 0.5, 0.6)],
    "Uniform": [UniformArm(*ends) for ends in ((0.0, 0.4), (0.3, 0.7), (0.5, 0.9))],
    "Constant": [Constant(c) for c in (0.3, 0.5, 0.5)],
}


CHANGES = {
    "listOfMeans": [[0.2, 0.5, 0.8], [0.8, 0.3, 0.4], [0.2, 0.9, 0.4]],
    "changePoints": [0, 20, 45],
}
CHANGING = {"Bernoulli": Bernoulli, "Gaussian": UnboundedGaussian, "Constant": Constant}
"""Arms whose means change, by what is added to their names."""


def policies(horizon, arms):
    """Every policy that is played by the engine on some of the arms, with default and other parameters."""
    of = {"horizon": horizon}
    found = [
        (Policies.BayesUCB, {}),
        (Policies.BayesUCB, {"a": 1.5, "b": 3}),
        (Policies.ETC_BAI, of),
        (Policies.ETC_FixedBudget, {"horizon": 100, "gap": 0.9}),
        (Policies.ETC_KnownGap, {"horizon": 20, "gap": 0.9}),
        (Policies.ETC_RandomStop, of),
        (Policies.ETC_SPRT, of | {"gap": 0.7}),
        (Policies.EmpiricalMeans, {}),
        (Policies.EpsilonDecreasing, {"epsilon": 3}),
        (Policies.EpsilonDecreasingMEGA, {}),
        (Policies.EpsilonExpDecreasing, {"epsilon": 0.8, "decreasingRate": 0.05}),
        (Policies.EpsilonFirst, of | {"epsilon": 0.1}),
        (Policies.EpsilonGreedy, {}),
        (Policies.EpsilonGreedy, {"epsilon": 0.4, "amplitude": 2}),
        (Policies.Exp3, {}),
        (Policies.Exp3, {"gamma": 0.3}),
        (Policies.Exp3, {"gamma": None, "lower": -1, "amplitude": 2.5}),
        (Policies.Exp3WithHorizon, of),
        (Policies.MOSS, {}),
        (Policies.MOSS, {"lower": -1, "amplitude": 2}),
        (Policies.MOSSAnytime, {"alpha": 0.5}),
        (Policies.MOSSH, of),
        (Policies.SWUCB, {"tau": 20, "alpha": 0.6}),
        (Policies.SWUCBPlus, of),
        (Policies.Softmax, {}),
        (Policies.Softmax, {"temperature": 0.1, "lower": -0.5, "amplitude": 1.5}),
        (Policies.SoftmaxWithHorizon, of),
        (Policies.TakeFixedArm, {"armIndex": 1}),
        (Policies.Thompson, {}),
        (Policies.Thompson, {"posterior": Gauss}),
        (Policies.UCB, {}),
        (Policies.UCBH, of | {"alpha": 1}),
        (Policies.UCBH, {"horizon": 10 * horizon, "alpha": 1}),
        (Policies.UCBV, {}),
        (Policies.UCBV, {"amplitude": 0.5}),
        (Policies.UCBalpha, {"alpha": 0.5, "amplitude": 1.5}),
        (Policies.UCBplus, {}),
        (Policies.UCBrandomInit, {}),
        (Policies.Uniform, {}),
        (Policies.klUCB, {}),
        (Policies.klUCB, {"klucb": klucbGauss, "tolerance": 0.1}),
        (Policies.klUCBH, of | {"c": 0.5}),
        (Policies.klUCBloglog, {}),
    ]
    # Theirs refuses rewards outside [0, 1].
    beta = [(Policies.Thompson, {}), *((rule, of) for rule, of in found if rule is Policies.BayesUCB)]
    return [pair for pair in found if arms != "Gaussian" or pair not in beta]


def changing_policies(horizon, arms):
    """Policies of every kind of rule, for arms that change."""
    of = {"horizon": horizon}
    found = [
        (Policies.BayesUCB, {}),
        (Policies.EpsilonDecreasing, {"epsilon": 3}),
        (Policies.Exp3, {"gamma": 0.3}),
        (Policies.MOSSH, of),
        (Policies.SWUCB, {"tau": 20, "alpha": 0.6}),
        (Policies.SoftmaxWithHorizon, of),
        (Policies.Thompson, {}),
        (Policies.UCB, {}),
        (Policies.UCBrandomInit, {}),
        (Policies.Uniform, {}),
        (Policies.klUCB, {}),
    ]
    inside = {Policies.BayesUCB, Policies.Exp3, Policies.Thompson}
    return [pair for pair in found if arms != "Gaussian" or pair[0] not in inside]


def configuration(arms, horizon, repetitions, chosen=None, changes=None):
    chosen = policies(horizon, arms) if chosen is None else chosen
    changing = {"arm_type": CHANGING.get(arms), "params": changes}
    return {
        "horizon": horizon,
        "repetitions": repetitions,
        "n_jobs": 1,
        "verbosity": 0,
        "showplot": False,
        "environment": [ARMS[arms] if changes is None else changing],
        "policies": [{"archtype": policy, "params": given} for policy, given in chosen],
    }


def evaluated(make, config, seed=1):
    np.random.seed(seed)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        evaluator = make(config)
        evaluator.startAllEnv()
    return evaluator


def is_equal(way):
    return not way.startswith("its own code")


def compared(arms, horizon, repetitions, chosen=None, changes=None):
    """For each policy that the engine plays its name, the z-score of its regret, and all p-values.

    Where arms change, regret is taken by rewards.
    """
    config = configuration(arms, horizon, repetitions, chosen, changes)
    ours, theirs = (evaluated(make, config) for make in (Evaluator, Environment.Evaluator))
    means = ours.envs[0].means
    for i, way in enumerate(ours.ways[0]):
        if is_equal(way):
            samples = [each.lastPulls[0][i].T.astype(float) for each in (ours, theirs)]
            regrets = [sample @ (means.max() - means) for sample in samples]
            if changes is not None:
                regrets = [each.getLastRegrets(i, moreAccurate=False) for each in (ours, theirs)]
            columns = [
                np.column_stack([sample, regret, each.lastCumRewards[i, 0].round(9)])
                for sample, regret, each in zip(samples, regrets, (ours, theirs), strict=True)
            ]
            p = p_values(*columns).ravel()
            # The first two pulls: how often which arm, over all repetitions.
            for t in range(2):
                early = np.array([each.allPulls[0][i, :, t] for each in (ours, theirs)])
                table = early[:, early.any(axis=0)]
                p = np.append(p, stats.chi2_contingency(table).pvalue if table.shape[1] > 1 else 1.0)
            error = np.sqrt(sum(regret.var() for regret in regrets) / repetitions)
            z = (regrets[0].mean() - regrets[1].mean()) / error if error else 0.0
            yield f"{ours.policies[i].__cachedstr__} on {arms}", z, p, regrets


@pytest.mark.parametrize("arms", ARMS)
def test_policies_have_the_law_of_their_own_code(arms):
    found = list(compared(arms, 60, 200))
    assert len(found) >= {"Bernoulli": 43, "Gaussian": 30, "Uniform": 39, "Constant": 30}[arms]
    p = np.concatenate([each for _, _, each, _ in found])
    assert not len(holm(p, LEVEL)), [(name, z) for name, z, *_ in found]


def test_policies_have_the_law_of_their_own_code_where_arms_change():
    found = list(compared("Bernoulli", 60, 200, changing_policies(60, "Bernoulli"), CHANGES))
    assert len(found) == 11
    p = np.concatenate([each for _, _, each, _ in found])
    assert not len(holm(p, LEVEL)), [(name, z) for name, z, *_ in found]


@pytest.mark.parametrize("horizon", [21, 22, 45, 46, 47, 700])
def test_changes_come_in_the_rounds_in_which_they_come_there(horizon):
    """Sure rewards of one arm, and what is counted, are the same numbers, whoever plays."""
    chosen = [(Policies.TakeFixedArm, {"armIndex": arm}) for arm in range(3)]
    config = configuration("Constant", horizon, 2, chosen, CHANGES)
    ours, theirs = (evaluated(make, config) for make in (Evaluator, Environment.Evaluator))
    assert all(is_equal(way) for way in ours.ways[0])
    for i in range(3):
        for getter in (
            "getRewards",
            "getCumulatedRegret",
            "getBestArmPulls",
            "getLastRegrets",
            "getAverageWeightedSelections",
            "getMaxMinReward",
        ):
            numbers = [getattr(each, getter)(i) for each in (ours, theirs)]
            assert numbers[0] == pytest.approx(numbers[1], abs=1e-9), getter
        for less in ("getCumulatedRegret", "getLastRegrets"):
            numbers = [getattr(each, less)(i, moreAccurate=False) for each in (ours, theirs)]
            assert numbers[0] == pytest.approx(numbers[1], abs=1e-9), less


def test_other_constants_are_found_out():
    """The comparison has power: a policy beside another one of its class."""
    config = configuration("Bernoulli", 200, 300, [(Policies.UCBalpha, {"alpha": 0.5})])
    other = configuration("Bernoulli", 200, 300, [(Policies.UCBalpha, {"alpha": 1.0})])
    ours, theirs = evaluated(Evaluator, config), evaluated(Environment.Evaluator, other)
    samples = [each.lastPulls[0][0].T.astype(float) for each in (ours, theirs)]
    assert len(holm(p_values(*samples).ravel(), LEVEL))


def small():
    chosen = [(Policies.UCB, {}), (Policies.UCBmin, {}), (Policies.klUCBH, {"horizon": 700})]
    return configuration("Bernoulli", 700, 5, chosen)


def test_it_is_their_evaluator(tmp_path):
    evaluator = evaluated(Evaluator, small())
    assert isinstance(evaluator, Environment.Evaluator)
    assert isinstance(evaluator, Evaluator)
    assert [is_equal(way) for way in evaluator.ways[0]] == [True, False, True]
    assert "cut at 1" in evaluator.ways[0][1]
    means = evaluator.envs[0].means
    for i in range(3):
        pulls = evaluator.lastPulls[0][i]
        assert (pulls.sum(axis=0) == 700).all()
        assert (evaluator.pulls[0][i] == pulls.sum(axis=1)).all()
        regret = ((means.max() - means) @ pulls).mean()
        assert evaluator.getCumulatedRegret(i)[-1] == pytest.approx(regret)
        assert evaluator.getLastRegrets(i) == pytest.approx(np.full(5, regret))
        totals = evaluator.getLastRegrets(i, moreAccurate=False)
        assert totals == pytest.approx(700 * means.max() - evaluator.lastCumRewards[i, 0])
        assert evaluator.getCumulatedRegret(i, moreAccurate=False)[-1] == pytest.approx(totals.mean())
        assert evaluator.getBestArmPulls(i)[-1] == pytest.approx(pulls[2].mean() / 700)
        assert evaluator.allPulls[0][i].sum(axis=1) == pytest.approx(evaluator.pulls[0][i])
        assert evaluator.rewards[i, 0].sum() == pytest.approx(evaluator.lastCumRewards[i, 0].sum())
        assert evaluator.maxCumRewards[i, 0, -1] == pytest.approx(evaluator.lastCumRewards[i, 0].max())
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        evaluator.printFinalRanking()
        evaluator.printWays()
        evaluator.plotRegrets(savefig=str(tmp_path / "regrets"))
        evaluator.plotRegrets(semilogx=True, meanReward=True)
        best = evaluator.plotBestArmPulls(0)
        evaluator.plotLastRegrets(savefig=str(tmp_path / "last"))
        evaluator.plotRunningTimes()
    assert "was ranked\t1 / 3" in told.getvalue()
    assert "UCB(anytime=True" in told.getvalue()
    assert len(best.axes) == 1
    assert len(best.axes[0].lines) == 3
    assert (tmp_path / "regrets.png").stat().st_size > 10_000


def test_it_is_saved(tmp_path):
    evaluator = evaluated(Evaluator, small())
    with contextlib.redirect_stdout(io.StringIO()):
        evaluator.saveondisk(str(tmp_path / "evaluator.hdf5"))
    with h5py.File(tmp_path / "evaluator.hdf5") as file:
        assert (file["env_0/lastPulls"][()] == evaluator.lastPulls[0]).all()
        assert file["env_0/cumulatedRegret"][2] == pytest.approx(evaluator.getCumulatedRegret(2))


def test_seeds_of_numpy_repeat_it():
    one, two, other = (evaluated(Evaluator, small(), seed).lastPulls[0][0] for seed in (1, 1, 2))
    assert (one == two).all()
    assert (one != other).any()


@pytest.mark.parametrize(
    ("arms", "why"),
    [
        ([Gaussian(0.1), Gaussian(0.5)], "cut off"),
        ([UnboundedGaussian(0.1, 1), UnboundedGaussian(0.5, 2)], "one law and scale"),
        ([UniformArm(0, 1), UniformArm(0, 0.5)], "one law and scale"),
        ({"arm_type": UniformArm, "params": CHANGES}, "one law and scale"),
        (
            {"arm_type": Bernoulli, "params": CHANGES | {"changePoints": [0, 20, 20]}},
            "begin with 0 and increase",
        ),
    ],
)
def test_arms_that_no_engine_has_are_played_by_their_own_code(arms, why):
    config = configuration("Bernoulli", 40, 2, [(Policies.UCB, {})]) | {"environment": [arms]}
    evaluator = evaluated(Evaluator, config)
    assert evaluator.ways[0][0].startswith("its own code")
    assert why in evaluator.ways[0][0]
    assert (evaluator.lastPulls[0][0].sum(axis=0) == 40).all()
    assert len(evaluator.getCumulatedRegret(0)) == 40


def test_rewards_drawn_before_know_of_no_changes():
    config = configuration("Bernoulli", 60, 2, [(Policies.UCB, {})], CHANGES) | {"cache_rewards": True}
    assert "drawn before" in evaluated(Evaluator, config).ways[0][0]


def test_rules_that_are_not_those_of_learners():
    chosen = [
        (Policies.Exp3, {"unbiased": False}),
        (Policies.Softmax, {"unbiased": True}),
        (Policies.Softmax, {"temperature": 1e-3}),
        (Policies.Softmax, {"temperature": 0.05, "lower": 1}),
    ]
    evaluator = evaluated(Evaluator, configuration("Bernoulli", 60, 2, chosen))
    for way, why in zip(evaluator.ways[0], ["divided", "divides", "too small", "too small"], strict=True):
        assert way.startswith("its own code")
        assert why in way


def test_subclasses_have_rules_of_their_own():
    class Mine(Policies.UCB):
        pass

    runs = play_bandits([Policies.UCB(3), Mine(3)], ARMS["Bernoulli"], 30, 2, seed=1)
    assert [is_equal(way) for way in runs.ways] == [True, False]
    assert (runs.pulls.sum(axis=2) == 30).all()
    with pytest.raises(sk.SpecError, match=r"^arms: must be Gaussian arms that are not cut off"):
        play_bandits([Policies.UCB(2)], [Gaussian(0.1), Gaussian(0.5)], 30, 2)


if __name__ == "__main__":
    horizon, repetitions = int(sys.argv[1]), int(sys.argv[2])
    scores, least = [], []
    for name in sys.argv[3:] or ARMS:
        arms, _, changing = name.partition(",")
        given = (changing_policies(horizon, arms), CHANGES) if changing else ()
        for policy, z, p, (ours, theirs) in compared(arms, horizon, repetitions, *given):
            scores.append(z)
            least.append(p)
            figures = f"{ours.mean():9.3f} {theirs.mean():9.3f} {z:6.2f} {p.min():9.2g}"
            print(f"{policy:60} {figures}", flush=True)  # noqa: T201 what the script is run for
    p = np.concatenate(least)
    print(f"{len(scores)} z-scores up to {np.abs(scores).max():.2f}; {len(p)} p-values from {p.min():.2g}")  # noqa: T201 what the script is run for
