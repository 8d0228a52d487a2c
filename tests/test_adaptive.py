"""ExploreThenCommitAdaptive: when it stops, how often wrongly, and elimination as its case of two arms.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import math

import pytest
from scipy import stats

import stackel as sk

ALPHA = 1e-5
ENGINES = ["leap", "stepwise", "reference"]


def lone(rule, means, noise, horizon, **options):
    """Counts of a follower instance that plays alone."""
    game = sk.Game([means], [means], noise=noise)
    return sk.simulate(game, sk.FixedAction(0), rule, horizon, **{"seed": 1, **options}).pulls[:, 0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("growth", [1.0, 1.1, 1.5, 3.0])
@pytest.mark.parametrize("means", [(0.25, 0.75), (0.5, 0.0, 0.375), (0.125, 0.5, 1.0, 0.5)])
def test_sure_rewards_by_hand(means, growth, engine):
    # It stops at the first look at which 2 r(n) = 2 sigma sqrt(2 ln T / n) is less than the gap.
    horizon, sigma = 5000, 0.25
    least = 8 * sigma**2 * math.log(horizon) / (max(means) - sorted(means)[-2]) ** 2
    sweeps = 1
    while sweeps <= least:
        sweeps = max(sweeps + 1, math.ceil(growth * sweeps))
    pulls = lone(
        sk.ExploreThenCommitAdaptive(growth=growth, sigma=sigma),
        means,
        sk.Deterministic(),
        horizon,
        engine=engine,
    )[0]
    expected = [sweeps] * len(means)
    expected[means.index(max(means))] += horizon - sweeps * len(means)
    assert pulls.tolist() == expected


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("noise", [sk.Gaussian(0.5), sk.Bernoulli()], ids=repr)
def test_two_arms_are_played_as_by_elimination(noise, engine):
    game = sk.Game([[0.5, 0.25], [0.625, 0.5]], [[0.5, 0.75], [0.25, 0.375]], noise=noise)
    options = {"horizon": 5000, "replications": 20, "seed": 2, "engine": engine}
    rules = (sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.4), sk.ActiveArmElimination(sigma=0.4))
    ours, theirs = (sk.simulate(game, each, each, **options) for each in rules)
    assert ours.utility.tobytes() == theirs.utility.tobytes()


def test_exploration_of_all_arms_is_longer_than_elimination():
    means = (1.0, 0.9, 0.0)
    ours, theirs = (
        lone(rule, means, sk.Gaussian(1.0), 10**6, replications=200)
        for rule in (sk.ExploreThenCommitAdaptive(growth=1.0), sk.ActiveArmElimination())
    )
    # The second arm decides when it ends, in both; the third is clearly worse after a hundredth.
    assert (ours[:, 2] == ours[:, 1]).all()
    assert 30 * theirs[:, 2].mean() < ours[:, 2].mean()


@pytest.mark.parametrize("growth", [1.0, 1.1])
def test_asymptotic_constant(growth):
    # With c = 1/2, the regret of Garivier, Kaufmann and Lattimore (2016) is 4 / gap times ln T, which is
    # 4 ln T / gap^2 pulls. Looks come up to `growth` late; up to 10 per cent from T = 10^6 to 10^12.
    gap, runs = 0.25, 600
    rule = sk.ExploreThenCommitAdaptive(growth=growth, confidence=0.5)
    least, most = (
        lone(rule, (gap, 0.0), sk.Gaussian(1.0), T, replications=runs, seed=T)[:, 1] for T in (10**6, 10**12)
    )
    change = most.mean() - least.mean()
    room = stats.norm.isf(ALPHA / 2) * math.sqrt((least.var() + most.var()) / runs)
    expected = 4 * math.log(10**6) / gap**2
    assert 0.9 * expected - room < change < 1.1 * growth * expected + room


@pytest.mark.parametrize("growth", [1.0, 1.1])
@pytest.mark.parametrize("arms", [2, 4])
def test_few_commitments_are_wrong(arms, growth):
    # An arm is clearly better than one that is no worse with probability at most T^-2c at each look:
    # the difference of two means is normal with variance 2 sigma^2 / n.
    horizon, runs, confidence = 1000, 4000, 0.75
    means = [1e-9] + [0.0] * (arms - 1)
    rule = sk.ExploreThenCommitAdaptive(growth=growth, confidence=confidence)
    pulls = lone(rule, means, sk.Gaussian(1.0), horizon, replications=runs)
    wrong = int((pulls[:, 1:].max(axis=1) > math.ceil(horizon / arms)).sum())
    bound = (arms - 1) / arms * horizon ** (1 - 2 * confidence)
    assert stats.binomtest(wrong, runs, bound, alternative="greater").pvalue > ALPHA


def test_long_games_are_leapt_over():
    for means in [(0.5, 0.49, 0.0), (0.5, 0.5, 0.0), (0.5,) * 5]:
        run = lone(sk.ExploreThenCommitAdaptive(), means, sk.Gaussian(1.0), 10**15, engine="leap")
        assert run.sum() == 10**15
