"""The global generators of NumPy and Python, which policies of other libraries draw from."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from numpy.random import mtrand

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np


@contextmanager
def global_generators(rng: np.random.Generator) -> Iterator[None]:
    """Make the global generators of NumPy and Python draw from `rng`."""
    numpys, pythons = mtrand.get_bit_generator(), random.getstate()
    random.seed(int(rng.integers(2**63)))
    mtrand.set_bit_generator(rng.bit_generator)
    try:
        yield
    finally:
        mtrand.set_bit_generator(numpys)
        random.setstate(pythons)
