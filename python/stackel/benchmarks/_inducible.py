"""Responses that a leader can induce by a mixture of its actions, with their value to the leader.

A mixture *induces* a response if it is a best response to it. Responses with equal utilities for the
follower under every action are *equivalent*: a mixture that induces one of them induces all.

Utilities are whole numbers here, in units of the last place of the smallest one of a player. A response
is best if no other one is better by more than rounding, which is a share of the utilities compared (see
`stackel.benchmarks._ties`). A *clear* advantage is one by more than rounding.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from stackel.benchmarks._linear_program import Optimum, entries, highest_level, last_in_floats, vertex
from stackel.benchmarks._ties import SHARE, rounding, same

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.benchmarks._linear_program import Basis, Guess
    from stackel.games._game import Game

Mask: TypeAlias = "npt.NDArray[np.bool_]"
Whole: TypeAlias = "npt.NDArray[np.object_]"

_PARTS = int(1 / SHARE)
_DIGITS = 53


class Utilities(NamedTuple):
    """A player's utilities as whole numbers, a row for each response, and their unit."""

    whole: Whole
    unit: Fraction

    @classmethod
    def of(cls, utilities: npt.NDArray[np.float64]) -> Utilities:
        """Return the exact whole numbers of floats."""
        mantissas, exponents = np.frexp(utilities.T)
        least = int(exponents[mantissas != 0.0].min(initial=0))
        shifts = np.maximum(exponents - least, 0).astype(object)
        whole: Whole = np.ldexp(mantissas, _DIGITS).astype(np.int64).astype(object) << shifts
        return cls(whole, Fraction(2) ** (least - _DIGITS))


