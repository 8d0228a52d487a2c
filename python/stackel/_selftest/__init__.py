"""Tests of the installed stackel, with new seeds: ``stackel selftest``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackel._selftest.cases import random_case
from stackel._selftest.equality import disagreements
from stackel._selftest.leaps import leap_p_values
from stackel._selftest.rewards import reward_p_values

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Report:
    """P values of rewards and leaps with their names, and games that engines play differently."""

    seed: int
    names: tuple[str, ...]
    p: tuple[float, ...]
    too_small: tuple[int, ...]
    """Places of the p values that are too small by Bonferroni's method, smallest first."""
    games: int
    """Number of games that all engines have played."""
    different: tuple[str, ...]
    """The games that they have played differently, and how."""

    def smallest(self, n: int) -> list[int]:
        """Return the places of the `n` smallest p values."""
        return sorted(range(len(self.p)), key=self.p.__getitem__)[:n]


def run(
    seed: int, *, seconds: float, false_alarms: float, on_game: Callable[[float], object] | None = None
) -> Report:
    """Compare rewards and leaps with their laws, then engines game by game, for a given time.

    No game is begun after `seconds`, but at least one is played. A correct stackel fails with the
    probability `false_alarms`. `on_game` gets the used share of the time.
    """
    start = time.monotonic()
    names, p = zip(*reward_p_values(seed), *leap_p_values(seed), strict=True)
    places = sorted(range(len(p)), key=p.__getitem__)
    too_small = tuple(place for place in places if p[place] <= false_alarms / len(p))
    games, different = 0, []
    while not games or time.monotonic() - start < seconds:
        if on_game is not None:
            on_game(min(1.0, (time.monotonic() - start) / seconds) if seconds else 1.0)
        # A game does not depend on those before it.
        rng = np.random.default_rng([seed, games])
        case = random_case(rng)
        different += [f"{case}: {how}" for how in disagreements(case, rng)]
        games += 1
    return Report(seed, names, p, too_small, games, tuple(different))
