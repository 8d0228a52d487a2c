"""Seeds: what one is, how it is written, and how the seeds of many runs come from one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

# By name: NumPy would import them at their first use, in the middle of a call, and a Ctrl-C while an
# extension module of Cython is being imported is lost.
from numpy.random import Generator, SeedSequence

from stackel._utils.validation import as_array, as_count, shown
from stackel.errors import SpecError

Seed = int | SeedSequence | Generator | None
"""What a caller may give as a seed."""

_LARGEST = 2**64 - 1
_DIGITS = re.compile("[0-9]{1,20}")


def as_seed(seed: object) -> int:
    """Return a seed in [0, 2**64): as given, supplied by a SeedSequence or Generator, or fresh for None."""
    if seed is None:
        seed = SeedSequence()
    if isinstance(seed, SeedSequence):
        return int(seed.generate_state(1, np.uint64)[0])
    if isinstance(seed, Generator):
        return int(seed.integers(0, _LARGEST, dtype=np.uint64, endpoint=True))
    try:
        return as_count("seed", seed, 0, _LARGEST)
    except SpecError:
        allowed = "None, an int in [0, 2**64), a numpy SeedSequence or a numpy Generator"
        raise SpecError("seed", allowed, shown(seed)) from None


def as_seeds(seed: Any) -> npt.NDArray[np.uint64] | int:
    """Return the seed of each game if an array of them is given, else the one they all come from."""
    allowed = "one seed, or an array of ints in [0, 2**64), one a game"
    array = as_array("seed", allowed, seed)
    if array.ndim == 0:
        return as_seed(seed[()] if isinstance(seed, np.ndarray) else seed)
    if array.ndim != 1 or array.dtype.kind not in "iufO" or not array.size:
        raise SpecError("seed", allowed, shown(seed))
    if array.dtype.kind in "fO":  # ints of which some are large
        return np.array([as_seed(each) for each in seed], dtype=np.uint64)
    if array.min() < 0:
        raise SpecError("seed", allowed, f"{array.min()} in game {array.argmin()}")
    return array.astype(np.uint64)


def game_seeds(seed: npt.NDArray[np.uint64] | int, games: int) -> npt.NDArray[np.uint64]:
    """Return the seeds of `games` games: those that are given, or those that come from one."""
    if isinstance(seed, int):
        return SeedSequence(seed).generate_state(games, np.uint64).astype(np.uint64, copy=False)
    return seed


def sequence_for(root: int, purpose: int, horizon: int) -> SeedSequence:
    """Return the seeds that depend on these three only, whatever else is run."""
    return SeedSequence(root, spawn_key=(purpose, horizon))


def seed_for(root: int, purpose: int, horizon: int) -> int:
    """Return the seed of a run that depends on these three only."""
    return as_seed(sequence_for(root, purpose, horizon))


def seed_of_digits(digits: object) -> int:
    """Return the seed that a file holds as decimal digits, because JSON readers round large numbers.

    Raises
    ------
    ValueError
        If it holds anything else.
    """
    if not isinstance(digits, str) or not _DIGITS.fullmatch(digits):
        raise ValueError(f"seed = {shown(digits)}")
    return as_seed(int(digits))
