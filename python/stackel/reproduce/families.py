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
from stackel.benchmarks import tolerance, tolerant
from stackel.reproduce.measure import Instance

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.benchmarks import Benchmark
    from stackel.game import Game

CLEAN = 4 * math.sqrt(2)
"""Multiplier c of the tolerance ``gamma_T = c (|A||B| ln T / T)**(1/3)``.

After the default exploration of E2 rewards an arm, ``(|A||B| ln T / T)**(1/3)`` equals
``sqrt(ln T / E2)``, so an elimination follower, which can keep arms up to four radii
``sqrt(2 ln T / E2)`` below the best while all means are within one radius, has gaps up to c times
that. Other followers do with less.
"""

WORST = 2 ** (-1 / 3)
"""The lower bound is proved with gaps ``d = WORST ((|B| - 1) sigma^2 / T)**(1/3)``."""


def at_tolerance(game: Game, horizon: int) -> Benchmark:
    """Return the tolerant benchmark at the tolerance usual for the horizon."""
    return tolerant(game, tolerance(game, horizon, c=CLEAN))


def hard_gap(horizon: int, n_follower: int = 2) -> float:
    """Gap d with which the lower bound is proved, for sigma = 1."""
    return WORST * math.pow((n_follower - 1) / horizon, 1 / 3)


def lower_bound_family() -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair at multiples of the gap that proves the bound."""
    pairs = (
        instance
        for multiple in (1, 4)
        for instance in _twins(
            f"lower_bound, d = {multiple} x", games.lower_bound, _times(multiple, hard_gap)
        )
    )
    return Instance("etc_failure", lambda _: games.etc_failure(), at_tolerance), *pairs


def tolerance_family() -> tuple[Instance, ...]:
    """Pairs with gaps near the resolution ``sqrt(ln T / E2)`` of the follower's exploration."""
    return (
        *_twins("lower_bound, d = 2 g", games.lower_bound, _times(2, _resolution)),
        *_twins("unachievable, d = 2 g", games.unachievable, _times(2, _resolution)),
    )


def _resolution(horizon: int) -> float:
    return tolerance((2, 2), horizon)


def _times(multiple: float, gap: Callable[[int], float]) -> Callable[[int], float]:
    return lambda horizon: multiple * gap(horizon)


def _twins(
    name: str, pair: Callable[[float], tuple[Game, Game]], gap: Callable[[int], float]
) -> tuple[Instance, Instance]:
    """Both games of a pair, with a gap that depends on the horizon."""
    return (
        Instance(f"{name}, I", lambda horizon: pair(gap(horizon))[0], at_tolerance),
        Instance(f"{name}, II", lambda horizon: pair(gap(horizon))[1], at_tolerance),
    )
