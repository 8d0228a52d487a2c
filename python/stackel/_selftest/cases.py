"""Games, learners and laws drawn at random, for engines that have to play them alike."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import stackel as sk
from stackel._core import learner_schema
from stackel.learners._base import REGISTERED
from stackel.learners._examples import leaps

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

LONGEST_STEPPED, LONGEST_LEAPT = 10**4, 10**5
"""Largest horizons of games that some engine plays round by round, and of others."""
SHARE_LEAPT = 0.25
FACTS: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in learner_schema()}


class Case(NamedTuple):
    """A game with its horizon and learners."""

    game: sk.Game
    leader: sk.Learner
    follower: sk.Learner
    horizon: int

    def __str__(self) -> str:
        game, noise = self.game, " and ".join(map(repr, self.game.noise))
        return (
            f"T={self.horizon}, {game.leader.tolist()}, {game.follower.tolist()}, {noise}: "
            f"{self.leader!r} v {self.follower!r}"
        )


def random_case(rng: np.random.Generator) -> Case:
    shape = random_shape(rng)
    pair = (random_learner(rng, "leader", shape), random_learner(rng, "follower", shape))
    longest = (
        LONGEST_LEAPT if "no" not in map(leaps, pair) and rng.random() < SHARE_LEAPT else LONGEST_STEPPED
    )
    horizon = int(longest ** rng.random())
    return Case(random_game(rng, shape, horizon), *pair, horizon)


def random_shape(rng: np.random.Generator) -> tuple[int, int]:
    """Return a small shape, now and then with a single row or column or with many."""
    rows, columns = rng.integers(1, 7, 2).tolist()
    kind = rng.integers(10)
    return {0: (1, columns), 1: (rows, 1), 2: (2, 40), 3: (20, 2)}.get(int(kind), (rows, columns))


def random_game(rng: np.random.Generator, shape: tuple[int, int], horizon: int) -> sk.Game:
    laws = [random_law(rng) for _ in range(2)]
    means = [random_means(rng, shape, horizon, law) for law in laws]
    first, second = (in_cells(rng, law, shape) if rng.random() < 0.2 else law for law in laws)
    return sk.Game(*means, noise=(first, second))


def in_cells(rng: np.random.Generator, law: sk.Noise, shape: tuple[int, int]) -> sk.Noise:
    """Return a law with scales of its own in each cell, or in each row; one without a scale comes back."""
    rows = (shape[0], 1) if rng.integers(2) else shape
    factors = np.broadcast_to(rng.choice([0.0, 1.0, 10 ** rng.uniform(-6, 6), 1 / 3], rows), shape)
    *_, (name, scale) = vars(law).items() or [("", None)]
    return law if scale is None else type(law)(**vars(law) | {name: scale * factors})


def random_law(rng: np.random.Generator) -> sk.Noise:
    scale = float(rng.choice([0.0, 0.5, 10 ** rng.uniform(-3, 1)]))
    heavy = sk.StudentT(1 + 10 ** rng.uniform(-2, 2), scale)
    laws = (sk.Gaussian(scale), sk.Bernoulli(), sk.Uniform(scale), sk.Deterministic(), heavy)
    return laws[rng.choice(5, p=[0.4, 0.25, 0.15, 0.15, 0.05])]


def random_means(rng: np.random.Generator, shape: tuple[int, int], horizon: int, law: sk.Noise) -> Array:
    """Return means that are tied, nearly tied, apart, penalties, or of another size."""
    means = rng.random(shape)
    match rng.integers(6):
        case 0:
            means[:] = 0.5
        case 1:
            means = np.round(means, 1)
        case 2:
            means = np.clip(0.5 + rng.normal(size=shape) / np.sqrt(horizon), 0, 1)
        case 3:
            means = np.where(means < 0.5, 0.0, 1.0)
    if not isinstance(law, sk.Bernoulli):
        match rng.integers(5):
            case 0:
                means[rng.random(shape) < 0.3] = -(10.0 ** rng.integers(1, 16))
            case 1:
                means = (means + rng.choice([0.0, -1e6])) * 10.0 ** rng.uniform(-90, 90)
    return means


def random_learner(rng: np.random.Generator, role: str, shape: tuple[int, int]) -> sk.Learner:
    """Return any learner that may take `role`, with parameters that fit."""
    kinds = [name for name, entry in FACTS.items() if role in entry["roles"]]
    while True:
        learner = _any_learner(rng, kinds)
        with contextlib.suppress(sk.SpecError):
            learner.resolve(role, 10, *shape)
            return learner


def _any_learner(rng: np.random.Generator, kinds: list[str]) -> sk.Learner:
    """Return a learner of one of these kinds."""
    while True:
        name = kinds[rng.integers(len(kinds))]
        parameters = {each["name"]: _value(rng, each) for each in FACTS[name]["parameters"]}
        with contextlib.suppress(sk.SpecError):
            return REGISTERED[name](**parameters)


def _value(rng: np.random.Generator, parameter: dict[str, Any]) -> Any:
    """Return any value of a parameter, or None where that stands for a default."""
    draw: dict[str, Callable[[], Any]] = {
        "bool": lambda: bool(rng.integers(2)),
        "int": lambda: parameter["least"] + int(10 ** rng.uniform(0, 3)) - 1,
        "float": lambda: _real(rng, parameter["least"], parameter["most"]),
        "Sequence[int]": lambda: tuple(rng.integers(1, 9, rng.integers(1, 5)).tolist()),
        "str": lambda: str(rng.choice(parameter["choices"])),
        "Learner": lambda: _any_learner(rng, list(FACTS)),
        "array": lambda: rng.normal(size=rng.integers(1, 4, rng.integers(2, 4))),
    }
    value = draw[parameter["type"]]()
    return None if parameter.get("default", value) is None and rng.integers(2) else value


def _real(rng: np.random.Generator, least: float, most: float) -> float:
    """Return a number in a range, at any order of magnitude from its ends; often an end."""
    if most == 1:
        share = 10 ** rng.uniform(-4, 0)
        return float(rng.choice([max(least, share), 1 - share]))
    away = float(rng.choice([0.0, 10 ** rng.uniform(-3, 1)]))
    return least + away if least >= 0 else float(rng.choice([-away, away]))
