"""Games of the benchmarks."""

from __future__ import annotations

import numpy as np

import stackel as sk

GOLDEN_RATIO = 0.618_033_988_749_894_9
GAUSSIAN = sk.Gaussian(1.0)


def spread_game(n, noise=GAUSSIAN):
    """Return a game without ties: utilities are the fractional parts of multiples of the golden ratio."""
    return sk.Game(*(np.arange(1, 1 + 2 * n * n).reshape(2, n, n) * GOLDEN_RATIO % 1.0), noise=noise)


def tied_game(n, noise=GAUSSIAN):
    """Return a game in which all actions are equally good."""
    return sk.Game(*np.full((2, n, n), 0.5), noise=noise)
