"""Run experiments as sweeps, and keep the regret of every replication."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from stackel._stats.intervals import mean_interval
from stackel.reproduce.evidence import Estimate
from stackel.reproduce.experiments.learner_pairs import learner_at
from stackel.reproduce.experiments.source import evaluate
from stackel.results._chance import alike_by_chance
from stackel.sweeps import Task, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.benchmarks._benchmarks import Benchmark
    from stackel.games._game import Game
    from stackel.reproduce.experiments.effort import Effort
    from stackel.reproduce.experiments.instances import Instance
    from stackel.reproduce.experiments.learner_pairs import Pair

Matches: TypeAlias = "dict[Any, Match]"
"""The experiments of a claim under keys, such as what varies and its value."""
Played: TypeAlias = "dict[Any, tuple[Regrets, ...]]"
"""The regrets of each experiment in its instances, under the same keys."""

CONFIDENCE = 0.95
"""Level of every interval that is reported."""


class Match(NamedTuple):
    """What is run: a pair plays each of several instances at every horizon."""

    pair: Pair
    instances: Sequence[Instance]
    benchmark: str
    """What regret is measured against, an expression in ``game`` and ``T``."""
    effort: Effort

    def tasks(self, lab: Lab) -> Iterator[Task]:
        """Yield the tasks of a sweep: for each instance one at every horizon."""
        for instance in self.instances:
            for horizon in self.effort.horizons:
                yield Task(
                    instance.game(horizon),
                    learner_at(self.pair.leader, horizon),
                    learner_at(self.pair.follower, horizon),
                    horizon,
                    replications=self.effort.replications,
                    seed=lab.seed,
                    engine=lab.engine,
                )


@dataclass(frozen=True, eq=False)
class Regrets:
    """Regrets of one pair in one instance at every horizon."""

    pair: Pair
    instance: Instance
    benchmark: str
    effort: Effort
    samples: npt.NDArray[np.float64]
    """Regret after T rounds of both players in each replication at each horizon, shape (2, R, H)."""
    seed: int = 0
    engine: str = "auto"

    @property
    def horizons(self) -> tuple[int, ...]:
        """Horizons T."""
        return self.effort.horizons

    def at(self, *horizons: float) -> Regrets:
        """Return the regrets at some of the horizons."""
        kept = tuple(map(int, horizons))
        columns = [self.horizons.index(horizon) for horizon in kept]
        effort = self.effort._replace(horizons=kept)
        return replace(self, effort=effort, samples=self.samples[:, :, columns])

    def alike(self) -> tuple[int, ...]:
        """Return the horizons at which all replications of a player are alike by chance."""
        learners = self.pair.leader, self.pair.follower
        return tuple(
            horizon
            for column, horizon in enumerate(self.horizons)
            if alike_by_chance(
                self.samples[:, :, [column]],
                self.instance.game(horizon),
                [learner_at(learner, horizon) for learner in learners],
                np.array([horizon]),
            ).any()
        )

    def estimates(self, player: int) -> tuple[Estimate, ...]:
        """Mean regret of one player at every horizon with Student's interval."""
        interval = mean_interval(self.samples[player], 0, CONFIDENCE)
        limits = np.stack([interval.mean, interval.low, interval.high], axis=1)
        return tuple(Estimate(*each) for each in limits.tolist())


@dataclass
class Lab:
    """Where experiments are run.

    All runs have the same seed: all pairs meet the same noise in all games and at all horizons, so that
    comparisons between them are paired. What the store has is not played again; neither `threads` nor
    `executor` changes a number.
    """

    seed: int = 2024
    engine: str = "auto"
    store: Path | None = None
    threads: int | None = None
    executor: Any = None
    played: int = field(default=0, init=False)
    """Games that were played."""
    reused: int = field(default=0, init=False)
    """Games that were in the store."""

    def play(self, experiments: Matches) -> Played:
        """Run experiments as one sweep, and return for each the regrets in its instances."""
        if not experiments:
            return {}
        tasks = [task for experiment in experiments.values() for task in experiment.tasks(self)]
        found = sweep(tasks, store=self.store, threads=self.threads, executor=self.executor)
        self.played += found.played
        self.reused += found.reused
        benchmarks: list[BenchmarkLike] = [
            partial(_benchmark, each.benchmark)
            for each in experiments.values()
            for _ in each.instances
            for _ in each.effort.horizons
        ]
        samples = iter(found.regrets(benchmarks))
        return {key: tuple(self._regrets(each, samples)) for key, each in experiments.items()}

    def _regrets(self, experiment: Match, samples: Iterator[npt.NDArray[np.float64]]) -> Iterator[Regrets]:
        pair, instances, benchmark, effort = experiment
        for instance in instances:
            played = itertools.islice(samples, len(effort.horizons))
            regrets = np.stack([found[:, :, -1] for found in played], axis=2)
            yield Regrets(pair, instance, benchmark, effort, regrets, self.seed, self.engine)


def _benchmark(expression: str, game: Game, horizon: int) -> Benchmark:
    value: Benchmark = evaluate(expression, game=game, T=horizon)
    return value
