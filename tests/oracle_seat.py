"""What the learners of the oracle have in common: a seat, statistics, radii and phases."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chance import Chance

Play = Generator[int | Callable[[], int], tuple[float, int | None], None]
"""An arm that depends on other instances is a function, to be called when it is needed."""


@dataclass(frozen=True)
class Seat:
    """What a learner knows before the first round; `means`, `game`, `action` only matter to those who see."""

    role: str
    horizon: int
    n_leader: int
    n_follower: int
    means: Sequence[float]
    chance: Chance
    game: Sequence[Sequence[Sequence[float]]] = ()
    action: int = 0
    memory: dict[str, Any] = field(default_factory=dict)
    """What the instances of a follower share; a leader has one of its own."""

    @property
    def arms(self) -> int:
        return self.n_leader if self.role == "leader" else self.n_follower

    @property
    def log_horizon(self) -> float:
        return math.log(self.horizon)

    @property
    def follower_window(self) -> int:
        """E2, the follower's default exploration of each arm."""
        per_cell = self.horizon / (self.n_leader * self.n_follower)
        return max(1, math.ceil(per_cell ** (2 / 3) * self.log_horizon ** (1 / 3)))

    @property
    def leader_window(self) -> int:
        """|B| E2: as long as the follower below needs to finish exploring."""
        return self.n_follower * self.follower_window

    @property
    def window(self) -> int:
        return self.leader_window if self.role == "leader" else self.follower_window


class Tally:
    """Count and sum of the rewards of each arm that a learner keeps."""

    def __init__(self, arms: int) -> None:
        self.count = [0] * arms
        self.sum = [0.0] * arms

    def add(self, arm: int, observed: tuple[float, int | None]) -> None:
        self.count[arm] += 1
        self.sum[arm] += observed[0]

    def mean(self, arm: int) -> float:
        return self.sum[arm] / self.count[arm]


def first_best(values: Sequence[float]) -> int:
    """Index of the largest value, the lowest one of ties."""
    return values.index(max(values))


def best(seat: Seat, values: Sequence[float], ties: str) -> int:
    """Index of the largest value: of ties the lowest, or a random one. New arms come in index order."""
    tied = [value == max(values) for value in values]
    if ties == "lowest" or sum(tied) == 1 or max(values) == math.inf:
        return tied.index(True)
    return seat.chance.draw(tied)


def next_new(seat: Seat, counts: Sequence[int], first: str) -> int | None:
    """The next of the arms without rewards, by index or any of them; None if there is none."""
    new = [count == 0 for count in counts]
    if not any(new):
        return None
    return seat.chance.draw(new) if first == "random" and sum(new) > 1 else new.index(True)


def radius(sigma: float, confidence: float, log: float, n: int) -> float:
    return math.inf if n == 0 else sigma * math.sqrt(2 * confidence * log / n)


def phase_lengths(phases: Sequence[int] | None) -> Iterator[int]:
    """Sweeps of phase 0, 1, 2, ...: the last entry repeats, None means 1 for every phase."""
    given = [1] if phases is None else list(phases)
    return itertools.chain(given, itertools.repeat(given[-1]))
