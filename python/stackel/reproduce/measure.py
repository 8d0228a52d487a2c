"""Play pairs of learners at many horizons and keep the regret of every replication."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel._intervals import mean_interval
from stackel.benchmarks import stackelberg
from stackel.reproduce.claim import Estimate
from stackel.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from stackel.benchmarks import Benchmark
    from stackel.game import Game
    from stackel.reproduce.claim import Effort
    from stackel.reproduce.portfolio import Pair

CONFIDENCE = 0.95
"""Level of every interval that is reported."""


def original(game: Game, horizon: int) -> Benchmark:  # noqa: ARG001 one signature for all benchmarks
    """Return the Stackelberg benchmark, whatever the horizon."""
    return stackelberg(game)


@dataclass(frozen=True)
class Instance:
    """A game at every horizon, and what regret in it is measured against.

    Learners are told the horizon, and so may the games be: the worst game for one horizon is not
    the worst for another.
    """

    name: str
    game: Callable[[int], Game]
    benchmark: Callable[[Game, int], Benchmark] = original


Samples: TypeAlias = "tuple[npt.NDArray[np.float64], ...]"


@dataclass(frozen=True)
class Curve:
    """Regret of one pair in one instance at every horizon.

    Parameters
    ----------
    pair, instance : str
        Their names.
    horizons : tuple of int
        Horizons T.
    regret : tuple of ndarray, each of shape (2, R)
        Regret after T rounds of both players in each of the R replications at that horizon.
    """

    pair: str
    instance: str
    horizons: tuple[int, ...]
    regret: Samples

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean regret, shape (2, H)."""
        return np.stack([samples.mean(axis=1) for samples in self.regret], axis=1)

    def estimates(self, player: int, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
        """Mean regret of one player at every horizon with Student's interval."""
        intervals = (mean_interval(samples[player], 0, confidence) for samples in self.regret)
        return tuple(Estimate(float(i.mean), float(i.low), float(i.high)) for i in intervals)


@dataclass(frozen=True)
class Lab:
    """Where experiments are run: the seed everything derives from, and the number of threads."""

    seed: int = 2024
    threads: int | None = None

    def curve(self, pair: Pair, instance: Instance, effort: Effort) -> Curve:
        """Play `pair` in `instance` at every horizon of `effort`."""
        regret = []
        for horizon, replications in effort.items():
            game = instance.game(horizon)
            run = simulate(
                game,
                pair.leader,
                pair.follower,
                horizon,
                replications=replications,
                seed=self.stream(pair.name, instance.name, horizon),
                checkpoints=[horizon],
                threads=self.threads,
            )
            regret.append(run.regret(instance.benchmark(game, horizon))[:, :, 0])
        return Curve(pair.name, instance.name, tuple(effort), tuple(regret))

    def stream(self, *key: object) -> np.random.SeedSequence:
        """Seeds that depend on the lab's seed and on what they are for, not on what else is run."""
        digest = hashlib.blake2b("\n".join(map(str, key)).encode(), digest_size=16).digest()
        return np.random.SeedSequence([self.seed, int.from_bytes(digest, "little")])
