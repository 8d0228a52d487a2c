"""Arrays of numbers from whatever holds numbers; see `carriers` for what may come with them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._utils.carriers import Labels, as_items, labelled, unlabelled
from stackel._utils.numbers import as_float
from stackel._utils.players import ROLES
from stackel._utils.validation import MAX_HORIZON, as_whole, shown, shown_number
from stackel.errors import SpecError

if TYPE_CHECKING:
    import numpy.typing as npt

_EXACT = 2**53
"""Whole numbers up to this size are floats."""
_ROUNDED_SUM = 1e-9
_MATRIX = "a matrix of numbers, shape (n_leader, n_follower)"


def as_array(argument: str, allowed: str, value: Any) -> npt.NDArray[Any]:
    """Return an array-like as an array of any type; rows of different lengths are refused."""
    return unlabelled(argument, allowed, value).values


def as_floats(argument: str, allowed: str, value: Any) -> npt.NDArray[np.float64]:
    """Return an array-like of numbers or flags as a C-ordered float64 array, copied only if needed."""
    found = unlabelled(argument, allowed, value)
    return _floats(argument, allowed, found.values, found.source)


def _floats(argument: str, allowed: str, array: npt.NDArray[Any], source: object) -> npt.NDArray[np.float64]:
    kind = array.dtype.kind
    if kind not in "biufO":
        raise SpecError(argument, allowed, f"an array of {array.dtype}")
    if kind == "b" or array.dtype.itemsize < 8 or not array.size:
        return np.asarray(array, np.float64, order="C")
    if kind in "iu" or (kind == "f" and array.dtype == np.float64):
        largest = max(abs(float(array.max())), abs(float(array.min())))
        if not largest >= _EXACT or (kind == "f" and type(source) is np.ndarray):
            return np.asarray(array, np.float64, order="C")
        # NumPy rounds whole numbers that it finds beside floats.
        array = array if kind in "iu" else np.asarray(source, dtype=object)
    numbers = [float(item) if isinstance(item, bool | np.bool_) else as_float(item) for item in array.flat]
    if None in numbers:
        raise SpecError(argument, allowed, shown_number(array.flat[numbers.index(None)]))
    return np.array(numbers, np.float64).reshape(array.shape)


class Matrix(NamedTuple):
    """A matrix of numbers, with labels and names of its rows and columns where it has any."""

    values: npt.NDArray[np.float64]
    labels: tuple[Labels, Labels]
    names: tuple[str | None, str | None]

    @classmethod
    def read(cls, argument: str, value: Any) -> Matrix:
        """Return a matrix, with the leader's actions as rows if its axes are named so."""
        found = labelled(argument, _MATRIX, value)
        values = _floats(argument, _MATRIX, found.values, found.source)
        if values.ndim != 2 or values.size == 0:
            raise SpecError(argument, _MATRIX, f"shape {values.shape}")
        made = cls(values, (found.labels[0], found.labels[1]), (found.names[0], found.names[1]))
        return made.turned() if made.names == ROLES[::-1] else made

    def turned(self) -> Matrix:
        """Return the transpose."""
        return Matrix(self.values.T, self.labels[::-1], self.names[::-1])


def as_matrices(
    leader: Any, follower: Any
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], tuple[Labels, Labels]]:
    """Return copies of two matrices of one shape, in C order, paired by their labels, and the labels.

    Raises
    ------
    SpecError
        If they have different shapes, or labels or names of axes that the other one does not have.
    """
    first, second = Matrix.read("leader", leader), Matrix.read("follower", follower)
    if None not in second.names and second.names == first.names[::-1] != first.names:
        second = second.turned()
    for mine, theirs in zip(second.names, first.names, strict=True):
        if None not in {mine, theirs} and mine != theirs:
            raise SpecError("follower", f"with the leader's axes {shown(first.names)}", shown(second.names))
    if first.values.shape != second.values.shape:
        allowed = f"of the leader's shape {first.values.shape}"
        raise SpecError("follower", allowed, f"shape {second.values.shape}")
    pairs = list(zip(second.labels, first.labels, strict=True))
    rows, columns = (_order("follower", *pair, unless_default=True) for pair in pairs)
    u1, u2 = first.values, second.values[rows][:, columns]
    labels = tuple(_told(theirs) or _told(mine) for mine, theirs in pairs)
    # Adding 0.0 turns -0.0 into 0.0 and makes a copy.
    return np.ascontiguousarray(u1 + 0.0), np.ascontiguousarray(u2 + 0.0), (labels[0], labels[1])


