"""Meta-games written down in TOML, for ``stackel meta``; the guide to meta-games shows such a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._files.atomic import as_path
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.learners._base import REGISTERED
from stackel.learners._names import short
from stackel.learners._variants import variants
from stackel.sweeps.config import TomlFile, placed, value_of

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from stackel.learners import Learner

_SEATS = {"leaders": "leader", "followers": "follower"}
_REQUIRED = (*_SEATS, "games", "horizon")
_OPTIONS = (
    "weights",
    "payoff",
    "replications",
    "seed",
    "confidence",
    "precision",
    "max_replications",
    "interval",
    "engine",
    "store",
)


def read_meta_game(
    path: str | os.PathLike[str], *, learners: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the arguments of `stackel.meta_game` from a file.

    `learners` are learners or policies of your own by the names that the file has for them. A SpecError names
    file, line and key.
    """
    file = TomlFile(path, learners or {})
    file.check_keys(file.data, (*_REQUIRED, *_OPTIONS), required=_REQUIRED)
    found = {key: value for key, value in file.data.items() if key not in {*_SEATS, "games"}}
    for key, role in _SEATS.items():
        found[key] = _learners(file, key, role)
    found["games"] = _named(file, "games", "game", file.data["games"])
    if "store" in found:
        with file.at("store"):
            if not isinstance(found["store"], str):
                raise SpecError("store", "the name of a directory", shown(found["store"]))
            found["store"] = file.path.parent / as_path(found["store"])
    return found


def located(path: str | os.PathLike[str], error: SpecError) -> SpecError:
    """Return an error of `stackel.meta_game` with the line of the file that has the argument."""
    return placed(TomlFile(path, {}), error, ())


def _learners(file: TomlFile, key: str, role: str) -> dict[str, Learner] | Any:
    """Return the learners of a seat by name; an entry with ``variants`` stands for several."""
    values = file.data[key]
    if isinstance(values, dict):
        return _named(file, key, role, values)
    with file.at(key):
        if not isinstance(values, list) or not values:
            allowed = "an array of learners, or a table of them under names"
            raise SpecError(key, allowed, shown(values))
    found: dict[str, Learner] = {}
    for value in values:
        several = _variants(file, key, value)
        if several is None:
            learner = value_of(file, role, value, key)
            several = {short(learner): learner}
        for name, learner in several.items():
            with file.at(key):
                if name in found:
                    raise SpecError(key, "of different names, such as in a table", f"{name!r} twice")
            found[name] = learner
    return found


def _variants(file: TomlFile, key: str, value: Any) -> dict[str, Learner] | None:
    if not isinstance(value, dict) or "variants" not in value:
        return None
    with file.at(key):
        name = value["variants"]
        if not isinstance(name, str) or name not in REGISTERED:
            raise SpecError("variants", "the name of a learner", shown(name))
        given = {each: choices for each, choices in value.items() if each != "variants"}
        axes = {each: choices if isinstance(choices, list) else [choices] for each, choices in given.items()}
        return variants(REGISTERED[name], **axes)


def _named(file: TomlFile, key: str, kind: str, values: Any) -> Any:
    if isinstance(values, dict):
        return {name: value_of(file, kind, value, key, name) for name, value in values.items()}
    with file.at(key):
        if not isinstance(values, list):
            raise SpecError(key, "an array, or a table of names", shown(values))
    return [value_of(file, kind, value, key) for value in values]
