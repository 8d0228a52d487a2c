"""Learners that are made of another learner, which is given by its name and parameters."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import oracle_learners

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle import Named
    from oracle_seat import Play, Seat


def fresh(of: Named, seat: Seat) -> Play:
    """A new learner in a seat."""
    name, parameters = of
    return oracle_learners.rule_of(name)(seat, **parameters)


def blind(seat: Seat, of: Named) -> Play:
    """That there is one for all leader actions, `oracle.play` sees to."""
    return fresh(of, seat)


def in_epochs(seat: Seat, of: Named, lengths: Iterator[tuple[int, int]]) -> Play:
    """A new learner for each epoch, of so many rounds and with such a horizon."""
    for rounds, horizon in lengths:
        play = fresh(of, replace(seat, horizon=horizon))
        arm = next(play)
        for _ in range(rounds - 1):
            arm = play.send((yield arm))
        # What came of the last round of an epoch nobody learns from.
        yield arm


def doubling(seat: Seat, of: Named, first: int = 1024) -> Play:
    return in_epochs(seat, of, ((first * 2**k,) * 2 for k in itertools.count()))


def restarting(seat: Seat, of: Named, every: int) -> Play:
    return in_epochs(seat, of, itertools.repeat((every, min(every, seat.horizon))))


def is_blind(learner: Named) -> bool:
    """Whether a learner does not see the leader's action, or is made of one that does not."""
    name, parameters = learner
    return name == "Blind" or ("of" in parameters and is_blind(parameters["of"]))
