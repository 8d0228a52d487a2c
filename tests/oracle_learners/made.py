"""Learners that are made of another learner, which is given by its name and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import oracle_learners

if TYPE_CHECKING:
    from oracle import Named
    from oracle_seat import Play, Seat


def fresh(of: Named, seat: Seat) -> Play:
    """A new learner in a seat."""
    name, parameters = of
    return oracle_learners.rule_of(name)(seat, **parameters)


def blind(seat: Seat, of: Named) -> Play:
    """That there is one for all leader actions, `oracle.play` sees to."""
    return fresh(of, seat)


def is_blind(learner: Named) -> bool:
    """Whether a learner does not see the leader's action, or is made of one that does not."""
    name, parameters = learner
    return name == "Blind" or ("of" in parameters and is_blind(parameters["of"]))
