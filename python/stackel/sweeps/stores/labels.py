"""Labels of tasks as columns: one for each name, of one type in all files of a sweep."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stackel.sweeps.tasks import Task

PREFIX = "label_"
_WHOLE = range(-(2**63), 2**63)

Types = dict[str, type]
"""The type of each label, by name: bool, int, float or str."""


def types_of(tasks: Iterable[Task]) -> Types:
    """Return the type of each label: that of its values, float for numbers, else str."""
    found: dict[str, set[type]] = {}
    for task in tasks:
        for name, value in task.labels.items():
            kinds = found.setdefault(name, set())
            if value is not None:
                kinds.add(_type(value))
    return {name: _joined(kinds) for name, kinds in found.items()}


def columns(tasks: Sequence[Task], types: Types) -> dict[str, tuple[type, list[Any]]]:
    """Return type and values of a column for each label; None where a task has no such label."""
    return {
        PREFIX + name: (kind, [_cast(task.labels.get(name), kind) for task in tasks])
        for name, kind in types.items()
    }


def _type(value: Any) -> type:
    if isinstance(value, bool):
        return bool
    if isinstance(value, int):
        return int if value in _WHOLE else str
    return float if isinstance(value, float) else str


def _joined(kinds: set[type]) -> type:
    if kinds == {int, float}:
        return float
    return kinds.pop() if len(kinds) == 1 else str


def _cast(value: Any, kind: type) -> Any:
    if value is None or isinstance(value, kind):
        return value
    return float(value) if kind is float else json.dumps(value)
