"""Growth of regret with the horizon, from the tasks of a sweep."""

from __future__ import annotations

import warnings
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._stats.growth import growth, rows_of_exponents
from stackel._utils.carriers import as_items
from stackel._utils.players import ROLES
from stackel._utils.seeds import resampling_seed
from stackel._utils.suggestions import hint
from stackel._utils.validation import shown
from stackel.benchmarks._regret import rounding_error
from stackel.errors import SpecError, StackelWarning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from stackel.sweeps.tasks import Task

_HORIZON = "horizon"
_ALWAYS: dict[str, Callable[[Task], str | None]] = {
    "leader": lambda task: repr(task.leader),
    "follower": lambda task: repr(task.follower),
    "game": lambda task: task.game.name,
    "game_id": lambda task: task.game_id,
}
"""What every task can be grouped by, besides its labels."""


class Ended(NamedTuple):
    """A task at its horizon."""

    task: Task
    alpha: npt.NDArray[np.float64]
    """Benchmark, shape (2,)."""
    regret: npt.NDArray[np.float64]
    """Shape (2, R)."""
    alike: npt.NDArray[np.bool_]
    """Whether all replications are alike by chance, shape (2,)."""

    @property
    def rounding(self) -> npt.NDArray[np.float64]:
        """Mean regret up to which it counts as zero, shape (2,)."""
        return rounding_error(self.task.game, self.alpha, np.array([self.task.horizon]))[:, 0]


def grouping(tasks: Sequence[Task], by: Any) -> tuple[str, ...]:
    """Return the names by which tasks are grouped.

    By default they are the labels, but for those that change with the horizon: each horizon has one value of
    them. Without labels they are leader and follower.
    """
    labels = tuple(dict.fromkeys(chain.from_iterable(task.labels for task in tasks)))
    if by is None:
        fixed = tuple(name for name in labels if not _follows_horizon(tasks, name))
        return fixed if labels else ROLES
    known = (
        *(name for name in labels if name != _HORIZON),
        *(each for each in _ALWAYS if each not in labels),
    )
    names = (by,) if isinstance(by, str) else as_items(by)
    if names is None:
        raise SpecError("by", f"names among {', '.join(known)}", shown(by))
    for name in names:
        if not isinstance(name, str) or name not in known:
            raise SpecError("by", f"names among {', '.join(known)}", shown(name) + hint(name, known))
    return names


def _follows_horizon(tasks: Sequence[Task], name: str) -> bool:
    """Return whether a label is another name of the horizon: one value for each, and not the same for all."""
    values: dict[int, set[Any]] = {}
    for task in tasks:
        values.setdefault(task.horizon, set()).add(_value(task, name))
    return all(len(each) == 1 for each in values.values()) and len(set.union(*values.values())) > 1


def _value(task: Task, name: str) -> Any:
    return task.labels.get(name) if name in task.labels or name not in _ALWAYS else _ALWAYS[name](task)


def rows_of_growth(
    ended: Iterable[Ended],
    by: tuple[str, ...],
    *,
    pooled: bool,
    confidence: float,
    log_power: float,
    bootstrap: int,
) -> list[dict[str, Any]]:
    """Return a row for each group and player; tasks of one horizon are averaged if `pooled`, else refused."""
    groups: dict[tuple[Any, ...], dict[int, list[Ended]]] = {}
    for each in ended:
        key = tuple(_value(each.task, name) for name in by)
        groups.setdefault(key, {}).setdefault(each.task.horizon, []).append(each)
    rows = []
    for key, found in groups.items():
        named = dict(zip(by, key, strict=True))
        _check(found, named, pooled=pooled)
        rows += _rows(dict(sorted(found.items())), named, confidence, log_power, bootstrap)
    return rows


def _check(found: dict[int, list[Ended]], named: dict[str, Any], *, pooled: bool) -> None:
    where = ", ".join(f"{name} = {value!r}" for name, value in named.items()) or "all tasks"
    if len(found) < 2:
        raise SpecError(
            "by", "names that leave two horizons or more in each group", f"one, {min(found)}, for {where}"
        )
    counts = {horizon: len(tasks) for horizon, tasks in found.items()}
    if not pooled and max(counts.values()) > 1:
        horizon = max(counts, key=lambda each: counts[each])
        allowed = "given where a group has more than one task at a horizon, whose regrets are averaged"
        raise SpecError("by", allowed, f"nothing, with {counts[horizon]} tasks at T = {horizon} for {where}")
    if len(set(counts.values())) > 1:
        raise SpecError("by", "names that leave as many tasks at each horizon", f"{counts} for {where}")


def _rows(
    found: dict[int, list[Ended]], named: dict[str, Any], confidence: float, log_power: float, bootstrap: int
) -> list[dict[str, Any]]:
    horizons = np.array(list(found))
    replications = min(each.regret.shape[1] for tasks in found.values() for each in tasks)
    regret, rounding, alike = (
        np.stack([np.mean(values, axis=0) for values in each], axis=-1)
        for each in (
            [[one.regret[:, :replications] for one in tasks] for tasks in found.values()],
            [[one.rounding for one in tasks] for tasks in found.values()],
            [[one.alike for one in tasks] for tasks in found.values()],
        )
    )
    first = next(iter(found.values()))
    fit = growth(
        horizons,
        regret,
        rounding,
        alike=alike == 1.0,
        confidence=confidence,
        log_power=log_power,
        bootstrap=bootstrap,
        bootstrap_seed=resampling_seed(first[0].task.seed),
    )
    return [
        {**named, "player": row["player"], "tasks": len(first), **row}
        for row in rows_of_exponents(fit, ROLES, horizons, replications)
    ]


def warn_of_growth(rows: Sequence[dict[str, Any]]) -> None:
    """Warn, as the caller of `Sweep.scaling`, of groups in which neither player has an exponent.

    One player without regret is nothing unusual.
    """
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    none = sum(all(row["used"] < 2 for row in pair) for pair in pairs)
    if none:
        where = f"in {none} of {len(pairs)} groups"
        message = f"{where} no player has an exponent, which needs two positive mean regrets"
        warnings.warn(message, StackelWarning, stacklevel=3)
