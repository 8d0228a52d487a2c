"""Benchmarks of games that change: taken game by game, each for the rounds that it is played."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._utils.validation import shown
from stackel.benchmarks._benchmark_like import alphas, kind, resolve
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


class Alphas(NamedTuple):
    """Values of a benchmark in a run: those of each of the M games that are played."""

    values: Floats
    """Shape (2, M), in units of utility per round."""
    starts: list[int]
    """Rounds before each game."""
    horizon: int
    name: str
    """Name of the benchmark, empty for a pair of numbers."""

    @classmethod
    def of(cls, benchmark: BenchmarkLike, game: AnyGame, horizon: int) -> Alphas:
        """Find the benchmark of each game, once."""
        if not isinstance(game, ChangingGame):
            found, starts = [resolve(benchmark, game, horizon)], [0]
        elif isinstance(benchmark, Benchmark | OptimalCommitment | Equilibrium):
            raise SpecError("benchmark", _ALLOWED, shown(benchmark))
        else:
            pieces = game.pieces(horizon)
            # A game that comes back has the same values.
            known = {each: resolve(benchmark, each, horizon) for each in {piece.game for piece in pieces}}
            found, starts = [known[piece.game] for piece in pieces], [piece.start for piece in pieces]
        return cls(np.array([alphas(each) for each in found]).T, starts, horizon, kind(found[0]))

    @property
    def mean(self) -> Floats:
        """Values of the run, shape (2,): of a changing game their mean over the rounds."""
        if len(self.starts) == 1:
            return self.values[:, 0]
        mean: Floats = self.values @ (np.diff([*self.starts, self.horizon]) / self.horizon)
        return mean

    def regret(self, rounds: npt.NDArray[np.int64], earned: tuple[Floats, Floats]) -> Floats:
        """Return the regret after `rounds` rounds, shape (2, R, K).

        What was earned are utilities and their remainders, both of shape (2, R, K).
        """
        begins, ends = (
            np.array(each)[:, np.newaxis] for each in (self.starts, [*self.starts[1:], self.horizon])
        )
        played = np.clip(rounds, begins, ends) - begins
        alpha = self.values.T[:, :, np.newaxis, np.newaxis]
        return regret_of(alpha, played[:, np.newaxis, np.newaxis], *earned)


def mean_alphas(benchmark: BenchmarkLike, game: AnyGame, horizon: int) -> Floats:
    """Return `Alphas.mean`, shape (2,)."""
    return Alphas.of(benchmark, game, horizon).mean
