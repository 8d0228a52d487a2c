"""Followers that manipulate a learning leader. False alarms: 1e-6 for each statistical test.

Bounds with a failure probability of delta = 1 / T of the follower's are not tests of that kind: what is
measured is below a third of them.
"""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from cases import LEADERS, make_game
from scipy import stats

import stackel as sk
from stackel.learners._examples import leaps

EXAMPLE = ([[0.3, 0.1], [0.2, 0.3]], [[0.1, 0.05], [1.0, 0.1]])
"""Table 1 of Yu and Chen (2024): the equilibrium is (a1, b1), the best manipulation aims at (a2, b1)."""

NO_REGRET = [
    sk.UCB(sigma=0.5),
    sk.UCB(anytime=True, sigma=0.5),
    sk.ThompsonSampling(),
    # Auer, Cesa-Bianchi and Fischer's schedule c K / d^2 for K = 2 arms that are d = 0.1 apart, c = 5.
    sk.EpsilonGreedy(epsilon=1000.0, decay=1.0),
]


def answers(game):
    """The response function of the follower, read off games in which the leader plays one action."""
    runs = [sk.simulate(game, sk.FixedAction(a), sk.BestManipulation(), 3) for a in range(game.shape[0])]
    return [int(run.pulls[0, a].argmax()) for a, run in enumerate(runs)]


def inducible(game):
    """Value of the best cell that some response function makes the leader's only best, by trying all."""
    best = -np.inf
    rows = np.arange(game.shape[0])
    for response in itertools.product(range(game.shape[1]), repeat=game.shape[0]):
        offered = game.leader[rows, response]
        a = int(offered.argmax())
        if (offered < offered[a]).sum() == len(rows) - 1:
            best = max(best, game.follower[a, response[a]])
    return best


def test_the_published_example():
    game = sk.Game(*EXAMPLE)
    assert sk.stackelberg(game).follower == 0.1
    assert answers(game) == [1, 0]
    assert inducible(game) == 1.0


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (4, 2), (2, 5), (1, 4), (4, 1), (5, 3)])
def test_no_response_function_makes_more_of_a_leader_that_learns(shape):
    for seed in range(40):
        game = sk.games.random(*shape, seed=seed)
        response = answers(game)
        offered = game.leader[np.arange(shape[0]), response]
        a = int(offered.argmax())
        assert game.follower[a, response[a]] == inducible(game) >= sk.stackelberg(game).follower


def test_without_a_cell_to_aim_at_it_plays_best_responses():
    rng = np.random.default_rng(1)
    game = sk.Game(np.full((3, 4), 0.5), rng.random((3, 4)))
    assert answers(game) == game.follower.argmax(axis=1).tolist()


@pytest.mark.parametrize("leader", NO_REGRET, ids=repr)
def test_leaders_that_learn_are_led_to_the_target(leader):
    game = sk.Game(*EXAMPLE, noise=sk.Bernoulli())
    horizon, runs = 100_000, 40
    plays = {
        follower: sk.simulate(game, leader, follower, horizon, replications=runs, seed=1)
        for follower in (sk.BestResponse(), sk.BestManipulation())
    }
    best, led = (play.utility[1, :, -1] / horizon for play in plays.values())
    # A round off the target costs the follower 0.95 of 1, and the leader's gap there is 0.1: a radius
    # of 0.05 takes about 2 ln T / (4 * 0.05 ** 2), 2300 rounds.
    assert stats.ttest_1samp(led, 0.9, alternative="greater").pvalue < 1e-6
    assert stats.ttest_1samp(best, 0.2, alternative="less").pvalue < 1e-6
    # What the leader sees is a bandit with a best arm: it has no regret of its own.
    pulls = plays[sk.BestManipulation()].pulls.sum(axis=0)
    assert pulls[0, 0] == pulls[1, 1] == 0
    assert pulls[1, 0] > 0.9 * pulls.sum()


def test_one_that_sees_rewards_learns_to_manipulate():
    game, horizon, runs = sk.Game(*EXAMPLE, noise=sk.Bernoulli()), 300_000, 24
    leader = sk.UCB(sigma=0.5, confidence=8.0)
    follower = sk.ManipulationUCB(sigma=0.5)
    run = sk.simulate(game, leader, follower, horizon, replications=runs, seed=2, trace=True)
    late = np.diff(run.cell_counts[:, [np.searchsorted(run.rounds, horizon / 2), -1]], axis=1)[:, 0]
    earned = (late * game.follower).sum(axis=(1, 2)) / late.sum(axis=(1, 2))
    assert stats.ttest_1samp(earned, 0.9, alternative="greater").pvalue < 1e-6
    # Off the target it comes to punish: the response to action 0 that is worse for the leader.
    assert late[:, 0, 1].sum() > 10 * late[:, 0, 0].sum()


