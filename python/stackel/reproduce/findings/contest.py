"""The best that any pair of a portfolio does against games in which no pair can do well.

Impossibility results speak of two or more games at once: some player must fare badly in one of them. A
`GamePlayer` is one such game with the player whose regret counts in it. The worst of them judges a pair,
and the best pair judges the portfolio.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._stats.intervals import largest_mean
from stackel.reproduce.evidence import Estimate, Series, scaled
from stackel.reproduce.experiments.lab import CONFIDENCE, Match
from stackel.reproduce.experiments.source import evaluate
from stackel.reproduce.findings.calls import call_for
from stackel.reproduce.findings.growth import without_spread
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from stackel.reproduce.experiments.effort import Effort
    from stackel.reproduce.experiments.instances import Instance
    from stackel.reproduce.experiments.lab import Regrets
    from stackel.reproduce.experiments.learner_pairs import Pair


class GamePlayer(NamedTuple):
    """A game, and the player whose regret in it counts."""

    instance: Instance
    player: int
    weight: float = 0.0
    """Weight in the mixture of regrets by which the bound is proved; 0 in all games if there is none."""


def contest(
    pairs: Sequence[Pair],
    game_players: Sequence[GamePlayer],
    effort: Callable[[Pair], Effort],
    benchmark: str,
) -> dict[str, Match]:
    """Return the experiments in which every pair plays every game, by the pair's name."""
    instances = [each.instance for each in game_players]
    return {pair.name: Match(pair, instances, benchmark, effort(pair)) for pair in pairs}


class Best(NamedTuple):
    """Smallest value any pair reached at one horizon.

    The pair is the one with the smallest mean. The limits of `close` others begin below its upper limit:
    they may be as good.
    """

    horizon: int
    value: Estimate
    pair: str
    close: int
    pairs: int
    parts: tuple[Regrets, ...]
    """Regrets of that pair in every game."""
    code: str
    """The value as an expression in ``regret``; see `call_for`."""

    def call_in(self, unit: str) -> str:
        """Python that measures the value again in a unit, an expression in the horizon T."""
        return call_for(
            self.parts, f"number / {unit}", f"(T,) = horizons.tolist()\n(number,) = {self.code}\n"
        )

    @property
    def note(self) -> str:
        """Name the pair, and how many others may be as good."""
        others = [f"{self.close} others within its interval"] if self.close else []
        return "; ".join([f"best pair: {self.pair}", *others, *without_spread(self.parts)])


@dataclass(frozen=True)
class PairRegrets:
    """Regrets of every pair of a portfolio in every game."""

    game_players: Sequence[GamePlayer]
    rows: tuple[tuple[Regrets, ...], ...]
    """Regrets of each pair (first index) in each game (second index)."""

    @property
    def code(self) -> str:
        """Smallest over pairs of the largest regret over games, as an expression in ``regret``."""
        count, players = len(self.game_players), [each.player for each in self.game_players]
        by_pair = f"regret.reshape(*regret.shape[:-2], -1, {count}, 2)"
        return f"{by_pair}[..., range({count}), {players}].max(axis=-1).min(axis=-1)"

    @cached_property
    def worst(self) -> tuple[dict[int, Estimate], ...]:
        """For each pair the regret in its worst game at every horizon, with limits for the best pair's."""
        return tuple(
            {horizon: self._worst_at(row, horizon) for horizon in row[0].horizons} for row in self.rows
        )

    def _worst_at(self, row: tuple[Regrets, ...], horizon: int) -> Estimate:
        column = row[0].horizons.index(horizon)
        counted = zip(row, self.game_players, strict=True)
        samples = np.stack([part.samples[each.player, :, column] for part, each in counted])
        weights = [each.weight for each in self.game_players]
        mixed = weights if any(weights) else None
        return Estimate(*largest_mean(samples, CONFIDENCE, among=len(self.rows), weights=mixed))

    def best(self) -> tuple[Best, ...]:
        """Return the best pair at every horizon that some pair played."""
        horizons = sorted({horizon for row in self.worst for horizon in row})
        return tuple(self._best_at(horizon) for horizon in horizons)

    def _best_at(self, horizon: int) -> Best:
        played = {rank: row[horizon] for rank, row in enumerate(self.worst) if horizon in row}
        rank = min(played, key=lambda rank: played[rank].value)
        limits = Estimate(*(min(limits) for limits in zip(*played.values(), strict=True)))
        close = sum(value.low <= played[rank].high for value in played.values()) - 1
        parts = tuple(part.at(horizon) for part in self.rows[rank])
        return Best(horizon, limits, parts[0].pair.name, close, len(played), parts, self.code)

    def longest(self) -> PairRegrets:
        """Return the regrets of the pairs that played all horizons."""
        horizons = max((row[0].horizons for row in self.rows), key=len)
        return replace(self, rows=tuple(row for row in self.rows if row[0].horizons == horizons))

    def trend(self) -> Trend:
        """Return the best pair's value over the horizons, which all pairs must have played.

        The parts are those of the pairs that are best at some horizon: others do not enter the value.
        """
        whole = Trend.of([part for row in self.rows for part in row], self.code)
        means = (np.stack([part.samples.mean(axis=1).T for part in row], axis=1) for row in self.rows)
        best = np.argmin([evaluate(self.code, regret=mean) for mean in means], axis=0)
        return replace(whole, parts=tuple(part for rank in np.unique(best) for part in self.rows[rank]))

    def best_series(self, label: str, unit: Callable[[int], float], rank: int) -> Series:
        """Return the best pair's value over the horizons, in the unit for each horizon."""
        best = self.best()
        values = tuple(scaled(each.value, unit(each.horizon)) for each in best)
        return Series(label, tuple(float(each.horizon) for each in best), values, rank)

    def series(self, unit: Callable[[int], float]) -> Iterable[Series]:
        """Yield a thin line for each pair: the regret in its worst game, in the unit for each horizon."""
        for row, values in zip(self.rows, self.worst, strict=True):
            in_unit = tuple(scaled(value, unit(horizon)) for horizon, value in values.items())
            yield Series(row[0].pair.name, tuple(map(float, values)), in_unit, None)
