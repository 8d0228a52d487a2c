"""Arrays from tables and other things that say more than numbers: labels, named axes, missing entries, units.

What cannot be kept is refused, so that no number is used that the caller has masked, and no two numbers
meet that belong to different labels.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from numbers import Number
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy import ma

from stackel._utils.validation import shown
from stackel.errors import SpecError

_SCALARS = frozenset({bool, int, float, str, type(None), np.float64, np.float32, np.int64, np.bool_})
_MEANINGS = ("unit", "units", "mask", "dims", "columns", "column_names", "categories", "names")
"""Attributes of things whose numbers mean something that is not read here."""
_DEEPEST = 8

Labels = tuple[Any, ...] | None


class Labelled(NamedTuple):
    """An array with the labels along its axes and the names of the axes, where it has any."""

    values: npt.NDArray[Any]
    labels: tuple[Labels, ...]
    names: tuple[str | None, ...]
    source: Any
    """What the values were made of, for numbers of different types that NumPy has rounded."""


def labelled(argument: str, allowed: str, value: Any) -> Labelled:
    """Return an array-like with its labels.

    Raises
    ------
    SpecError
        If entries are masked or missing, or it has units, categories or no order.
    """
    if type(value) is np.ndarray:
        return _bare(value, value)
    if isinstance(value, tuple | list):
        value = _without_carriers(argument, allowed, value)
        return _bare(_array(argument, allowed, value), value)
    if isinstance(value, ma.MaskedArray):
        if ma.getmaskarray(value).any():
            raise SpecError(
                argument, f"{allowed}, without masked entries", f"{ma.getmaskarray(value).sum()} masked"
            )
        return _bare(np.asarray(value), np.asarray(value))
    for library, read in (("pandas", _of_pandas), ("polars", _of_polars), ("xarray", _of_xarray)):
        if library in sys.modules and (found := read(sys.modules[library], value)) is not None:
            inner = labelled(argument, allowed, found.source)  # xarray may hold arrays of other libraries
            _check_complete(argument, allowed, inner.values)
            return found._replace(values=inner.values, source=inner.source)
    unknown = next((name for name in _MEANINGS if _says(value, name)), None)
    if unknown is not None or isinstance(value, Mapping | AbstractSet | Iterator):
        why = f"with {unknown}, which are not read" if unknown else "which is no array"
        given = f"a {type(value).__name__} {why}; give a numpy array of its numbers"
        raise SpecError(argument, allowed, given)
    return _bare(_array(argument, allowed, value), value)


def unlabelled(argument: str, allowed: str, value: Any) -> Labelled:
    """Return an array-like of which nothing but the places counts: labels, if it has any, are 0, 1, ...

    Raises
    ------
    SpecError
        If its labels say another order or its axes other names, and as for `labelled`.
    """
    found = labelled(argument, allowed, value)
    for axis, labels in enumerate(found.labels):
        if labels is not None and labels != tuple(range(len(labels))):
            given = f"labels {shown(list(labels))} along axis {axis}; give a numpy array in the right order"
            raise SpecError(argument, f"{allowed}, without labels", given)
    if len(found.names) > 1 and any(found.names) and found.names[-2:] != ("leader", "follower"):
        given = f"axes named {shown(found.names)}; give a numpy array"
        raise SpecError(argument, f"{allowed}, without names of axes", given)
    return found


def as_items(value: Any) -> tuple[Any, ...] | None:
    """Return the items of an iterable as a tuple; None for text, and for what has labels or no order."""
    if isinstance(value, str | bytes | Mapping | AbstractSet):
        return None
    try:
        if type(value) is not np.ndarray and hasattr(value, "__array__"):
            value = unlabelled("items", "in order", value).values
        return tuple(value)
    except (TypeError, SpecError):
        return None


def _bare(values: npt.NDArray[Any], source: Any) -> Labelled:
    return Labelled(values, (None,) * values.ndim, (None,) * values.ndim, source)


def _array(argument: str, allowed: str, value: Any) -> npt.NDArray[Any]:
    try:
        return np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        raise SpecError(argument, allowed, shown(value)) from None


def _without_carriers(argument: str, allowed: str, rows: Any, depth: int = 0) -> Any:
    """Return a nested sequence in which everything that might say more than numbers is an array."""
    if depth > _DEEPEST or _SCALARS.issuperset(map(type, rows)):
        return rows
    plain = [
        _without_carriers(argument, allowed, row, depth + 1)
        if isinstance(row, tuple | list)
        else row
        if isinstance(row, Number | str)
        else unlabelled(argument, allowed, row).values
        for row in rows
    ]
    for row in plain:
        if (
            isinstance(row, np.ndarray | np.generic) and row.dtype.kind in "mMV"
        ):  # NumPy makes numbers of them
            raise SpecError(argument, allowed, f"an array of {row.dtype}")
    return plain


def _says(value: object, name: str) -> bool:
    """Whether an attribute holds anything."""
    held = getattr(value, name, None)
    return held is not None and not callable(held) and not (isinstance(held, tuple) and not any(held))


def _check_complete(argument: str, allowed: str, values: npt.NDArray[Any]) -> None:
    """Refuse missing entries: None, NaN, NaT, NA."""
    if values.dtype.kind == "O":
        missing = sum(item is None or not _is_itself(item) for item in values.flat)
    else:
        missing = int(np.sum(values != values))  # noqa: PLR0124 what is missing differs from itself
    if missing:
        raise SpecError(argument, f"{allowed}, without missing entries", f"{missing} missing")


def _is_itself(item: Any) -> bool:
    try:
        return bool(item == item)  # noqa: PLR0124 as above
    except TypeError:  # of pandas.NA
        return False


def _found(source: Any, labels: tuple[Labels, ...], names: Iterable[object]) -> Labelled:
    return Labelled(np.empty(0), labels, tuple(None if name is None else str(name) for name in names), source)


def _of_pandas(pandas: Any, value: Any) -> Labelled | None:
    if isinstance(value, pandas.api.extensions.ExtensionArray | pandas.Index):
        value = pandas.Series(value, index=range(len(value)))
    if not isinstance(value, pandas.DataFrame | pandas.Series):
        return None
    types = [value.dtype] if isinstance(value, pandas.Series) else list(value.dtypes)
    if any(isinstance(each, pandas.CategoricalDtype) for each in types):
        value = value.astype(str)  # categories are names, even where they look like numbers
    source = value.to_numpy(dtype=None if len(set(types)) == 1 else object)
    labels = tuple(tuple(axis.tolist()) for axis in value.axes)
    return _found(source, labels, (axis.name for axis in value.axes))


def _of_polars(polars: Any, value: Any) -> Labelled | None:
    if isinstance(value, polars.Series):
        return _found(value.to_list(), (None,), (None,))
    if not isinstance(value, polars.DataFrame):
        return None
    bare = [f"column_{place}" for place in range(value.width)]
    columns = range(value.width) if value.columns == bare else value.columns
    rows = [list(row) for row in value.rows()]
    return _found(rows, (None, tuple(columns)), (None, None))


def _of_xarray(xarray: Any, value: Any) -> Labelled | None:
    if isinstance(value, xarray.Variable):
        value = xarray.DataArray(value)
    if not isinstance(value, xarray.DataArray):
        return None
    labels = tuple(
        tuple(value.coords[name].values.tolist()) if name in value.coords else None for name in value.dims
    )
    names = (None if name == f"dim_{axis}" else name for axis, name in enumerate(value.dims))
    return _found(value.data, labels, names)