@dataclass(frozen=True)
class Inducing:
    """Linear programs of the leader over the mixtures that induce one response."""

    game: Game

    @cached_property
    def leader(self) -> Utilities:
        """The leader's utilities."""
        return Utilities.of(self.game.leader)

    @cached_property
    def follower(self) -> Utilities:
        """The follower's utilities."""
        return Utilities.of(self.game.follower)

    def equivalent(self, b: int) -> Mask:
        """Return the responses with the same utility for the follower as b under every action."""
        alike: Mask = np.asarray(same(self.game.follower[:, [b]], self.game.follower).all(axis=0))
        return alike

    @cached_property
    def _bracket(self) -> tuple[Whole, Whole]:
        """The follower's utilities times `_PARTS`, with their rounding added and taken away."""
        whole, rounded = self.follower.whole * _PARTS, abs(self.follower.whole)
        return whole + rounded, whole - rounded

    def bounds(self, prices: Whole) -> Whole:
        """Return upper bounds of `best_value` from prices, for each response; any prices >= 0 will do.

        A mixture that induces b gives the leader no more than it would with the incentives of b, at these
        prices, added to its utilities: no more than the largest such sum of an action.
        """
        sums, size = self._sums(prices, slice(None))
        return np.array([Fraction(each, size) for each in sums.max(axis=1)], object)

    def _sums(self, prices: Whole, responses: Any) -> tuple[Whole, int]:
        prices = prices[: self.game.shape[1]]
        size = math.lcm(*(price.denominator for price in prices))
        whole = np.array([price.numerator * (size // price.denominator) for price in prices], object)
        rivals, (above, below) = np.flatnonzero(whole), self._bracket
        sums = self.leader.whole[responses] * size + whole.sum() * above[responses]
        return sums - whole[rivals] @ below[rivals], size

    def repriced(self, prices: Whole, rival: int, b: int) -> Whole:
        """Return prices with that of one rival raised, so that they bound the value of b best."""
        (sums, size), (above, below) = self._sums(prices, b), self._bracket
        changed = prices.copy()
        changed[rival] += best_price(sums, above[b] - below[rival]) / size
        return changed

    def guess(self, b: int, tied: Mask, enough: Fraction) -> Guess | None:
        """Return what floating point finds of `best_value`, or prices that show it to be below `enough`."""
        none = np.zeros(len(tied), bool)
        block, weights = self._program(b, tied, none, None)
        return last_in_floats(partial(block, np.where(none, -1, 1)), weights, self.game.shape[0], enough)

    def best_value(self, b: int, tied: Mask, basis: Basis | None = None) -> Optimum | None:
        """Return the leader's largest utility by a mixture that induces b, for the worst `tied` response."""
        return self._optimum(b, tied, np.zeros(len(tied), bool), None, basis)

    def widest_margin(self, b: int, tied: Mask, floor: Fraction | None = None) -> Optimum | None:
        """Return the largest clear advantage that b can have over all responses that are not `tied` with it.

        Tied responses must give the leader at least `floor`. The first prices are those of the incentives,
        one for each response.
        """
        return self._optimum(b, tied, ~tied, floor)

    def can_be_unique(self, b: int) -> bool:
        """Return whether some mixture induces only b and its equivalents."""
        members = self.equivalent(b)
        own, others = self.game.follower[:, [b]], self.game.follower[:, ~members]
        clear = (own - others) > rounding(own, others)
        if clear.all(axis=1).any():  # one action suffices
            return True
        if not clear.any(axis=0).all():  # another response is never worse than b
            return False
        clearest = self.widest_margin(b, members)
        return clearest is not None and clearest.level > 0

    def secure(self, b: int, best: Optimum) -> Whole | None:
        """Return a mixture that gives the leader the `best_value` of b for every best response to it.

        These mixtures are a convex set: responses tied under a mean of two mixtures are tied under
        both. So a response that is tied wherever b gives this value must also give it. This condition
        leaves fewer mixtures, and perhaps more such responses; it is repeated until no mixture is left or
        no other response is tied. Conditions with a price hold with equality wherever the value is attained.
        """
        value, tied = best.level, self.equivalent(b)
        for _ in range(len(tied)):  # every iteration ties at least one more response
            more = tied | (best.prices[: len(tied)] > 0)
            if (more == tied).all():
                if tied.all():
                    return best.mixture
                clearest = self.widest_margin(b, tied, best.level)
                if clearest is None or clearest.level > 0:
                    return clearest and clearest.mixture
                # The prices of responses that are not tied add up to 1, so that at least one is positive.
                more = tied | (clearest.prices[: len(tied)] > 0)
            tied = more
            of_all = self.best_value(b, tied)
            if of_all is None or of_all.level < value - max(best.rounding, of_all.rounding):
                break
            best = of_all
        return None

    def _program(self, b: int, tied: Mask, margins: Mask, floor: Fraction | None) -> tuple[Any, Any]:
        weights = np.append(margins, np.full(tied.sum(), not margins.any())).astype(np.int64)
        if floor is None and margins.any():
            weights = weights[: len(tied)]
        return partial(self._block, b=b, tied=np.flatnonzero(tied), floor=floor), weights

    def _optimum(
        self, b: int, tied: Mask, margins: Mask, floor: Fraction | None, basis: Basis | None = None
    ) -> Optimum | None:
        """Solve the program with rounding allowed for, then without it if this changes no response."""
        block, weights = self._program(b, tied, margins, floor)
        slack, n_actions = np.where(margins, -1, 1), self.game.shape[0]
        found = highest_level(partial(block, slack), weights, n_actions, basis)
        if found is None:
            return None
        cleaned = vertex(partial(block, 0 * slack), weights, n_actions, found.basis)
        if cleaned is not None:
            played = np.flatnonzero(cleaned).tolist()
            heights = block(slack, list(range(len(weights))), played) @ cleaned[played]
            if not (heights[weights == 0] < 0).any():
                found = found._replace(level=heights[weights == 1].min(), mixture=cleaned)
        sizes = abs(self.leader.whole[tied]).max(axis=0) @ found.mixture
        return found._replace(rounding=Fraction(SHARE) * sizes)

    def _block(
        self,
        slack: npt.NDArray[np.int64],
        rows: list[int],
        actions: list[int] | slice,
        *,
        b: int,
        tied: npt.NDArray[np.intp],
        floor: Fraction | None,
    ) -> Any:
        """Return coefficients of the incentives of b, then of the leader's utilities above the floor."""
        given, count = np.array(rows, np.intp), len(slack)
        upper = given < count
        incentives, utilities = given[upper].tolist(), tied[given[~upper] - count].tolist()
        own, others = (entries(self.follower.whole, some, actions) for some in ([b], incentives))
        allowed = slack[incentives].astype(object)[:, np.newaxis]
        found = np.empty((len(rows), others.shape[1]), object)
        found[upper] = (own - others) * _PARTS + allowed * np.maximum(abs(own), abs(others))
        lower = entries(self.leader.whole, utilities, actions)
        if floor is not None:
            lower = lower * floor.denominator
            allowed = np.maximum(abs(lower), abs(floor.numerator)) * int(slack.any())
            lower = (lower - floor.numerator) * _PARTS + allowed
        found[~upper] = lower
        return found


def best_price(utility: Whole, incentive: Whole) -> Fraction:
    """Return the price >= 0 at which the largest of ``utility + price * incentive`` is smallest.

    One action is the largest on both sides of this price or there is none before it; else two are, one with
    an incentive >= 0 and one with an incentive < 0. It is 0 if all incentives are
    negative: any price is too low then.
    """
    left, price = int(utility.argmax()), Fraction(0)
    right = max(np.flatnonzero(incentive >= 0), key=lambda a: utility[a], default=left)
    while incentive[left] < 0 <= incentive[right]:
        price = Fraction(utility[left] - utility[right], incentive[right] - incentive[left])
        heights = utility * price.denominator + price.numerator * incentive
        highest = int(heights.argmax())
        if heights[highest] <= max(heights[right], heights[left]):
            break
        left, right = (left, highest) if incentive[highest] >= 0 else (highest, right)
    return price
