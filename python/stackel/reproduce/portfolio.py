"""The learner pairs that statements about every pair are tried on.

No finite list is every pair. This one holds every learner of the registry in every seat it can
take, and controls that do not learn: fixed actions and uniform play. The omniscient follower is left
out on purpose, as it knows what the statements are about not knowing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackel.learners import (
    UCB,
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    FixedAction,
    LipschitzUCB,
    PhasedUCB,
    Uniform,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackel.learners import Learner

_COMMITTING: Mapping[str, Learner] = {"ETC": ExploreThenCommit(), "ThrowOut": ExploreThenCommitThrowOut()}
_EITHER: Mapping[str, Learner] = {
    **_COMMITTING,
    "ExploreThenUCB": ExploreThenUCB(),
    "UCB": UCB(),
    "anytime UCB": UCB(anytime=True),
    "AAE": ActiveArmElimination(),
}
_LEADERS_ONLY: Mapping[str, Learner] = {"LipschitzUCB": LipschitzUCB(), "PhasedUCB": PhasedUCB()}
_CONTROLS: Mapping[str, Learner] = {
    "always 1": FixedAction(0),
    "always 2": FixedAction(1),
    "uniform": Uniform(),
}


@dataclass(frozen=True)
class Pair:
    """A leader and a follower under a short name."""

    name: str
    leader: Learner
    follower: Learner


def committing_pairs() -> tuple[Pair, ...]:
    """Pairs that explore for a while and then commit: the rounds after that cost no time."""
    return _product(_COMMITTING, _COMMITTING)


def learning_pairs() -> tuple[Pair, ...]:
    """Every learner of the portfolio against every other, controls left out."""
    return _product({**_EITHER, **_LEADERS_ONLY}, _EITHER)


def all_pairs() -> tuple[Pair, ...]:
    """Every learner and control of the portfolio against every other."""
    return _product({**_EITHER, **_LEADERS_ONLY, **_CONTROLS}, {**_EITHER, **_CONTROLS})


def _product(leaders: Mapping[str, Learner], followers: Mapping[str, Learner]) -> tuple[Pair, ...]:
    return tuple(
        Pair(f"{first} v {second}", leader, follower)
        for first, leader in leaders.items()
        for second, follower in followers.items()
    )
