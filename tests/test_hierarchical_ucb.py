"""HierarchicalUCB keeps its published promises where interests are common, and plain UCB does not.

False alarms: below 1e-9 a test. Bounds that hold with high probability are given that much room; means
that are compared are known to a small part of what is allowed, see there.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

import stackel as sk

FOLLOWER = sk.UCB(sigma=0.5)
LEADER = sk.HierarchicalUCB()
CAREFUL = sk.HierarchicalUCB(kappa=20.0), sk.UCB(sigma=0.5, confidence=5.0)
"""The follower's radii fail with probability 2 A B T^-4, and else its kappa is 16 sigma^2 c = 20. The
leader's Hoeffding bound fails with probability 2 A T^-3. Both is less than 1e-10 from 10^4 rounds on."""


def common(utilities):
    return sk.Game(utilities, utilities, noise=sk.Bernoulli())


def close(n_leader, n_follower, gap):
    """One cell is better than all others by a gap: the last one, which UCB comes to last."""
    utilities = np.full((n_leader, n_follower), 0.5)
    utilities[-1, -1] += gap
    return common(utilities)


def regret(game, horizon, replications=4, pair=(LEADER, FOLLOWER)):
    run = sk.simulate(game, *pair, horizon, replications=replications, seed=1)
    return run.regret(sk.stackelberg(game))[0, :, -1]


def bound(game, horizon, kappa, constant=1.0):
    """Theorem 1 with the constants of its proof, and a round for each arm that is tried first."""
    n_leader, n_follower = game.shape
    scale = math.sqrt(n_leader * horizon * 2 * math.log(horizon))
    return scale * (3 * math.sqrt(kappa * n_follower) + 4 * constant) + n_leader


@pytest.mark.parametrize("shape", [(2, 2), (5, 3), (3, 8), (10, 10)])
def test_regret_is_below_the_bound_without_gaps(shape):
    # In a game this long, all actions alike lose more than the bound.
    horizon = 10**7
    allowed = bound(common(np.zeros(shape)), horizon, kappa=20.0)
    games = [close(*shape, min(0.5, factor * allowed / horizon)) for factor in (1.5, 3.0)]
    rng = np.random.default_rng(2)
    games += [common(rng.random(shape)) for _ in range(2)]
    for game in games:
        assert horizon * (game.leader.max() - game.leader.mean()) > allowed
        assert regret(game, horizon, replications=2, pair=CAREFUL).max() < allowed


@pytest.mark.parametrize("shape", [(2, 2), (3, 4)])
def test_regret_grows_like_the_root_of_the_horizon_in_the_worst_games(shape):
    horizons = np.array([10**4, 10**5, 10**6])
    gaps = (8.0, 32.0) * np.sqrt(shape[0] * shape[1] / horizons)[:, None]
    worst = [
        max(regret(close(*shape, min(0.5, gap)), int(t), 8).mean() for gap in row)
        for t, row in zip(horizons, gaps, strict=True)
    ]
    slope = np.polyfit(np.log(horizons), np.log(worst), 1)[0]
    # ln T adds 1 / (2 ln T) to 1/2, at most 0.06. The mean regret of 8 runs varies by less than a tenth.
    assert 0.4 < slope < 0.6


def test_regret_grows_like_the_logarithm_where_there_are_gaps():
    game = common([[0.9, 0.5, 0.6], [0.3, 0.6, 0.2]])
    early, late = (regret(game, horizon).mean() for horizon in (10**6, 10**12))
    # ln T doubles, and that is known to a few hundredths. The root of T would grow a thousandfold.
    assert 1.5 < late / early < 3


@pytest.mark.parametrize("horizon", [10**4, 10**6, 10**8])
def test_plain_ucb_gives_up_before_its_follower_has_found_the_best_response(horizon):
    # Action 1 is worth 1 with the last response and 0 before; action 2 is worth 1/2. Plain UCB leaves
    # action 1 when its radius is below 1/2, after 8 sigma^2 ln T rounds.
    sigma = 0.5
    patience = math.ceil(8 * sigma**2 * math.log(horizon))
    hidden = np.zeros(patience + 2)
    hidden[-1] = 1.0
    game = sk.Game(*[np.vstack([hidden, np.full(len(hidden), 0.5)])] * 2, noise=sk.Deterministic())
    plain = sk.simulate(game, sk.UCB(sigma=sigma), sk.UCB(sigma=sigma), horizon)
    assert plain.pulls[0, 0].sum() <= patience
    assert plain.pulls[0, 0, -1] == 0
    lost = plain.regret(sk.stackelberg(game))[0, 0, -1]
    assert lost >= horizon / 2
    covered = sk.simulate(game, sk.HierarchicalUCB(), sk.UCB(sigma=sigma), horizon)
    assert covered.pulls[0, 0, -1] > 0
    allowed = min(bound(game, horizon, kappa=4.0), lost / 4)
    assert covered.regret(sk.stackelberg(game))[0, 0, -1] < allowed


def test_the_parameters_are_the_published_ones():
    given = sk.HierarchicalUCB().resolve("leader", 1000, 2, 3)
    assert given == sk.HierarchicalUCB(kappa=4.0, constant=1.0, delta=0.001)
    # With kappa = 0 and delta = 1 what is left is plain UCB with sigma = c / sqrt 2.
    game = sk.games.random(3, 3, seed=1)
    pair = sk.HierarchicalUCB(kappa=0.0, constant=2.0, delta=1.0), sk.UCB(sigma=math.sqrt(2.0))
    runs = [sk.simulate(game, leader, FOLLOWER, 2000, seed=3) for leader in pair]
    assert np.array_equal(runs[0].pulls, runs[1].pulls)
