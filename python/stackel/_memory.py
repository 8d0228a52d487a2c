"""Refuse runs whose result could not fit in memory."""

from __future__ import annotations

import os
from functools import cache

from stackel.errors import SpecError

_DEFAULT_CHECKPOINTS = 64


@cache
def _physical_memory() -> int | None:
    """Bytes of physical memory, or None where the platform does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def check_memory(replications: int, shape: tuple[int, int], checkpoints: int, *, trace: bool) -> None:
    """Raise SpecError when the arrays of a Result would exceed physical memory."""
    available = _physical_memory()
    if available is None:
        return
    counts = shape[0] * shape[1]
    marks = checkpoints or _DEFAULT_CHECKPOINTS
    traced = 4 + marks * counts if trace else 0
    needed = 8 * replications * (counts + 2 * marks + traced)
    if needed > available:
        gib = 2**30
        given = (
            f"{replications}, whose results need {needed / gib:.1f} GiB "
            f"({counts} pull counts and {marks} checkpoints each)"
        )
        raise SpecError("replications", f"few enough to fit in {available / gib:.1f} GiB of memory", given)
