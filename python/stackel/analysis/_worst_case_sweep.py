"""Regrets over a family of games, and the largest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._stats.intervals import largest_mean, mean_interval
from stackel._stats.resampling import resamples
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.analysis._runs import Run
    from stackel.analysis._worst_case_family import FamilyGame


class Worst(NamedTuple):
    """Player and game (column) of the largest regrets; for leader, follower and the larger of both."""

    player: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FamilyRegrets:
    """Regrets in C games of a family, in R replications.

    `regret` is that at the horizon, in units of utility, shape (2, R, C); all games have the same
    seed. `benchmark` has the values alpha, in units of utility per round, shape (2, C). `alike`, shape
    (2, C), is true where all replications are alike although chance takes part: they show no spread.
    """

    instances: tuple[FamilyGame, ...]
    regret: npt.NDArray[np.float64]
    benchmark: npt.NDArray[np.float64]
    alike: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls, instances: Sequence[FamilyGame], runs: Sequence[Run], benchmark: npt.NDArray[np.float64]
    ) -> FamilyRegrets:
        """Turn the utilities of runs into regrets."""
        regrets = [run.regret(alpha) for run, alpha in zip(runs, benchmark.T, strict=True)]
        alike = np.stack([run.alike for run in runs], axis=1)
        return cls(tuple(instances), np.stack(regrets, axis=2), benchmark, alike)

    def __post_init__(self) -> None:
        for array in (self.regret, self.benchmark, self.alike):
            array.flags.writeable = False

    @property
    def parameter(self) -> npt.NDArray[np.float64]:
        """Parameter of every game, shape (C,)."""
        return np.array([instance.parameter for instance in self.instances])

    def columns(self) -> list[npt.NDArray[np.int64]]:
        """Return the places of the games of each horizon."""
        horizons = np.array([instance.horizon for instance in self.instances])
        return [np.flatnonzero(horizons == horizon) for horizon in np.unique(horizons)]

    def worst(self) -> Worst:
        """Find the largest mean regrets at every horizon, as two arrays of shape (3, H)."""
        mean = self.regret.mean(axis=1)
        found = [_worst(mean[:, at]) for at in self.columns()]
        player = np.stack([one.player for one in found], axis=1)
        column = np.stack([at[one.column] for one, at in zip(found, self.columns(), strict=True)], axis=1)
        return Worst(player, column)

    def upper(self, confidence: float) -> npt.NDArray[np.float64]:
        """Upper limits of the largest mean regrets, shape (3, H).

        The number of games does not matter; see `stackel._stats.intervals.largest_mean`.
        """
        each = np.array(
            [[largest_mean(one[:, at].T, confidence).high for at in self.columns()] for one in self.regret]
        )
        return np.concatenate([each, each.max(axis=0, keepdims=True)])

    def resampled(self, bootstrap: int, seed: np.random.SeedSequence) -> npt.NDArray[np.float64]:
        """Return the worst parameters in bootstrap resamples of the replications, shape (3, n, H).

        A resample has the same replications in all games at all horizons, which have the same noise.
        """
        columns = self.columns()
        found = np.empty((3, bootstrap, len(columns)))
        for place, shares in resamples(self.regret.shape[1], bootstrap, seed, width=max(map(len, columns))):
            for rank, at in enumerate(columns):
                worst = _worst(shares @ self.regret[:, :, at])
                found[:, place, rank] = self.parameter[at][worst.column]
        return found

    def to_columns(self, confidence: float) -> dict[str, npt.NDArray[Any]]:
        """Return tidy columns with an entry for each player and game."""
        columns: dict[str, npt.NDArray[Any]] = {
            "player": np.repeat(ROLES, len(self.instances)),
            "horizon": np.tile([instance.horizon for instance in self.instances], 2),
            "parameter": np.tile(self.parameter, 2),
            "game": np.tile([instance.name for instance in self.instances], 2),
            "benchmark": self.benchmark.ravel(),
        }
        interval = mean_interval(self.regret, 1, confidence, self.alike)
        for name, values in zip(("regret", "regret_se", "regret_low", "regret_high"), interval, strict=True):
            columns[name] = values.ravel()
        return columns


def _worst(mean: npt.NDArray[np.float64]) -> Worst:
    """Find the largest regrets over the last axis of means of shape (2, ..., games)."""
    column = mean.argmax(axis=-1)
    player = np.broadcast_to(np.arange(2).reshape(2, *[1] * (mean.ndim - 2)), column.shape)
    top = mean.max(axis=-1)
    larger = top.argmax(axis=0)
    both = np.take_along_axis(column, larger[None], axis=0)
    return Worst(np.concatenate([player, larger[None]]), np.concatenate([column, both]))
