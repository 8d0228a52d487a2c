"""Play pairs of learners at many horizons and keep the regret of every replication."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import mean_interval
from stackel._utils.build import build_info
from stackel.reproduce.evidence import Effort, Estimate
from stackel.reproduce.experiments.learner_pairs import learner_at
from stackel.simulation._simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.reproduce.experiments.instances import Against, Instance
    from stackel.reproduce.experiments.learner_pairs import Pair
    from stackel.reproduce.experiments.samples import Samples

CONFIDENCE = 0.95
"""Level of every interval that is reported."""
RESAMPLES = 1000
"""Bootstrap resamples behind every interval of an exponent."""


@dataclass(frozen=True, eq=False)
class Curve:
    """What one pair got in one instance at every horizon, and its regret.

    Parameters
    ----------
    pair, instance, against : Pair, Instance, Against
        Who played what, and what regret is measured against.
    effort : Effort
        Horizons T and the number R of replications.
    utility : ndarray, shape (2, R, H)
        Utility after T rounds of both players in each replication at each horizon.
    seed : int
        What the seed at each horizon derives from, as in `stackel.scaling`.
    engine : str
        As for `stackel.simulate`.
    """

    pair: Pair
    instance: Instance
    against: Against
    effort: Effort
    utility: npt.NDArray[np.float64]
    seed: int = 0
    engine: str = "auto"

    @property
    def horizons(self) -> tuple[int, ...]:
        """Horizons T."""
        return self.effort.horizons

    @cached_property
    def regret(self) -> npt.NDArray[np.float64]:
        """Regret after T rounds, shape (2, R, H)."""
        benchmarks = [self.against.benchmark(self.instance.game(T), T) for T in self.horizons]
        alpha = np.array([[b.leader for b in benchmarks], [b.follower for b in benchmarks]])
        regret: npt.NDArray[np.float64] = (alpha * self.horizons)[:, np.newaxis, :] - self.utility
        return regret

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean regret, shape (2, H)."""
        mean: npt.NDArray[np.float64] = self.regret.mean(axis=1)
        return mean

    @cached_property
    def resampled(self) -> npt.NDArray[np.float64]:
        """Mean regret of bootstrap resamples, shape (n, 2, H)."""
        means = (
            shares(self.seed, horizon, self.effort.replications) @ self.regret[:, :, column].T
            for column, horizon in enumerate(self.horizons)
        )
        return np.stack(list(means), axis=-1)

    def measured_against(self, against: Against) -> Curve:
        """Return the same rounds against another benchmark."""
        return replace(self, against=against)

    def since(self, first: int) -> Curve:
        """Return the part of the curve from the horizon `first` on."""
        skipped = sum(horizon < first for horizon in self.horizons)
        effort = replace(self.effort, horizons=self.horizons[skipped:])
        return replace(self, effort=effort, utility=self.utility[:, :, skipped:])

    def at(self, horizon: int) -> Curve:
        """Return the part of the curve at one of its horizons."""
        column = self.horizons.index(horizon)
        effort = replace(self.effort, horizons=(horizon,))
        return replace(self, effort=effort, utility=self.utility[:, :, column : column + 1])

    def estimates(self, player: int, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
        """Mean regret of one player at every horizon with Student's interval."""
        interval = mean_interval(self.regret[player], 0, confidence)
        return tuple(
            Estimate(*limits) for limits in np.stack([interval.mean, interval.low, interval.high]).T.tolist()
        )


@dataclass(frozen=True)
class Lab:
    """Where experiments are run.

    Seeds belong to games, not to pairs: all pairs meet the same noise in the same game, so that
    comparisons between them are paired.

    Parameters
    ----------
    seed : int
        What everything derives from.
    threads : int or None
        Worker threads; None uses all cores. Does not change any number.
    engine : str
        As for `stackel.simulate`.
    samples : Samples, optional
        Where samples are kept.
    """

    seed: int = 2024
    threads: int | None = None
    engine: str = "auto"
    samples: Samples | None = None

    def curve(self, pair: Pair, instance: Instance, effort: Effort, against: Against) -> Curve:
        """Play `pair` in `instance` at every horizon of `effort`."""
        (curve,) = self.curves(pair, [instance], effort, against)
        return curve

    def curves(
        self, pair: Pair, instances: Sequence[Instance], effort: Effort, against: Against
    ) -> tuple[Curve, ...]:
        """Play `pair` in each of `instances`; their samples are kept together."""
        utility = self._utility(pair, instances, effort)
        return tuple(
            Curve(pair, instance, against, effort, samples, self.seed_for(instance), self.engine)
            for instance, samples in zip(instances, utility, strict=True)
        )

    def seed_for(self, instance: Instance) -> int:
        """Seed of everything that is played in a game."""
        digest = hashlib.blake2b(
            f"{self.seed} {instance.stream or instance.code}".encode(), digest_size=8
        ).digest()
        return int.from_bytes(digest, "little")

    def _utility(self, pair: Pair, instances: Sequence[Instance], effort: Effort) -> npt.NDArray[np.float64]:
        """Utilities after T rounds, shape (N, 2, R, H): kept ones, or else new ones."""
        if self.samples is None:
            return self._play(pair, instances, effort)
        spec = self._spec(pair, instances, effort)
        shape = (len(instances), 2, effort.replications, len(effort.horizons))
        utility = self.samples.find(spec, shape)
        if utility is None:
            utility = self._play(pair, instances, effort)
            self.samples.keep(spec, utility)
        return utility

    def _play(self, pair: Pair, instances: Sequence[Instance], effort: Effort) -> npt.NDArray[np.float64]:
        utility = np.empty((len(instances), 2, effort.replications, len(effort.horizons)))
        for place, instance in enumerate(instances):
            for column, horizon in enumerate(effort.horizons):
                run = simulate(
                    instance.game(horizon),
                    learner_at(pair.leader, horizon),
                    learner_at(pair.follower, horizon),
                    horizon,
                    replications=effort.replications,
                    seed=seed_at(self.seed_for(instance), horizon),
                    checkpoints=[horizon],
                    engine=self.engine,
                    threads=self.threads,
                )
                utility[place, :, :, column] = run.utility[:, :, 0]
        return utility

    def _spec(self, pair: Pair, instances: Sequence[Instance], effort: Effort) -> dict[str, Any]:
        """Everything the utilities depend on."""
        core = build_info()
        return {
            "version": core["version"],
            "stream_version": core["stream_version"],
            "engine": self.engine,
            "replications": effort.replications,
            "horizons": effort.horizons,
            "leader": [learner_at(pair.leader, horizon).to_dict() for horizon in effort.horizons],
            "follower": [learner_at(pair.follower, horizon).to_dict() for horizon in effort.horizons],
            "seeds": [self.seed_for(instance) for instance in instances],
            "games": [
                [instance.game(horizon).to_dict() for horizon in effort.horizons] for instance in instances
            ],
        }


def seed_at(seed: int, horizon: int, purpose: int = 0) -> np.random.SeedSequence:
    """Seed of the runs at a horizon, 0, or of their bootstrap, 1, as in `stackel.scaling`."""
    return np.random.SeedSequence(seed, spawn_key=(purpose, horizon))


@lru_cache(maxsize=16)
def shares(seed: int, horizon: int, replications: int) -> npt.NDArray[np.float64]:
    """Share of each replication in every resample, shape (n, R): R are drawn with replacement."""
    generator = np.random.default_rng(seed_at(seed, horizon, purpose=1))
    drawn = generator.integers(0, replications, size=(RESAMPLES, replications))
    cells = drawn + replications * np.arange(RESAMPLES)[:, np.newaxis]
    counts = np.bincount(cells.ravel(), minlength=RESAMPLES * replications)
    return counts.reshape(RESAMPLES, replications) / replications
