"""Noise of Student's t law: heavy tails, drawn one by one."""

from __future__ import annotations

import json
from itertools import pairwise
from random import Random

import drawn
import numpy as np
import oracle
import pytest
import reward_table as definition
from cases import MEANS, named
from scipy import integrate, stats

import stackel as sk

ALPHA = 1e-6
"""Probability of a false alarm of each comparison; there are thirteen."""
DRAWS = 100_000
PAIRS = (
    (sk.UCB(sigma=0.4), sk.UCB(sigma=0.4)),
    (sk.ActiveArmElimination(sigma=0.2), sk.ActiveArmElimination(sigma=0.2)),
    (sk.ExploreThenCommit(exploration=4), sk.ExploreThenUCB(exploration=3)),
    (sk.MOSS(), sk.Blind(sk.UCB())),
    (sk.TsallisINF(), sk.LinUCB()),
    (sk.Batched(sk.UCB(), 3), sk.Delayed(sk.KLUCB(), 4)),
    (sk.PhasedUCB(), sk.BestResponse()),
)
LAWS = {
    "one": (sk.StudentT(2.5, 0.4), sk.StudentT(1.1)),
    "of cells": (sk.StudentT(3.0, [[0.5, 2.0, 0.0], [1.0, 0.1, 0.7]]), sk.Gaussian(0.5)),
}


def game_of(laws, means="2x3"):
    return sk.Game(*MEANS[means], noise=laws)


def same(one, other):
    np.testing.assert_array_equal(one.utility, other.utility)
    np.testing.assert_array_equal(one.pulls, other.pulls)


@pytest.mark.parametrize("df", [1.05, 1.5, 2.0, 4.0, 30.0])
def test_entries_have_their_law(df):
    seen = drawn.entries(sk.StudentT(df), 3, 2**40, DRAWS, seed=5)
    assert stats.kstest(seen, stats.t(df).cdf).pvalue > ALPHA
    cells = np.floor(200 * stats.t(df).cdf(seen)).astype(int)
    assert stats.chisquare(np.bincount(cells, minlength=200)).pvalue > ALPHA


def test_with_many_degrees_of_freedom_it_is_normal():
    seen = drawn.entries(sk.StudentT(1e100), 3, 0, DRAWS)
    assert stats.kstest(seen, "norm").pvalue > ALPHA


def test_neighbours_and_tapes_are_independent():
    one, other = (drawn.entries(sk.StudentT(2.0), tape, 0, DRAWS) for tape in (0, 1))
    for x, y in ((one, other), (one[1:], one[:-1])):
        u, v = (np.floor(16 * stats.t(2.0).cdf(each)).astype(int) for each in (x, y))
        counts = np.bincount(16 * u + v, minlength=256).reshape(16, 16)
        assert stats.chi2_contingency(counts).pvalue > ALPHA


def test_entries_are_those_of_the_definition():
    """To the last bit, at places of any size and for any degrees of freedom."""
    random = Random(4)
    for _ in range(400):
        seed, replication, tape = (random.getrandbits(size) for size in (64, 31, 20))
        df, place = 1 + 10 ** random.uniform(-4, 6), random.getrandbits(random.choice((3, 20, 53)))
        player = random.choice((definition.LEADER, definition.FOLLOWER))
        key = definition.tape(definition.table(seed, replication, player), tape)
        role = sk.learners.ROLES[player]
        seen = drawn.entries(sk.StudentT(df), tape, place, 3, seed=seed, replication=replication, player=role)
        assert seen.tolist() == [definition.student(key, df, place + i) for i in range(3)], (df, place)


@pytest.mark.parametrize("df", [1 + 1e-9, 1.0 + 2**-40, 1e15, 1e100])
def test_entries_at_the_ends_of_the_range(df):
    key = definition.tape(definition.table(1, 0, definition.LEADER), 0)
    expected = [definition.student(key, df, i) for i in range(200)]
    assert drawn.entries(sk.StudentT(df), 0, 0, 200).tolist() == expected


@pytest.mark.parametrize("laws", LAWS)
def test_rewards_are_those_of_the_definition(laws):
    game, anyone, rounds = game_of(LAWS[laws]), sk.UniformLearner(), 300
    actions, rewards = sk.Simulation(game, anyone, anyone, rounds, 5, replication=9).step(rounds)
    pulls = np.zeros((2, 6), int)
    for (a, b), earned in zip(actions.T.tolist(), rewards.T.tolist(), strict=True):
        for player, (law, means) in enumerate(zip(game.noise, (game.leader, game.follower), strict=True)):
            tape = drawn.tape_of(law, player, (a, b), 3)
            assert tape == (a if (player, laws) == (0, "one") else 3 * a + b)
            n = int(pulls[player, tape])
            pulls[player, tape] += 1
            if isinstance(law, sk.StudentT):
                key = definition.tape(definition.table(5, 9, player), tape)
                scale = drawn.law_of(law, (a, b)).scale
                assert earned[player] == means[a, b] + scale * definition.student(key, law.df, n)


