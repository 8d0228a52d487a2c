"""What the page offers: learners, reward laws, games and benchmarks, with their parameters."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from stackel import games
from stackel._explorer._state import KINDS, MAX_ACTIONS, check_size
from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._families import check_parameters, parameters_of
from stackel.games._game import Game
from stackel.learners import Learner, learner_schema
from stackel.learners._base import REGISTERED
from stackel.noise import Noise

if TYPE_CHECKING:
    from collections.abc import Mapping

_VALUES = {"delta": 0.05, "rank": 2, "n_leader": 3, "n_follower": 3, "seed": 1, "lipschitz": 2.0, "df": 3.0}
"""What parameters of games and laws have in the page where they have no default, unless it is 1."""


def catalogue(own: Mapping[str, Learner]) -> dict[str, Any]:
    """Return all choices of the page."""
    known = [entry for entry in learner_schema() if entry["name"] in REGISTERED]
    families = [{"name": name, "parameters": each} for name, each in _families().items()]
    yours = [_own_entry(name) for name in own]
    return {
        "learners": yours + known,
        "laws": [_law(name, law) for name, law in Noise._laws.items()],  # noqa: SLF001 of this package
        "families": families,
        "pairs": [each["name"] for each in families if len(_games_of(each)) > 1],
        "named": _named(),
        "benchmarks": list(KINDS),
        "max_actions": MAX_ACTIONS,
    }


def _own_entry(name: str) -> dict[str, Any]:
    return {"name": name, "roles": list(ROLES), "summary": "your own", "parameters": [], "leaps": "no"}


def _law(name: str, law: type[Noise]) -> dict[str, Any]:
    parameters = dataclasses.fields(law)  # type: ignore[arg-type]  # each law is a dataclass
    named = [{"name": each.name, "value": _VALUES.get(each.name, 1.0)} for each in parameters]
    return {"name": name, "parameters": named}


def _families() -> dict[str, list[dict[str, Any]]]:
    """Return the parameters of every family of games that numbers and flags describe."""
    found = {}
    for name in games.__all__:
        parameters = [
            {
                "name": each.name,
                "value": _VALUES.get(each.name) if each.default is each.empty else each.default,
            }
            for each in parameters_of(getattr(games, name)).values()
            if each.name != "noise"
        ]
        if all(isinstance(each["value"], bool | int | float) for each in parameters):
            found[name] = parameters
    return found


def _games_of(family: dict[str, Any]) -> list[Game]:
    """Return the games of a family with the parameters that the page begins with."""
    values = {each["name"]: each["value"] for each in family["parameters"]}
    return make_games({"family": family["name"], "parameters": values})


def _named() -> list[str]:
    """Return the games of the literature that fit into the page."""
    return [name for name in games.named() if max(games.named(name).shape) <= MAX_ACTIONS]


def make_games(table: Any) -> list[Game]:
    """Return the games of a family: one, or a pair; ``table`` has its name and parameters."""
    if not isinstance(table, dict) or table.keys() - {"family", "parameters"}:
        raise SpecError("game", "a table with a family and parameters", shown(table))
    name, parameters = table.get("family"), table.get("parameters", {})
    if not isinstance(parameters, dict):
        raise SpecError("parameters", "a table", shown(parameters))
    known = [*_families(), "named"]
    if name not in known:
        raise SpecError("family", f"one of {', '.join(known)}", shown(name))
    make = getattr(games, name)
    check_parameters(make, parameters)
    if name == "named" and parameters.get("name") is None:
        raise SpecError("name", "that of a game", "nothing")
    made = make(**parameters)
    found = [made] if isinstance(made, Game) else list(made)
    return [check_size(game) for game in found]
