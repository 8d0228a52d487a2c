"""Learners that need not be told how long the game is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel._utils.validation import MAX_HORIZON
from stackel.learners._base import facts_of
from stackel.learners._made import MadeLearner
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from stackel.learners._base import Learner

_LENGTHS = (1000, MAX_HORIZON)
"""Defaults that differ between these depend on the horizon."""


def needs_horizon(learner: Learner, role: str, shape: tuple[int, int]) -> bool:
    """Return whether what a learner does in a seat may depend on the horizon, as that of a user's own may."""
    if isinstance(learner, OwnLearner):
        return True
    facts = facts_of(learner)
    reads = facts["reads_horizon"]
    if isinstance(learner, MadeLearner):
        # Where the answer is not that of the inner learner, it is told lengths that do not depend on T.
        return reads == "of" and needs_horizon(learner.inner, role, shape)
    only, unless = (
        None if fact is None else getattr(learner, fact[0]) == fact[1]
        for fact in (facts["reads_horizon_if"], facts["reads_horizon_unless"])
    )
    if reads == "yes" and only is not False and unless is not True:
        return True
    short, long = (learner.resolve(role, horizon, *shape) for horizon in _LENGTHS)
    return short != long
