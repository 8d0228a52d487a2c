"""Accepted forms of a benchmark of regret."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel._utils.carriers import as_items
from stackel._utils.validation import as_real, shown
from stackel.benchmarks._benchmarks import Benchmark
from stackel.errors import SpecError
from stackel.games._changing import games_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.games._game import Game

BenchmarkLike: TypeAlias = Benchmark | tuple[float, float] | Callable[..., Benchmark | tuple[float, float]]

_ALLOWED = (
    "a stackel.Benchmark, a pair of finite numbers (leader, follower), "
    "or a function of (game) or (game, horizon) that returns one"
)
_HORIZON_NAMES = ("horizon", "T")


def resolve(benchmark: BenchmarkLike, game: Game, horizon: int) -> Benchmark | tuple[float, float]:
    """Return the value of `benchmark`; a function is called by its signature.

    A function receives the game, and the horizon if it has a parameter named ``horizon`` or
    ``T``. The name decides, not the number of parameters, so that ``tolerant`` itself, whose second
    parameter is gamma, is refused and does not receive the horizon as gamma.
    """
    if not callable(benchmark):
        return benchmark
    try:
        signature = inspect.signature(benchmark)
    except (TypeError, ValueError):  # some callables of C have none
        return benchmark(game)
    named = {name: horizon for name in _HORIZON_NAMES if name in signature.parameters}
    try:
        signature.bind(game, **named)
    except TypeError as error:
        raise SpecError("benchmark", _ALLOWED, f"{shown(benchmark)} ({error})") from None
    return benchmark(game, **named)


def alphas(benchmark: BenchmarkLike, game: Game, horizon: int) -> npt.NDArray[np.float64]:
    """Return the benchmark values ``(alpha_1, alpha_2)``, in units of utility per round."""
    value = resolve(benchmark, game, horizon)
    try:
        pair = (value.leader, value.follower) if isinstance(value, Benchmark) else as_items(value) or ()
        leader, follower = (as_real("benchmark", each) for each in pair)
    except (TypeError, ValueError):  # a SpecError is a ValueError
        raise SpecError("benchmark", _ALLOWED, shown(value)) from None
    return np.array([leader, follower])


def kind(benchmark: BenchmarkLike, game: AnyGame, horizon: int) -> str:
    """Return the name of the benchmark for figures, empty for a pair of numbers."""
    value = resolve(benchmark, games_of(game)[0], horizon)
    if not isinstance(value, Benchmark):
        return ""
    name = value.kind.replace("_", "-")
    name = "Stackelberg" if name == "stackelberg" else f"{value.gamma:g}-{name}"
    return f"{name} benchmark"
