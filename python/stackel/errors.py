"""The exceptions of stackel: one clear message each."""

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
        Name of the offending argument, as in the signature that was called.
    allowed : str
        What is accepted, phrased to follow "must be".
    given : str
        What was given.

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
    """The engine failed, which is a defect of stackel: please report it with what was run.

    Whatever was at work is to be thrown away.

    Parameters
    ----------
    failure : str
        What failed.
    spec : Any
        What was run: in general the arguments by name, so that ``sk.simulate(**error.spec)`` plays a game
        again that ``sk.simulate`` was asked for.

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
        """Return what failed, and what was run; of long specifications the beginning."""
        text = json.dumps(self.spec, default=_plain)
        if len(text) > _SHOWN:
            text = f"{text[:_SHOWN]}... (whole in the attribute `spec` of this error)"
        defect = f"the engine failed ({self.failure}), which is a defect of stackel"
        return f"{defect}; please report it with what was run: {text}"


def _plain(value: Any) -> Any:
    """Return games and learners in JSON's terms, everything else as Python shows it."""
    return value.to_dict() if hasattr(value, "to_dict") else repr(value)


class MissingExtraError(StackelError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class StackelWarning(UserWarning):
    """A result that should not be taken at face value; the message says why."""
