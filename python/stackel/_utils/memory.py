"""Refusal of runs whose result cannot fit in memory."""

from __future__ import annotations

import os
from functools import cache

from stackel.errors import SpecError

_DEFAULT_CHECKPOINTS = 64


@cache
def _physical_memory() -> int | None:
    """Return the bytes of physical memory, or None if the platform does not report them."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(replications: int, shape: tuple[int, int], checkpoints: int, *, trace: bool) -> None:
    """Raise SpecError if the arrays of a Result exceed physical memory."""
    counts = shape[0] * shape[1]
    marks = checkpoints or _DEFAULT_CHECKPOINTS
    traced = 4 + marks * counts if trace else 0
    needed = 8 * replications * (counts + 4 * marks + traced)
    check_fits("replications", replications, needed, f"({counts} pull counts and {marks} checkpoints each)")


def check_fits(argument: str, given: object, needed: int, why: str = "") -> None:
    """Raise SpecError if the value of an argument needs more bytes than the physical memory."""
    available = _physical_memory()
    if available is not None and needed > available:
        gib = 2**30
        allowed = f"few enough to fit in {available / gib:.1f} GiB of memory"
        raise SpecError(argument, allowed, f"{given}, which need {needed / gib:.1f} GiB {why}".rstrip())
