"""Environments of SMPyBandits: what the engine can play, and what its `Evaluator` counts."""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.errors import SpecError
from stackel.interop._problem import Bandit
from stackel.interop._smpybandits_arms import arms_of
from stackel.simulation._bandit import as_arms

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_MODULE = "SMPyBandits.Environment.MAB"


def is_piecewise(env: Any) -> bool:
    """Return whether means change at given rounds."""
    return (type(env).__name__, type(env).__module__) == ("PieceWiseStationaryMAB", _MODULE)


def is_known(env: Any) -> bool:
    """Return whether means are the same in all rounds, or change at given ones."""
    return type(env).__name__ == "MAB" or is_piecewise(env)


def bandit_of(env: Any, horizon: int, *, drawn_before: bool) -> Bandit | str:
    """Return what the engine can play in place of an environment, or why it can play nothing.

    With `drawn_before`, rewards are drawn before the game, all from the arms of its first round.
    """
    if not is_known(env):
        return f"arms change or have a memory in {type(env).__name__}"
    pieces = [env.arms]
    if is_piecewise(env):
        pieces = env.listOfArms
        if drawn_before:
            return "rewards are drawn before the game, as if arms did not change"
        if env.changePoints[0] != 0 or any(one >= other for one, other in pairwise(env.changePoints)):
            return "the rounds of its changes do not begin with 0 and increase"
    try:
        pairs = arms_of([*chain(*pieces)])
        if pairs is None:
            return "the classes of the arms are not those of SMPyBandits"
        means, noise = as_arms(pairs)
    except SpecError as error:
        return f"arms must be {error.allowed}, and are {error.given}"
    first, *others = means.reshape(len(pieces), -1)
    return Bandit(first, noise, horizon, tuple(zip(_starts(env, horizon), others, strict=False)))


def _starts(env: Any, horizon: int) -> list[int]:
    """Return the rounds played when arms change: there, those of the change itself are still the old ones."""
    return (
        [int(point) + 1 for point in env.changePoints[1:] if point + 1 < horizon] if is_piecewise(env) else []
    )


def extra_records(env: Any, horizon: int) -> list[int]:
    """Return rounds to be recorded, so that each of the rounds between two records has the same means.

    The `Evaluator` counts new means one round before arms have them.
    """
    return [record for start in _starts(env, horizon) for record in (start - 1, start)]


def means_over(env: Any, rounds: npt.NDArray[np.int64]) -> Floats:
    """Return the means that the `Evaluator` counts between each record and the one before, shape (n, C)."""
    if not is_piecewise(env):
        means: Floats = np.repeat(env.means[:, None], len(rounds), axis=1)
        return means
    places = np.searchsorted(env.changePoints, np.append(0, rounds[:-1]), side="right") - 1
    changing: Floats = env.listOfMeans[places].T
    return changing


def best_of(env: Any, horizon: int) -> npt.NDArray[np.bool_]:
    """Return which arms the `Evaluator` counts as the best ones: those that are so in one of the rounds."""
    points = np.array(env.changePoints) if is_piecewise(env) else np.zeros(1)
    means = env.listOfMeans[points < horizon] if is_piecewise(env) else env.means[None]
    best: npt.NDArray[np.bool_] = np.isclose(means, means.max(axis=1, keepdims=True)).any(axis=0)
    return best
