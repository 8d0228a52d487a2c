"""Two-sample tests that two samples of runs have the same law, statistic by statistic.

Each statistic is compared by a Kolmogorov-Smirnov test, which is conservative where values coincide, and
by a chi-square test of homogeneity over cells of at least MIN_CELL values, which detects atoms. The two
samples have the same size.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    import numpy.typing as npt

    import stackel as sk

    Array = npt.NDArray[np.float64]

MIN_CELL = 100
"""Smallest number of values in a cell, of both samples: the chi-square law then holds far into its tail."""
MOST_CELLS = 16


def statistics(run: sk.Result) -> Array:
    """Return utilities at every checkpoint, their increments in between, and final counts, one column each.

    A regret is an affine function of a utility at the same round, so its tests would be the same.
    """
    utility = run.utility.transpose(1, 0, 2)
    parts = (utility, np.diff(utility, axis=2), run.pulls)
    return np.concatenate([part.reshape(len(utility), -1) for part in parts], axis=1)


def p_values(ours: Array, theirs: Array) -> Array:
    """Return a row of p values for each statistic: Kolmogorov-Smirnov, chi-square."""
    columns = zip(ours.T, theirs.T, strict=True)
    chi_square = np.array([homogeneity(*pair) for pair in columns])
    return np.stack([kolmogorov_smirnov(ours, theirs), chi_square], axis=1)


def kolmogorov_smirnov(ours: Array, theirs: Array) -> Array:
    """Return the p value of each column."""
    size, lead = len(ours), largest_leads(ours, theirs)
    return np.array([lead_is_reached(k, size) for k in lead.tolist()])


def largest_leads(ours: Array, theirs: Array) -> npt.NDArray[np.int64]:
    """Return, for each column, the largest difference between the two samples' counts up to any point."""
    pooled = np.concatenate([ours, theirs])
    order = pooled.argsort(axis=0)
    lead = np.where(order < len(ours), 1, -1).cumsum(axis=0)
    ordered = np.take_along_axis(pooled, order, axis=0)
    # Of equal values only the last one is a point of comparison.
    leads: npt.NDArray[np.int64] = np.abs(lead[:-1] * (ordered[:-1] != ordered[1:])).max(axis=0)
    return leads


@cache
def lead_is_reached(lead: int, size: int) -> float:
    """Return the probability of a largest lead of `lead` or more between two samples of a continuous law.

    It is exact, by the reflection principle for a random bridge of 2 `size` steps (Gnedenko and Korolyuk
    1951).
    """
    if lead == 0:
        return 1.0
    heights = np.arange(lead, size + 1, lead)
    paths = special.gammaln([size + 1 - heights, size + 1 + heights]).sum(axis=0)
    probabilities = np.exp(2 * special.gammaln(size + 1) - paths)
    signs = 1 - 2 * (np.arange(len(heights)) % 2)
    return float(min(1.0, 2 * (signs * probabilities).sum()))


def homogeneity(ours: Array, theirs: Array) -> float:
    edges = cell_edges(np.concatenate([ours, theirs]))
    if not len(edges):
        return 1.0
    first, second = (
        np.bincount(np.searchsorted(edges, sample), minlength=len(edges) + 1) for sample in (ours, theirs)
    )
    # With samples of equal size, half of each cell is expected in each of them.
    square = ((first - second) ** 2 / (first + second)).sum()
    return float(special.chdtrc(len(edges), square))


def cell_edges(pooled: Array) -> Array:
    """Return the upper ends of all cells except the last, each of at least MIN_CELL values."""
    values, counts = np.unique(pooled, return_counts=True)
    upto = counts.cumsum()
    size, last = max(MIN_CELL, len(pooled) // MOST_CELLS), len(pooled) - MIN_CELL
    edges: list[float] = []
    end = np.searchsorted(upto, size)
    while end < len(values) and upto[end] <= last:
        edges.append(values[end])
        end = np.searchsorted(upto, upto[end] + size)
    return np.array(edges)


def holm(p: Array, level: float) -> npt.NDArray[np.intp]:
    """Return the places of p values that are too small by Holm's method at this level, smallest first."""
    order = p.argsort()
    passes = p[order] > level / np.arange(len(p), 0, -1)
    return order[: int(passes.argmax()) if passes.any() else len(p)]
