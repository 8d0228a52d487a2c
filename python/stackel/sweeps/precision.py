"""Choose the number of replications from standard errors, looked at after numbers fixed in advance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stackel._stats.intervals import mean_and_error
from stackel._utils.players import ROLES
from stackel._utils.validation import as_real, shown
from stackel.benchmarks._regret import deviations_of
from stackel.errors import SpecError
from stackel.results._chance import alike_by_chance
from stackel.sweeps.play import ReplicationRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stackel.sweeps.play import Part
    from stackel.sweeps.stores.directory import Directory
    from stackel.sweeps.stores.memory import Memory
    from stackel.sweeps.tasks import Task

FIRST_LOOK = 32
"""Replications before the first look at an error. Each further look is after twice as many."""


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
            known = store.wholes(open_ids)
            wave = [
                ReplicationRange(task, stop, min(2 * stop, task.replications))
                for task, _, stop in wave
                if task.id in open_ids and not self._reached(task, known[task.id], stop)
            ]

    def enough(self, task: Task, store: Directory | Memory, held: int) -> tuple[int, bool]:
        """Return how many of the `held` replications of a task count, and whether no more are needed."""
        if not self.targets:
            return min(held, task.replications), held >= task.replications
        count = min(FIRST_LOOK, task.replications)
        known = store.wholes({task.id})[task.id]
        while count <= held:
            if count == task.replications or self._reached(task, known, count):
                return count, True
            count = min(2 * count, task.replications)
        return held, False

    def looks(self, replications: int) -> int:
        """Return the number of looks at a task of at most so many replications, the last one included."""
        doublings = (replications - 1).bit_length() - (FIRST_LOOK - 1).bit_length()
        return 1 + max(0, doublings) if self.targets else 1

    def _reached(self, task: Task, known: Part, count: int) -> bool:
        """Return whether the first replications reach the targets; errors that they do not show do not."""
        rounds, spread = known.rounds[-1:], deviations_of(known.utility[:, :count, -1:])
        alike = alike_by_chance(spread, task.game, (task.leader, task.follower), rounds)[:, 0]
        return all(
            not alike[player] and mean_and_error(spread[player, :, 0])[1] <= self.targets[role]
            for player, role in enumerate(ROLES)
            if role in self.targets
        )
