"""Which learner of stackel plays the rule of a policy of another library."""

from __future__ import annotations

import inspect
import warnings
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from stackel._utils.validation import shown
from stackel.errors import SpecError, StackelWarning
from stackel.interop._mabwiser_equals import equal_of_mabwiser
from stackel.interop._smpybandits_equals import equal_of_smpybandits
from stackel.learners import Learner

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.interop._problem import Bandit

ENTRY_POINTS = "stackel.bandits"
"""Group of the functions without arguments by which packages call `register`."""


_registered: dict[type, Callable[[Any, Bandit], Any]] = {}


def register(cls: type, convert: Callable[..., Learner | str]) -> None:
    """Say which learner plays the rule of the policies of a class, for `play_bandits`.

    Parameters
    ----------
    cls : type
        Class of policies. Subclasses, which may have another rule, are not meant.
    convert : function
        Function of a policy, or of a policy and a `Bandit`, that returns the learner with the same rule,
        constants, first pulls and tie rule; or a text that says why there is none, and the policy is played
        by its own code. A later call for the same class replaces it.

    Notes
    -----
    A package registers its classes by an entry point of the group ``stackel.bandits``: a function without
    arguments that calls `register`. It is called when the first policy of another library is played.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import play_bandits, register
    >>> class Greedy:
    ...     pass
    >>> register(Greedy, lambda policy: sk.EpsilonGreedy(epsilon=0.0))
    >>> play_bandits([Greedy()], [0.1, 0.9], 1000, 5, seed=1).ways[0]
    "EpsilonGreedy(epsilon=0.0, decay=0.0, ties='lowest')"
    """
    if not isinstance(cls, type):
        raise SpecError("cls", "a class of policies", shown(cls))
    if not callable(convert):
        raise SpecError("convert", "a function of a policy that returns a learner", shown(convert))
    _registered[cls] = convert if _takes_bandit(convert) else lambda policy, _: convert(policy)


def _takes_bandit(convert: Callable[..., Any]) -> bool:
    try:
        inspect.signature(convert).bind(None, None)
    except (TypeError, ValueError):
        return False
    return True


def is_of_mabwiser(policy: Any) -> bool:
    """Return whether a policy is a `LearningPolicy` of MABWiser."""
    return type(policy).__module__ == "mabwiser.mab"


def equal_of(policy: Any, bandit: Bandit) -> Learner | str:
    """Return the learner that plays a policy's rule, or why there is none."""
    _load_packages()
    kind: type = type(policy)
    library = equal_of_mabwiser if is_of_mabwiser(policy) else equal_of_smpybandits
    convert: Callable[[Any, Bandit], Any] = _registered.get(kind, library)
    found = convert(policy, bandit)
    if not isinstance(found, (Learner, str)):
        name = kind.__name__
        raise SpecError("convert", f"a function that returns a learner or a text for {name}", shown(found))
    return found


@cache
def _load_packages() -> None:
    """Call the functions of packages, once."""
    point: Any
    for point in entry_points(group=ENTRY_POINTS):
        try:
            function: Any = point.load()
            function()
        except Exception as error:  # noqa: BLE001 the code of any package
            message = f"the entry point {point.name!r} of {ENTRY_POINTS} failed: {error!r}"
            warnings.warn(message, StackelWarning, stacklevel=2)
