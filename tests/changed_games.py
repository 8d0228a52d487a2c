"""Games that change, for tests of them."""

from __future__ import annotations

import itertools

import numpy as np
from cases import MEANS, NOISES

import stackel as sk

SEED = 20
NEWCOMERS = (None, "leader", "follower", "both")
GAME = sk.games.etc_failure()


def turned(game):
    """Another game of the same means, which are multiples of 1/8."""
    u1, u2 = game.leader[::-1, ::-1], game.follower[::-1]
    return sk.Game(u1, u2, noise=game.noise)


def changing(means, noise, newcomer, starts=(0, 31, 60)):
    first = sk.Game(*MEANS[means], noise=NOISES[noise])
    games = itertools.islice(itertools.cycle([first, turned(first)]), len(starts))
    return sk.ChangingGame(list(games), starts, newcomer)


def played(game, leader, follower, horizon, **options):
    return sk.simulate(game, leader, follower, horizon, **{"seed": SEED, "threads": 1, **options})


def same(one, other):
    return (
        np.array_equal(one.pulls, other.pulls)
        and np.array_equal(one.utility, other.utility)
        and np.array_equal(one.remainder, other.remainder)
    )
