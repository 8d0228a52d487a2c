"""Experiments written down in TOML; the guide to sweeps shows such files.

``stackel run`` takes one run, ``stackel sweep`` a sweep. A learner of your own is named in the file, and its
code is given beside it: ``stackel sweep FILE --learners mine.py``, or ``read_sweep(path, learners={"MyUCB":
MyUCB})``. A file alone never makes code be imported.
"""

from __future__ import annotations

import contextlib
import importlib
import sys
from functools import reduce
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from stackel._files.atomic import as_path
from stackel._files.text import loads, read_text
from stackel._utils.players import ROLES
from stackel._utils.suggestions import hint
from stackel._utils.validation import as_count, shown
from stackel.errors import SpecError
from stackel.learners import Learner
from stackel.learners._base import REGISTERED
from stackel.learners._custom import CustomLearner
from stackel.simulation._simulate import simulate
from stackel.sweeps.game_entry import FAMILY_AXES, axes_of, game_of, varied
from stackel.sweeps.grid import grid, zipped
from stackel.sweeps.play import MOST_GAMES
from stackel.sweeps.precision import Precision

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from stackel.results._result import Result
    from stackel.sweeps.grid import Design
    from stackel.sweeps.tasks import Task

    _Check = Callable[[Any], Any]

_MAX_BYTES = 2**24
_RUN = (
    "game",
    *ROLES,
    "horizon",
    "replications",
    "seed",
    "checkpoints",
    "engine",
    "crossing_tolerance",
    "trace",
)
_TASK = _RUN[:-1]
_SWEEP = ("store", "standard_error", "batch", "task", "grid", "zip")

_OPTIONS: tuple[tuple[str, _Check], ...] = (
    ("standard_error", Precision.of),
    ("batch", lambda value: as_count("batch", value, 1, MOST_GAMES)),
)

Keys = tuple[str, ...]


class SweepFile(NamedTuple):
    """What a sweep file says."""

    tasks: list[Task]
    store: Path
    options: dict[str, Any]
    """``standard_error`` and ``batch``, where they are given."""


class TomlFile:
    """A TOML file whose errors name the file, the line and the key."""

    def __init__(self, path: str | os.PathLike[str], learners: Mapping[str, Any]) -> None:
        self.path = as_path(path)
        self.learners = learners
        self.text = read_text(self.path, _MAX_BYTES)
        try:
            self.data = loads(self.text)
        except (ValueError, RecursionError) as error:
            raise SpecError("path", "a file in TOML", f"{self.path} ({error})") from error

    @contextlib.contextmanager
    def at(self, *keys: str) -> Iterator[None]:
        """Say where in the file it is if what is done here goes wrong."""
        try:
            yield
        except SpecError as error:
            if isinstance(error, LocatedError):
                raise
            where = f"{self.path}:{line_of(self.text, keys)}: {'.'.join(keys)}"
            inner = "" if error.argument == keys[-1] else f", {error.argument}"
            raise LocatedError(where + inner, error.allowed, error.given) from None

    def check_keys(
        self, table: Any, known: tuple[str, ...], *at: str, required: tuple[str, ...] = ()
    ) -> None:
        """Raise unless a table has these keys only."""
        if not isinstance(table, dict):
            with self.at(*at):
                raise SpecError(at[-1], "a table", shown(table))
        for key in table:
            if key not in known:
                with self.at(*at, key):
                    given = f"an unknown key{hint(key, known)}"
                    raise SpecError(key, f"one of {', '.join(known)}", given)
        for key in required:
            if key not in table:
                where = f"{self.path}: {'.'.join((*at, key))}"
                raise LocatedError(where, "given", "nothing")


class LocatedError(SpecError):
    """An error that says already where it is."""


