"""Bootstrap resamples of replications.

Replication r meets the same noise in everything that is played with one seed. So one resample serves all of
it: whole replications are drawn with replacement, which keeps the dependence between what is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

MAX_RESAMPLES = 2**24
"""Largest number of bootstrap resamples."""
_BATCH = 2**20
_Resamples: TypeAlias = "tuple[slice, npt.NDArray[np.float64]]"


def resamples(
    replications: int, count: int, seed: np.random.SeedSequence, width: int = 1
) -> Iterator[_Resamples]:
    """Yield `count` resamples in batches: their places, and the share of each replication, shape (n, R).

    The caller holds `width` numbers for each resample of a batch at a time.
    """
    generator = np.random.default_rng(seed)
    size = max(1, _BATCH // max(replications, width))
    for start in range(0, count, size):
        stop = min(start + size, count)
        drawn = generator.multinomial(replications, [1 / replications] * replications, size=stop - start)
        yield slice(start, stop), drawn / replications
