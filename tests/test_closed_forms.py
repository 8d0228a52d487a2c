"""Quantities that can be computed without simulating. False alarms: at most 1e-6 a test."""

from __future__ import annotations

import math
import threading

import numpy as np
import pytest
from cases import FOLLOWERS, LEADERS
from scipy import stats

import stackel as sk

ALPHA = 1e-6
RUNS = 20_000


def commits(run, column):
    """Replications that spend every round after exploring on `column` of a one-row game."""
    return int((run.pulls[:, 0, column] > run.pulls[:, 0, 1 - column]).sum())


@pytest.mark.parametrize("exploration", [1, 7, 40])
@pytest.mark.parametrize(("gap", "sigma"), [(0.0, 1.0), (0.25, 1.0), (0.5, 2.0)])
def test_probability_that_a_follower_commits_to_the_worse_arm(exploration, gap, sigma):
    game = sk.Game([[0.0, 0.0]], [[gap, 0.0]], noise=sk.Gaussian(sigma))
    run = sk.simulate(
        game,
        sk.FixedAction(0),
        sk.ExploreThenCommit(exploration=exploration),
        2 * exploration + 1,
        replications=RUNS,
        seed=1,
    )
    probability = stats.norm.cdf(-gap * math.sqrt(exploration) / (sigma * math.sqrt(2)))
    assert stats.binomtest(commits(run, 1), RUNS, probability).pvalue > ALPHA


@pytest.mark.parametrize("discard", [0, 5])
def test_probability_that_a_leader_commits_to_the_worse_arm(discard):
    game = sk.Game([[0.3], [0.0]], [[0.0], [0.0]], noise=(sk.Gaussian(1.0), sk.Deterministic()))
    rule = sk.ExploreThenCommitThrowOut(discard=discard, exploration=9)
    run = sk.simulate(game, rule, sk.UCB(), 2 * (9 + discard) + 1, replications=RUNS, seed=2)
    wrong = int((run.pulls[:, 1, 0] > run.pulls[:, 0, 0]).sum())
    probability = stats.norm.cdf(-0.3 * 3 / math.sqrt(2))
    assert stats.binomtest(wrong, RUNS, probability).pvalue > ALPHA


def test_bernoulli_commitment():
    # The second arm wins only when it shows more ones: ties go to the lower index.
    pulls, means = 5, (0.5, 0.75)
    game = sk.Game([[0.0, 0.0]], [means], noise=(sk.Deterministic(), sk.Bernoulli()))
    run = sk.simulate(
        game,
        sk.FixedAction(0),
        sk.ExploreThenCommit(exploration=pulls),
        2 * pulls + 1,
        replications=RUNS,
        seed=3,
    )
    ones = np.arange(pulls + 1)
    first, second = (stats.binom.pmf(ones, pulls, mean) for mean in means)
    probability = np.triu(np.outer(first, second), 1).sum()
    assert stats.binomtest(commits(run, 1), RUNS, probability).pvalue > ALPHA


def test_uniform_play_is_multinomial():
    game = sk.Game(np.zeros((2, 3)), np.zeros((2, 3)))
    run = sk.simulate(game, sk.UniformLearner(), sk.UniformLearner(), 60, replications=RUNS, seed=4)
    total = run.pulls.sum(axis=0).ravel()
    assert stats.chisquare(total).pvalue > ALPHA
    # Var of a cell's count is T p (1 - p); the sum over cells of (count - T p)^2 / (T p) is chi-square(5).
    each = ((run.pulls - 10.0) ** 2 / 10.0).sum(axis=(1, 2))
    error = each.std(ddof=1) / math.sqrt(RUNS)
    assert 2 * stats.norm.sf(abs(each.mean() - 5) / error) > ALPHA


def test_fixed_policies_earn_their_cell():
    game = sk.Game([[0.25, 0.5], [0.75, 1.0]], [[1.0, 0.5], [0.25, 0.125]])
    run = sk.simulate(game, sk.FixedAction(1), sk.FixedAction(0), 1000, replications=3, seed=5)
    np.testing.assert_array_equal(run.utility[0], np.tile(0.75 * run.rounds, (3, 1)))
    np.testing.assert_array_equal(run.utility[1], np.tile(0.25 * run.rounds, (3, 1)))
    np.testing.assert_array_equal(run.pulls, np.tile([[0, 0], [1000, 0]], (3, 1, 1)))


def test_fixed_policies_need_no_draws_in_the_longest_game():
    game = sk.Game([[0.25]], [[-3.0]])
    token = sk.CancelToken()
    watchdog = threading.Timer(20, token.cancel)
    watchdog.start()
    run = sk.simulate(game, sk.FixedAction(0), sk.BestResponse(), 2**53, seed=5, cancel=token)
    watchdog.cancel()
    assert run.pulls.tolist() == [[[2**53]]]
    np.testing.assert_allclose(run.utility[:, 0], [0.25 * run.rounds, -3.0 * run.rounds], rtol=1e-12)


def test_omniscient_follower_breaks_ties_towards_the_lowest_index():
    game = sk.Game(np.zeros((2, 3)), [[0.5, 1.0, 1.0], [0.25, 0.25, 0.25]])
    run = sk.simulate(game, sk.ExploreThenCommit(exploration=10), sk.BestResponse(), 20, seed=6)
    np.testing.assert_array_equal(run.pulls[0], [[0, 10, 0], [10, 0, 0]])


