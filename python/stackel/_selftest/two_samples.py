"""Whether two samples of whole runs may come from one law, statistic by statistic.

Each statistic is compared by a Kolmogorov-Smirnov test, which is conservative where values coincide, and
by a chi-square test of homogeneity over cells of at least LEAST values, which sees atoms. The two
samples are of one size.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.optional import require

if TYPE_CHECKING:
    import numpy.typing as npt

    import stackel as sk

    Array = npt.NDArray[np.float64]

TESTS_PER_STATISTIC = 2
LEAST = 100
"""Values in a cell, of both samples together: the chi-square law then holds far into its tail."""
MOST_CELLS = 16


def statistics(run: sk.Result) -> Array:
    """Utilities at every checkpoint, what was earned in between, and final counts: one column each.

    A regret is an affine function of a utility at the same round, so both tests say the same of it.
    """
    utility = run.utility.transpose(1, 0, 2)
    parts = (utility, np.diff(utility, axis=2), run.pulls)
    return np.concatenate([part.reshape(len(utility), -1) for part in parts], axis=1)


def names_of_statistics(run: sk.Result) -> list[str]:
    """What the columns of `statistics` are."""
    rounds, (rows, columns) = run.rounds.tolist(), run.game.shape
    whens = [f"at {t}" for t in rounds], [f"in {s + 1}..{t}" for s, t in pairwise(rounds)]
    return [
        *(f"utility of {who} {when}" for part in whens for who in ("leader", "follower") for when in part),
        *(f"pulls of ({a}, {b})" for a in range(rows) for b in range(columns)),
    ]


def number_of_tests(game: sk.Game, checkpoints: int) -> int:
    return TESTS_PER_STATISTIC * (2 * (2 * checkpoints - 1) + game.leader.size)


def p_values(ours: Array, theirs: Array) -> Array:
    """One row a statistic: Kolmogorov-Smirnov, chi-square."""
    columns = zip(ours.T, theirs.T, strict=True)
    chi_square = np.array([homogeneity(*pair) for pair in columns])
    return np.stack([kolmogorov_smirnov(ours, theirs), chi_square], axis=1)


def kolmogorov_smirnov(ours: Array, theirs: Array) -> Array:
    """P value of each column."""
    size, lead = len(ours), largest_leads(ours, theirs)
    return np.array([lead_is_reached(k, size) for k in lead.tolist()])


def largest_leads(ours: Array, theirs: Array) -> npt.NDArray[np.int64]:
    """By how many values one sample is ahead of the other at most, up to any point: for each column."""
    pooled = np.concatenate([ours, theirs])
    order = pooled.argsort(axis=0)
    lead = np.where(order < len(ours), 1, -1).cumsum(axis=0)
    ordered = np.take_along_axis(pooled, order, axis=0)
    # Among values that coincide only the last one is a point of comparison; so is the end of all.
    leads: npt.NDArray[np.int64] = np.abs(lead[:-1] * (ordered[:-1] != ordered[1:])).max(axis=0)
    return leads


@cache
def lead_is_reached(lead: int, size: int) -> float:
    """Probability that the largest lead is `lead` or more between two samples of a continuous law.

    Exact: the reflection principle for a random bridge of 2 `size` steps (Gnedenko and Korolyuk 1951).
    """
    if lead == 0:
        return 1.0
    special = require("scipy.special", "stats")
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
    # With samples of one size, half of each cell is expected in each of them.
    square = ((first - second) ** 2 / (first + second)).sum()
    return float(require("scipy.special", "stats").chdtrc(len(edges), square))


def cell_edges(pooled: Array) -> Array:
    """Upper ends of all cells but the last: as many as there are, of LEAST values each or more."""
    values, counts = np.unique(pooled, return_counts=True)
    upto = counts.cumsum()
    size, last = max(LEAST, len(pooled) // MOST_CELLS), len(pooled) - LEAST
    edges: list[float] = []
    end = np.searchsorted(upto, size)
    while end < len(values) and upto[end] <= last:
        edges.append(values[end])
        end = np.searchsorted(upto, upto[end] + size)
    return np.array(edges)


def holm(p: Array, level: float) -> npt.NDArray[np.intp]:
    """Positions of the p values that are too small, smallest first; false alarms: `level` over all."""
    order = p.argsort()
    passes = p[order] > level / np.arange(len(p), 0, -1)
    return order[: int(passes.argmax()) if passes.any() else len(p)]


def uniform_p_value(ours: Array, theirs: Array, rng: np.random.Generator) -> float:
    """Kolmogorov-Smirnov p value of a single statistic, uniform on [0, 1] if the laws are equal.

    Values that coincide are put into a random order, and steps of the p value are filled in at random.
    """
    pooled = np.concatenate([ours, theirs])
    order = np.lexsort((rng.random(len(pooled)), pooled))
    lead = int(np.abs(np.where(order < len(ours), 1, -1).cumsum()).max())
    low, high = (lead_is_reached(k, len(ours)) for k in (lead + 1, lead))
    return low + (high - low) * float(rng.random())