def line_of(text: str, keys: Keys) -> int:
    r"""Line, from 1, on which the statement begins that gives a key its value.

    Lines up to the end of a statement are TOML themselves, and those up to its middle are not: the last ones
    that are, and do not have the key yet, end before it. The reader of TOML says no lines itself.
    """
    lines = text.splitlines(keepends=True)
    without, beyond = 0, len(lines)
    while True:
        middle = (without + beyond) // 2
        for stop in (*range(middle, without, -1), *range(middle + 1, beyond)):
            try:
                known = loads("".join(lines[:stop]))
            except ValueError:
                continue
            without, beyond = (without, stop) if _has(known, keys) else (stop, beyond)
            break
        else:
            return without + 1


def _has(data: Any, keys: Keys) -> bool:
    for key in keys:
        if not isinstance(data, dict) or key not in data:
            return False
        data = data[key]
    return True


def load_learners(source: str) -> dict[str, Any]:
    """Import a module, by its name or as a ``.py`` file, and return its public names.

    The folder of a file becomes importable, so that workers that have the file find its classes.
    """
    file = as_path(source)
    if file.suffix == ".py":
        if not file.is_file():
            raise SpecError(
                "learners", "a Python file, or the name of a module", f"{source}, which is no file"
            )
        sys.path.insert(0, str(file.parent.resolve()))
        source = file.stem
    try:
        module = importlib.import_module(source)
    except ModuleNotFoundError as error:
        raise SpecError(
            "learners", "a Python file, or the name of a module", f"{source} ({error})"
        ) from error
    return {name: value for name, value in vars(module).items() if not name.startswith("_")}


def run_file(
    path: str | os.PathLike[str], *, learners: Mapping[str, Any] | None = None, **options: Any
) -> Result:
    """Run the experiment of a file, with more options of `stackel.simulate`.

    `learners` are learners or policies of your own by the names that the file has for them. A SpecError names
    file, line and key.
    """
    file = TomlFile(path, learners or {})
    file.check_keys(file.data, _RUN, required=_RUN[:4])
    arguments = {key: value_of(file, key, value, key) for key, value in file.data.items()}
    try:
        return simulate(**arguments, **options)
    except SpecError as error:
        raise placed(file, error, ()) from None


def read_sweep(path: str | os.PathLike[str], *, learners: Mapping[str, Any] | None = None) -> SweepFile:
    """Return the tasks of a sweep from a file, and how to sweep them; `learners` as in `run_file`."""
    file = TomlFile(path, learners or {})
    data = file.data
    file.check_keys(data, _SWEEP, required=("store",))
    if not isinstance(data["store"], str):
        with file.at("store"):
            raise SpecError("store", "the name of a directory", shown(data["store"]))
    makers: tuple[tuple[str, Callable[..., Design]], ...] = (("grid", grid), ("zip", zipped))
    task = data.get("task", {})
    file.check_keys(task, _TASK, "task")
    families = axes_of(*_games_of(data, task))
    varying = [key for name, _ in makers for key in _keys_of(data.get(name)) if key in families]
    designs = []
    for name, make in makers:
        if name in data:
            _check_families(file, name, families)
            file.check_keys(data[name], (*_TASK, *families), name)
            axes = {
                key: varied_games(file, name, values, varying)
                if key == "game" and varying
                else axis_of(file, name, key, values)
                for key, values in data[name].items()
            }
            with file.at(name):
                designs.append(make(**axes))
    if not designs:
        with file.at("grid"):
            raise SpecError("grid", "given, or zip", "neither")
    with file.at("grid" if "grid" in data else "zip"):
        design = reduce(mul, designs)
    fixed: dict[str, Any] = {}
    for key, value in task.items():
        if key == "game" and varying:
            with file.at("task", key):
                fixed[key] = varied(value, varying, file.path.parent)
        else:
            fixed[key] = value_of(file, key, value, "task", key)
    try:
        tasks = design.tasks(**fixed)
    except SpecError as error:
        raise placed(file, error, ("task",), ("grid",), ("zip",)) from None
    options: dict[str, Any] = {}
    for name, check in _OPTIONS:
        if name in data:
            with file.at(name):
                check(data[name])
            options[name] = data[name]
    return SweepFile(tasks, file.path.parent / as_path(data["store"]), options)


