"""Growth of regret with the horizon or with a size, also of the worst of several games."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.power_law import expanded_tails, fit_line, resample_means
from stackel._utils.seeds import resampling_seed
from stackel.reproduce.evidence import Estimate
from stackel.reproduce.experiments.instances import spelled
from stackel.reproduce.experiments.lab import CONFIDENCE
from stackel.reproduce.experiments.source import evaluate
from stackel.reproduce.findings.calls import call_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.reproduce.experiments.lab import Regrets

BOOTSTRAP = 1000
"""Bootstrap resamples behind every interval of an exponent."""


def worst(player: int) -> str:
    """Regret of a player in the worst game, at every horizon anew, as an expression in ``regret``.

    Bounds on regret are about the worst game, and every horizon has its own: an upper bound predicts the
    exponent of this envelope, not the exponent in any single game.
    """
    return f"regret[..., {player}].max(axis=-1)"


@dataclass(frozen=True, eq=False)
class Trend:
    """One number at every horizon or size, made of mean regrets."""

    x: npt.NDArray[Any]
    """Horizons T, or sizes, shape (H,)."""
    mean: npt.NDArray[np.float64]
    resampled: npt.NDArray[np.float64]
    """The number in bootstrap resamples of the replications, shape (n, H)."""
    tails: tuple[float, float]
    """Probabilities below the limits of intervals."""
    parts: tuple[Regrets, ...] = ()
    """The regrets that it is made of."""
    code: str = ""
    """The numbers as an expression in ``regret``, mean regrets of shape (..., H, N, 2) for N parts."""
    x_code: str = "horizons"

    @classmethod
    def of(cls, parts: Sequence[Regrets], code: str) -> Trend:
        """Evaluate an expression in the regrets of parts over the same horizons, and in resamples of them.

        A resample has the same replications in all parts and at all horizons, which met the same noise. The
        fewest replications of any part decide how far the percentiles move outwards.
        """
        horizons = parts[0].horizons
        mean = np.stack([part.samples.mean(axis=1) for part in parts])
        resampled = np.empty((BOOTSTRAP, len(horizons), len(parts), 2))
        counts = np.array([part.effort.replications for part in parts])
        seed = resampling_seed(parts[0].seed)
        for count in np.unique(counts):
            alike = np.flatnonzero(counts == count)
            samples = np.stack([parts[i].samples for i in alike.tolist()])
            means = resample_means(samples, BOOTSTRAP, seed)
            resampled[:, :, alike] = np.moveaxis(means, (2, 3), (0, 1))
        return cls(
            np.array(horizons, dtype=float),
            evaluate(code, regret=np.moveaxis(mean, 2, 0)),
            evaluate(code, regret=resampled),
            expanded_tails(CONFIDENCE, int(counts.min())),
            tuple(parts),
            code,
        )

    @classmethod
    def over(cls, x: Sequence[float], trends: Sequence[Trend]) -> Trend:
        """Join the last numbers of several trends, one for every x."""
        stops = np.cumsum([len(trend.parts) for trend in trends])
        codes = (
            trend.code.replace("regret", f"regret[:, {stop - len(trend.parts)}:{stop}]") + "[-1]"
            for trend, stop in zip(trends, stops, strict=True)
        )
        return cls(
            np.array(x, dtype=float),
            np.array([trend.mean[-1] for trend in trends]),
            np.stack([trend.resampled[:, -1] for trend in trends], axis=1),
            (min(trend.tails[0] for trend in trends), max(trend.tails[1] for trend in trends)),
            tuple(part.at(trend.x[-1]) for trend in trends for part in trend.parts),
            "np.array([\n    " + ",\n    ".join(codes) + ",\n])",
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
            parts=tuple(part.at(*self.x[kept]) for part in self.parts),
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

        It is undefined (nan) where the number is not positive at every horizon: a number that is not
        positive has no logarithm, and a fit without that horizon would flatter one of the players.
        """
        if (self.mean <= 0).any():
            return Estimate(math.nan, math.nan, math.nan)
        scale = np.log(self.x) ** log_power
        line = fit_line(self.x, self.mean / scale, self.resampled / scale, self.mean > 0, self.tails)
        return Estimate(line.slope, line.low, line.high)

    def exponent_call(self, log_power: float = 0.0) -> str:
        """Python that measures the exponent again."""
        scale = f" / np.log({self.x_code}) ** {spelled(log_power)}" if log_power else ""
        slope = f"np.polyfit(np.log({self.x_code}), np.log(numbers{scale}), 1)[0]"
        return call_for(self.parts, slope, f"numbers = {self.code}\n")
