"""The state of the page: plain data that says what to play, and the objects that it stands for."""

from __future__ import annotations

import base64
import contextlib
import json
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from stackel._utils.players import ROLES
from stackel._utils.seeds import seed_of_digits
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, as_real, as_tolerance, shown
from stackel.benchmarks._benchmarks import self_tolerant, stackelberg, tolerant
from stackel.benchmarks._commitment import mixed_stackelberg
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners import Learner
from stackel.noise import Noise
from stackel.simulation._experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stackel.benchmarks._benchmark_like import BenchmarkLike

MAX_ACTIONS = 24
"""Most actions of a player in the page."""
MAX_SETUPS = 2
_MOST_REPLICATIONS = 10_000
_KEYS = ("setups", "horizon", "replications", "seed", "benchmark")
_SETUP = ("game", *ROLES)
KINDS = ("stackelberg", "weak", "mixed_stackelberg", "tolerant", "self_tolerant", "pair")
"""Benchmarks that the page offers."""


class PlacedError(SpecError):
    """An argument is not usable; `where` is its place in the state."""

    where: tuple[str | int, ...] = ()


@contextlib.contextmanager
def at(*where: str | int) -> Iterator[None]:
    """Say where in the state it is if what is done here goes wrong."""
    try:
        yield
    except SpecError as error:
        placed = PlacedError(error.argument, error.allowed, error.given)
        inner = error.where if isinstance(error, PlacedError) else _inner(error, where)
        placed.where = (*where, *inner)
        raise placed from None


def _inner(error: SpecError, where: tuple[str | int, ...]) -> tuple[str, ...]:
    return () if where and where[-1] == error.argument else (error.argument,)


class Setup(NamedTuple):
    """Who plays what."""

    game: Game
    leader: Learner
    follower: Learner


class State(NamedTuple):
    """What the page asks for; made and checked by `read_state`."""

    setups: tuple[Setup, ...]
    experiments: tuple[Experiment, ...]
    keys: tuple[str, ...]
    """Text of each experiment, the same for equal ones."""
    benchmark: BenchmarkLike
    benchmark_data: dict[str, Any]


def read_state(data: Any, own: Mapping[str, Learner]) -> State:
    """Return what a state stands for; `own` are learners by the names that the state has for them."""
    _check_keys("state", data, _KEYS)
    tables = data["setups"]
    if not isinstance(tables, list) or not 1 <= len(tables) <= MAX_SETUPS:
        raise SpecError("setups", f"a list of 1 to {MAX_SETUPS} set-ups", shown(tables))
    with at("horizon"):
        horizon = as_count("horizon", data["horizon"], 1, MAX_HORIZON)
    with at("replications"):
        replications = as_count("replications", data["replications"], 1, _MOST_REPLICATIONS)
    with at("seed"):
        seed = _seed(data["seed"])
    setups, experiments = [], []
    for place, table in enumerate(tables):
        with at("setups", place):
            setup = _read_setup(table, own)
            experiment = Experiment.of(*setup, horizon, replications, seed, None)
            _resolve(setup, horizon)
        setups.append(setup)
        experiments.append(experiment)
    with at("benchmark"):
        benchmark = read_benchmark(data["benchmark"])
    keys = tuple(json.dumps([table, horizon, replications, seed], sort_keys=True) for table in tables)
    return State(tuple(setups), tuple(experiments), keys, benchmark, data["benchmark"])


def fragment(data: dict[str, Any]) -> str:
    """Return a state as links hold it."""
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def _check_keys(argument: str, table: Any, keys: tuple[str, ...]) -> None:
    if not isinstance(table, dict) or set(table) != set(keys):
        given = ", ".join(map(str, table)) if isinstance(table, dict) else shown(table)
        raise SpecError(argument, f"a table with the keys {', '.join(keys)}", given or "none")


def _seed(text: Any) -> int:
    try:
        return seed_of_digits(text)
    except ValueError:  # a SpecError is one
        allowed = "a whole number from 0 to 2**64 - 1, as decimal digits"
        raise SpecError("seed", allowed, shown(text)) from None


def _read_setup(table: Any, own: Mapping[str, Learner]) -> Setup:
    _check_keys("setup", table, _SETUP)
    with at("game"):
        data = table["game"]
        laws = data.get("noise") if isinstance(data, dict) else None
        for player, law in enumerate(laws if isinstance(laws, list) else []):
            with at("noise", player):
                Noise.from_dict(law)
        game = check_size(Game.from_dict(data))
    learners = []
    for role in ROLES:
        with at(role):
            learners.append(_learner(table[role], own))
    return Setup(game, *learners)


def check_size(game: Game) -> Game:
    """Return a game whose matrices the page can show."""
    if max(game.shape) > MAX_ACTIONS:
        rows, columns = game.shape
        allowed = f"of at most {MAX_ACTIONS} x {MAX_ACTIONS} actions, which a page can show"
        raise SpecError("game", allowed, f"{rows} x {columns}")
    return game


def _learner(table: Any, own: Mapping[str, Learner]) -> Learner:
    for name, learner in own.items():
        if table == {"learner": name}:
            return learner
    if isinstance(table, dict) and isinstance(table.get("of"), dict):
        with at("of"):
            table = table | {"of": _learner(table["of"], own)}
    return Learner.from_dict(table)


def _resolve(setup: Setup, horizon: int) -> None:
    for role in ROLES:
        with at(role):
            getattr(setup, role).resolve(role, horizon, *setup.game.shape)


def read_benchmark(table: Any) -> BenchmarkLike:
    """Return a benchmark from its kind and parameters."""
    if not isinstance(table, dict):
        raise SpecError("benchmark", "a table", shown(table))
    kind = as_choice("kind", table.get("kind"), KINDS)
    _check_keys("benchmark", table, ("kind", *_PARAMETERS.get(kind, ())))
    if kind == "pair":
        return as_real("leader", table["leader"]), as_real("follower", table["follower"])
    if kind == "weak":
        return partial(stackelberg, ties="weak")
    if kind == "mixed_stackelberg":
        return mixed_stackelberg
    if table.get("gamma") is None:
        return str(kind)
    return partial(
        {"tolerant": tolerant, "self_tolerant": self_tolerant}[kind],
        gamma=as_tolerance("gamma", table["gamma"]),
    )


_PARAMETERS = {"pair": ROLES, "tolerant": ("gamma",), "self_tolerant": ("gamma",)}