@pytest.mark.parametrize("laws", LAWS)
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_engines_play_one_game(laws, pair):
    game = game_of(LAWS[laws])
    runs = [
        sk.simulate(game, *pair, 3000, replications=2, seed=2, engine=engine)
        for engine in ("reference", "stepwise", "leap")
    ]
    same(runs[0], runs[1])
    same(runs[0], runs[2])
    assert runs[2].error_bound == 0


@pytest.mark.parametrize("laws", LAWS)
@pytest.mark.parametrize("pair", PAIRS[:4], ids=str)
def test_the_oracle_plays_the_same_game(laws, pair):
    game = game_of(LAWS[laws])
    run = sk.simulate(game, *pair, 400, seed=1, checkpoints=400)
    matrices = game.leader.tolist(), game.follower.tolist()
    path = oracle.play(matrices, *map(named, pair), 400, reward=drawn.as_reward(game, 1, 0))
    np.testing.assert_array_equal(run.pulls[0], path.pulls)


def test_what_nobody_reads_is_leapt_over():
    """Stepping through the rounds after both have committed would take hours."""
    rule = sk.ExploreThenCommit(exploration=10)
    run = sk.simulate(game_of(LAWS["one"]), rule, rule, 10**13, seed=1)
    assert (run.engine, run.pulls.sum()) == ("leap", 10**13)


def test_games_that_change_snapshots_and_files(tmp_path):
    laws, pair = LAWS["of cells"], PAIRS[0]
    games = [sk.Game(*each, noise=laws) for each in (MEANS["2x3"], MEANS["2x3"][::-1])]
    game = sk.ChangingGame(games, (0, 150), "follower")
    runs = [sk.simulate(game, *pair, 400, seed=1, engine=each) for each in ("reference", "stepwise", "leap")]
    same(runs[0], runs[1])
    same(runs[0], runs[2])
    assert sk.ChangingGame.from_dict(json.loads(json.dumps(game.to_dict()))) == game
    runs[2].save(tmp_path / "run.stackel")
    assert sk.load(tmp_path / "run.stackel") == runs[2]
    sim = sk.Simulation(game, *pair, 400, 1)
    sim.step(200)
    again = sk.Simulation.restore(sim.snapshot())
    again.advance(200)
    np.testing.assert_array_equal(again.pulls, runs[0].pulls[0])


def test_no_scale_is_no_noise():
    quiet, none = (game_of(law) for law in (sk.StudentT(1.5, 0.0), sk.Deterministic()))
    same(*(sk.simulate(game, *PAIRS[0], 10**6, seed=1) for game in (quiet, none)))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((1.0,), r"^df: must be a number above 1, so that there is a mean, and at most 1e100, got 1.0$"),
        ((0.5,), r"^df: must be"),
        ((float("inf"),), r"^df: must be"),
        ((float("nan"),), r"^df: must be"),
        (([[2.0]],), r"^df: must be"),
        ((2.0, -1.0), r"^scale: must be a number from 0 to 1e100, or a matrix"),
        ((2.0, [[1.0, -1.0]]), r"^scale: must be .* at \[0, 1\]$"),
    ],
)
def test_laws_that_are_refused(given, message):
    with pytest.raises(sk.SpecError, match=message):
        sk.StudentT(*given)


def test_a_guarantee_for_light_tails_is_refused():
    with pytest.raises(sk.SpecError, match=r"^game: must be of light-tailed noise"):
        sk.central_explorer(game_of(LAWS["one"]), 0.5, seed=1)


def test_bandits():
    arms = [(0.5, sk.StudentT(3.0, 0.1)), (0.75, sk.StudentT(3.0, 2.0)), (0.25, sk.Deterministic())]
    run = sk.bandit(arms, sk.UCB(), 3000, seed=2, trace=True, checkpoints=[10, 700, 3000])
    assert run.noise == sk.StudentT(3.0, [[0.1], [2.0], [0.0]])
    sums = [
        [drawn.entries(run.noise, arm, 0, int(n), seed=2).sum() for arm, n in enumerate(counts)]
        for counts in run.arm_counts[0]
    ]
    expected = np.array(sums) @ [0.1, 2.0, 0.0] + run.arm_counts[0] @ run.means
    np.testing.assert_allclose(run.rewards[0], expected, rtol=1e-12)
    assert run.total_rewards[0] == pytest.approx(expected[-1], rel=1e-12)
    with pytest.raises(sk.SpecError, match=r"^arms: must be of one law"):
        sk.bandit([(0.5, sk.StudentT(3.0)), (0.7, sk.StudentT(4.0))], sk.UCB(), 10)


@pytest.mark.parametrize("df", [1.5, 3.0, 1e6])
@pytest.mark.parametrize("distance", [0.1, 1.0, 30.0])
def test_the_bound_of_lai_and_robbins(df, distance):
    law = stats.t(df)

    def integrand(x):
        return law.pdf(x) * (law.logpdf(x) - law.logpdf(x - distance))

    ends = [-np.inf, -distance, 0.0, distance, 2 * distance, np.inf]
    divergence = sum(integrate.quad(integrand, *piece, limit=500)[0] for piece in pairwise(ends))
    run = sk.bandit([0.0, 2 * distance], sk.UCB(), 10, noise=sk.StudentT(df, 2.0), seed=1)
    assert run.bound_constant == pytest.approx(2 * distance / divergence, rel=1e-6)
