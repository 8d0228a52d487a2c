"""Cases in which two engines have to agree in law: games, noises, and difficult pairs of learners."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

RANDOM = np.random.default_rng(3)


def random_means(rows: int, columns: int) -> tuple[Array, Array]:
    return RANDOM.random((rows, columns)), RANDOM.random((rows, columns))


MEANS: dict[str, tuple[Any, Any]] = {
    "tied": ([[0.5, 0.5], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]]),
    "separated": ([[0.75, 0.25], [0.5, 0.5]], [[0.25, 0.0], [0.625, 0.375]]),
    "random": random_means(3, 4),
    "1xN": ([[0.3, 0.6, 0.9]], [[0.5, 0.45, 0.1]]),
    "Nx1": ([[0.3], [0.5], [0.45]], [[0.2], [0.8], [0.5]]),
    "sure": ([[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0], [0.75, 0.5]]),
    "rare": ([[0.0, 1e-3, 1.0], [1e-3, 2e-3, 0.0]], [[1e-3, 0.0, 2e-3], [1.0, 0.0, 1.0]]),
    "tied 4x4": (np.full((4, 4), 0.5), np.full((4, 4), 0.5)),
    "random 2x2": random_means(2, 2),
    "random 4x4": random_means(4, 4),
    "random 3x5": random_means(3, 5),
    "random 8x8": random_means(8, 8),
    "wide": random_means(2, 40),
    "far from zero": (RANDOM.random((3, 3)) - 1e6, RANDOM.random((3, 3)) - 1e6),
}
"""Mean utilities of both players."""

NEARLY_TIED = ([[1, 0], [0, 2]], [[0, 1], [0, -1]])
"""Distances from 1/2 of the means of "nearly tied", in units of T^(-1/2)."""

GAMES = [*MEANS, "nearly tied"]
NOISES: dict[str, sk.Noise | tuple[sk.Noise, sk.Noise]] = {
    "Gaussian": sk.Gaussian(0.5),
    "Bernoulli": sk.Bernoulli(),
    "Uniform": sk.Uniform(0.75),
    "little": sk.Gaussian(0.05),
    "much": sk.Gaussian(2.0),
    "small, large": (sk.Gaussian(0.05), sk.Gaussian(1.5)),
    "Gaussian, Bernoulli": (sk.Gaussian(0.5), sk.Bernoulli()),
    "Bernoulli, Deterministic": (sk.Bernoulli(), sk.Deterministic()),
    "Deterministic, Gaussian": (sk.Deterministic(), sk.Gaussian(0.5)),
    "Uniform, Gaussian": (sk.Uniform(0.5), sk.Gaussian(0.5)),
    "Bernoulli, Uniform": (sk.Bernoulli(), sk.Uniform(0.75)),
}

PHASES: tuple[tuple[int, ...] | None, ...] = (None, (1,), (3,), (1, 2, 4, 8), (50,))
SWEEPS = [sk.ActiveArmElimination(phases=phases, sigma=0.3) for phases in PHASES]
INDEX_LEADERS = [
    sk.UCB(sigma=0.3),
    sk.UCB(anytime=True, sigma=0.3),
    sk.LipschitzUCB(follower_constant=0.5, sigma=0.3),
    sk.ExploreThenUCB(exploration=40, sigma=0.3),
]
SCHEDULED_LEADERS = [
    sk.ExploreThenCommit(exploration=300),
    sk.ExploreThenCommitThrowOut(discard=100, exploration=200),
    sk.FixedAction(0),
]
SCHEDULED_FOLLOWERS = [
    sk.ExploreThenCommit(exploration=30),
    sk.ExploreThenCommit(),
    sk.ExploreThenCommitThrowOut(discard=20, exploration=20),
    sk.BestResponse(),
]
BELOW_SWEEPS = [sk.UCB(sigma=0.3), sk.UCB(anytime=True, sigma=0.3), sk.ExploreThenCommit(exploration=30)]
DELICATE_PAIRS: list[tuple[sk.Learner, sk.Learner]] = [
    *((leader, follower) for leader in SWEEPS for follower in (*BELOW_SWEEPS, SWEEPS[0], SWEEPS[3])),
    *((leader, follower) for leader in (*INDEX_LEADERS, *SCHEDULED_LEADERS) for follower in SWEEPS),
    *((leader, follower) for leader in INDEX_LEADERS for follower in SCHEDULED_FOLLOWERS),
]
"""Sweeps of elimination in either seat, and schedules of a follower below an index."""


class Case(NamedTuple):
    """A game with its horizon and learners."""

    horizon: int
    means: str
    noise: str
    leader: sk.Learner
    follower: sk.Learner

    def __str__(self) -> str:
        return f"T={self.horizon}, {self.means}, {self.noise}: {self.leader} v {self.follower}"

    @property
    def utilities(self) -> tuple[Any, Any]:
        if self.means != "nearly tied":
            return MEANS[self.means]
        first, second = (0.5 + np.array(distances) / math.sqrt(self.horizon) for distances in NEARLY_TIED)
        return first, second

    @property
    def game(self) -> sk.Game:
        return sk.Game(*self.utilities, noise=NOISES[self.noise])

    @property
    def is_meaningful(self) -> bool:
        """Whether the noise fits the means.

        The mean of a Bernoulli law is a probability. Without noise, ties are exact, and rounding errors
        break them unless means are binary fractions with few digits.
        """
        laws = NOISES[self.noise]
        pair = laws if isinstance(laws, tuple) else (laws, laws)
        return all(
            {
                sk.Bernoulli: np.all((means >= 0) & (means <= 1)),
                sk.Deterministic: np.all(means * 1024 % 1 == 0),
            }.get(type(law), True)
            for law, means in zip(pair, map(np.asarray, self.utilities), strict=True)
        )

    def play(
        self,
        engine: str,
        seed: int | np.random.SeedSequence,
        replications: int,
        checkpoints: Sequence[int] | None = None,
    ) -> sk.Result:
        """Play the case on all cores, by default with checkpoints at 1/20, 1/4 and the end of the horizon."""
        at = [self.horizon // 20, self.horizon // 4, self.horizon] if checkpoints is None else checkpoints
        return sk.simulate(
            self.game,
            self.leader,
            self.follower,
            self.horizon,
            replications=replications,
            seed=seed,
            checkpoints=at,
            engine=engine,
        )
