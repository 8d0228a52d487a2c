"""How long an index policy stays with an arm: exact laws of a walk against its barrier.

False alarms: ALPHA a test (Bonferroni over the rounds looked at); chi-square cells expect at least LEAST.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from barrier_crossings import bernoulli_visits, gaussian_stays
from scipy import stats

import stackel as sk

ALPHA = 1e-6
LEAST = 50
HORIZON = 4000
ROUNDS = (60, 250, 1000, 2000, 3000, HORIZON)
BERNOULLI = [(0.83, 4.0, 40), (0.6, 3.0, 40), (0.3, 0.468, 14)]
"""Mean, width, and the most pulls of the other arm that are told apart."""


def pulls_of_first_arm(seat, means, noise, rule, engine, **options):
    """After each checkpoint, in a game where only `seat` has a choice: one row a replication."""
    # The other player counts: it earns 1 whenever the first arm is played.
    players = [(means, noise, rule), ((1.0, 0.0), sk.Deterministic(), sk.FixedAction(0))]
    if seat == "follower":
        players.reverse()
    payoffs, noises, pair = zip(*players, strict=True)
    shape = (2, 1) if seat == "leader" else (1, 2)
    game = sk.Game(*(np.reshape(each, shape) for each in payoffs), noise=noises)
    run = sk.simulate(game, *pair, engine=engine, **options)
    assert (run.error_bound > 0) == (engine == "leap")
    return run.utility[1 if seat == "leader" else 0]


exact_stays = cache(gaussian_stays)


@cache
def exact_visits(mean, width, most):
    return bernoulli_visits(mean, width, ROUNDS, most)


def p_value(seen, expected):
    """Chi-square, neighbouring cells merged until they expect LEAST."""
    starts = [0]
    for i in range(1, len(expected)):
        if expected[starts[-1] : i].sum() >= LEAST and expected[i:].sum() >= LEAST:
            starts.append(i)
    cells = [np.add.reduceat(each, starts) for each in (seen, expected)]
    return stats.chisquare(*cells, sum_check=False).pvalue if len(starts) > 1 else 1.0


@pytest.mark.parametrize("engine", ["leap", "stepwise"])
@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(("mean", "width", "most"), BERNOULLI)
def test_bernoulli_walk_against_a_curved_barrier(mean, width, most, seat, engine):
    runs = 12_000
    rule = sk.UCB(sigma=width / math.sqrt(2 * math.log(HORIZON)))
    means, noise = (mean, 0.0), sk.Bernoulli()
    options = {"horizon": HORIZON, "replications": runs, "seed": 21, "checkpoints": ROUNDS}
    first = pulls_of_first_arm(seat, means, noise, rule, engine, **options)
    for k, t in enumerate(ROUNDS):
        visits = np.minimum(np.rint(t - first[:, k]).astype(int), most + 1)
        law = exact_visits(mean, width, most)[t]
        assert law.sum() == pytest.approx(1, abs=1e-9)
        seen = np.bincount(visits - 1, minlength=most + 1)
        assert p_value(seen, runs * law) > ALPHA / len(ROUNDS), t


@pytest.mark.parametrize("engine", ["leap", "stepwise"])
@pytest.mark.parametrize("seat", ["leader", "follower"])
@pytest.mark.parametrize(("gap", "sigma"), [(0.5, 1.0), (0.0, 1.0), (0.1, 0.3), (-1.0, 2.0)])
def test_gaussian_walk_against_a_line(gap, sigma, seat, engine):
    runs, rounds = 30_000, (3, 10, 40, 150, 500, 1000)
    options = {"horizon": rounds[-1], "replications": runs, "seed": 22, "checkpoints": rounds}
    means, noise = (gap, 0.0), sk.Gaussian(sigma)
    first = pulls_of_first_arm(seat, means, noise, sk.UCB(sigma=0.0), engine, **options)
    stayed = (np.rint(first) == np.array(rounds) - 1).sum(axis=0)
    exact = exact_stays(gap, sigma, rounds)
    for seen, probability in zip(stayed, exact, strict=True):
        assert stats.binomtest(int(seen), runs, probability).pvalue > ALPHA / len(rounds)
