"""Responses that a leader can induce by a mixture of its actions, with their value to the leader.

A mixture *induces* a response if it is a best response to it. Responses with equal utilities for the
follower under every action are *equivalent*: a mixture that induces one of them induces all.
Utilities are in units of each player's range here, so that one tolerance fits all games.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel.benchmarks._linear_program import Optimum, highest_level
from stackel.benchmarks._response import rounding

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game

ROUNDING_ALLOWANCE = 1e-9
"""Difference of utility, as a share of a player's range, that counts as zero: solvers are less precise."""


Mask: TypeAlias = "npt.NDArray[np.bool_]"


@dataclass(frozen=True)
class Inducing:
    """Linear programs of the leader over the mixtures that induce one response."""

    game: Game

    @cached_property
    def leader_range(self) -> float:
        """Range of the leader's utilities; 1 if they are all equal."""
        return self._range(self.game.leader.ravel())

    @cached_property
    def follower_range(self) -> float:
        """Largest range of the follower's utilities under one action; 1 if all its ranges are zero."""
        return self._range(self.game.follower)

    @cached_property
    def indifference(self) -> float:
        """Difference of utility that leaves the follower indifferent."""
        return max(ROUNDING_ALLOWANCE * self.follower_range, rounding(self.game))

    @cached_property
    def leader(self) -> npt.NDArray[np.float64]:
        """Utility of each outcome to the leader, scaled to [0, 1]."""
        scaled: npt.NDArray[np.float64] = (self.game.leader - self.game.leader.min()) / self.leader_range
        return scaled

    def as_share(self, utility: float) -> float:
        """Return a utility of the leader as a share of its range."""
        return float((utility - self.game.leader.min()) / self.leader_range)

    def as_utility(self, share: float) -> float:
        """Return the utility of a share, the inverse of `as_share`."""
        return float(self.game.leader.min() + share * self.leader_range)

    def preference(self, b: int) -> npt.NDArray[np.float64]:
        """Return the advantage of b over each response under each action, shape (n_follower, n_leader)."""
        better = self.game.follower[:, [b]] - self.game.follower
        better[np.abs(better) <= self.indifference] = 0.0
        return (better / self.follower_range).T

    def equivalent(self, b: int) -> Mask:
        """Return the responses with the same utility for the follower as b under every action."""
        same: Mask = (self.preference(b) == 0.0).all(axis=1)
        return same

    def bound(self, b: int, tied: Mask) -> float:
        """Return an upper bound of `best_value` without a program, from one rival of b at a time."""
        rivals = self.preference(b)
        return min(_most(utility, incentive) for utility in self.leader[:, tied].T for incentive in rivals)

    def best_value(self, b: int, tied: Mask) -> Optimum | None:
        """Return the leader's largest utility by a mixture that induces b, for the worst `tied` response."""
        incentives, utilities = self.preference(b), self.leader[:, tied].T
        alone = np.where((incentives >= 0.0).all(axis=0), utilities.min(axis=0), -np.inf)
        if alone.max() >= utilities.max(axis=1).min():  # a single action attains the bound
            return Optimum(
                float(alone.max()),
                np.where(np.arange(len(alone)) == alone.argmax(), 1.0, 0.0),
                np.zeros(len(incentives)),
            )
        weights = np.repeat([0.0, 1.0], [len(incentives), len(utilities)])
        return highest_level(np.vstack([incentives, utilities]), weights, 0.0)

    def widest_margin(self, b: int, tied: Mask, floor: float = 0.0) -> Optimum | None:
        """Return the largest advantage that b can have over all responses that are not `tied` with it.

        Tied responses must give the leader at least `floor`. The first prices are those of the incentives,
        one for each response.
        """
        incentives, utilities = self.preference(b), self.leader[:, tied].T
        weights = np.append(np.where(tied, 0.0, 1.0), np.zeros(len(utilities)))
        floors = np.repeat([0.0, floor], [len(incentives), len(utilities)])
        return highest_level(np.vstack([incentives, utilities]), weights, floors)

    def can_be_unique(self, b: int) -> bool:
        """Return whether some mixture induces only b and its equivalents."""
        members = self.equivalent(b)
        others = self.preference(b)[~members]
        halves = (others + others[:, [a]] for a in range(others.shape[1]))
        if any(
            (half > 2 * ROUNDING_ALLOWANCE).all(axis=0).any() for half in halves
        ):  # one or two actions suffice
            return True
        if (others <= 0.0).all(axis=1).any():  # another response is never worse than b
            return False
        clearest = self.widest_margin(b, members)
        return clearest is not None and clearest.level > ROUNDING_ALLOWANCE

    def secure(self, b: int, best: Optimum) -> npt.NDArray[np.float64] | None:
        """Return a mixture that gives the leader the `best_value` of b for every best response to it.

        These mixtures are a convex set: responses tied under a mean of two mixtures are tied under
        both. So a response that is tied wherever b gives this value must also give it. This condition
        leaves fewer mixtures, and perhaps more such responses; it is repeated until no mixture is left or
        no other response is tied. Conditions with a price hold with equality wherever the value is attained.
        """
        value, tied = best.level, self.equivalent(b)
        for _ in range(len(tied)):  # every iteration ties at least one more response
            more = tied | (best.prices[: len(tied)] > ROUNDING_ALLOWANCE)
            if (more == tied).all():
                clearest = self.widest_margin(b, tied, best.level)
                if clearest is None or clearest.level > ROUNDING_ALLOWANCE:
                    return clearest and clearest.mixture
                # The prices of responses that are not tied add up to 1, so that at least one is positive.
                more = tied | (clearest.prices[: len(tied)] > ROUNDING_ALLOWANCE)
            tied = more
            of_all = self.best_value(b, tied) if self.bound(b, tied) >= value - ROUNDING_ALLOWANCE else None
            if of_all is None or of_all.level < value - ROUNDING_ALLOWANCE:
                break
            best = of_all
        return None

    def _range(self, utilities: npt.NDArray[np.float64]) -> float:
        largest = float(np.ptp(utilities, axis=-1).max())
        return largest if largest > rounding(self.game) else 1.0


def _most(utility: npt.NDArray[np.float64], incentive: npt.NDArray[np.float64]) -> float:
    """Return the largest expected utility of a mixture with an expected incentive >= 0, or slightly more.

    One action attains it, or a mixture of two with incentive zero: of all lines from an action with an
    incentive >= 0 to one with an incentive < 0, the highest at 0. If an action is above a line, the line
    with this action as one of its ends is higher.
    """
    ends = incentive >= 0.0
    if not ends.any():
        return -np.inf
    right, left = int(np.where(ends, utility, -np.inf).argmax()), int(utility.argmax())
    level = float(utility[right])
    if utility[left] <= level:
        return level
    for _ in range(utility.size):
        price = (utility[left] - utility[right]) / (incentive[right] - incentive[left])
        heights = utility + price * incentive
        highest, level = int(heights.argmax()), float(heights.max())
        if level <= max(heights[right], heights[left]):
            break
        left, right = (left, highest) if ends[highest] else (highest, right)
    return level
