"""Games in files of experiments: a family with its parameters, a name, another file, or matrices."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from stackel import games
from stackel._files.atomic import as_path
from stackel._utils.validation import as_choice, as_count, shown
from stackel.errors import SpecError
from stackel.games._changing import AnyGame
from stackel.games._changing import game_of as from_dict
from stackel.games._families import check_parameters, parameters_of
from stackel.games._file import read_game
from stackel.noise import Noise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_FAMILIES = tuple(name for name in games.__all__ if name != "named")
_ALLOWED = "a table with a family, a name (named), a file, or leader and follower"
_GAMES = ("first", "last")
"""Parameters of families that are games themselves."""
_MEMBER, _SEED = "member", "game_seed"
"""Axes of every family: which of its games, and the seed of a random game; ``seed`` and ``horizon`` are
those of the task."""


def game_of(value: Any, folder: Path) -> AnyGame:
    """Return the game that a table describes; `folder` is where its file is looked for."""
    if not isinstance(value, dict):
        raise SpecError("game", _ALLOWED, shown(value))
    if "file" in value:
        if len(value) > 1 or not isinstance(value["file"], str):
            raise SpecError("file", "the name of a file, and all there is", shown(value))
        return read_game(folder / as_path(value["file"]))
    if "named" in value:
        unknown = [key for key in value if key not in ("named", "noise")]
        if unknown:
            raise SpecError(unknown[0], "left out: a named game has no parameter but noise", "a value")
        game: AnyGame = games.named(**_with_noise({"name": value["named"], **value}, without="named"))
        return game
    if "family" in value:
        return member_of(value, folder)
    return from_dict(_with_games(value, folder))


def axes_of(*values: Any) -> tuple[str, ...]:
    """Return the names under which a sweep can vary parameters that the families of all games have."""
    several = [_axes_of(value) for value in values]
    return tuple(name for name in several[0] if all(name in names for names in several)) if several else ()


def _axes_of(value: Any) -> tuple[str, ...]:
    """Return these names of a family, none for another game."""
    if not isinstance(value, dict) or value.get("family") not in _FAMILIES:
        return ()
    names = parameters_of(getattr(games, value["family"]))
    return (
        *(name for name in names if name not in ("seed", "noise", "horizon")),
        _MEMBER,
        *([_SEED] * ("seed" in names)),
    )


def varied(value: dict[str, Any], axes: Iterable[str], folder: Path) -> Callable[..., AnyGame]:
    """Return a function of these axes that returns the game of a family; the other parameters are fixed."""
    names = tuple(axes)
    for name in names:
        fixed = "seed" if name == _SEED else name
        if fixed in value:
            raise SpecError(fixed, "given once", f"a value, and the axis {name}")

    def made(**given: Any) -> AnyGame:
        own = {"seed" if name == _SEED else name: each for name, each in given.items()}
        return member_of(value | own, folder)

    kind = inspect.Parameter.KEYWORD_ONLY
    made.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in names])  # type: ignore[attr-defined]  # functions take one
    return made


def member_of(value: dict[str, Any], folder: Path) -> AnyGame:
    """Return the game of a family, or the one of its games that ``member`` says, from 1."""
    family = as_choice("family", value["family"], _FAMILIES)
    make = getattr(games, family)
    options = {name: each for name, each in value.items() if name not in ("family", _MEMBER)}
    check_parameters(make, (name for name in value if name != "family"), (_MEMBER,))
    options |= {name: game_of(options[name], folder) for name in _GAMES if name in options}
    made = make(**_with_noise(options))
    if isinstance(made, AnyGame):
        if _MEMBER in value:
            raise SpecError(_MEMBER, f"left out: {family} is one game", shown(value[_MEMBER]))
        return made
    member: AnyGame = made[as_count(_MEMBER, value.get(_MEMBER), 1, len(made)) - 1]
    return member


def _with_noise(options: dict[str, Any], without: str = "") -> dict[str, Any]:
    """Return options in which noise is a law or a pair of laws; in a file it is a table, or two."""
    found = {name: each for name, each in options.items() if name != without}
    if "noise" in found:
        laws = found["noise"]
        pair = isinstance(laws, list)
        found["noise"] = tuple(map(Noise.from_dict, laws)) if pair else Noise.from_dict(laws)
    return found


def _with_games(value: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the table of a changing game with its games made."""
    if not isinstance(value.get("games"), list):
        return value
    return value | {"games": [game_of(each, folder) for each in value["games"]]}


FAMILY_AXES = frozenset(name for family in _FAMILIES for name in _axes_of({"family": family}))
"""Names under which a sweep can vary a parameter of some family."""
