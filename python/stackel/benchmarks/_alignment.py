"""Alignment of the two players' utilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel.benchmarks._ties import same
from stackel.games._game import as_game

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game


def alignment(game: Game) -> float:
    """Return the alignment (continuity) constant L of a game.

    ``L = max(|du1| / |du2|, |du2| / |du1|)`` over all pairs of outcomes: the largest ratio of changes
    of the two players' utilities, from 1 (both change equally) to inf (one changes and the other does not).
    Pairs that differ in neither utility are skipped; without any other pair L is 1. Utilities that differ by
    rounding only are equal. The result is exact, in O(n log n) for n outcomes. After the continuity
    condition of Donahue et al. (2024); section 2 of the definitions page.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.alignment(sk.Game([[0.0, 0.5], [1.0, 1.0]], [[0.0, 0.25], [1.0, 1.0]]))
    2.0
    """
    u1, u2 = as_game(game).leader.ravel(), game.follower.ravel()
    return max(1.0, _steepest(u1, u2), _steepest(u2, u1))


def _steepest(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> float:
    """Return the largest ``|dy| / |dx|`` over pairs of points.

    The slope of a chord is an average of the slopes between the points under it, so the steepest
    chord joins neighbours in x. Points with equal x may have any order: if they differ in y,
    so do some neighbours.
    """
    order = np.argsort(x)
    dx, dy = _steps(x[order]), _steps(y[order])
    differs = (dx > 0.0) | (dy > 0.0)
    with np.errstate(divide="ignore", over="ignore"):
        slopes = dy[differs] / dx[differs]
    return float(slopes.max(initial=0.0))


def _steps(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sizes of the differences of neighbours."""
    steps: npt.NDArray[np.float64] = np.where(same(values[1:], values[:-1]), 0.0, np.abs(np.diff(values)))
    return steps
