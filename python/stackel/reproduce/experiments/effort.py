"""How long an experiment is played, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias


class Effort(NamedTuple):
    """Horizons T, increasing, each played on its own, and independent replications at each."""

    horizons: tuple[int, ...]
    replications: int


Settings: TypeAlias = Mapping[str, Effort]
"""Effort of each experiment of a claim."""


def modes(*experiments: tuple[str, Effort, Effort]) -> dict[str, Settings]:
    """Return the settings of both modes from each experiment's name, quick effort and full effort."""
    quick, full = ({name: both[mode] for name, *both in experiments} for mode in (0, 1))
    return {"quick": quick, "full": full}


def decades(first: int, last: int) -> tuple[int, ...]:
    """Horizons ``10**first`` to ``10**last``, one a decade."""
    return tuple(10**power for power in range(first, last + 1))
