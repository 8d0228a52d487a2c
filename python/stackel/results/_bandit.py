"""Result of a bandit: one learner and its arms."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._core import entries_of_noise, sums_of_noise
from stackel._figures.bandit import draw_bandits
from stackel._stats.intervals import as_confidence
from stackel._utils.arrays import as_array, as_floats
from stackel._utils.players import ROLES
from stackel._utils.validation import MAX_HORIZON, shown
from stackel.benchmarks._bandits import best_arms, lai_robbins
from stackel.errors import SpecError
from stackel.games._game import as_game
from stackel.noise import Bernoulli, Gaussian, StudentT, Uniform

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.figure import Figure

    from stackel.learners import Learner
    from stackel.noise import Noise
    from stackel.results._result import Result

_CHUNK = 2**20
"""Entries that are drawn at once."""
_ROUNDS = "rounds >= 1, a number or an array"


@dataclass(frozen=True, slots=True, repr=False)
class BanditResult:
    """Outcome of `stackel.bandit`: R replications of one learner on n arms, at C checkpoints.

    Parameters
    ----------
    run : Result
        The same as a game: the learner leads, its arms are the leader's actions, and the follower has a
        single action. The follower's utility counts the rounds of the best arm.

    Examples
    --------
    >>> import stackel as sk
    >>> learner = sk.UCB(sigma=0.5)
    >>> run = sk.bandit([0.1, 0.5, 0.9], learner, 10_000, noise=sk.Bernoulli(), replications=50, seed=1)
    >>> run.regret.shape, run.best_arm_share.shape, run.pulls.shape
    ((50, 57), (50, 57), (50, 3))
    >>> round(float(run.regret_bound(10_000)), 1)
    11.4
    """

    run: Result

    @property
    def learner(self) -> Learner:
        """The learner."""
        return self.run.leader

    @property
    def means(self) -> npt.NDArray[np.float64]:
        """Mean reward of each arm, shape (n,)."""
        means: npt.NDArray[np.float64] = as_game(self.run.game).leader[:, 0]
        return means

    @property
    def noise(self) -> Noise:
        """Law of the rewards; scales that differ from arm to arm are a column."""
        return self.run.game.noise[0]

    @property
    def rounds(self) -> npt.NDArray[np.int64]:
        """Checkpoints, in rounds played, shape (C,)."""
        return self.run.rounds

    @property
    def horizon(self) -> int:
        """Number of rounds T."""
        return self.run.horizon

    @property
    def replications(self) -> int:
        """Number of independent repetitions R."""
        return self.run.replications

    @property
    def regret(self) -> npt.NDArray[np.float64]:
        """Regret against the best arm at the checkpoints, in mean rewards, shape (R, C)."""
        regret: npt.NDArray[np.float64] = self.run.regret((float(self.means.max()), 0.0))[0]
        return regret

    @property
    def best_arm_share(self) -> npt.NDArray[np.float64]:
        """Share of the best arms in the rounds up to each checkpoint, shape (R, C)."""
        share: npt.NDArray[np.float64] = self.run.utility[1] / self.rounds
        return share

    @property
    def pulls(self) -> npt.NDArray[np.int64]:
        """Rounds of each arm in the whole run, shape (R, n)."""
        pulls: npt.NDArray[np.int64] = self.run.pulls[:, :, 0]
        return pulls

    @property
    def arm_counts(self) -> npt.NDArray[np.int64]:
        """Rounds of each arm up to each checkpoint, shape (R, C, n); of a run with ``trace=True``."""
        counts: npt.NDArray[np.int64] = self.run.cell_counts[..., 0]
        return counts

    @property
    def rewards(self) -> npt.NDArray[np.float64]:
        """Sum of the rewards received up to each checkpoint, shape (R, C); of a run with ``trace=True``."""
        return self.rewards_of(self.arm_counts)

    @property
    def total_rewards(self) -> npt.NDArray[np.float64]:
        """Sum of all rewards received, shape (R,)."""
        return self.rewards_of(self.pulls[:, None, :])[:, 0]

    def rewards_of(self, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        """Return what the first `counts` rewards of the arms add up to, shape (R, C), counts (R, C, n)."""
        shape = (self.replications, len(self.means))
        allowed = f"whole numbers from 0 to 2^53, shape ({shape[0]}, C, {shape[1]})"
        found = as_array("counts", allowed, counts)
        if found.ndim != 3 or found.shape[::2] != shape or found.dtype.kind not in "iu":
            raise SpecError("counts", allowed, shown(counts))
        if not ((found >= 0) & (found <= MAX_HORIZON)).all():
            raise SpecError("counts", allowed, shown(counts))
        counts, marks = found.astype(np.int64), found.shape[1]
        each, unit = units_of(self.noise)
        tapes = np.repeat(np.arange(len(self.means)), marks)
        sums = np.zeros(counts.shape[:2])
        for replication, rows in enumerate(counts):
            noise = self._noise(replication, tapes, np.ascontiguousarray(rows.T).ravel())
            sums[replication] = unit * (each * noise.reshape(-1, marks)).sum(axis=0)
        return sums if isinstance(self.noise, Bernoulli) else sums + counts @ self.means

    def _noise(
        self, replication: int, tapes: npt.NDArray[np.int64], places: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.number[Any]]:
        """Sums of the noise of some tapes up to some places, in units of it."""
        law, key = self.noise.as_core(), (self.run.seed, replication, ROLES[0])
        if isinstance(self.noise, StudentT):
            arms = np.unique(tapes)
            return np.concatenate([_added(law, key, int(arm), places[tapes == arm]) for arm in arms])
        if not isinstance(self.noise, Bernoulli):
            return sums_of_noise(law, 0.0, *key, (tapes, places))
        parts = [
            sums_of_noise(law, float(mean), *key, (tapes[tapes == arm], places[tapes == arm]))
            for arm, mean in enumerate(self.means)
        ]
        return np.concatenate(parts)

    @property
    def bound_constant(self) -> float:
        """Constant C of the lower bound ``C ln t`` by Lai and Robbins (1985) on the regret.

        The sum of ``gap / d(mean, largest mean)`` over the arms that are not best, with the divergence d of
        two laws of the family `noise`. It is 0 if single rewards tell laws of different means apart.
        """
        return lai_robbins(self.means, self.noise)

    def regret_bound(self, t: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return ``bound_constant * ln t``, which the regret of consistent algorithms exceeds for large t."""
        rounds = as_floats("t", _ROUNDS, t)
        if not (rounds >= 1).all():
            raise SpecError("t", _ROUNDS, shown(t))
        return self.bound_constant * np.log(rounds)

    def plot(self, *, confidence: float = 0.95) -> Figure:
        """Draw the regret, the bound of Lai and Robbins, and the share of the best arm (extra ``plot``).

        Parameters
        ----------
        confidence : float, default 0.95
            Level of the bands around means over replications.
        """
        curves = {self.learner.label: (self.regret, self.best_arm_share)}
        return draw_bandits(curves, self.rounds, self.bound_constant, as_confidence(confidence))

    @property
    def best_arms(self) -> npt.NDArray[np.bool_]:
        """Whether an arm has the largest mean, shape (n,)."""
        return best_arms(self.means)

    def __repr__(self) -> str:
        return (
            f"BanditResult({self.learner.label} on {len(self.means)} arms, horizon={self.horizon}, "
            f"replications={self.replications}, seed={self.run.seed}, engine={self.run.engine!r})"
        )


def _added(
    law: tuple[str, dict[str, Any]], key: tuple[int, int, str], tape: int, places: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Return sums of the first entries of a tape up to some places, where they are drawn one by one."""
    ends, order = np.unique(places, return_inverse=True)
    pieces = np.union1d(np.arange(0, ends[-1] + 1, _CHUNK), ends).tolist()
    sums = {0: 0.0}
    for start, end in pairwise(pieces):
        entries = entries_of_noise(law, *key, (tape, start, end - start))
        sums[end] = sums[start] + float(entries.sum())
    return np.array([sums[end] for end in ends.tolist()])[order]


def units_of(noise: Noise) -> tuple[npt.NDArray[np.float64] | int, float]:
    """Return what a unit of noise is worth, as a factor of each arm and one of all."""
    match noise:
        case Gaussian(scale):
            unit = 2.0**-30
        case Uniform(scale):
            unit = 2.0**-31
        case StudentT(_, scale):
            unit = 1.0
        case _:
            return 1, 1.0
    if isinstance(scale, float):
        return 1, scale * unit
    return np.array(scale), unit
