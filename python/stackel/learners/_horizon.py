"""Learners that need not be told how long the game is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.validation import MAX_HORIZON
from stackel.learners._made import Doubling, MadeLearner, Restarting
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from stackel.learners._base import Learner

_WITHOUT: dict[str, tuple[str, Any] | None] = {
    **dict.fromkeys(("FixedAction", "BestResponse", "BestManipulation", "UniformLearner"), None),
    **dict.fromkeys(("EpsilonGreedy", "ThompsonSampling", "UCBV", "Softmax", "LargestSum"), None),
    **dict.fromkeys(("ExploreThenCommit", "ExploreThenCommitThrowOut", "EXP3", "EXP3IX"), None),
    **dict.fromkeys(("SlidingWindowUCB", "DiscountedUCB"), None),
    **dict.fromkeys(("UCB", "KLUCB", "MOSS"), ("anytime", True)),
}
"""Learners whose rules have no T, and the value of a parameter that this is only true for."""
_LENGTHS = (1000, MAX_HORIZON)
"""Defaults that differ between these depend on the horizon."""


def needs_horizon(learner: Learner, role: str, shape: tuple[int, int]) -> bool:
    """Return whether what a learner does in a seat may depend on the horizon, as that of a user's own may."""
    if isinstance(learner, Doubling | Restarting):
        return False
    if isinstance(learner, MadeLearner):
        return needs_horizon(learner.inner, role, shape)
    if isinstance(learner, OwnLearner) or type(learner).__name__ not in _WITHOUT:
        return True
    condition = _WITHOUT[type(learner).__name__]
    if condition is not None and getattr(learner, condition[0]) != condition[1]:
        return True
    short, long = (learner.resolve(role, horizon, *shape) for horizon in _LENGTHS)
    return short != long
