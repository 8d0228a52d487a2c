"""Step functions of section 2 of the definitions page, from which every benchmark follows.

They are the follower's gaps ``d(a, b)``, the guarantee ``h(e)`` that the leader can secure, and the
joining tolerances ``th(a)`` from which on actions can look optimal.

Rounding: gaps are differences of stored numbers, so gaps that are equal on paper can differ in
their last bits. A change of every gap by at most x changes each infimum over ``0 <= e <= gamma`` by at
most x, *unless* a gap crosses 0 or gamma. Only these two comparisons, and ties between
values, therefore need a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game

_ROUNDING = 1e-12

_ROUNDING_ULPS = 8


def rounding(game: Game) -> float:
    """Return the difference up to which utilities or gaps count as equal: 1e-12, more above 1000."""
    largest = max(np.abs(game.leader).max(), np.abs(game.follower).max())
    return max(_ROUNDING, float(_ROUNDING_ULPS * np.spacing(largest)))


def follower_gaps(game: Game, gamma: float = 0.0) -> npt.NDArray[np.float64]:
    """Return the gaps ``d(a, b)``; those within rounding of 0 or gamma are set to it."""
    tolerance = rounding(game)
    gaps: npt.NDArray[np.float64] = game.follower.max(axis=1, keepdims=True) - game.follower
    gaps[np.abs(gaps - gamma) <= tolerance] = gamma
    gaps[gaps <= tolerance] = 0.0
    return gaps


@dataclass(frozen=True)
class Guarantee:
    """The nonincreasing step function ``h(e) = max_a m_e(a)``.

    Parameters
    ----------
    starts, values : ndarray, shape (n_steps,)
        Steps: ``h(e)`` is ``values[i]`` for ``starts[i] <= e < starts[i + 1]``; the last step has no
        end. Starts rise and values fall strictly.
    """

    starts: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, leader: npt.NDArray[np.float64], gaps: npt.NDArray[np.float64]) -> Guarantee:
        """Return the guarantee of a game with these leader utilities and follower gaps."""
        order = np.argsort(gaps, axis=1)
        worst = np.minimum.accumulate(np.take_along_axis(leader, order, axis=1), axis=1)
        # m_e(a) is worst[a, j] until the next gap of row a admits one more response.
        ends = np.full_like(gaps, np.inf)
        ends[:, :-1] = np.take_along_axis(gaps, order[:, 1:], axis=1)
        # Because m_e(a) never rises, h(e) is the largest worst[a, j] whose end is beyond e.
        last_first = np.argsort(ends, axis=None)[::-1]
        highest = np.maximum.accumulate(worst.ravel()[last_first])
        records = np.flatnonzero(np.diff(highest, prepend=-np.inf) > 0.0)[::-1]
        starts = np.append(0.0, ends.ravel()[last_first[records[:-1]]])
        lasts = starts < np.append(starts[1:], np.inf)
        return cls(starts[lasts], highest[records][lasts])

    def tolerance_for(self, utility: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the smallest ``e >= 0`` with ``utility >= h(e) - e``, elementwise."""
        ends = np.append(self.starts[1:], np.inf)
        step = np.searchsorted(ends - self.values, -utility, side="right")
        return np.maximum(self.starts[step], self.values[step] - utility)


def joining_tolerances(
    leader: npt.NDArray[np.float64], gaps: npt.NDArray[np.float64], guarantee: Guarantee
) -> npt.NDArray[np.float64]:
    """Return ``th(a)``, the tolerance from which on action a belongs to ``A_e``.

    It belongs if one b satisfies both ``d(a, b) <= e`` and ``u1(a, b) >= h(e) - e``.
    """
    joining: npt.NDArray[np.float64] = np.maximum(gaps, guarantee.tolerance_for(leader)).min(axis=1)
    return joining
