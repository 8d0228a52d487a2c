"""Families of games for the claims about the tolerant benchmark.

Upper bounds are about the worst game for each horizon. Two places are hard: gaps of the order at
which the lower bound is proved, and gaps near the tolerance itself, where the follower's choice is
still a lottery but a lost one costs most. In both families gaps shrink as T grows, and all utilities
stay in [0, 1] from T = 10,000 on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stackel import games
from stackel.reproduce.experiments.instances import (
    Instance,
    Power,
    at_fixed_gamma,
    at_gamma_of_horizon,
    etc_failure,
    twins,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackel.reproduce.evidence import Effort
    from stackel.reproduce.experiments.lab import Curve, Lab
    from stackel.reproduce.experiments.learner_pairs import Pair

CLEAN = 4 * math.sqrt(2)
"""Multiplier c of the tolerance ``gamma_T = c (|A||B| ln T / T)**(1/3)``.

After the default exploration of E2 rewards an arm, ``(|A||B| ln T / T)**(1/3)`` equals
``sqrt(ln T / E2)``, so an elimination follower, which can keep arms up to four radii
``sqrt(2 ln T / E2)`` below the best while all means are within one radius, has gaps up to c times
that. Other followers do with less.
"""
AT_GAMMA_T = at_gamma_of_horizon(CLEAN)
"""The tolerant benchmark at that tolerance."""

FIXED_GAMMA = 0.05
AT_FIXED_GAMMA = at_fixed_gamma(FIXED_GAMMA)
"""The tolerant benchmark at one tolerance for all horizons.

It is a stronger benchmark as long as gamma_T is larger, which is until T = 10^8.
"""

WORST = 2 ** (-1 / 3)
"""The lower bound is proved with gaps ``d = WORST ((|B| - 1) sigma^2 / T)**(1/3)``."""


def hard_gap(n_follower: int = 2) -> Power:
    """Gap d with which the lower bound is proved, for sigma = 1."""
    return Power(WORST * (n_follower - 1) ** (1 / 3), -1 / 3)


def resolution(n_leader: int = 2, n_follower: int = 2) -> Power:
    """Resolution ``g = (|A||B| ln T / T)**(1/3) = sqrt(ln T / E2)`` of the follower's exploration."""
    return Power((n_leader * n_follower) ** (1 / 3), -1 / 3, 1 / 3)


def lower_bound_family() -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair at multiples of the gap that proves the bound."""
    pairs = (
        instance
        for multiple in (1, 3, 9)
        for instance in twins(games.lower_bound, multiple * hard_gap(), f"{multiple} x the hard gap")
    )
    return etc_failure(), *pairs


def tolerance_family() -> tuple[Instance, ...]:
    """Pairs with gaps near the resolution of the follower's exploration."""
    return tuple(
        instance
        for multiple in (1, 2)
        for pair in (games.lower_bound, games.unachievable)
        for instance in twins(pair, multiple * resolution(), f"{multiple} g")
    )


def fixed_family() -> tuple[Instance, ...]:
    """Pairs with gaps that stay at the fixed tolerance, and just above it."""
    return tuple(
        instance
        for multiple in (1, 2)
        for pair in (games.lower_bound, games.unachievable)
        for instance in twins(pair, Power(multiple * FIXED_GAMMA), f"{multiple * FIXED_GAMMA:g}")
    )


def play_families(lab: Lab, pair: Pair, effort: Effort) -> Iterator[tuple[str, tuple[Curve, ...]]]:
    """Play all games that are hard against the tolerant benchmark.

    Yields
    ------
    (str, tuple of Curve)
        Name and curves of each family: those at gamma_T, and all gaps near a tolerance at a fixed gamma.
    """
    hard, near, fixed = lower_bound_family(), tolerance_family(), fixed_family()
    curves = lab.curves(pair, (*hard, *near, *fixed), effort, AT_GAMMA_T)
    rest = curves[len(hard) :]
    yield "lower-bound gaps", curves[: len(hard)]
    yield "gaps near tolerance", rest[: len(near)]
    yield f"gamma = {FIXED_GAMMA:g}, all gaps", tuple(c.measured_against(AT_FIXED_GAMMA) for c in rest)
