"""Which responses a leader can induce by a mixture of its actions, and what it gets out of them.

A mixture *induces* a response if that is a best one against it. Responses that are worth the same to the
follower under every action are *equivalent*: what induces one of them induces all.
Utilities are measured in units of each player's range here, so that one tolerance fits all games.
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

NEGLIGIBLE = 1e-9
"""Difference of utility, as a share of a player's range, that counts as none: solvers do not see it."""


Mask: TypeAlias = "npt.NDArray[np.bool_]"


@dataclass(frozen=True)
class Inducing:
    """The leader's programs, each about mixtures that induce one response.

    Parameters
    ----------
    game : Game
        The game.
    """

    game: Game

    @cached_property
    def leader_range(self) -> float:
        """Range of the leader's utilities; 1 if they are all the same."""
        return self._range(self.game.leader.ravel())

    @cached_property
    def follower_range(self) -> float:
        """Most that the response to one action can matter to the follower; 1 if it never matters."""
        return self._range(self.game.follower)

    @cached_property
    def indifference(self) -> float:
        """Difference of utility that leaves the follower indifferent."""
        return max(NEGLIGIBLE * self.follower_range, rounding(self.game))

    @cached_property
    def leader(self) -> npt.NDArray[np.float64]:
        """What each outcome is worth to the leader, in [0, 1]."""
        scaled: npt.NDArray[np.float64] = (self.game.leader - self.game.leader.min()) / self.leader_range
        return scaled

    def as_share(self, utility: float) -> float:
        """Utility of the leader as a share of its range."""
        return float((utility - self.game.leader.min()) / self.leader_range)

    def as_utility(self, share: float) -> float:
        """Undo `as_share`."""
        return float(self.game.leader.min() + share * self.leader_range)

    def preference(self, b: int) -> npt.NDArray[np.float64]:
        """How much better than each response b is, under each action: shape (n_follower, n_leader)."""
        better = self.game.follower[:, [b]] - self.game.follower
        better[np.abs(better) <= self.indifference] = 0.0
        return (better / self.follower_range).T

    def equivalent(self, b: int) -> Mask:
        """Responses that are worth the same to the follower as b, under every action."""
        same: Mask = (self.preference(b) == 0.0).all(axis=1)
        return same

    def bound(self, b: int, tied: Mask) -> float:
        """At least `best_value`, without a program: what is left if one rival of b at a time is looked at."""
        rivals = self.preference(b)
        return min(_most(utility, incentive) for utility in self.leader[:, tied].T for incentive in rivals)

    def best_value(self, b: int, tied: Mask) -> Optimum | None:
        """Most that a mixture that induces b gives the leader, the worst of `tied` responses played."""
        incentives, utilities = self.preference(b), self.leader[:, tied].T
        alone = np.where((incentives >= 0.0).all(axis=0), utilities.min(axis=0), -np.inf)
        if alone.max() >= utilities.max(axis=1).min():  # an action is worth all that can be had
            return Optimum(
                float(alone.max()),
                np.where(np.arange(len(alone)) == alone.argmax(), 1.0, 0.0),
                np.zeros(len(incentives)),
            )
        weights = np.repeat([0.0, 1.0], [len(incentives), len(utilities)])
        return highest_level(np.vstack([incentives, utilities]), weights, 0.0)

    def widest_margin(self, b: int, tied: Mask, floor: float = 0.0) -> Optimum | None:
        """Most by which b can be better than all responses that are not `tied` with it.

        The tied ones must give the leader `floor`. Prices of the incentives stand first, one a response.
        """
        incentives, utilities = self.preference(b), self.leader[:, tied].T
        weights = np.append(np.where(tied, 0.0, 1.0), np.zeros(len(utilities)))
        floors = np.repeat([0.0, floor], [len(incentives), len(utilities)])
        return highest_level(np.vstack([incentives, utilities]), weights, floors)

    def can_be_unique(self, b: int) -> bool:
        """Whether a mixture induces b and its equivalents, and nothing else."""
        members = self.equivalent(b)
        others = self.preference(b)[~members]
        halves = (others + others[:, [a]] for a in range(others.shape[1]))
        if any((half > 2 * NEGLIGIBLE).all(axis=0).any() for half in halves):  # an action or two do
            return True
        if (others <= 0.0).all(axis=1).any():  # another response is never worse
            return False
        clearest = self.widest_margin(b, members)
        return clearest is not None and clearest.level > NEGLIGIBLE

    def secure(self, b: int, best: Optimum) -> npt.NDArray[np.float64] | None:
        """Mixture that gives the leader the `best_value` of b whichever of the best responses is played.

        The mixtures that do are a convex set: what is tied under a mean of two mixtures is tied under
        both. So a response that is tied wherever b gives that value must give it, too; that leaves fewer
        mixtures, and perhaps more such responses, until no mixture is left or nothing else is tied.
        Conditions that have a price hold with equality wherever the value is attained.
        """
        value, tied = best.level, self.equivalent(b)
        for _ in range(len(tied)):  # every turn ties at least one more
            more = tied | (best.prices[: len(tied)] > NEGLIGIBLE)
            if (more == tied).all():
                clearest = self.widest_margin(b, tied, best.level)
                if clearest is None or clearest.level > NEGLIGIBLE:
                    return clearest and clearest.mixture
                # The prices of responses that are not tied add up to 1, so that one at least has a price.
                more = tied | (clearest.prices[: len(tied)] > NEGLIGIBLE)
            tied = more
            of_all = self.best_value(b, tied) if self.bound(b, tied) >= value - NEGLIGIBLE else None
            if of_all is None or of_all.level < value - NEGLIGIBLE:
                break
            best = of_all
        return None

    def _range(self, utilities: npt.NDArray[np.float64]) -> float:
        largest = float(np.ptp(utilities, axis=-1).max())
        return largest if largest > rounding(self.game) else 1.0


def _most(utility: npt.NDArray[np.float64], incentive: npt.NDArray[np.float64]) -> float:
    """Most expected utility of a mixture whose expected incentive is not negative, or a little more.

    One action attains it, or two that are mixed so that the incentive vanishes: of all lines from an action
    with the incentive to one without it, the highest at 0. A line that an action lies above is not: with
    that action for one of its ends it is higher.
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
