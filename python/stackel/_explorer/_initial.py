"""The state that a page begins with, from objects of Python."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from stackel._explorer._state import KINDS, check_size, read_state
from stackel._utils.carriers import as_items
from stackel._utils.players import ROLES
from stackel._utils.seeds import as_seed
from stackel._utils.suggestions import hint
from stackel._utils.validation import as_choice, as_real, shown
from stackel.benchmarks._benchmarks import Benchmark, self_tolerant, stackelberg, tolerant
from stackel.benchmarks._commitment import mixed_stackelberg
from stackel.errors import SpecError
from stackel.games._game import as_game
from stackel.games._theory import etc_failure
from stackel.learners import ExploreThenCommit, Learner
from stackel.learners._base import REGISTERED
from stackel.learners._custom import as_learner
from stackel.learners._examples import leaps

if TYPE_CHECKING:
    from stackel.games._game import Game

_HORIZON, _STEPPED = 10**9, 10**5
"""Horizons to begin with: of learners that leap, and of those that are stepped."""
_SETUP = ("game", *ROLES)
_NAMES = tuple(kind for kind in KINDS if kind != "pair")
_PLAIN = {stackelberg: "stackelberg", mixed_stackelberg: "mixed_stackelberg"}
_TOLERANT = {"tolerant": tolerant, "self_tolerant": self_tolerant}
_BENCHMARKS = (
    f"{', '.join(map(repr, _NAMES))}, stackel.stackelberg, stackel.mixed_stackelberg, a tolerant or "
    "self-tolerant benchmark of the game, or a pair of finite numbers (leader, follower)"
)


def initial_state(
    game: Any = None,
    leader: Any = None,
    follower: Any = None,
    *,
    horizon: Any = None,
    replications: Any = 32,
    seed: Any = 1,
    benchmark: Any = "stackelberg",
    compare: Any = None,
) -> tuple[dict[str, Any], dict[str, Learner]]:
    """Return the state, checked, and learners of the user's own by their names in it; see `explore`."""
    own: dict[str, Learner] = {}
    first = _setup({"game": game, "leader": leader, "follower": follower})
    setups = [first]
    if compare is not None:
        setups.append(_setup({**first, **_differences(compare)}))
    learners = [setup[role] for setup in setups for role in ROLES]
    if horizon is None:
        horizon = _STEPPED if any(leaps(learner) == "no" for learner in learners) else _HORIZON
    state = {
        "setups": [
            {"game": each["game"].to_dict(), **{role: _table(each[role], own) for role in ROLES}}
            for each in setups
        ],
        "horizon": horizon,
        "replications": replications,
        "seed": str(as_seed(seed)),
        "benchmark": _benchmark(benchmark, first["game"]),
    }
    read = read_state(state, own).experiments[0]
    return state | {"horizon": read.horizon, "replications": read.replications}, own


def _setup(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return game and learners of a set-up."""
    game = etc_failure() if given["game"] is None else check_size(as_game(given["game"]))
    made = {
        role: ExploreThenCommit() if given[role] is None else as_learner(role, given[role]) for role in ROLES
    }
    return {"game": game, **made}


def _differences(compare: Any) -> dict[str, Any]:
    allowed = f"a mapping of names among {', '.join(_SETUP)} to what differs in the second set-up"
    if not isinstance(compare, Mapping) or not compare:
        raise SpecError("compare", allowed, shown(compare))
    for name in compare:
        if name not in _SETUP:
            raise SpecError("compare", allowed, shown(name) + hint(name, _SETUP))
    return dict(compare)


def _table(learner: Learner, own: dict[str, Learner]) -> dict[str, Any]:
    """Return the description of a learner; of one that plain data does not hold, a name in `own`."""
    table = learner.to_dict()
    try:
        if table["learner"] in REGISTERED and Learner.from_dict(table) == learner:
            return table
    except SpecError:
        pass
    taken = {*REGISTERED, *(name for name, other in own.items() if other is not learner)}
    name = learner.label
    while name in taken:
        name += " (own)"
    own[name] = learner
    return {"learner": name}


def _benchmark(benchmark: Any, game: Game) -> dict[str, Any]:
    """Return the description of a benchmark."""
    for function, kind in _PLAIN.items():
        if benchmark is function:
            return {"kind": kind}
    if isinstance(benchmark, Benchmark) and benchmark.kind in _TOLERANT and benchmark.gamma is not None:
        if not math.isfinite(benchmark.gamma):
            raise SpecError("benchmark", "with a finite gamma, which a page can show", f"{benchmark.gamma}")
        if _TOLERANT[benchmark.kind](game, benchmark.gamma) == benchmark:
            return {"kind": benchmark.kind, "gamma": benchmark.gamma}
        raise SpecError("benchmark", _BENCHMARKS, "a benchmark of another game")
    try:
        if isinstance(benchmark, str):
            kind = as_choice("benchmark", benchmark, _NAMES)
            return {"kind": kind} | ({"gamma": None} if kind in _TOLERANT else {})
        leader, follower = (as_real("benchmark", each) for each in as_items(benchmark) or ())
    except ValueError:  # a SpecError is one
        raise SpecError("benchmark", _BENCHMARKS, shown(benchmark) + hint(benchmark, _NAMES)) from None
    return {"kind": "pair", "leader": leader, "follower": follower}
