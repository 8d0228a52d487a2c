"""How many replications are enough."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from stackel._stats.intervals import mean_and_error
from stackel._utils.players import ROLES
from stackel._utils.validation import as_real, shown
from stackel.errors import SpecError
from stackel.sweeps.play import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from stackel.sweeps.stores.directory import Directory
    from stackel.sweeps.stores.memory import Memory

FIRST_LOOK = 32
"""Replications before the first estimate of an error."""


@dataclass(frozen=True)
class Precision:
    """Standard errors of the players' mean utilities that are asked for; none: play all replications."""

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
        self, wanted: Sequence[Stretch], store: Directory | Memory, enough: dict[str, int]
    ) -> Iterator[list[Stretch]]:
        """Yield what has to be there, one after the other; `enough` gets the replications of each task.

        Each wave depends on the results of those before only, so that it is the same whoever plays it.
        """
        if not self.targets:
            enough.update((task.id, stop) for task, _, stop in wanted)
            yield list(wanted)
            return
        wave = [Stretch(task, 0, min(FIRST_LOOK, stop)) for task, _, stop in wanted]
        while wave:
            yield wave
            enough.update((task.id, stop) for task, _, stop in wave)
            open_ids = {task.id for task, _, stop in wave if stop < task.replications}
            known = store.utilities(open_ids)
            wave = [
                Stretch(task, stop, min(self._needed(known[task.id][1][:, :stop, -1]), task.replications))
                for task, _, stop in wave
                if task.id in open_ids
            ]
            wave = [stretch for stretch in wave if stretch.start < stretch.stop]

    def _needed(self, utility: npt.NDArray[Any]) -> int:
        """Estimate how many replications it takes, at most twice as many as there are; shape (2, R)."""
        have = int(utility.shape[1])
        excess = 0.0
        for role, target in self.targets.items():
            _, error = mean_and_error(utility[ROLES.index(role)])
            excess = max(excess, error / target)
        return have if excess <= 1.0 else min(2 * have, max(have + 1, math.ceil(have * excess**2)))
