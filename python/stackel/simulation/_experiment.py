"""What a run is."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from stackel._utils.validation import (
    as_count,
    shown,
)
from stackel.errors import SpecError

ENGINES = ("auto", "leap", "stepwise", "reference")


def as_checkpoints(checkpoints: Any, horizon: int) -> int | list[int]:
    """Return a number of log-spaced checkpoints (0: the default), or the rounds themselves."""
    if checkpoints is None:
        return 0
    if isinstance(checkpoints, int | np.integer | float):
        return as_count("checkpoints", checkpoints, 1, 2**24)
    allowed = f"increasing rounds from 1 to horizon = {horizon}"
    try:
        rounds = [as_count("checkpoints", round_, 1, horizon) for round_ in checkpoints]
    except (TypeError, SpecError):
        raise SpecError("checkpoints", allowed, shown(checkpoints)) from None
    if not rounds or any(after <= before for before, after in pairwise(rounds)):
        raise SpecError("checkpoints", allowed, shown(checkpoints))
    return rounds
