"""Accepted forms of a benchmark of regret."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel._utils.carriers import as_items
from stackel._utils.suggestions import hint
from stackel._utils.validation import as_real, shown
from stackel.benchmarks._benchmarks import Benchmark, self_tolerant, stackelberg, tolerance, tolerant
from stackel.benchmarks._commitment import OptimalCommitment
from stackel.benchmarks._nash import Equilibrium
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from stackel.games._game import Game

BenchmarkValue: TypeAlias = Benchmark | OptimalCommitment | Equilibrium | tuple[float, float]
BenchmarkLike: TypeAlias = str | BenchmarkValue | Callable[..., BenchmarkValue]

_HORIZON_NAMES = ("horizon", "T")


def _tolerant(game: Game, horizon: int) -> Benchmark:
    return tolerant(game, tolerance(game, horizon))


def _self_tolerant(game: Game, horizon: int) -> Benchmark:
    return self_tolerant(game, tolerance(game, horizon, exponent=1 / 4))


NAMED: Mapping[str, Callable[..., Benchmark]] = {
    "stackelberg": stackelberg,
    "tolerant": _tolerant,
    "self_tolerant": _self_tolerant,
}
"""Benchmarks by name; gamma is the usual tolerance of the horizon."""

_ALLOWED = (
    f"{', '.join(map(repr, NAMED))}, a stackel.Benchmark, a pair of finite numbers (leader, follower), "
    "or a function of (game) or (game, horizon) that returns one"
)


def resolve(benchmark: BenchmarkLike, game: Game, horizon: int) -> BenchmarkValue:
    """Return the value of `benchmark`; a name stands for a function, which is called by its signature.

    A function receives the game, and the horizon if it has a parameter named ``horizon`` or
    ``T``. The name decides, not the number of parameters, so that ``tolerant`` itself, whose second
    parameter is gamma, is refused and does not receive the horizon as gamma.
    """
    if isinstance(benchmark, str):
        if benchmark not in NAMED:
            raise SpecError("benchmark", _ALLOWED, shown(benchmark) + hint(benchmark, NAMED))
        benchmark = NAMED[benchmark]
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


def alphas(value: BenchmarkValue) -> npt.NDArray[np.float64]:
    """Return the values ``(alpha_1, alpha_2)``, in units of utility per round."""
    try:
        leader, follower = (as_real("benchmark", each) for each in _pair(value))
    except (TypeError, ValueError):  # a SpecError is a ValueError
        raise SpecError("benchmark", _ALLOWED, shown(value)) from None
    return np.array([leader, follower])


def _pair(value: BenchmarkValue) -> tuple[object, ...]:
    match value:
        case OptimalCommitment():
            return value.value, value.follower
        case Benchmark() | Equilibrium():
            return value.leader, value.follower
    return as_items(value) or ()


def kind(value: BenchmarkValue) -> str:
    """Return the name of the benchmark for figures, empty for a pair of numbers."""
    match value:
        case OptimalCommitment():
            name = "commitment"
        case Equilibrium():
            name = "Nash"
        case Benchmark(kind="stackelberg"):
            name = "Stackelberg"
        case Benchmark(kind=tolerant_kind, gamma=gamma):
            name = f"{gamma:.3g}-{tolerant_kind.replace('_', '-')}"
        case _:
            return ""
    return f"{name} benchmark"
