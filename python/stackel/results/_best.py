"""How often players played best actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.benchmarks._ties import same

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._game import Game


def best_shares(game: Game, cell_counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the shares of `Result.best_share` from counts of outcomes, (R, K, n_leader, n_follower)."""
    responses = best_responses(game)
    # With ties for the leader, as in its Stackelberg value.
    values = np.where(responses, game.leader, -np.inf).max(axis=1)
    actions = same(values, stackelberg(game).leader)
    rounds = cell_counts.sum(axis=(2, 3))
    best = np.stack([cell_counts[:, :, actions].sum(axis=(2, 3)), cell_counts[:, :, responses].sum(axis=2)])
    shares: npt.NDArray[np.float64] = best / rounds
    return shares
