"""Comparisons of an engine with stepping, in one case and over many cases."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._selftest.two_samples import names_of_statistics, p_values, statistics, uniform_p_value
from stackel._utils.optional import require

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackel._selftest.cases import Case
    from stackel._selftest.two_samples import Array

ROUNDS = 1e7
REPLICATIONS = (400, 1000)
"""Smallest and largest number of replications of a case; in between, it has about ROUNDS rounds in all."""
CONTINUOUS = 0.5
"""Share of different values from which on a statistic counts as continuous."""


class Comparison(NamedTuple):
    """P values of the statistics of a case."""

    case: Case
    names: list[str]
    p: Array
    """Kolmogorov-Smirnov and chi-square p value of each statistic that is not constant."""
    uniform: float | None
    """Uniform p value of the statistic with the most different values, if it is continuous."""
    leapt: bool
    """Whether blocks were leapt over."""


def compare(case: Case, engine: str, seed: int) -> Comparison:
    replications = int(np.clip(ROUNDS / case.horizon, *REPLICATIONS))
    # The seeds of a case do not depend on other cases.
    first, second, third = np.random.SeedSequence([seed, zlib.crc32(str(case).encode())]).spawn(3)
    leaping, stepping = case.play(engine, first, replications), case.play("stepwise", second, replications)
    ours, theirs = statistics(leaping), statistics(stepping)
    pooled = np.sort(np.concatenate([ours, theirs]), axis=0)
    distinct = 1 + (pooled[1:] > pooled[:-1]).sum(axis=0)
    varies, widest = distinct > 1, distinct.argmax()
    uniform = None
    if distinct[widest] >= CONTINUOUS * len(pooled):
        uniform = uniform_p_value(ours[:, widest], theirs[:, widest], np.random.default_rng(third))
    names = [name for name, kept in zip(names_of_statistics(leaping), varies, strict=True) if kept]
    p = p_values(ours[:, varies], theirs[:, varies]).reshape(-1, 2)
    return Comparison(case, names, p, uniform, leapt=leaping.error_bound > 0)


def uniformity(comparisons: Iterable[Comparison]) -> tuple[int, float]:
    """Return the number of continuous statistics, and the p value of a test that theirs are uniform."""
    uniform = [each.uniform for each in comparisons if each.uniform is not None]
    return len(uniform), float(
        require("scipy.stats", "stats").kstest(uniform, "uniform").pvalue
    ) if uniform else 1.0


def all_p_values(comparisons: Iterable[Comparison]) -> Array:
    return np.concatenate([np.empty(0), *(each.p.ravel() for each in comparisons)])
