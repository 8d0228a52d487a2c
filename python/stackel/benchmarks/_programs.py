"""Linear programs over mixtures with conditions on their means, solved exactly."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from stackel.benchmarks._inducible import Utilities
from stackel.benchmarks._linear_program import entries, highest_level

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


def best_mixture(objective: Floats, conditions: Floats) -> tuple[Floats, float] | None:
    """Return a mixture x with the largest ``objective @ x`` among those with ``conditions @ x >= 0``.

    `objective` has shape (n,), `conditions` (k, n), the mixture (n,); its mean comes with it. None if no
    mixture meets the conditions.
    """
    rows = [Utilities.of(row[:, np.newaxis]) for row in (objective, *conditions)]
    table = np.array([row.whole[0] for row in rows], object)
    weights = np.zeros(len(rows), np.int64)
    weights[0] = 1
    found = highest_level(partial(entries, table), weights, len(objective))
    if found is None:
        return None
    return found.mixture.astype(float), float(Fraction(found.level) * rows[0].unit)