def as_mixture(argument: str, value: Any, n_actions: int, names: Labels) -> npt.NDArray[np.float64]:
    """Return a float64 copy of probabilities that add up to 1, up to 1e-9, in the order of the actions.

    Labels of `value` are the `names` of the actions, or their numbers.
    """
    allowed = f"{n_actions} probabilities that add up to 1"
    found = labelled(argument, allowed, value)
    mixture = _floats(argument, allowed, found.values, found.source)
    if mixture.shape != (n_actions,) or not (mixture >= 0.0).all() or abs(mixture.sum() - 1.0) > _ROUNDED_SUM:
        raise SpecError(argument, allowed, shown(value))
    numbers, labels = tuple(range(n_actions)), found.labels[0]
    if labels is not None and labels != numbers:
        named = names is not None and set(labels) != set(numbers)
        pair = (tuple(map(str, labels)), names) if named else (labels, numbers)
        mixture = mixture[_order(argument, *pair)]
    return np.array(mixture + 0.0)


def as_whole_numbers(value: Any) -> npt.NDArray[np.int64] | None:
    """Return an array-like of integers as a one-dimensional int64 array; None for anything else."""
    try:
        array = as_array("arms", "whole numbers", value)
    except SpecError:
        return None
    return array.astype(np.int64) if array.ndim == 1 and array.dtype.kind in "iu" else None


def as_actions(argument: str, value: Any, columns: int | None = None) -> npt.NDArray[np.int64] | None:
    """Return actions in one dimension, a table of `columns` columns row by row; None for None."""
    if value is None:
        return None
    array = as_array(argument, "an array of actions, whole numbers from 0", value)
    if array.dtype.kind == "f":
        wide = array.astype(np.float64)
        if (wide == np.rint(wide)).all() and (abs(wide) < _EXACT).all():
            array = wide.astype(np.int64)
    is_table = array.ndim == 2 and array.shape[1] == columns
    if not (array.ndim == 1 or is_table):
        raise SpecError(argument, "an array of actions, one or a row of them a round", f"shape {array.shape}")
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.dtype.kind not in "iu" or array.min() < 0 or array.max() >= 2**63:
        raise SpecError(argument, "an array of actions, whole numbers from 0", shown(value))
    return np.ascontiguousarray(array, dtype=np.int64).ravel()


def as_rising(
    argument: str, what: str, values: Any, low: int, high: int, *, least: int = 1
) -> tuple[int, ...]:
    """Return whole numbers in [low, high] that increase; the error says which of them is at fault, and why.

    `what` says what they are, and `least` how many there must be.
    """
    top = "2**53" if high == MAX_HORIZON else str(high)
    allowed = f"{what} that increase, whole numbers from {low} to {top}"
    items = as_items(values)
    if items is None or len(items) < least:
        raise SpecError(argument, allowed, shown(values))
    found: list[int] = []
    for place, item in enumerate(items):
        number = as_whole(item)
        if number is None:
            given = as_float(item)
            is_number = given is not None and math.isfinite(given)
            fault = ", which is not whole: round it, as np.rint does" if is_number else ""
        elif not low <= number <= high:
            fault = f", which is not from {low} to {top}"
        elif found and number <= found[-1]:
            fault = f", after {found[-1]}"
        else:
            found.append(number)
            continue
        raise SpecError(argument, allowed, f"{shown(item)} at place {place}{fault}")
    return tuple(found)


def _order(argument: str, mine: Labels, theirs: Labels, *, unless_default: bool = False) -> Any:
    """Return the places of `theirs` among my labels; all in order where one side has none."""
    if mine is None or theirs is None or mine == theirs:
        return slice(None)
    if len(set(mine)) == len(mine) and set(mine) == set(theirs):
        return [mine.index(label) for label in theirs]
    if unless_default and None in {_told(mine), _told(theirs)}:
        return slice(None)
    raise SpecError(argument, f"labelled {shown(list(theirs))}, in any order", shown(list(mine)))


def _told(labels: Labels) -> Labels:
    """Return labels as text; None for none and for 0, 1, ..."""
    if labels is None or labels == tuple(range(len(labels))):
        return None
    return tuple(", ".join(map(str, each)) if isinstance(each, tuple) else str(each) for each in labels)
