"""Choose the number of replications from standard errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stackel._stats.intervals import mean_and_error
from stackel._utils.players import ROLES
from stackel._utils.validation import as_real, shown
from stackel.benchmarks._regret import deviations_of
from stackel.errors import SpecError
from stackel.sweeps.play import ReplicationRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from stackel.sweeps.stores.directory import Directory
    from stackel.sweeps.stores.memory import Memory

FIRST_LOOK = 32
"""Replications before the first estimate of an error."""


@dataclass(frozen=True)
class Precision:
    """Requested standard errors of the players' mean utilities; without any, all replications are played."""

    targets: Mapping[str, float]

    @classmethod
    def of(cls, standard_error: Any) -> Self:
        """Check the argument of a sweep."""
        if standard_error is None:
            return cls({})
        is_known = isinstance(standard_error, Mapping) and standard_error.keys() <= set(ROLES)
        if not is_known or not standard_error:
            allowed = "a dict with a number for 'leader', for 'follower' or for both"
            raise SpecError("standard_error", allowed, shown(standard_error))
        return cls(
            {
                role: as_real(f"standard_error[{role!r}]", value, above=0.0)
                for role, value in standard_error.items()
            }
        )

    def waves(
        self, wanted: Sequence[ReplicationRange], store: Directory | Memory, enough: dict[str, int]
    ) -> Iterator[list[ReplicationRange]]:
        """Yield the replications to run, in waves; `enough` gets the replications of each task.

        The size of a wave depends only on the results of earlier waves, not on the executor.
        """
        if not self.targets:
            enough.update((task.id, stop) for task, _, stop in wanted)
            yield list(wanted)
            return
        wave = [ReplicationRange(task, 0, min(FIRST_LOOK, stop)) for task, _, stop in wanted]
        while wave:
            yield wave
            enough.update((task.id, stop) for task, _, stop in wave)
            open_ids = {task.id for task, _, stop in wave if stop < task.replications}
            known = store.utilities(open_ids)
            wave = [
                ReplicationRange(task, stop, end)
                for task, _, stop in wave
                if task.id in open_ids
                and (
                    end := min(
                        self._needed(deviations_of(known[task.id][1][:, :stop, -1])), task.replications
                    )
                )
                > stop
            ]

    def _needed(self, utility: npt.NDArray[Any]) -> int:
        """Estimate the replications needed, at most twice the R given; `utility` has shape (2, R)."""
        have = int(utility.shape[1])
        excess = 0.0
        for role, target in self.targets.items():
            _, error = mean_and_error(utility[ROLES.index(role)])
            excess = max(excess, error / target)
        return have if excess <= 1.0 else min(2 * have, max(have + 1, math.ceil(have * excess**2)))
