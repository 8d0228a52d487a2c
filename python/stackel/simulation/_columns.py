"""Parameters that change from game to game of a batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from stackel._utils.arrays import as_array, as_floats
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._changing import ChangingGame
from stackel.games._game import Game
from stackel.learners._base import is_real
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.learners import Learner
    from stackel.noise import Noise

Columns = dict[str, "npt.NDArray[Any]"]
"""For each parameter its value in every game, along the first axis."""

Stack: TypeAlias = "npt.NDArray[np.float64]"

_COLUMN = "arrays of numbers or flags, one a game, or of rows of whole numbers for parameters that are such"


def as_stacks(
    leader_stack: Any, follower_stack: Any, starts: tuple[int, ...] | None
) -> tuple[tuple[Stack, Stack], tuple[int, ...]]:
    """Matrices of both players, one a game, shape (N, A, B), or one for all games, (A, B); and (A, B).

    Of games that change at M `starts`, (M, A, B) takes the place of (A, B).
    """
    first, second = (
        as_stack("leader_stack", leader_stack, starts),
        as_stack("follower_stack", follower_stack, starts),
    )
    one = first.shape[-2 if starts is None else -3 :]
    if second.shape[-len(one) :] != one:
        raise SpecError("follower_stack", f"of games of shape {one[-2:]}", f"shape {second.shape}")
    return (first, second), one


def as_stack(argument: str, value: Any, starts: tuple[int, ...] | None) -> Stack:
    """Return the matrices of one player; see `as_stacks`."""
    one = "n_leader, n_follower" if starts is None else f"{len(starts)}, n_leader, n_follower"
    allowed = f"matrices of numbers, shape (games, {one}) or ({one})"
    array = as_floats(argument, allowed, value)
    dimensions = 2 if starts is None else 3
    fits = starts is None or array.ndim < 3 or array.shape[-3] == len(starts)
    if array.ndim - dimensions not in {0, 1} or array.size == 0 or not fits:
        raise SpecError(argument, allowed, f"shape {array.shape}")
    return array


def game_of_stacks(
    matrices: Sequence[npt.NDArray[np.float64]],
    noise: tuple[Noise, Noise],
    starts: tuple[int, ...] | None,
    newcomer: str | None,
) -> AnyGame:
    """Return the game of both players' matrices, which changes at `starts`."""
    if starts is None and newcomer is not None:
        raise SpecError(
            "newcomer", "left out, or given with the starts of games that change", shown(newcomer)
        )
    if starts is None:
        return Game(*matrices, noise=noise)
    return ChangingGame([Game(*pair, noise=noise) for pair in zip(*matrices, strict=True)], starts, newcomer)


def as_columns(argument: str, learner: Learner, parameters: Any) -> tuple[Learner, Columns]:
    """Return the learner with the parameters that all games share, and the columns of the others."""
    if parameters is None:
        return learner, {}
    known = parameters_of(learner)
    allowed = f"a dict of parameters of {type(learner).__name__}: {', '.join(known) or 'it has none'}"
    if not isinstance(parameters, Mapping):
        raise SpecError(argument, allowed, shown(parameters))
    for name in parameters:
        if name not in known:
            raise SpecError(argument, allowed, shown(name))
    values = {name: as_array(argument, _COLUMN, value) for name, value in parameters.items()}
    columns = {
        name: np.array(as_floats(argument, _COLUMN, parameters[name]))
        if is_real(learner, name) and array.ndim == 1 and array.size and array.dtype.kind in "iufO"
        else _as_column(argument, name, array)
        for name, array in values.items()
        if array.ndim > 0
    }
    shared = {name: value for name, value in parameters.items() if name not in columns}
    return _with(learner, shared), columns


def _as_column(argument: str, name: str, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Numbers, whole numbers or flags, one a game; or a row of whole numbers a game."""
    if array.size == 0 or array.ndim > 2 or array.dtype.kind not in ("iu" if array.ndim == 2 else "biuf"):
        raise SpecError(argument, _COLUMN, f"{name} = {shown(array.tolist())}")
    if array.dtype.kind in "iu":
        if (array < 0).any():
            game = int(np.argmax((array < 0).reshape(len(array), -1).any(axis=1)))
            raise SpecError(name, "whole numbers >= 0", f"{array[game]} in game {game}")
        return np.array(array, dtype=np.uint64, order="C")
    return np.array(array, dtype=np.float64 if array.dtype.kind == "f" else np.bool_, order="C")


def number_of_games(lengths: Iterable[tuple[str, int]]) -> int:
    """Return the length of all arrays that have one a game, named; 1 if there is no array."""
    first, games = "", 1
    for argument, length in lengths:
        if first and length != games:
            raise SpecError(argument, f"for {games} games, as {first} is", f"for {length}")
        first, games = argument, length
    return games


def of_game(learner: Learner, columns: Columns, i: int) -> Learner:
    """Return the learner of game `i`."""
    return _with(learner, {name: column[i].tolist() for name, column in columns.items()})


def parameters_of(learner: Learner) -> dict[str, Any]:
    """Return the parameters of a learner; one of your own has none."""
    return {} if isinstance(learner, OwnLearner) else learner.as_core()[1]


def _with(learner: Learner, parameters: dict[str, Any]) -> Learner:
    return type(learner)(**parameters_of(learner) | parameters) if parameters else learner
