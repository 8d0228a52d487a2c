"""Regret ``alpha t - U(t)``, from utilities that are a rounded number and what rounding took from it.

Where utilities are large and differ by little, ``alpha t`` and ``U`` agree in most of their digits, and
rounding them first would leave little of the regret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.benchmarks._ties import rounding, same

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game

    Floats = npt.NDArray[np.float64]

_SPLITTER = 2.0**27 + 1.0


def regret_of(alpha: Any, rounds: Any, utility: Floats, remainder: Floats) -> Floats:
    """Return the regret, rounded once; the arguments are broadcast."""
    rounds = np.asarray(rounds, np.float64)
    earned = alpha * rounds
    missing = product_error(np.asarray(alpha, np.float64), rounds, earned) - remainder
    difference, rest = _difference(earned, utility)
    return np.where(np.isfinite(difference), difference + (rest + missing), difference)


def deviations_of(utility: Floats) -> Floats:
    """Return utilities minus that of the first replication: their spread without their size.

    The argument has shape (4, R, ...), utilities and then their remainders, the result (2, R, ...).
    """
    own, remainder = utility[:2], utility[2:]
    difference, rest = _difference(own, own[:, :1])
    spread: Floats = difference + (rest + (remainder - remainder[:, :1]))
    return spread


def rounding_error(game: Game, alpha: Floats, rounds: npt.NDArray[np.int64]) -> Floats:
    """Return the regret after `rounds` rounds up to which it counts as zero, shape (2, K).

    It is the rounding of the smallest loss in a round and, unless the benchmark is a utility of the game,
    that of the benchmark.
    """
    limits = []
    for own, utility in zip(alpha, (game.leader, game.follower), strict=True):
        losses = np.abs(own - utility)[~same(own, utility)]
        computed = 0.0 if (own == utility).any() else float(rounding(own))
        limits.append(max(computed, float(rounding(losses.min(initial=np.inf))) if losses.size else 0.0))
    return np.array(limits)[:, np.newaxis] * rounds


def product_error(x: Floats, y: Floats, product: Floats) -> Floats:
    """Return the rounding error of a product (Dekker); 0 where a product of halves overflows."""
    with np.errstate(over="ignore", invalid="ignore"):
        (x1, x2), (y1, y2) = _halves(x), _halves(y)
        error = x2 * y2 - (((product - x1 * y1) - x2 * y1) - x1 * y2)
    return np.where(np.isfinite(error), error, 0.0)


def _halves(x: Floats) -> tuple[Floats, Floats]:
    shifted = _SPLITTER * x
    high = shifted - (shifted - x)
    return high, x - high


def _difference(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return a rounded difference, and its rounding error (Knuth)."""
    difference = x - y
    part = x - difference
    return difference, (x - (difference + part)) - (y - part)
