"""Runs of every pair of algorithms in every game, in memory or in the store of a sweep."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.build import provenance_of
from stackel.benchmarks._regret import regret_of
from stackel.sweeps.outcome import results_of
from stackel.sweeps.play import ReplicationRange, play
from stackel.sweeps.run import sweep
from stackel.sweeps.tasks import PassingTask, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from stackel.learners import Learner
    from stackel.results._payoff import MeanPayoff
    from stackel.sweeps.play import Part

    Floats = npt.NDArray[np.float64]
    Pair = tuple[int, int]


@dataclass
class MetaRuns:
    """The runs of all pairs in all games, with the engines that made them."""

    leaders: dict[str, Learner]
    followers: dict[str, Learner]
    payoff: MeanPayoff
    seed: int
    engine: str
    threads: int
    store: Any
    executor: Any
    samples: dict[Pair, Floats] = field(init=False)
    """Payoffs of both players in the replications of each pair, shape (2, R)."""
    _error_bounds: dict[Pair, Floats] = field(init=False)
    """Of each replication in all games together, shape (R,)."""
    _engines: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # What cannot take its seat fails before anything is played.
        self._tasks(self._pairs, 1)
        self.samples = {pair: np.empty((2, 0)) for pair in self._pairs}
        self._error_bounds = {pair: np.empty(0) for pair in self._pairs}

    @property
    def _pairs(self) -> list[Pair]:
        return list(product(range(len(self.leaders)), range(len(self.followers))))

    @property
    def replications(self) -> npt.NDArray[np.int64]:
        """Replications of each pair, shape (m, n)."""
        counts = np.array([each.shape[1] for each in self.samples.values()], np.int64)
        return counts.reshape(len(self.leaders), len(self.followers))

    def play(
        self,
        needed: npt.NDArray[np.bool_],
        look: int,
        report: Callable[[float], None] | None,
        share: tuple[float, float],
    ) -> None:
        """Extend the samples of the `needed` pairs to `look` replications."""
        pairs = [pair for pair in self._pairs if needed[pair]]
        parts = self._played(pairs, look)
        for done, pair in enumerate(pairs, start=1):
            self._keep(pair, list(islice(parts, len(self.payoff.games))))
            if report is not None:
                report(share[0] + share[1] * done / len(pairs))

    def _played(self, pairs: list[Pair], look: int) -> Iterator[Part]:
        """Yield the results of each pair in each game; in a store, those from replication 0 on."""
        threads = self.threads or None
        if self._is_swept:
            found = sweep(self._tasks(pairs, look), store=self.store, executor=self.executor, threads=threads)
            yield from results_of(found)
            return
        for pair in pairs:
            start = self.samples[pair].shape[1]
            ranges = [ReplicationRange(task, start, look) for task in self._tasks([pair], look)]
            yield from play(ranges, threads).parts()

    def _keep(self, pair: Pair, parts: list[Part]) -> None:
        alpha, start = self.payoff.alphas[:, np.newaxis, :, np.newaxis], parts[0].start
        regrets = [
            regret_of(own, [self.payoff.horizon], part.utility[:2, :, -1], part.utility[2:, :, -1])
            for own, part in zip(alpha, parts, strict=True)
        ]
        bounds = np.sum([part.error_bound for part in parts], axis=0)
        before = self.samples[pair][:, :start], self._error_bounds[pair][:start]
        self.samples[pair] = np.concatenate([before[0], self.payoff.samples(regrets)], axis=1)
        self._error_bounds[pair] = np.concatenate([before[1], bounds])
        self._engines.update(*(part.engines for part in parts))

    @property
    def _is_swept(self) -> bool:
        return self.store is not None or self.executor is not None

    def _tasks(self, pairs: list[Pair], replications: int) -> list[Task]:
        kind = Task if self._is_swept else PassingTask
        leaders, followers = list(self.leaders.values()), list(self.followers.values())
        rest = self.payoff.horizon, replications, self.seed
        return [
            kind(game, leaders[x], followers[y], *rest, engine=self.engine)
            for x, y in pairs
            for game in self.payoff.games.values()
        ]

    def provenance(self) -> dict[str, Any]:
        """Return the description of the runs."""
        spec = {
            "analysis": "meta_game",
            "leaders": {name: each.to_dict() for name, each in self.leaders.items()},
            "followers": {name: each.to_dict() for name, each in self.followers.items()},
            "games": {name: each.to_dict() for name, each in self.payoff.games.items()},
            "horizon": self.payoff.horizon,
            "payoff": self.payoff.described(),
        }
        bound = float(np.concatenate(list(self._error_bounds.values())).sum())
        return provenance_of(spec, self.seed, ", ".join(sorted(self._engines)), bound)
