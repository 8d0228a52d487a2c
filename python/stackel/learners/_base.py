"""What all learners share: parameters that can be compared, resolved, written down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from stackel._core import check_learner, resolve_learner
from stackel._utils.players import ROLES
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, as_plain, shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Callable


class Learner:
    """Base class of the learners that stackel brings."""

    _registry: ClassVar[dict[str, type[Learner]]] = {}

    omniscient: ClassVar[bool] = False
    """Whether it knows mean utilities, so that it can only be in a game."""
    _recorded: ClassVar[dict[str, Callable[[dict[str, Any]], Learner]]] = {}
    """How to read learners of which a file holds no more than the name."""

    def __init_subclass__(cls, *, registered: bool = True, reads: tuple[str, ...] = ()) -> None:
        if registered:
            Learner._registry[cls.__name__] = cls
        for name in reads:
            Learner._recorded[name] = cls.from_dict

    def __post_init__(self) -> None:
        check_learner(*self.as_core())

    @property
    def label(self) -> str:
        """What to call it where its parameters do not matter."""
        return type(self).__name__

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Name and parameters, as the core's registry takes them."""
        return type(self).__name__, vars(self)

    def resolve(self, role: str, horizon: int, n_leader: int, n_follower: int) -> Self:
        """Return the same learner with every None replaced by its default for a given seat.

        Parameters
        ----------
        role : {"leader", "follower"}
            Seat the learner would take.
        horizon : int
            Number of rounds T.
        n_leader, n_follower : int
            Numbers of actions.

        Raises
        ------
        SpecError
            If an argument is out of range, or the learner cannot take this seat.

        Examples
        --------
        >>> import stackel as sk
        >>> sk.ExploreThenCommit().resolve("follower", 10_000, 2, 2)
        ExploreThenCommit(exploration=387)
        """
        as_choice("role", role, ROLES)
        name, parameters = self.as_core()
        resolved = resolve_learner(
            name,
            parameters,
            role,
            as_count("horizon", horizon, 1, MAX_HORIZON),
            as_count("n_leader", n_leader, 1, 2**31),
            as_count("n_follower", n_follower, 1, 2**31),
        )
        return type(self)(**resolved)

    def to_dict(self) -> dict[str, Any]:
        """Plain description: ``{"learner": name, parameter: value, ...}``."""
        name, parameters = self.as_core()
        return {"learner": name, **{key: as_plain(value) for key, value in parameters.items()}}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Learner:
        """Rebuild a learner from `to_dict`; of one of your own, only the name comes back.

        Raises
        ------
        SpecError
            If the learner or one of its parameters is unknown or not usable.
        """
        if isinstance(data, dict) and data.get("learner") in tuple(Learner._recorded):
            return Learner._recorded[data["learner"]](data)
        if not isinstance(data, dict) or data.get("learner") not in tuple(Learner._registry):
            allowed = f"a table with learner = one of {', '.join(sorted(Learner._registry))}"
            raise SpecError("learner", allowed, shown(data))
        parameters = {key: value for key, value in data.items() if key != "learner"}
        check_learner(data["learner"], parameters)
        return Learner._registry[data["learner"]](**parameters)
