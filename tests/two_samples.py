"""Whether two samples of whole runs may come from one law, statistic by statistic.

Each statistic is compared by a Kolmogorov-Smirnov test, which is conservative where values coincide, and
by a chi-square test of homogeneity over cells of at least LEAST values, which sees atoms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    import numpy.typing as npt

    import stackel as sk

TESTS_PER_STATISTIC = 2
LEAST = 100
"""Values in a cell, of both samples together: the chi-square law then holds far into its tail."""
MOST_CELLS = 16


def statistics(run: sk.Result) -> npt.NDArray[np.float64]:
    """Utilities at every checkpoint, what was earned in between, and final counts: one column each.

    A regret is an affine function of a utility at the same round, so both tests say the same of it.
    """
    utility = run.utility.transpose(1, 0, 2)
    parts = (utility, np.diff(utility, axis=2), run.pulls)
    return np.concatenate([part.reshape(len(utility), -1) for part in parts], axis=1)


def number_of_tests(game: sk.Game, checkpoints: int) -> int:
    return TESTS_PER_STATISTIC * (2 * (2 * checkpoints - 1) + game.leader.size)


def p_values(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """One row a statistic: Kolmogorov-Smirnov, chi-square."""
    columns = zip(ours.T, theirs.T, strict=True)
    return np.array([[kolmogorov_smirnov(*pair), homogeneity(*pair)] for pair in columns])


def kolmogorov_smirnov(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> float:
    return float(stats.ks_2samp(ours, theirs, method="asymp").pvalue)


def homogeneity(ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> float:
    edges = cell_edges(np.concatenate([ours, theirs]))
    table = np.stack(
        [np.bincount(np.searchsorted(edges, x), minlength=len(edges) + 1) for x in (ours, theirs)]
    )
    if table.shape[1] == 1:
        return 1.0
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def cell_edges(pooled: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Upper ends of all cells but the last: as many as there are, of LEAST values each or more."""
    values, counts = np.unique(pooled, return_counts=True)
    size = max(LEAST, len(pooled) // MOST_CELLS)
    edges, inside, left = [], 0, len(pooled)
    for value, count in zip(values[:-1], counts, strict=False):
        inside, left = inside + count, left - count
        if inside >= size and left >= LEAST:
            edges.append(value)
            inside = 0
    return np.array(edges)
