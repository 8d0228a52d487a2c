"""Runs of every pair of algorithms in every game, in memory or in the store of a sweep."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.build import provenance_of
from stackel._utils.seeds import game_seeds
from stackel.simulation._batch import simulate_many
from stackel.simulation._experiment import Experiment
from stackel.sweeps.run import sweep
from stackel.sweeps.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from stackel.games._game import Game
    from stackel.learners import Learner
    from stackel.results._payoff import MeanPayoff

    Floats = npt.NDArray[np.float64]


@dataclass
class MetaRuns:
    """The runs of all pairs in all games; `engines` and `error_bound` say how they were made."""

    leaders: dict[str, Learner]
    followers: dict[str, Learner]
    payoff: MeanPayoff
    seed: int
    engine: str
    threads: int
    store: Any
    executor: Any
    engines: set[str] = field(default_factory=set)
    error_bound: float = 0.0

    def __post_init__(self) -> None:
        for x in self.leaders.values():
            for y in self.followers.values():
                for game in self.games:
                    Experiment.of(game, x, y, self.payoff.horizon, 1, self.seed, 1, self.engine).resolved()
        if self.in_store:
            self._tasks(self._everything, 1)

    @property
    def games(self) -> list[Game]:
        """The games."""
        return list(self.payoff.games.values())

    @property
    def in_store(self) -> bool:
        """Whether a sweep plays."""
        return self.store is not None or self.executor is not None

    @property
    def _everything(self) -> list[tuple[int, int]]:
        return [(x, y) for x in range(len(self.leaders)) for y in range(len(self.followers))]

    def play(
        self,
        samples: list[list[Floats]],
        needed: npt.NDArray[np.bool_],
        look: int,
        report: Callable[[float], None] | None,
        share: tuple[float, float],
    ) -> None:
        """Extend the samples of the `needed` pairs to `look` replications."""
        pairs = [(x, y) for x, y in self._everything if needed[x, y]]
        if self.in_store:
            self._sweep(samples, pairs, look)
            if report is not None:
                report(sum(share))
            return
        for done, (x, y) in enumerate(pairs, start=1):
            start = samples[x][y].shape[1]
            regret = self._regrets(
                list(self.leaders.values())[x], list(self.followers.values())[y], start, look
            )
            samples[x][y] = np.concatenate([samples[x][y], self.payoff.samples(regret)], axis=1)
            if report is not None:
                report(share[0] + share[1] * done / len(pairs))

    def _regrets(self, leader: Learner, follower: Learner, start: int, stop: int) -> list[Floats]:
        """Return the regrets of replications in each game, each of shape (2, R)."""
        seeds, count = game_seeds(self.seed, stop)[start:], stop - start
        alike: dict[Any, list[int]] = defaultdict(list)
        for g, game in enumerate(self.games):
            alike[game.shape, game.noise].append(g)
        found: dict[int, Floats] = {}
        games = self.games
        for places in alike.values():
            batch = simulate_many(
                np.repeat(np.stack([games[g].leader for g in places]), count, axis=0),
                np.repeat(np.stack([games[g].follower for g in places]), count, axis=0),
                leader,
                follower,
                self.payoff.horizon,
                noise=games[places[0]].noise,
                seed=np.tile(seeds, len(places)),
                engine=self.engine,
                threads=self.threads or None,
            )
            alpha = np.repeat(np.stack([self.payoff.alphas[g] for g in places], axis=1), count, axis=1)
            regret = batch.regret(alpha)[:, :, 0, 0]
            found |= {g: regret[:, k * count : (k + 1) * count] for k, g in enumerate(places)}
            self.engines.add(batch.engine)
            self.error_bound += float(batch.error_bound.sum())
        return [found[g] for g in range(len(games))]

    def _sweep(self, samples: list[list[Floats]], pairs: list[tuple[int, int]], look: int) -> None:
        found = sweep(
            self._tasks(pairs, look), store=self.store, executor=self.executor, threads=self.threads or None
        )
        regrets = found.regrets([(float(a), float(b)) for _ in pairs for a, b in self.payoff.alphas])
        self.engines.add(self.engine)
        for k, (x, y) in enumerate(pairs):
            own = regrets[k * len(self.games) : (k + 1) * len(self.games)]
            samples[x][y] = self.payoff.samples([regret[:, :, -1] for regret in own])

    def _tasks(self, pairs: list[tuple[int, int]], replications: int) -> list[Task]:
        return [
            Task(game, *self._pair(x, y), self.payoff.horizon, replications, self.seed, engine=self.engine)
            for x, y in pairs
            for game in self.games
        ]

    def _pair(self, x: int, y: int) -> tuple[Learner, Learner]:
        return list(self.leaders.values())[x], list(self.followers.values())[y]

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
        return provenance_of(spec, self.seed, ", ".join(sorted(self.engines)), self.error_bound)
