"""What all learners share: parameters that can be compared, filled in and written to files."""

from __future__ import annotations

import functools
from dataclasses import MISSING, dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, dataclass_transform

from stackel._core import check_learner, learner_schema, resolve_learner
from stackel._utils.numbers import plain_parameters
from stackel._utils.players import ROLES
from stackel._utils.suggestions import hint
from stackel._utils.texts import summary
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, shown
from stackel.errors import SpecError
from stackel.learners._arguments import by_name

if TYPE_CHECKING:
    from collections.abc import Callable

REGISTERED: dict[str, type[Learner]] = {}
"""Classes of the learners that stackel brings, by name; each class adds itself."""
RENAMED = {"Uniform": "UniformLearner"}
"""Names that learners have in files of earlier builds."""
_SCHEMA = {entry["name"]: entry for entry in learner_schema()}


class Learner:
    """Base class of the learners that stackel brings."""

    _recorded: ClassVar[dict[str, Callable[[dict[str, Any]], Learner]]] = {}
    """Readers of learners whose names are all that a file holds."""

    def __init_subclass__(cls, *, registered: bool = True, reads: tuple[str, ...] = ()) -> None:
        if registered:
            REGISTERED[cls.__name__] = cls
        for name in reads:
            Learner._recorded[name] = cls.from_dict

    def __post_init__(self) -> None:
        # The dataclasses are frozen. Equal learners have the same numbers, as the core reads them.
        vars(self).update(check_learner(type(self).__name__, self._checkable(vars(self))))

    @property
    def label(self) -> str:
        """Short name, without parameters."""
        return type(self).__name__

    @property
    def omniscient(self) -> bool:
        """Whether it knows mean utilities, so that it can only be in a game."""
        return facts_of(self)["sees"] in {"own means", "game"}

    @property
    def randomised(self) -> bool:
        """Whether its choices may be random; of a learner of your own that is not known."""
        return bool(facts_of(self)["randomised"])

    def __str__(self) -> str:
        """Return `repr`, in which many numbers are shown as their shape and range."""
        return summary(self)

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Name and parameters, as the core's registry takes them."""
        return type(self).__name__, vars(self)

    def resolve(self, role: str, horizon: int, n_leader: int, n_follower: int) -> Self:
        """Return the same learner with every None replaced by its default for the seat of a role.

        The defaults depend on the number of rounds and the numbers of actions.

        Examples
        --------
        >>> import stackel as sk
        >>> sk.ExploreThenCommit().resolve("follower", 10_000, 2, 2)
        ExploreThenCommit(exploration=387, ties='lowest')
        """
        name, parameters = self.as_core()
        return type(self)(**resolved(name, parameters, role, horizon, n_leader, n_follower))

    def to_dict(self) -> dict[str, Any]:
        """Plain description: ``{"learner": name, parameter: value, ...}``."""
        name, parameters = self.as_core()
        return {"learner": name, **plain_parameters(parameters)}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Learner:
        """Rebuild a learner from `to_dict`; of one of your own, only the name comes back."""
        name = data.get("learner") if isinstance(data, dict) else None
        if name in tuple(Learner._recorded):
            return Learner._recorded[name](data)
        name = RENAMED[name] if name in tuple(RENAMED) else name
        if name not in tuple(REGISTERED):
            allowed = f"a table with learner = one of {', '.join(sorted(REGISTERED))}"
            raise SpecError("learner", allowed, shown(data) + hint(name, REGISTERED))
        parameters = {key: value for key, value in data.items() if key != "learner"}
        if "of" in parameters and not isinstance(parameters["of"], Learner):
            parameters["of"] = Learner.from_dict(parameters["of"])
        return REGISTERED[name](**parameters)

    @classmethod
    def _checkable(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        """Return parameters as the core checks them."""
        return plain_parameters(parameters)


def resolved(name: str, parameters: dict[str, Any], role: str, *sizes: int) -> dict[str, Any]:
    """Return the parameters of a learner with their defaults filled in for a role, T, |A| and |B|."""
    as_choice("role", role, ROLES)
    horizon, n_leader, n_follower = sizes
    return resolve_learner(
        name,
        parameters,
        role,
        as_count("horizon", horizon, 1, MAX_HORIZON),
        as_count("n_leader", n_leader, 1, 2**31),
        as_count("n_follower", n_follower, 1, 2**31),
    )


def facts_of(learner: Learner) -> dict[str, Any]:
    """Return what the registry knows of a learner."""
    # The class is there before its rule in Rust, when a learner is written.
    unknown = {"sees": "", "randomised": True, "reads_horizon": "yes"}
    unknown |= {"reads_horizon_if": None, "reads_horizon_unless": None}
    return _SCHEMA.get(type(learner).__name__, unknown)


def is_real(learner: Learner, parameter: str) -> bool:
    """Whether a parameter is a real number."""
    known = _SCHEMA[type(learner).__name__]["parameters"]
    return any((each["name"], each["type"]) == (parameter, "float") for each in known)


_Learner = TypeVar("_Learner", bound=Learner)


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def learner(cls: type[_Learner]) -> type[_Learner]:
    """Make a learner of a class of parameters: a frozen dataclass that takes them by name.

    A parameter without a default is a ``field(kw_only=False)`` and needs no name. Parameters that the
    registry does not have, or whose values it refuses, raise a `SpecError`.
    """
    made: Any = dataclass(frozen=True, kw_only=True)(cls)
    names = [each.name for each in fields(made)]
    in_order = [each.name for each in fields(made) if not each.kw_only]
    required = {each.name for each in fields(made) if each.default is MISSING}
    fill = made.__init__

    @functools.wraps(fill)
    def fill_by_name(self: _Learner, *values: Any, **given: Any) -> None:
        parameters = by_name(cls.__name__, names, in_order, values, given)
        if not required <= parameters.keys():
            check_learner(cls.__name__, cls._checkable(parameters))
        fill(self, **parameters)

    made.__init__ = fill_by_name
    return cls
