"""How long an experiment is played, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Effort:
    """How long an experiment is played, and how often.

    Parameters
    ----------
    horizons : tuple of int
        Horizons T, increasing, each played on its own.
    replications : int
        Independent repetitions at each horizon.
    """

    horizons: tuple[int, ...]
    replications: int


Settings: TypeAlias = Mapping[str, Effort]
"""Effort of each experiment of a claim."""


def decades(first: int, last: int) -> tuple[int, ...]:
    """Horizons ``10**first`` to ``10**last``, one a decade."""
    return tuple(10**power for power in range(first, last + 1))
