"""What callers hand over round by round: the core looks at it first, so that good values cost no time."""

from __future__ import annotations

import numpy as np

from stackel._utils.validation import shown
from stackel.errors import SpecError

NOT_NUMBERS = (TypeError, OverflowError)
"""What the core raises on values that it cannot read."""

_LARGEST = 1e100


def not_a_number(**given: object) -> SpecError:
    """Return the error that names the first of these actions and rewards that cannot be one."""
    faults = (argument for argument, value in given.items() if not _is_fine(argument, value))
    # Where all could be left out, the first was not to be.
    argument = next(faults, next(iter(given)))
    allowed = "an action, a whole number from 0" if _is_action(argument) else "a number from -1e100 to 1e100"
    return SpecError(argument, allowed, shown(given[argument]))


def _is_action(argument: str) -> bool:
    return argument.endswith("_action")


def _is_fine(argument: str, value: object) -> bool:
    if value is None:
        return True
    if _is_action(argument):
        return isinstance(value, int | np.integer) and 0 <= int(value) < 2**32
    if isinstance(value, int):
        return abs(value) <= _LARGEST
    return isinstance(value, float | np.integer | np.floating)
