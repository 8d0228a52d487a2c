"""Trace of a run: outcomes and switches over time."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Additional records of ``simulate(..., trace=True)``; the arrays are read-only.

    Parameters
    ----------
    cell_counts : ndarray of int64, shape (R, K, n_leader, n_follower)
        Number of rounds of each outcome up to each checkpoint.
    switches : ndarray of int64, shape (2, R)
        Number of rounds in which a player's action differs from its previous action; for the follower,
        from its previous response to the same action.
    last_exploration : ndarray of int64, shape (2, R)
        Last round in which a player did not play its final action, 0 if there is none; for the
        follower, its final response to the same action.

    Examples
    --------
    The leader tries both actions twice, and the follower each response to each of them once:

    >>> import stackel as sk
    >>> game = sk.Game([[0, 0], [1, 1]], [[0, 1], [0, 1]], noise=sk.Deterministic())
    >>> learners = sk.ExploreThenCommit(exploration=2), sk.ExploreThenCommit(exploration=1)
    >>> trace = sk.simulate(game, *learners, 100, checkpoints=[4, 100], trace=True).trace
    >>> trace.cell_counts[0].tolist()
    [[[1, 1], [1, 1]], [[1, 1], [1, 97]]]
    >>> trace.switches[:, 0], trace.last_exploration[:, 0]
    (array([3, 2]), array([3, 2]))
    """

    cell_counts: npt.NDArray[np.int64]
    switches: npt.NDArray[np.int64]
    last_exploration: npt.NDArray[np.int64]

    def __post_init__(self) -> None:
        for array in self.arrays():
            array.flags.writeable = False

    def __repr__(self) -> str:
        replications, checkpoints, rows, columns = self.cell_counts.shape
        return f"Trace({rows}x{columns} counts of {replications} replications at {checkpoints} checkpoints)"

    def arrays(self) -> tuple[npt.NDArray[np.int64], ...]:
        """Return all arrays, in the order of the parameters."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trace):
            return NotImplemented
        return all(map(np.array_equal, self.arrays(), other.arrays()))

    def __hash__(self) -> int:
        return hash(self.cell_counts.shape)

    def __reduce__(self) -> tuple[Any, ...]:
        return Trace, self.arrays()
