"""Exceptions of stackel."""

from __future__ import annotations

import json
from typing import Any

_SHOWN = 2000
"""Characters of a specification in a message."""


class StackelError(Exception):
    """Base class of every error that stackel raises on purpose."""


class SpecError(StackelError, ValueError):
    """An argument is not usable; raised before anything runs.

    Parameters
    ----------
    argument : str
        Name of the refused argument, as in the signature of the called function.
    allowed : str
        Accepted values, phrased to follow "must be".
    given : str
        Given value.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.UCB(sigma=-1.0)
    Traceback (most recent call last):
        ...
    stackel.errors.SpecError: sigma: must be a number from 0 to 1e100, got -1.0
    """

    def __init__(self, argument: str, allowed: str, given: str) -> None:
        super().__init__(argument, allowed, given)
        self.argument = argument
        self.allowed = allowed
        self.given = given

    def __str__(self) -> str:
        """Return ``argument: must be allowed, got given``."""
        return f"{self.argument}: must be {self.allowed}, got {self.given}"


class RunError(StackelError, RuntimeError):
    """A run stopped before its end: it was cancelled, or the engine failed."""


class DefectError(RunError):
    """The engine failed, which is a defect of stackel: please report it with the run in the message.

    Do not use the object that raised it any further.

    Parameters
    ----------
    failure : str
        Description of the failure.
    spec : Any
        Description of the run: in general the arguments by name, so that ``sk.simulate(**error.spec)``
        repeats a call of ``sk.simulate``.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.errors import DefectError
    >>> error = DefectError("no such arm", {"leader": sk.FixedAction(0), "horizon": 100})
    >>> print(error)  # doctest: +NORMALIZE_WHITESPACE
    the engine failed (no such arm), which is a defect of stackel; please report it with what was run:
    {"leader": {"learner": "FixedAction", "a": 0}, "horizon": 100}
    >>> error.spec["leader"]
    FixedAction(a=0)
    """

    def __init__(self, failure: str, spec: Any) -> None:
        asked = spec.arguments() if hasattr(spec, "arguments") else spec
        super().__init__(failure, asked)
        self.failure = failure
        self.spec = asked

    def __str__(self) -> str:
        """Return the failure and the run; of a long description of the run only the beginning."""
        text = json.dumps(self.spec, default=_plain)
        if len(text) > _SHOWN:
            text = f"{text[:_SHOWN]}... (complete in the attribute `spec` of this error)"
        defect = f"the engine failed ({self.failure}), which is a defect of stackel"
        return f"{defect}; please report it with what was run: {text}"


def _plain(value: Any) -> Any:
    """Return the plain description of games and learners, and the `repr` of anything else."""
    return value.to_dict() if hasattr(value, "to_dict") else repr(value)


class MissingExtraError(StackelError, ImportError):
    """An optional dependency is not installed; the message names the extra with it."""


class StackelWarning(UserWarning):
    """A result needs care; the message says why."""
