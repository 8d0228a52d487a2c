"""Benchmarks of games that change: taken game by game, each for the rounds that it is played."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.validation import shown
from stackel.benchmarks._benchmark_like import alphas
from stackel.benchmarks._benchmarks import Benchmark
from stackel.benchmarks._commitment import OptimalCommitment
from stackel.benchmarks._nash import Equilibrium
from stackel.benchmarks._regret import Floats, regret_of
from stackel.errors import SpecError
from stackel.games._changing import ChangingGame

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame

_ALLOWED = (
    "a name such as 'stackelberg', or a function such as stackel.stackelberg, which is called for each of "
    "the games of a changing game; or a pair of numbers for all of them"
)


def alphas_of_games(benchmark: BenchmarkLike, game: AnyGame, horizon: int) -> tuple[Floats, list[int]]:
    """Return the benchmark values of each game that is played, shape (2, M), and the rounds before each."""
    if not isinstance(game, ChangingGame):
        return alphas(benchmark, game, horizon)[:, np.newaxis], [0]
    if isinstance(benchmark, Benchmark | OptimalCommitment | Equilibrium):
        raise SpecError("benchmark", _ALLOWED, shown(benchmark))
    pieces = game.pieces(horizon)
    # A game that comes back has the same values.
    known = {game: alphas(benchmark, game, horizon) for game in {piece.game for piece in pieces}}
    return np.array([known[piece.game] for piece in pieces]).T, [piece.start for piece in pieces]


def mean_alphas(benchmark: BenchmarkLike, game: AnyGame, horizon: int) -> Floats:
    """Return the benchmark values of a run, shape (2,): of a changing game their mean over the rounds."""
    values, starts = alphas_of_games(benchmark, game, horizon)
    if len(starts) == 1:
        return values[:, 0]
    mean: Floats = values @ (np.diff([*starts, horizon]) / horizon)
    return mean


def regret_against(
    benchmark: BenchmarkLike,
    game: AnyGame,
    horizon: int,
    rounds: npt.NDArray[np.int64],
    earned: tuple[Floats, Floats],
) -> Floats:
    """Return the regret of runs of `horizon` rounds after `rounds` of them, shape (2, R, K).

    What was earned are utilities and their remainders, both of shape (2, R, K).
    """
    values, starts = alphas_of_games(benchmark, game, horizon)
    begins, ends = (np.array(each)[:, np.newaxis] for each in (starts, [*starts[1:], horizon]))
    played = np.clip(rounds, begins, ends) - begins
    return regret_of(values.T[:, :, np.newaxis, np.newaxis], played[:, np.newaxis, np.newaxis], *earned)
