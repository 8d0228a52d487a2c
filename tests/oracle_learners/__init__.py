"""The learners of the definitions page, section 3, one slow and plain Python generator each.

A learner yields the arm it plays and is sent what it then observes: ``(reward, reply)``, where `reply` is the
follower's action for a leader and None for a follower. Where the definition leaves something to chance, it
asks ``seat.chance``. Nothing is shared with the package, so agreement between the two is evidence.

The rule of the learner ``EXP3IX`` is the function ``exp3_ix``: the same letters, in lower case.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from oracle_learners import (
    committing,
    controls,
    eliminating,
    forgetting,
    late,
    made,
    optimistic,
    randomised,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from oracle_seat import Play

FAMILIES = (committing, controls, eliminating, forgetting, optimistic, randomised, made, late)


@cache
def rule_of(learner: str) -> Callable[..., Play]:
    """The rule of a learner of that name."""
    for family in FAMILIES:
        for name, rule in vars(family).items():
            if name.replace("_", "") == learner.lower():
                return rule
    raise AssertionError(f"the oracle has no {learner}: write its rule in a file of tests/oracle_learners")
