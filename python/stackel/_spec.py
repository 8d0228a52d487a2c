"""What a simulation plays, besides the game, and how a snapshot says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from stackel.learners import ROLES, Learner
from stackel.simulation._snapshot import parse_seed

if TYPE_CHECKING:
    from collections.abc import Mapping


class Spec(NamedTuple):
    """The arguments of a `Simulation`, all decided."""

    leader: Learner | None
    follower: Learner | None
    horizon: int
    seed: int
    replication: int
    engine: str
    negligible: float

    def as_text(self) -> dict[str, Any]:
        """Return the same as JSON knows it; readers of JSON round large numbers, so the seed is digits."""
        learners = {
            role: None if learner is None else learner.to_dict()
            for role, learner in zip(ROLES, self[:2], strict=True)
        }
        return self._asdict() | learners | {"seed": str(self.seed)}


def arguments(text: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments that `Spec.as_text` wrote, learners and seed rebuilt, the others as they are."""
    learners = {role: None if text[role] is None else Learner.from_dict(text[role]) for role in ROLES}
    return {name: text[name] for name in Spec._fields} | learners | {"seed": parse_seed(text["seed"])}