def target(game):
    """The cell (a', b') that the best manipulation aims at, and whether each response is part of it."""
    row = np.arange(game.shape[0])
    response = np.array(answers(game))
    a = int(game.leader[row, response].argmax())
    right = np.zeros(game.shape, bool)
    right[row, response] = True
    return (a, int(response[a])), right


def smallest_gap(game):
    """The least of the gaps that Yu and Chen call Delta_4 to Delta_6, and Delta_3, of the leader's."""
    (a, b), _ = target(game)
    worst = game.leader.min(axis=1)
    rival = np.array([np.delete(worst, k).max() for k in range(len(worst))])[:, None]
    better = game.follower > game.follower[a, b]
    found = (
        (game.follower[a, b] - game.follower[game.follower < game.follower[a, b]]).min(initial=1.0),
        np.diff(np.sort(game.leader, axis=1), axis=1)[:, 0].min(),
        (rival - game.leader)[better].min(initial=1.0),
    )
    return min(found), game.leader[a, b] - rival[a, 0]


def games_with_gaps(count, gap=0.1):
    games = (sk.games.random(3, 3, seed=seed, noise=sk.Bernoulli()) for seed in itertools.count())
    return itertools.islice((game for game in games if min(smallest_gap(game)) > gap), count)


def test_with_a_leader_that_explores_enough_wrong_answers_are_few():
    # Theorem 5 of Yu and Chen: at most of the order A B ln(A B T / delta) / gap^2 of them, if the leader's
    # bonus is sqrt(S0 / n) with S0 of the order B ln(A B T / delta) / gap^3. A radius is a gap's half
    # after 8 ln(A B T / delta) / gap^2 rounds in each cell; 1/4 turned out to be enough for S0.
    horizon = 10**6
    few = []
    for game in games_with_gaps(8):
        (a, b), right = target(game)
        gap, loss = smallest_gap(game)
        log = math.log(game.leader.size * horizon**2)
        bonus = game.shape[1] * log / gap**3 / 4
        patient = sk.UCB(confidence=bonus / (2 * math.log(horizon)))
        bound = game.leader.size * 8 * log / gap**2
        for leader in (patient, sk.UCB()):
            run = sk.simulate(game, leader, sk.ManipulationUCB(), horizon, replications=4, seed=1)
            wrong = run.pulls[:, ~right].sum(axis=1)
            few.append(bool(wrong.max() < bound / 3))
            if leader is patient:
                # Answered rightly, the leader plays another action until its bonus is about its gap.
                explored = run.pulls.sum(axis=(1, 2)) - run.pulls[:, a, b]
                assert explored.max() < bound + 2 * (len(game.leader) - 1) * bonus / loss**2
    assert all(few[::2])
    # One that soon gives up on actions leaves the follower without the rounds to learn from.
    assert sum(few[1::2]) < 4


def test_wrong_answers_grow_like_the_logarithm():
    game = sk.Game(*EXAMPLE, noise=sk.Bernoulli())
    _, right = target(game)
    patient = sk.UCB(confidence=20.0)
    wrong = [
        sk.simulate(game, patient, sk.ManipulationUCB(), horizon, replications=8, seed=1)
        .pulls[:, ~right]
        .sum()
        for horizon in (10**5, 10**6, 10**7)
    ]
    # ln T grows by 1.4, and the sums are known to a tenth.
    assert wrong[2] < 2 * wrong[0]
    assert wrong[2] < 0.001 * 8 * 10**7


@pytest.mark.parametrize("leader", LEADERS, ids=repr)
@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli", "Deterministic", "Deterministic, Gaussian"])
def test_every_engine_plays_the_same_bits_against_it(leader, noise):
    follower = sk.ManipulationUCB(sigma=0.3, delta=0.5)
    for means in ("5x3", "2x2", "ties", "1x3", "3x1"):
        game = make_game(means, noise)
        runs = [
            sk.simulate(game, leader, follower, 400, replications=2, seed=6, engine=engine)
            for engine in ("reference", "stepwise", "leap")
        ]
        assert np.array_equal(runs[0].utility, runs[1].utility)
        assert leaps(leader) == "in law" or np.array_equal(runs[0].utility, runs[2].utility)


@pytest.mark.parametrize("seed", range(6))
def test_in_random_games_it_earns_the_value_of_its_best_inducible_cell(seed):
    game = sk.games.random(4, 4, seed=seed)
    horizon = 10**10
    run = sk.simulate(game, sk.UCB(), sk.BestManipulation(), horizon, replications=4, seed=seed)
    assert run.engine == "leap"
    assert run.utility[1, :, -1] / horizon == pytest.approx(inducible(game), abs=1e-3)
