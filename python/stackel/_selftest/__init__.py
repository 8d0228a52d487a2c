"""Statistical tests of the installed stackel, with new seeds: ``stackel selftest``."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackel._selftest.comparison import all_p_values, compare, uniformity
from stackel._selftest.design import SHORT, design
from stackel._selftest.rewards import reward_p_values
from stackel._selftest.two_samples import holm

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Report:
    """P values with their names, and the places of those that are too small."""

    seed: int
    names: tuple[str, ...]
    p: tuple[float, ...]
    cases: int
    """Cases in which leaping was compared with stepping."""
    too_small: tuple[int, ...]
    """Places of the p values that are too small by Holm's method, smallest first."""

    def smallest(self, n: int) -> list[int]:
        """Return the places of the `n` smallest p values."""
        return sorted(range(len(self.p)), key=self.p.__getitem__)[:n]


def run(
    seed: int, *, seconds: float, false_alarms: float, on_case: Callable[[float], object] | None = None
) -> Report:
    """Draw rewards of every law, then compare leaping with stepping, case by case, for a given time.

    The number of cases does not depend on their results, so the false alarm rate is exact. No case is begun
    after `seconds`, but at least one is compared. A correct stackel fails any of the tests with the
    probability `false_alarms`. `on_case` gets the used share of the time or of the cases, whichever is
    larger.
    """
    start = time.monotonic()
    names, p = (list(found) for found in zip(*reward_p_values(seed), strict=True))
    cases = design(SHORT, seed)
    comparisons = []
    for number, place in enumerate(np.random.default_rng(seed).permutation(len(cases)).tolist()):
        passed = time.monotonic() - start
        if number and passed >= seconds:
            break
        if on_case is not None:
            on_case(min(1.0, max(passed / seconds if seconds else 1.0, number / len(cases))))
        comparisons.append(compare(cases[place], "leap", seed))
    for each in comparisons:
        for name in each.names:
            names += [f"{each.case}: {name}, {test}" for test in ("Kolmogorov-Smirnov", "chi-square")]
    p += all_p_values(comparisons).tolist()
    names.append("p values of continuous statistics being uniform")
    p.append(uniformity(comparisons)[1])
    too_small = holm(np.array(p), false_alarms)
    return Report(seed, tuple(names), tuple(p), len(comparisons), tuple(too_small.tolist()))
