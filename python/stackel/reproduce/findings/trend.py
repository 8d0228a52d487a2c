"""Growth of regret, with the horizon or anything else, also of the worst or the least of many curves."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from stackel._stats.power_law import expanded_tails, fit_line
from stackel.reproduce.evidence import Estimate
from stackel.reproduce.experiments.instances import spelled
from stackel.reproduce.experiments.lab import CONFIDENCE
from stackel.reproduce.experiments.python_call import call_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.reproduce.experiments.lab import Curve


class Reduction(Protocol):
    """From mean regrets, shape (..., N curves, 2 players, H), to the number of interest, (..., H)."""

    @property
    def code(self) -> str:
        """The same as an expression in ``regret``, a list of N arrays of shape (2, H)."""
        ...

    def __call__(self, means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Reduce."""
        ...


@dataclass(frozen=True)
class Worst:
    """Regret of a player in the worst of the instances, at every horizon anew.

    Bounds on regret are about the worst case, and every horizon has its own: the exponent of this
    envelope is what an upper bound predicts, not the exponent in any single game.
    """

    player: int

    def __call__(self, means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Reduce."""
        worst: npt.NDArray[np.float64] = means[..., self.player, :].max(axis=-2)
        return worst

    @property
    def code(self) -> str:
        """The same as an expression in ``regret``."""
        return f"np.max(regret, axis=0)[{self.player}]"


@dataclass(frozen=True, eq=False)
class Trend:
    """One number at every horizon or size, made of the mean regrets of one or many curves.

    Parameters
    ----------
    x : ndarray, shape (H,)
        Horizons T, or sizes.
    mean : ndarray, shape (H,)
        The number at each.
    resampled : ndarray, shape (n, H)
        The same for bootstrap resamples of the replications.
    tails : pair of float
        Probabilities below the limits of intervals.
    curves : sequence of Curve
        What it is made of.
    code : str
        The numbers as an expression in ``regret``; see `call_for`.
    x_code : str
        The horizons or sizes as an expression.
    """

    x: npt.NDArray[Any]
    mean: npt.NDArray[np.float64]
    resampled: npt.NDArray[np.float64]
    tails: tuple[float, float]
    curves: tuple[Curve, ...] = ()
    code: str = ""
    x_code: str = "horizons"

    @classmethod
    def of(cls, curves: Sequence[Curve], reduction: Reduction) -> Trend:
        """Reduce curves over the same horizons, and resamples of them alike.

        Replications are drawn anew within every game and horizon, the same ones for all pairs: they
        met the same noise. The fewest replications anywhere decide how far the percentiles move
        outwards.
        """
        return cls(
            np.array(curves[0].horizons, dtype=float),
            reduction(np.stack([curve.mean for curve in curves])),
            reduction(np.stack([curve.resampled for curve in curves], axis=1)),
            expanded_tails(CONFIDENCE, min(curve.effort.replications for curve in curves)),
            tuple(curves),
            reduction.code,
        )

    @classmethod
    def over(cls, x: Sequence[float], trends: Sequence[Trend]) -> Trend:
        """Join the last numbers of several trends, one for every x."""
        starts = np.cumsum([0, *(len(trend.curves) for trend in trends)])
        parts = (
            trend.code.replace("regret", f"regret[{start}:{stop}]") + "[-1]"
            for trend, start, stop in zip(trends, starts[:-1], starts[1:], strict=True)
        )
        return cls(
            np.array(x, dtype=float),
            np.array([trend.mean[-1] for trend in trends]),
            np.stack([trend.resampled[:, -1] for trend in trends], axis=1),
            (min(trend.tails[0] for trend in trends), max(trend.tails[1] for trend in trends)),
            tuple(curve.since(curve.horizons[-1]) for trend in trends for curve in trend.curves),
            f"np.array([{', '.join(parts)}])",
            f"np.array({list(x)})",
        )

    def since(self, first: float) -> Trend:
        """Return the trend from the horizon `first` on."""
        kept = self.x >= first
        return replace(
            self,
            x=self.x[kept],
            mean=self.mean[kept],
            resampled=self.resampled[:, kept],
            curves=tuple(curve.since(int(first)) for curve in self.curves),
        )

    def x_values(self) -> tuple[float, ...]:
        """Return the horizons or sizes as plain numbers."""
        return tuple(map(float, self.x))

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
        scale = np.log(self.x) ** log_power
        line = fit_line(self.x, self.mean / scale, self.resampled / scale, self.mean > 0, self.tails)
        return Estimate(line.slope, line.low, line.high)

    def exponent_call(self, log_power: float = 0.0) -> str:
        """Python that measures the exponent again."""
        scale = f" / np.log({self.x_code}) ** {spelled(log_power)}" if log_power else ""
        slope = f"np.polyfit(np.log({self.x_code}), np.log({self.code}{scale}), 1)[0]"
        return call_for(self.curves, slope)
