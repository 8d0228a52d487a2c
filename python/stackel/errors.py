"""The exceptions of stackel: one clear message each."""

from __future__ import annotations


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


class MissingExtraError(StackelError, ImportError):
    """An optional dependency is not installed; the message names the extra that brings it."""


class StackelWarning(UserWarning):
    """A result that should not be taken at face value; the message says why."""