def placed(file: TomlFile, error: SpecError, *tables: Keys) -> SpecError:
    """Return an error of a task, at the key that has the argument if there is one."""
    for table in tables:
        keys = (*table, error.argument)
        if _has(file.data, keys):
            where = f"{file.path}:{line_of(file.text, keys)}: {'.'.join(keys)}"
            return LocatedError(where, error.allowed, error.given)
    return LocatedError(f"{file.path}: {error.argument}", error.allowed, error.given)


def _keys_of(table: Any) -> tuple[str, ...]:
    return tuple(table) if isinstance(table, dict) else ()


def _games_of(data: dict[str, Any], task: dict[str, Any]) -> list[Any]:
    """Return the descriptions of the games of a sweep."""
    if "game" in task:
        return [task["game"]]
    for name in ("grid", "zip"):
        if "game" in _keys_of(data.get(name)):
            games = data[name]["game"]
            return list(
                games.values() if isinstance(games, dict) else games if isinstance(games, list) else ()
            )
    return []


def _check_families(file: TomlFile, table: str, families: Keys) -> None:
    """Raise if a parameter of families is an axis that not all games have."""
    for key in _keys_of(file.data[table]):
        if key in FAMILY_AXES and key not in (*families, *_TASK):
            with file.at(table, key):
                allowed = (
                    f"a parameter of the families of all games: {', '.join(families) or 'they have none'}"
                )
                raise SpecError(key, allowed, "a parameter of other families")


def varied_games(file: TomlFile, table: str, values: Any, varying: list[str]) -> dict[str, Any]:
    """Return functions of the axes `varying` that return the games of several families, by label."""
    named = values if isinstance(values, dict) else {each["family"]: each for each in values}
    if len(named) < len(values):
        with file.at(table, "game"):
            raise SpecError("game", "a table of games under names", "several games of one family in a list")
    functions = {}
    for label, value in named.items():
        with file.at(table, "game", *([label] if isinstance(values, dict) else [])):
            functions[label] = varied(value, varying, file.path.parent)
    return functions


def axis_of(file: TomlFile, table: str, key: str, values: Any) -> Any:
    """Return the values of an axis of a design, by name where the file has names."""
    if isinstance(values, dict) and key in ("game", *ROLES):
        return {label: value_of(file, key, value, table, key, label) for label, value in values.items()}
    if not isinstance(values, list):
        with file.at(table, key):
            raise SpecError(key, "an array of values, or a table of them under names", shown(values))
    return [value_of(file, key, value, table, key) for value in values]


def value_of(file: TomlFile, key: str, value: Any, *at: str) -> Any:
    """Return what a key means."""
    with file.at(*at):
        if key in ROLES:
            return _learner(value, file.learners)
        if key == "game":
            return game_of(value, file.path.parent)
    return value


def _learner(value: Any, own: Mapping[str, Any]) -> Learner:
    """Return a learner of stackel, or one of `own`."""
    table = {"learner": value} if isinstance(value, str) else value
    name = table.get("learner") if isinstance(table, dict) else None
    if not isinstance(name, str) or name not in own:
        if isinstance(table, dict) and "of" in table:
            table = {**table, "of": _learner(table["of"], own)}
        try:
            return Learner.from_dict(table)
        except SpecError as error:
            if error.argument != "learner":
                raise
            allowed = f"{error.allowed}; or a learner of your own, whose code is given by --learners"
            also = "" if hint(name, REGISTERED) else hint(name, own)
            raise SpecError("learner", allowed, error.given + also) from None
    learner, options = own[name], {key: each for key, each in table.items() if key != "learner"}
    if isinstance(learner, Learner):
        if options:
            raise SpecError(
                "learner", f"{name!r} alone: its parameters are those of the code", shown(options)
            )
        return learner
    if options.keys() - {"version"}:
        raise SpecError("learner", f"{name!r} with a version only", shown(options))
    return CustomLearner(learner, name=name, **options)
