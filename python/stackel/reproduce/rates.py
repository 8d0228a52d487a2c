"""Growth of regret with the horizon, also of the worst or the least of many curves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel._slopes import expanded_tails, fit_line, resample_means
from stackel.reproduce.claim import Estimate
from stackel.reproduce.measure import CONFIDENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from stackel.reproduce.measure import Curve, Lab

Reduction: TypeAlias = "Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]"
"""From mean regrets, shape (..., N curves, 2 players, H), to the number of interest, (..., H)."""

RESAMPLES = 1000
"""Bootstrap resamples behind every interval of an exponent."""


def worst_for(player: int) -> Reduction:
    """Regret of a player in the worst of the instances, at every horizon anew.

    Bounds on regret are about the worst case, and every horizon has its own: the exponent of this
    envelope is what an upper bound predicts, not the exponent in any single game.
    """
    return lambda means: means[..., player, :].max(axis=-2)


@dataclass(frozen=True, eq=False)
class Trend:
    """One number at every horizon, made of the mean regrets of one or many curves.

    Parameters
    ----------
    horizons : ndarray of int, shape (H,)
        Horizons T.
    mean : ndarray, shape (H,)
        The number at every horizon.
    resampled : ndarray, shape (n, H)
        The same for bootstrap resamples of the replications.
    tails : pair of float
        Probabilities below the limits of intervals.
    """

    horizons: npt.NDArray[np.int64]
    mean: npt.NDArray[np.float64]
    resampled: npt.NDArray[np.float64]
    tails: tuple[float, float]

    @classmethod
    def of(cls, lab: Lab, curves: Sequence[Curve], reduction: Reduction) -> Trend:
        """Reduce curves over the same horizons, and resamples of them alike.

        Replications are drawn anew within every curve and horizon. The fewest replications anywhere
        decide how far the percentiles move outwards.
        """
        fewest = min(samples.shape[1] for curve in curves for samples in curve.regret)
        return cls(
            np.array(curves[0].horizons),
            reduction(np.stack([curve.mean for curve in curves])),
            reduction(np.stack([_resampled(lab, curve) for curve in curves], axis=1)),
            expanded_tails(CONFIDENCE, fewest),
        )

    def estimates(self) -> tuple[Estimate, ...]:
        """Return the number at every horizon with its interval."""
        low, high = np.quantile(self.resampled, self.tails, axis=0)
        return tuple(Estimate(*map(float, limits)) for limits in zip(self.mean, low, high, strict=True))

    def exponent(self, log_power: float = 0.0) -> Estimate:
        """Slope of the log of the number, divided by ``(ln T)**log_power``, on log T.

        Undefined (nan) where the number is not positive at every horizon: it has no logarithm
        there, and leaving the horizon out would flatter whoever gains from it.
        """
        if (self.mean <= 0).any():
            return Estimate(math.nan, math.nan, math.nan)
        scale = np.log(self.horizons) ** log_power
        line = fit_line(self.horizons, self.mean / scale, self.resampled / scale, self.mean > 0, self.tails)
        return Estimate(line.slope, line.low, line.high)


def _resampled(lab: Lab, curve: Curve) -> npt.NDArray[np.float64]:
    """Mean regrets of bootstrap resamples, shape (n, 2, H)."""
    columns = [
        resample_means(
            samples[:, :, np.newaxis], RESAMPLES, [lab.stream("resample", curve.pair, curve.instance, T)]
        )
        for T, samples in zip(curve.horizons, curve.regret, strict=True)
    ]
    return np.concatenate(columns, axis=2).swapaxes(0, 1)
