"""Rewards received from arms whose means change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._core import sums_of_noise
from stackel._utils.players import ROLES
from stackel.noise import Bernoulli
from stackel.results._bandit import units_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from stackel.games._changing import ChangingGame
    from stackel.noise import Noise
    from stackel.results import Result

    Counts = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float64]


class _Stretch(NamedTuple):
    """Rounds in which each arm reads one tape of the table of rewards; `means` are those of coins."""

    start: int
    end: int
    tapes: npt.NDArray[np.int64]
    means: Floats


def changing_rewards(run: Result, game: ChangingGame, counts: Counts) -> Floats:
    """Return the sum of the rewards that the leader has received up to each checkpoint, shape (R, C).

    Its follower has a single action, and changes of the game are among the checkpoints; `counts`, of shape
    (R, C, n), are those of the arms.
    """
    law, found = game.noise[0], np.zeros(counts.shape[:2])
    if isinstance(law, Bernoulli):
        stretches = list(_of_coins(game, run.horizon))
    else:
        # Noise does not know of changes: it belongs to the n-th pull of an arm.
        n_arms = counts.shape[2]
        stretches = [_Stretch(0, run.horizon, np.arange(n_arms), np.zeros(n_arms))]
        found += run.utility[0]
    counts = np.insert(counts, 0, 0, axis=1)
    for stretch in stretches:
        first, last = np.searchsorted(run.rounds, [stretch.start, stretch.end], side="right")
        for replication, rows in enumerate(counts[:, first : last + 1]):
            noise = _noise(law, (run.seed, replication, ROLES[0]), stretch, rows)
            found[replication, first:last] += noise[1:] - noise[0]
            found[replication, last:] += noise[-1] - noise[0]
    return found


def _of_coins(game: ChangingGame, horizon: int) -> Iterator[_Stretch]:
    """Yield the games: coins with another probability than those before have a tape of their own."""
    seen: list[list[float]] = [[] for _ in range(game.shape[0])]
    for piece in game.pieces(horizon):
        means = piece.game.leader[:, 0]
        for known, mean in zip(seen, means.tolist(), strict=True):
            if mean not in known:
                known.append(mean)
        tapes = [
            arm + known.index(mean) * len(seen)
            for arm, (known, mean) in enumerate(zip(seen, means.tolist(), strict=True))
        ]
        yield _Stretch(piece.start, piece.start + piece.rounds, np.array(tapes), means)


def _noise(law: Noise, key: tuple[int, int, str], stretch: _Stretch, counts: Counts) -> Floats:
    """Return what the first `counts` entries of the tapes add up to, shape (C,), counts (C, n)."""
    arms = zip(stretch.tapes, stretch.means.tolist(), counts.T, strict=True)
    sums = [
        sums_of_noise(law.as_core(), mean, *key, (np.full(len(places), tape), np.ascontiguousarray(places)))
        for tape, mean, places in arms
    ]
    each, unit = units_of(law)
    total: Floats = unit * (each * np.array(sums)).sum(axis=0)
    return total
