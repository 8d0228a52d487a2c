"""Families of games for the claims about the tolerant benchmark.

Upper bounds are about the worst game for each horizon. Two kinds of gaps are hard: those of the order at
which the lower bound is proved, and those near the tolerance itself, where chance still decides the
follower's choice and a wrong choice costs most. In both families gaps shrink as T grows, and all utilities
stay in [0, 1] from T = 10,000 on.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stackel.reproduce.experiments.instances import Instance, Power, lower_bound_pairs, twins
from stackel.reproduce.experiments.lab import Match

if TYPE_CHECKING:
    from stackel.reproduce.experiments.effort import Effort
    from stackel.reproduce.experiments.learner_pairs import Pair

CLEAN = 4 * math.sqrt(2)
"""Multiplier c of the tolerance ``gamma_T = c (|A||B| ln T / T)**(1/3)``.

After the default exploration of E2 rewards an arm, ``(|A||B| ln T / T)**(1/3)`` equals
``sqrt(ln T / E2)``. An elimination follower can keep arms up to four radii ``sqrt(2 ln T / E2)`` below the
best while all means are within one radius: it has gaps up to c times that. Other followers need less.
"""
AT_GAMMA_T = f"sk.tolerant(game, sk.tolerance(game, T, c={CLEAN!r}))"
"""The tolerant benchmark at that tolerance."""

FIXED_GAMMA = 0.05
AT_FIXED_GAMMA = f"sk.tolerant(game, {FIXED_GAMMA!r})"
"""The tolerant benchmark at one tolerance for all horizons.

It is a stronger benchmark as long as gamma_T is larger, until T = 10^8.
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
    return lower_bound_pairs((n * hard_gap(), f"{n} x the hard gap") for n in (1, 3, 9))


def near_gap(gap: Power, unit: str) -> tuple[Instance, ...]:
    """Both pairs of games with that gap, and with twice that gap."""
    return tuple(
        instance
        for multiple in (1, 2)
        for family in ("lower_bound", "unachievable")
        for instance in twins(family, multiple * gap, unit.format(multiple))
    )


def tolerance_family() -> tuple[Instance, ...]:
    """Pairs with gaps near the resolution of the follower's exploration."""
    return near_gap(resolution(), "{} g")


def fixed_family() -> tuple[Instance, ...]:
    """Pairs with gaps that stay at the fixed tolerance, and at twice the fixed tolerance."""
    return near_gap(Power(FIXED_GAMMA), f"{{}} x {FIXED_GAMMA:g}")


def all_families(pair: Pair, effort: Effort) -> dict[str, Match]:
    """Return the experiments in all games that are hard against the tolerant benchmark, by family."""
    near, fixed = tolerance_family(), fixed_family()
    return {
        "lower-bound gaps": Match(pair, lower_bound_family(), AT_GAMMA_T, effort),
        "gaps near tolerance": Match(pair, near, AT_GAMMA_T, effort),
        f"gamma = {FIXED_GAMMA:g}, all gaps": Match(pair, (*near, *fixed), AT_FIXED_GAMMA, effort),
    }
