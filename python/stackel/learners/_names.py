"""Names of the learners, games and pairs of an analysis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from stackel._utils.carriers import as_items
from stackel._utils.texts import short_text
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.learners._made import MadeLearner
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from stackel.learners import Learner

_T = TypeVar("_T")


def named(
    argument: str, things: object, kind: type[_T], what: str, name_of: Callable[[_T], str]
) -> dict[str, _T]:
    """Return `things` by name: the names of a mapping, or those from `name_of`.

    A single thing counts as a sequence of one.
    """
    allowed = f"{what}, a sequence of them, or a mapping of names to them"
    given = [things] if isinstance(things, kind) else things
    if isinstance(given, Mapping):
        pairs = list(given.items())
    elif (items := as_items(given)) is not None:
        pairs = [(None, thing) for thing in items]
    else:
        raise SpecError(argument, allowed, shown(things))
    found: dict[str, _T] = {}
    for name, thing in pairs:
        if not isinstance(thing, kind) or not isinstance(name, str | None):
            raise SpecError(argument, allowed, shown(things))
        key = name_of(thing) if name is None else str.__str__(name)
        if key in found:
            raise SpecError(argument, "of different names, such as in a mapping", f"{key!r} twice")
        found[key] = thing
    if not found:
        raise SpecError(argument, f"at least one: {allowed}", shown(things))
    return found


def short(learner: Learner) -> str:
    """Return the name of a learner with the parameters that differ from their defaults.

    >>> import stackel as sk
    >>> short(sk.UCB()), short(sk.UCB(anytime=True)), short(sk.FixedAction(1))
    ('UCB', 'UCB(anytime=True)', 'FixedAction(a=1)')
    >>> short(sk.Blind(sk.UCB(sigma=2)))
    'Blind(UCB(sigma=2.0))'

    Many numbers are shown as their shape and range.
    """
    if isinstance(learner, MadeLearner):
        name, given = type(learner).__name__, [short(learner.inner)]
    else:
        name, given = learner.label, []
    given += [f"{key}={short_text(value)}" for key, value in changed(learner) if key != "of"]
    return f"{name}({', '.join(given)})" if given else name


def changed(learner: Any) -> list[tuple[str, Any]]:
    """Return the parameters of a learner that differ from their defaults, with their values."""
    if isinstance(learner, OwnLearner) or not is_dataclass(learner):
        return []
    values = [(field, getattr(learner, field.name)) for field in fields(learner)]
    return [(field.name, value) for field, value in values if value != field.default]
