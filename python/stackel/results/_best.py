"""How often players played best actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.validation import shown
from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.benchmarks._ties import same
from stackel.errors import SpecError
from stackel.games._changing import changes_of, pieces_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.games._game import Game


def best_shares(
    game: AnyGame, rounds: npt.NDArray[np.int64], cell_counts: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return the shares of `Result.best_share` from counts at checkpoints, (R, K, n_leader, n_follower)."""
    last = int(rounds[-1])
    pieces = pieces_of(game, last)
    starts = [piece.start for piece in pieces]
    changes = changes_of(game, last)
    if not set(changes) <= set(rounds.tolist()):
        allowed = f"a run with checkpoints at the changes of its game, {shown(changes)}, as by default"
        raise SpecError("result", allowed, f"checkpoints {shown(rounds.tolist())}")
    since = np.diff(cell_counts, axis=1, prepend=0)
    in_force = np.searchsorted(starts, rounds, side="left") - 1
    best = np.concatenate(
        [_best(piece.game, since[:, in_force == k]) for k, piece in enumerate(pieces)], axis=2
    )
    shares: npt.NDArray[np.float64] = best.cumsum(axis=2) / rounds
    return shares


def _best(game: Game, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the numbers of rounds with best actions, shape (2, R, K), from counts of outcomes."""
    responses = best_responses(game)
    # With ties for the leader, as in its Stackelberg value.
    values = np.where(responses, game.leader, -np.inf).max(axis=1)
    actions = same(values, stackelberg(game).leader)
    found: npt.NDArray[np.int64] = np.stack(
        [counts[:, :, actions].sum(axis=(2, 3)), counts[:, :, responses].sum(axis=2)]
    )
    return found
