"""Which pairs of a meta-game need more replications.

Looks are at numbers of replications that are fixed beforehand, each twice the one before. At each look the
equilibria of the estimated game are found. A pair needs more replications as long as it takes part in a
deviation whose gain may still be above the wanted precision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.results import MetaGame, MetaSolution

_MOST_MIXED = 6
"""Algorithms of the smaller side up to which all mixed equilibria are found; else a correlated one is."""


def schedule(replications: int, precision: float | None, most: int) -> list[int]:
    """Return the numbers of replications at which there is a look."""
    looks = [replications]
    while precision is not None and looks[-1] < most:
        looks.append(min(2 * looks[-1], most))
    return looks


def decided_by(meta: MetaGame) -> list[MetaSolution]:
    """Return the equilibria that sampling is to certify: pure, else mixed, else a correlated one."""
    pure = meta.solve("pure")
    if pure:
        return pure
    return meta.solve("nash" if min(meta.shape) <= _MOST_MIXED else "cce")


def undecided(meta: MetaGame) -> npt.NDArray[np.bool_]:
    """Return the pairs that need more replications, shape (m, n)."""
    needed = np.zeros(meta.shape, bool)
    if meta.precision is None:
        return needed
    for solution in decided_by(meta):
        played = solution.joint > 0
        for axis, player in enumerate(("leader", "follower")):
            upper = np.einsum("kxy,xy->k", meta.gains(player).high, solution.joint)
            tempting = upper > meta.precision
            if tempting.any():
                against = played.any(axis=axis)
                place = np.ix_(tempting, against) if axis == 0 else np.ix_(against, tempting)
                needed[place] = True
                needed |= played
    return needed & ~meta.exact
