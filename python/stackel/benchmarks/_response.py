"""Step functions of section 2 of the definitions page, from which every benchmark follows.

They are the follower's gaps ``d(a, b)``, the guarantee ``h(e)`` that the leader can secure, and the
joining tolerances ``th(a)`` from which on actions can look optimal.

Rounding: gaps are differences of stored numbers, so gaps that are equal on paper can differ in their last
bits. A change of every gap by at most x changes each infimum over ``0 <= e <= gamma`` by at most x, *unless*
a gap crosses 0 or gamma. Only these two comparisons, and ties between values, therefore need the rule of
`stackel.benchmarks._ties`; a gap, and a tolerance, has the rounding of the numbers it was computed from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.benchmarks._ties import rounding, same

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game


class Rounded(NamedTuple):
    """Results, each with the rounding of the numbers that it was computed from."""

    values: npt.NDArray[np.float64]
    rounding: npt.NDArray[np.float64]

    def or_later(self, other: Rounded) -> Rounded:
        """Return the larger of both, elementwise."""
        later = self.values >= other.values
        return Rounded(*(np.where(later, *both) for both in zip(self, other, strict=True)))

    def added_to(
        self,
        utility: npt.NDArray[np.float64],
        total: npt.NDArray[np.float64] | float = np.nan,
    ) -> Rounded:
        """Return sums with utilities; those that are known from elsewhere are given, the others nan."""
        added = np.isnan(total)
        limits = np.where(added, np.maximum(self.rounding, rounding(utility)), rounding(total))
        return Rounded(np.where(added, utility + self.values, total), limits)

    def clipped(self, gamma: float) -> npt.NDArray[np.float64]:
        """Return the values, those above gamma by rounding only set to it."""
        limits = np.maximum(self.rounding, rounding(gamma)) if np.isfinite(gamma) else 0.0
        beyond = self.values > gamma
        return np.where(beyond & (self.values - gamma <= limits), gamma, self.values)


def follower_gaps(game: Game) -> Rounded:
    """Return the gaps ``d(a, b)``; those equal to 0 are set to it."""
    best = game.follower.max(axis=1, keepdims=True)
    gaps = np.where(same(best, game.follower), 0.0, best - game.follower)
    return Rounded(gaps, rounding(best, game.follower))


@dataclass(frozen=True)
class Guarantee:
    """The nonincreasing step function ``h(e) = max_a m_e(a)``.

    Parameters
    ----------
    starts, values : ndarray, shape (n_steps,)
        Steps: ``h(e)`` is ``values[i]`` for ``starts[i] <= e < starts[i + 1]``; the last step has no
        end. Starts rise and values fall strictly.
    rounding : ndarray, shape (n_steps,)
        Rounding of the starts.
    """

    starts: npt.NDArray[np.float64]
    rounding: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]

    @classmethod
    def of(cls, leader: npt.NDArray[np.float64], gaps: Rounded) -> Guarantee:
        """Return the guarantee of a game with these leader utilities and follower gaps."""
        order = np.argsort(gaps.values, axis=1)
        worst = np.minimum.accumulate(np.take_along_axis(leader, order, axis=1), axis=1)
        # m_e(a) is worst[a, j] until the next gap of row a admits one more response.
        ends, limits = np.full((2, *leader.shape), np.inf)
        for into, each in zip((ends, limits), gaps, strict=True):
            into[:, :-1] = np.take_along_axis(each, order[:, 1:], axis=1)
        # Because m_e(a) never rises, h(e) is the largest worst[a, j] whose end is beyond e.
        last_first = np.argsort(ends, axis=None)[::-1]
        highest = np.maximum.accumulate(worst.ravel()[last_first])
        records = np.flatnonzero(np.diff(highest, prepend=-np.inf) > 0.0)[::-1]
        starts, limits = (np.append(0.0, each.ravel()[last_first[records[:-1]]]) for each in (ends, limits))
        lasts = starts < np.append(starts[1:], np.inf)
        return cls(starts[lasts], limits[lasts], highest[records][lasts])

    def tolerance_for(self, utility: npt.NDArray[np.float64]) -> tuple[Rounded, npt.NDArray[np.float64]]:
        """Return the smallest ``e >= 0`` with ``utility >= h(e) - e``, elementwise, and its ``h(e)``."""
        ends = np.append(self.starts[1:], np.inf)
        # The first step in which the utility suffices, by bisection of differences: their sums with
        # ends would lose a small end beside a large utility.
        step, last = np.zeros(utility.shape, np.intp), np.full(utility.shape, len(ends) - 1)
        while (step < last).any():
            middle = (step + last) // 2
            suffices = self.values[middle] - utility < ends[middle]
            step, last = np.where(suffices, step, middle + 1), np.where(suffices, middle, last)
        value = self.values[step]
        needed = Rounded(np.where(same(value, utility), 0.0, value - utility), rounding(value, utility))
        return Rounded(self.starts[step], self.rounding[step]).or_later(needed), value


class Joining(NamedTuple):
    """Rounded ``th(a)`` from which on actions belong to ``A_e``, with what they come from."""

    tolerances: Rounded
    utility: npt.NDArray[np.float64]
    """The leader's utility u of the outcome that lets the action join."""
    secured: npt.NDArray[np.float64]
    """The value of h from which on it does; th(a) is ``secured - u``, unless a gap is larger."""


def joining_tolerances(leader: npt.NDArray[np.float64], gaps: Rounded, guarantee: Guarantee) -> Joining:
    """Return ``th(a)``.

    An action joins if one b satisfies both ``d(a, b) <= e`` and ``u1(a, b) >= h(e) - e``.
    """
    tolerances, secured = guarantee.tolerance_for(leader)
    joining = gaps.or_later(tolerances)
    first = joining.values.argmin(axis=1, keepdims=True)
    values, limits, utility, secured = (
        np.take_along_axis(each, first, axis=1)[:, 0] for each in (*joining, leader, secured)
    )
    return Joining(Rounded(values, limits), utility, secured)
