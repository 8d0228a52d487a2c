"""Rewards of the core's table: of single tapes, and as the oracle takes them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

import stackel as sk
from stackel import _core

if TYPE_CHECKING:
    import numpy.typing as npt
    import oracle

LONGEST = 3000
"""Most rounds of a game that the oracle plays with rewards of the table."""


def unit(law: sk.Noise) -> float:
    """What a whole number of the table is worth."""
    match law:
        case sk.Gaussian(sigma):
            return sigma / 2.0**30
        case sk.Uniform(half_width):
            return half_width / 2.0**31
    return 1.0


def sums(
    law: sk.Noise,
    tapes: npt.ArrayLike,
    places: npt.ArrayLike,
    *,
    mean: float = 0.5,
    seed: int = 1,
    replication: int = 0,
    player: str = "leader",
) -> npt.NDArray[np.int64]:
    """Sums of the first `places` entries of `tapes`, in whole numbers. Both may be arrays."""
    tapes, places = np.broadcast_arrays(np.asarray(tapes, np.int64), np.asarray(places, np.int64))
    both = np.ravel(tapes), np.ravel(places)
    found = _core.sums_of_noise(law.as_core(), mean, seed, replication, player, both)
    return found.reshape(places.shape)


def entries(
    law: sk.StudentT,
    tape: int,
    start: int,
    count: int,
    *,
    seed: int = 1,
    replication: int = 0,
    player: str = "leader",
) -> npt.NDArray[np.float64]:
    """`count` entries of a tape, from the entry `start` on."""
    return _core.entries_of_noise(law.as_core(), seed, replication, player, (tape, start, count))


def rewards(
    law: sk.Noise, count: int, *, tape: int = 0, start: int = 0, mean: float = 0.5, **key: int | str
) -> npt.NDArray[np.float64]:
    """`count` rewards of a tape, from the entry `start` on."""
    if isinstance(law, sk.StudentT):
        return mean + law.scale * entries(law, tape, start, count, **key)
    steps = np.diff(sums(law, tape, start + np.arange(count + 1), mean=mean, **key))
    return steps * unit(law) + (0.0 if isinstance(law, sk.Bernoulli) else mean)


def scales(law: sk.Noise) -> npt.NDArray[np.float64]:
    """The scales of a law: one, or one for each cell."""
    return np.array([*vars(law).values(), 1.0][-2 if vars(law) else -1])


def law_of(law: sk.Noise, cell: tuple[int, int]) -> sk.Noise:
    """The law of a cell."""
    if not scales(law).ndim:
        return law
    *_, name = vars(law)
    return dataclasses.replace(law, **{name: scales(law)[cell]})


def tape_of(law: sk.Noise, player: int, cell: tuple[int, int], n_follower: int) -> int:
    """Number of the tape that a player's rewards in a cell are read from."""
    rows = np.atleast_2d(scales(law))
    by_action = (
        isinstance(law, sk.Gaussian | sk.Uniform | sk.StudentT)
        and player == 0
        and (rows == rows[:, :1]).all()
    )
    return cell[0] if by_action else cell[0] * n_follower + cell[1]


@cache
def first(law: sk.Noise, mean: float, tape: int, player: int, *key: int) -> list[float]:
    """The first rewards of a tape."""
    seed, replication = key
    role = sk.learners.ROLES[player]
    entries = rewards(law, LONGEST, tape=tape, mean=mean, seed=seed, replication=replication, player=role)
    return entries.tolist()


def as_reward(game: sk.Game, seed: int, replication: int) -> oracle.Reward:
    """The rewards of a replication of a game, for the oracle."""
    pulls: Counter[tuple[int, int]] = Counter()

    def reward(player: int, cell: tuple[int, int], mean: float) -> float:
        law = game.noise[player]
        tape = tape_of(law, player, cell, game.shape[1])
        n = pulls[player, tape]
        pulls[player, tape] += 1
        return first(law_of(law, cell), mean, tape, player, seed, replication)[n]

    return reward
