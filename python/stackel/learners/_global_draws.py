"""Whether a run has drawn from the global random generators, which its seed does not set."""

from __future__ import annotations

import ctypes
import inspect
import pickle
import random
import warnings
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from numpy.random import MT19937, mtrand

from stackel.errors import StackelWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.learners._custom import CustomLearner

_MT19937_STATE = 4 * (624 + 1)
"""Bytes of the state of NumPy's Mersenne twister: its words, and the place among them."""
_warned: WeakSet[Any] = WeakSet()


def states() -> tuple[Any, Any]:
    """Return the states of the global generators of Python and of NumPy, to be compared."""
    return random.getstate(), _state_of_numpy()


def _state_of_numpy() -> bytes:
    generator = mtrand.get_bit_generator()
    if isinstance(generator, MT19937):  # what it is by default; copying its attribute `state` is slow
        return ctypes.string_at(generator.ctypes.state_address, _MT19937_STATE)
    return pickle.dumps(generator.state)


def warn_if_drawn(before: tuple[Any, Any], learners: Sequence[CustomLearner]) -> None:
    """Warn, once for each learner, if the global generators are not in the states that they were in."""
    after = states()
    if after == before:
        return
    names = ("Python's module random", "NumPy's global generator")
    drawn = " and ".join(name for name, was, is_ in zip(names, before, after, strict=True) if was != is_)
    policies = [learner.policy for learner in learners]
    if any(map(_is_known, policies)):
        return
    for policy in policies:
        try:
            _warned.add(policy)
        except TypeError:  # no weak reference to it
            continue
    who = " or ".join(dict.fromkeys(repr(learner.name) for learner in learners))
    message = (
        f"the learner {who} drew from {drawn}, which the seed of a run does not set: the run does not "
        "repeat; draw from the generator `rng` that choose is given instead"
    )
    warnings.warn(message, StackelWarning, stacklevel=_level_of_the_caller())


def _is_known(policy: Any) -> bool:
    try:
        return policy in _warned
    except TypeError:
        return False


def _level_of_the_caller() -> int:
    """Return how many calls up the code is that does not belong to stackel."""
    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "stackel":
        frame, level = frame.f_back, level + 1
    return level
