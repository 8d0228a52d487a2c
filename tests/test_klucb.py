"""KLUCB: the asymptotic constant, equality of indices, and UCB as its Gaussian case.

False alarms: 1e-5 a test.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest
from scipy import stats

import stackel as sk

ALPHA = 1e-5


def divergence(p, q):
    return p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))


def lone(rule, means, noise, horizon, **options):
    """Counts of a follower instance that plays alone."""
    game = sk.Game([means], [means], noise=noise)
    run = sk.simulate(game, sk.FixedAction(0), rule, horizon, **{"seed": 1, **options})
    return run.pulls[:, 0]


@pytest.mark.parametrize(
    ("rule", "noise", "means", "bits"),
    [
        (sk.KLUCB(family="bernoulli"), sk.Bernoulli(), (0.9, 0.6), divergence(0.6, 0.9)),
        (sk.KLUCB(family="bernoulli"), sk.Bernoulli(), (0.3, 0.1), divergence(0.1, 0.3)),
        (sk.KLUCB(family="gaussian", sigma=2.0), sk.Gaussian(2.0), (0.5, 0.0), 0.5**2 / 8),
    ],
    ids=repr,
)
def test_constant_of_lai_and_robbins(rule, noise, means, bits):
    # Asymptotically the bad arm is played ln T / d times: here from T = 10^6 to 10^12, up to 10 per cent.
    least, most = (lone(rule, means, noise, T, replications=300, seed=T)[:, 1] for T in (10**6, 10**12))
    growth = most.mean() - least.mean()
    room = stats.norm.isf(ALPHA / 2) * math.sqrt((least.var() + most.var()) / 300)
    expected = math.log(10**6) / bits
    assert abs(growth - expected) < 0.1 * expected + room
    assert room < 0.2 * expected


def level(mean, exploration):
    """``-ln(1 - u)`` for the index u, to 50 digits."""
    with localcontext(prec=60):
        x, rest, exploration = Decimal(mean), 1 - Decimal(mean), Decimal(exploration)
        if not x:
            return exploration
        entropy = -x * x.ln() - rest * rest.ln()
        low, high = -rest.ln(), (exploration + entropy) / rest
        for _ in range(150):
            middle = (low + high) / 2
            divergence = rest * middle - x * (1 - (-middle).exp()).ln() - entropy
            low, high = (middle, high) if divergence <= exploration else (low, middle)
        return low


@pytest.mark.parametrize("loglog", [0.0, 3.0])
@pytest.mark.parametrize(
    "means",
    [
        (0.25, 0.75),
        (0.875, 0.9375, 0.5),
        (0.0, 0.125),
        (0.5, 0.5),
        (1 - 2**-40, 1 - 2**-41),
    ],
)
@pytest.mark.parametrize("engine", ["leap", "stepwise", "reference"])
def test_indices_of_sure_rewards_are_as_equal_as_they_can_be(means, loglog, engine):
    # The arm played last had the largest index before, and every other arm has a smaller one.
    horizon = 3000
    counts = lone(
        sk.KLUCB(family="bernoulli", loglog=loglog), means, sk.Deterministic(), horizon, engine=engine
    )[0]
    exploration = math.log(horizon) + loglog * math.log(math.log(horizon))
    now, before = (
        [level(x, exploration / int(n - k)) for x, n in zip(means, counts, strict=True)] for k in (0, 1)
    )
    assert counts.min() > 1
    assert float(max(now) / min(before)) <= 1 + 1e-12


@pytest.mark.parametrize("engine", ["leap", "stepwise"])
def test_means_of_1_tie(engine):
    # Their largest u is 1, however many rewards there are: the first such arm is played.
    counts = lone(sk.KLUCB(family="bernoulli"), (0.5, 1.0, 1.0), sk.Deterministic(), 100, engine=engine)
    assert counts.tolist() == [[1, 98, 1]]


def test_long_games_of_coins_are_leapt_over():
    for means in [(0.02, 0.01), (0.5, 0.5), (0.95, 0.94)]:
        game = sk.Game([means], [means], noise=sk.Bernoulli())
        run = sk.simulate(game, sk.FixedAction(0), sk.KLUCB(family="bernoulli"), 10**8, seed=1)
        assert run.engine == "leap"
        assert run.error_bound > 0
        assert run.pulls.sum() == 10**8
