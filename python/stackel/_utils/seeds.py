"""Seeds: their checks, their form in files, and the seeds of many runs from one."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

# Imported by name: otherwise NumPy imports them at first use, in the middle of a call, and loses a Ctrl-C
# during the import of an extension module of Cython.
from numpy.random import Generator, SeedSequence

from stackel._utils.carriers import unlabelled
from stackel._utils.validation import as_count, shown
from stackel.errors import SpecError

Seed = int | SeedSequence | Generator | None
"""Seeds that a caller may give."""

_LARGEST = 2**64 - 1
_DIGITS = re.compile("[0-9]{1,20}")


def as_seed(seed: object) -> int:
    """Return a seed in [0, 2**64): the given one, one from a SeedSequence or Generator, or a fresh one."""
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
    """Return the seed of each game if an array is given, else the single seed they are derived from."""
    allowed = "one seed, or an array of ints in [0, 2**64), one a game"
    array, *_, source = unlabelled("seed", allowed, seed)
    if array.ndim == 0:
        return as_seed(seed[()] if isinstance(seed, np.ndarray) else seed)
    if array.ndim != 1 or array.dtype.kind not in "iufO" or not array.size:
        raise SpecError("seed", allowed, shown(seed))
    if array.dtype.kind in "fO":  # ints of which some are large
        return np.array([as_count("seed", each, 0, _LARGEST) for each in source], dtype=np.uint64)
    if array.min() < 0:
        raise SpecError("seed", allowed, f"{array.min()} in game {array.argmin()}")
    return array.astype(np.uint64)


def game_seeds(seed: npt.NDArray[np.uint64] | int, games: int) -> npt.NDArray[np.uint64]:
    """Return the seeds of `games` games: the given ones, or those derived from one seed."""
    if isinstance(seed, int):
        return SeedSequence(seed).generate_state(games, np.uint64).astype(np.uint64, copy=False)
    return seed


def resampling_seed(root: int) -> SeedSequence:
    """Return the seed of bootstrap resamples, apart from the games played with the seed `root` itself."""
    return SeedSequence(root, spawn_key=(1,))


def fresh_seed(root: int) -> int:
    """Return a seed for games that are independent of those played with the seed `root` itself."""
    return as_seed(SeedSequence(root, spawn_key=(2,)))


def seed_of_digits(digits: object) -> int:
    """Return the seed in a string of decimal digits, as files have it: JSON readers round large numbers."""
    if not isinstance(digits, str) or not _DIGITS.fullmatch(digits):
        raise ValueError(f"seed = {shown(digits)}")
    return as_seed(int(digits))
