"""Plain bandits and their `BanditResult`: numbers known in closed form, and the same run as a game."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from drawn import sums, unit
from scipy import stats

import stackel as sk

ARMS = [0.25, 0.75, 0.5]


def test_it_is_the_game_with_one_response():
    run = sk.bandit(ARMS, sk.MOSS(), 2000, replications=5, seed=2, trace=True)
    game = sk.Game(np.array(ARMS)[:, None], np.zeros((3, 1)))
    same = sk.simulate(game, sk.MOSS(), sk.FixedAction(0), 2000, replications=5, seed=2, trace=True)
    assert (run.pulls == same.pulls[:, :, 0]).all()
    assert (run.arm_counts == same.cell_counts[..., 0]).all()
    assert run.regret == pytest.approx(0.75 * run.rounds - same.utility[0])
    assert run.best_arm_share == pytest.approx(run.arm_counts[:, :, 1] / run.rounds)


@pytest.mark.parametrize(
    "noise", [sk.Gaussian(2.0), sk.Bernoulli(), sk.Uniform(0.3), sk.Deterministic()], ids=repr
)
def test_rewards_are_those_of_the_table(noise):
    run = sk.bandit(
        ARMS, sk.UCB(), 300, noise=noise, replications=3, seed=2, trace=True, checkpoints=[2, 50, 300]
    )
    for r in range(3):
        for c in range(3):
            expected = 0.0
            for arm, (n, mean) in enumerate(zip(run.arm_counts[r, c], ARMS, strict=True)):
                drawn = unit(noise) * sums(noise, arm, n, mean=mean, seed=2, replication=r)
                expected += drawn + (0 if isinstance(noise, sk.Bernoulli) else n * mean)
            assert run.rewards[r, c] == pytest.approx(float(expected), rel=1e-12)
    assert run.total_rewards == pytest.approx(run.rewards[:, -1])


def test_a_fixed_arm_has_the_regret_of_its_gap():
    run = sk.bandit(ARMS, sk.FixedAction(0), 10**12, seed=1, checkpoints=[10, 10**12])
    assert run.regret.tolist() == [[5.0, 5e11]]
    assert run.best_arm_share.tolist() == [[0.0, 0.0]]


def test_several_best_arms_share():
    run = sk.bandit([0.5, 0.1 + 0.2 + 0.2, 0.0], sk.ExploreThenCommit(exploration=5), 15, seed=1)
    assert run.best_arms.tolist() == [True, True, False]
    assert run.best_arm_share[0, -1] == pytest.approx(10 / 15)


def test_bounds_in_closed_form():
    normal = sk.bandit([0.0, 1.0, 0.5], sk.UCB(), 10, noise=sk.Gaussian(3.0))
    assert normal.bound_constant == pytest.approx(float(2 * 9 * (Fraction(1) + Fraction(2))))
    assert normal.regret_bound([1, math.e]) == pytest.approx([0, normal.bound_constant])
    coins = sk.bandit([0.0, 0.25, 0.5], sk.UCB(), 10, noise=sk.Bernoulli())
    quarter = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert coins.bound_constant == pytest.approx(0.5 / math.log(2) + 0.25 / quarter)
    certain = sk.bandit([0.5, 1.0], sk.UCB(), 10, noise=sk.Bernoulli())
    assert certain.bound_constant == 0
    for noise in (sk.Deterministic(), sk.Uniform(0.1), sk.Gaussian(0.0)):
        assert sk.bandit(ARMS, sk.UCB(), 10, noise=noise).bound_constant == 0
    assert sk.bandit([0.5, 0.5], sk.UCB(), 10).bound_constant == 0


def test_pairs_of_means_and_laws():
    pairs = [(mean, sk.Bernoulli()) for mean in ARMS]
    options = {"replications": 2, "seed": 4}
    plain = sk.bandit(ARMS, sk.UCB(), 100, noise=sk.Bernoulli(), **options)
    assert (sk.bandit(pairs, sk.UCB(), 100, **options).pulls == plain.pulls).all()
    mixed = sk.bandit([(0.5, sk.Bernoulli()), (1.0, sk.Deterministic())], sk.UCB(), 100, **options)
    assert mixed.noise == sk.Bernoulli()
    with pytest.raises(sk.SpecError, match=r"^arms: must be of one law, .*for arm 1$"):
        sk.bandit([(0.5, sk.Bernoulli()), (0.7, sk.Deterministic())], sk.UCB(), 100)


def test_the_figure_has_the_bound_beside_the_regret():
    run = sk.bandit(ARMS, sk.UCB(), 1000, replications=5, seed=1)
    left, right = run.plot().axes
    (curve, bound) = left.lines
    assert curve.get_ydata() == pytest.approx(run.regret.mean(axis=0))
    assert bound.get_ydata() == pytest.approx(run.regret_bound(run.rounds))
    assert right.lines[0].get_ydata() == pytest.approx(run.best_arm_share.mean(axis=0))
    quiet = sk.bandit(ARMS, sk.UCB(), 1000, noise=sk.Deterministic(), seed=1)
    assert len(quiet.plot().axes[0].lines) == 1


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("arms", {"arms": "abc"}),
        ("arms", {"arms": 0.5}),
        ("learner", {"learner": "UCB"}),
        ("learner", {"learner": sk.BestManipulation()}),
        ("noise", {"noise": (sk.Bernoulli(), sk.Bernoulli())}),
        ("horizon", {"horizon": 1.5}),
        ("replications", {"replications": 0}),
        ("engine", {"engine": "fast"}),
        ("threads", {"threads": -1}),
        ("result", {"trace": False}),
    ],
)
def test_bad_arguments(argument, given):
    good = {"arms": ARMS, "learner": sk.UCB(), "horizon": 10}
    with pytest.raises(sk.SpecError, match=f"^{argument}: must be"):
        sk.bandit(**(good | given)).rewards  # noqa: B018 - it needs a trace


def test_arms_may_have_noise_of_different_scales():
    arms = [(0.5, sk.Gaussian(0.1)), (-1.0, sk.Gaussian(3.0))]
    for arm, (mean, noise) in enumerate(arms):
        run = sk.bandit(arms, sk.FixedAction(arm), 1, replications=4000, seed=3)
        z = (run.total_rewards - mean) / noise.sigma
        assert stats.kstest(z, "norm").pvalue > 1e-5
