"""Comparing an engine with stepping in one case, and what many comparisons say together."""

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
"""Of a case, about so many rounds are played in all, but at least and at most so many replications."""
CONTINUOUS = 0.5
"""A statistic is called continuous if at least so many of its values differ."""


class Comparison(NamedTuple):
    """What the statistics of a case say."""

    case: Case
    names: list[str]
    p: Array
    """Kolmogorov-Smirnov and chi-square of each statistic that is not constant."""
    uniform: float | None
    """Of the statistic with the most different values, if that is continuous."""
    leapt: bool
    """Whether blocks were leapt over."""


def compare(case: Case, engine: str, seed: int) -> Comparison:
    replications = int(np.clip(ROUNDS / case.horizon, *REPLICATIONS))
    # Every case has seeds of its own, whichever others are run.
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
    """How many continuous statistics there are, and the p value of their p values being uniform."""
    uniform = [each.uniform for each in comparisons if each.uniform is not None]
    return len(uniform), float(
        require("scipy.stats", "stats").kstest(uniform, "uniform").pvalue
    ) if uniform else 1.0


def all_p_values(comparisons: Iterable[Comparison]) -> Array:
    return np.concatenate([np.empty(0), *(each.p.ravel() for each in comparisons)])
