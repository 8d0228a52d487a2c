"""Designs of sweeps: the combinations of values to run."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from stackel._utils.arguments import called_with
from stackel._utils.carriers import as_items
from stackel._utils.numbers import as_plain
from stackel._utils.validation import as_whole, shown
from stackel.errors import SpecError
from stackel.games._changing import AnyGame
from stackel.learners import Learner
from stackel.learners._custom import is_policy
from stackel.sweeps.tasks import Task, as_labels

_FIELDS = tuple(each.name for each in fields(Task) if each.init and each.name != "labels")
_COLUMN = "replications"
"""The field that tables of a sweep have as a column anyway."""
_PLAIN = (str, int, float, bool, type(None))

Point = dict[str, tuple[Any, Any]]
"""A value for each axis, with its label in tables."""


class Design:
    """Points of a parameter space; made by `stackel.grid` and `stackel.zipped`.

    ``a * b`` joins every point of a with every point of b; ``a + b`` has the points of both.

    Examples
    --------
    >>> import stackel as sk
    >>> design = sk.zipped(delta=[0.1, 0.2], horizon=[100, 400]) * sk.grid(seed=range(3))
    >>> design
    Design(6 points: delta, horizon, seed)
    """

    def __init__(self, points: Iterable[Point]) -> None:
        self._points = tuple(points)

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the axes."""
        return tuple(dict.fromkeys(name for point in self._points for name in point))

    def tasks(self, **fixed: Any) -> list[Task]:
        """Turn every point into a task.

        Parameters
        ----------
        **fixed
            Parameters of `Task` that are not axes: a value for all points, or a function (anything that
            can be called, but no class). A function is called with the axes and parameters that its
            arguments name; arguments that have a default may be something else.

        Returns
        -------
        list of Task
            Tasks in the order of the points. An axis that is not a parameter of `Task` is for the functions.
            All axes are labels, but for ``replications``, which tables show anyway.

        Raises
        ------
        SpecError
            If a parameter is missing, unknown, given twice or not usable; the message names the point.

        Examples
        --------
        >>> import stackel as sk
        >>> tasks = sk.grid(delta=[0.1, 0.2], leader={"bold": sk.UCB(confidence=0.1), "shy": sk.UCB()}).tasks(
        ...     game=lambda delta: sk.games.unachievable(delta)[1], follower=sk.UCB(), horizon=1000
        ... )
        >>> [task.labels for task in tasks[:2]]
        [{'delta': 0.1, 'leader': 'bold'}, {'delta': 0.1, 'leader': 'shy'}]
        """
        for name in fixed:
            if name not in _FIELDS:
                raise SpecError(name, f"one of {', '.join(_FIELDS)}", "an unknown parameter")
            if name in self.axes:
                raise SpecError(name, "given once", "an axis and a fixed value")
        return [_task(point, fixed) for point in self._points]

    def __mul__(self, other: Design) -> Design:
        if not isinstance(other, Design):
            return NotImplemented
        twice = sorted(set(self.axes) & set(other.axes))
        if twice:
            raise SpecError(twice[0], "an axis of one factor only", "one of both")
        return Design({**a, **b} for a in self._points for b in other._points)

    def __add__(self, other: Design) -> Design:
        return Design(self._points + other._points) if isinstance(other, Design) else NotImplemented

    def __len__(self) -> int:
        return len(self._points)

    def __repr__(self) -> str:
        return f"Design({len(self)} points: {', '.join(self.axes)})"


def grid(**axes: Iterable[Any] | Mapping[str, Any]) -> Design:
    """Combine every value of each axis with every value of the others; the last axis changes fastest.

    Parameters
    ----------
    **axes : iterable, or dict of str to values
        Values under the name of a parameter of `Task`, or under another name for the functions given to
        `Design.tasks`. Tables show the keys of a dict instead of its values. Values for a parameter of
        `Task` can be functions, as in `Design.tasks`.

    Returns
    -------
    Design

    Examples
    --------
    >>> import stackel as sk
    >>> sk.grid(horizon=[100, 1000], confidence=[0.5, 1.0, 2.0])
    Design(6 points: horizon, confidence)
    """
    columns = _columns(axes)
    return Design(dict(zip(columns, values, strict=True)) for values in itertools.product(*columns.values()))


def zipped(**axes: Iterable[Any] | Mapping[str, Any]) -> Design:
    """Combine the first values of all axes, then the second values, and so on; axes are as in `grid`.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.zipped(horizon=[100, 1000], delta=[0.1, 0.03])
    Design(2 points: horizon, delta)
    """
    columns = _columns(axes)
    lengths = {name: len(column) for name, column in columns.items()}
    first = next(iter(lengths))
    for name, length in lengths.items():
        if length != lengths[first]:
            raise SpecError(name, f"of {lengths[first]} values, as {first} is", f"{length} values")
    return Design(dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True))


def _columns(axes: dict[str, Any]) -> dict[str, list[tuple[Any, Any]]]:
    if not axes:
        raise SpecError("axes", "one or more", "none")
    columns = {}
    for name, values in axes.items():
        if name != _COLUMN:
            as_labels({name: None})
        if isinstance(values, Mapping) and name != _COLUMN:
            column = [(value, label) for label, value in values.items()]
        elif not isinstance(values, Mapping) and (items := as_items(values)) is not None:
            column = [(value, _label(name, value)) for value in items]
        else:
            raise SpecError(name, "values to go through, such as a list", shown(values))
        if not column:
            raise SpecError(name, "one or more values", "none")
        columns[name] = column
    return columns


def _label(name: str, value: Any) -> Any:
    if isinstance(value, AnyGame) and value.name is not None:
        return value.name
    if isinstance(value, Learner):
        return repr(value)
    count = as_whole(value) if name in _FIELDS else None
    if count is not None:
        return count
    plain = as_plain(value)
    return plain if isinstance(plain, _PLAIN) else shown(plain)


def _task(point: Point, fixed: dict[str, Any]) -> Task:
    given = {**fixed, **{name: value for name, (value, _) in point.items()}}
    labels = {name: label for name, (_, label) in point.items() if name != _COLUMN}

    def found(name: str, *asking: str) -> Any:
        """Return a value; that of a function needs others first, but none that asks for it."""
        value = given[name]
        if name not in _FIELDS or not callable(value) or isinstance(value, type) or is_policy(value):
            return value
        known = [each for each in given if each not in (name, *asking)]
        given[name] = called_with(name, value, known, lambda each: found(each, name, *asking))
        return given[name]

    try:
        parameters = {name: found(name) for name in given if name in _FIELDS}
        _check_complete(parameters)
        return Task(**parameters, labels=labels)
    except SpecError as error:
        where = ", ".join(f"{name} = {shown(label)}" for name, (_, label) in point.items())
        raise SpecError(error.argument, error.allowed, f"{error.given} (where {where})") from None


def _check_complete(parameters: dict[str, Any]) -> None:
    missing = next((name for name in _FIELDS[:4] if name not in parameters), None)
    if missing is not None:
        raise SpecError(missing, "an axis or a fixed value", "neither")