@pytest.mark.parametrize("leader", LEADERS, ids=repr)
@pytest.mark.parametrize("follower", FOLLOWERS, ids=repr)
def test_one_cell_leaves_no_choice(leader, follower):
    run = sk.simulate(sk.Game([[0.5]], [[-0.25]]), leader, follower, 777, seed=7)
    assert run.pulls.tolist() == [[[777]]]
    np.testing.assert_array_equal(run.utility[:, 0], [0.5 * run.rounds, -0.25 * run.rounds])


def noiseless(leader_means, follower_means, leader, follower, horizon):
    game = sk.Game(leader_means, follower_means, noise=sk.Deterministic())
    return sk.simulate(game, leader, follower, horizon, checkpoints=range(1, horizon + 1), seed=0)


def test_explore_then_commit_by_hand():
    # The windows coincide: each follower explores 0,1, then plays its best reply, while the leader
    # averages over all four of its pulls.
    leader = sk.ExploreThenCommit(exploration=4)
    follower = sk.ExploreThenCommit(exploration=1)
    run = noiseless([[1.0, 8.0], [4.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], leader, follower, 10)
    # Row 0 earns 1,8,1,1 and row 1 earns 4,2,2,2: 11/4 > 10/4, so the leader commits to row 0.
    earned = [1, 4, 8, 2, 1, 2, 1, 2, 1, 1]
    np.testing.assert_array_equal(run.utility[0, 0], np.cumsum(earned))
    np.testing.assert_array_equal(run.pulls[0], [[5, 1], [1, 3]])


def test_throw_out_by_hand():
    # As above, but the two rewards of each row in which its follower explored are thrown away.
    leader = sk.ExploreThenCommitThrowOut(discard=2, exploration=2)
    follower = sk.ExploreThenCommit(exploration=1)
    run = noiseless([[1.0, 8.0], [4.0, 2.0]], [[1.0, 0.0], [0.0, 1.0]], leader, follower, 10)
    # Left are 1,1 and 2,2: the leader commits to row 1.
    np.testing.assert_array_equal(run.utility[0, 0], np.cumsum([1, 4, 8, 2, 1, 2, 1, 2, 2, 2]))
    np.testing.assert_array_equal(run.pulls[0], [[3, 1], [1, 5]])


def test_elimination_by_hand():
    # 2 r(n) = 2 sigma sqrt(2 ln T / n) falls below the gap 1 when n > 8 sigma^2 ln T = 26.5...
    horizon, sigma = 200, math.sqrt(0.625)
    sweeps = math.floor(8 * sigma**2 * math.log(horizon)) + 1
    run = noiseless(
        [[0.0, 0.0]], [[0.0, 1.0]], sk.FixedAction(0), sk.ActiveArmElimination(sigma=sigma), horizon
    )
    assert sweeps == 27
    np.testing.assert_array_equal(run.pulls[0], [[sweeps, horizon - sweeps]])
    np.testing.assert_array_equal(
        run.utility[1, 0], np.cumsum([0, 1] * sweeps + [1] * (horizon - 2 * sweeps))
    )


def test_elimination_waits_for_its_phase_to_end():
    # The same arms separate after 27 sweeps; phases of 10, 20, 20, ... look after 10, 30, 50, ...
    rule = sk.ActiveArmElimination(phases=[10, 20], sigma=math.sqrt(0.625))
    run = noiseless([[0.0, 0.0]], [[0.0, 1.0]], sk.FixedAction(0), rule, 200)
    np.testing.assert_array_equal(run.pulls[0], [[30, 170]])


def test_ucb_by_hand():
    # With sigma = 0 the index is the mean: one look at each arm, then the best.
    run = noiseless([[0.0], [2.0], [1.0]], [[0.0]] * 3, sk.UCB(sigma=0.0), sk.UCB(), 10)
    np.testing.assert_array_equal(run.utility[0, 0], np.cumsum([0, 2, 1] + [2] * 7))


def test_equal_arms_take_turns_under_ucb():
    run = noiseless([[1.0]] * 3, [[0.0]] * 3, sk.UCB(), sk.BestResponse(), 11)
    np.testing.assert_array_equal(run.pulls[0, :, 0], [4, 4, 3])


def test_lipschitz_ucb_pulls_in_proportion_to_its_bonus():
    # Means 0 and 1, bonus s/sqrt(n): with s = C L sigma sqrt(|B| ln T) the counts obey
    # s/sqrt(n0) = 1 + s/sqrt(n1) up to one pull.
    horizon = 400
    rule = sk.LipschitzUCB(lipschitz=1.5, follower_constant=2.0, sigma=0.5)
    scale = 1.5 * 2.0 * 0.5 * math.sqrt(3 * math.log(horizon))
    game_rows = [[0.0] * 3, [1.0] * 3]
    run = noiseless(game_rows, np.zeros((2, 3)), rule, sk.FixedAction(0), horizon)
    n0, n1 = run.pulls[0].sum(axis=1)
    assert scale / math.sqrt(n0) <= 1 + scale / math.sqrt(n1 - 1)
    assert scale / math.sqrt(n0 - 1) >= 1 + scale / math.sqrt(n1)
