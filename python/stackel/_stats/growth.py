"""Power laws through mean regrets at several horizons, with their intervals and their bend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from stackel._stats.intervals import mean_interval
from stackel._stats.power_law import (
    bend_weights,
    expanded_tails,
    fit_line,
    log_combination,
    resample_means,
    slope_weights,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from stackel._stats.power_law import Line

_ENOUGH = 6
"""Replications from which on bootstrap intervals of slopes keep their level; see `expanded_tails`."""


class Exponents(Protocol):
    """What a table of exponents needs of a fit of P players: `Growth`, or `stackel.ScalingFit`."""

    @property
    def usable(self) -> npt.NDArray[np.bool_]: ...
    @property
    def exponent(self) -> npt.NDArray[np.float64]: ...
    @property
    def prefactor(self) -> npt.NDArray[np.float64]: ...
    @property
    def ci(self) -> npt.NDArray[np.float64]: ...
    @property
    def log_adjusted_exponent(self) -> npt.NDArray[np.float64]: ...
    @property
    def log_adjusted_ci(self) -> npt.NDArray[np.float64]: ...
    @property
    def curvature(self) -> npt.NDArray[np.float64]: ...
    @property
    def curvature_ci(self) -> npt.NDArray[np.float64]: ...
    @property
    def reliable(self) -> npt.NDArray[np.bool_]: ...


def rows_of_exponents(
    fit: Exponents, players: Sequence[str], horizons: npt.NDArray[np.int64], replications: int
) -> Iterator[dict[str, Any]]:
    """Yield the row of each player in a table of exponents."""
    for rank, player in enumerate(players):
        yield {
            "player": player,
            "horizons": len(horizons),
            "first": int(horizons[0]),
            "last": int(horizons[-1]),
            "replications": replications,
            "exponent": fit.exponent[rank],
            "exponent_low": fit.ci[rank, 0],
            "exponent_high": fit.ci[rank, 1],
            "log_adjusted_exponent": fit.log_adjusted_exponent[rank],
            "log_adjusted_low": fit.log_adjusted_ci[rank, 0],
            "log_adjusted_high": fit.log_adjusted_ci[rank, 1],
            "curvature": fit.curvature[rank],
            "curvature_low": fit.curvature_ci[rank, 0],
            "curvature_high": fit.curvature_ci[rank, 1],
            "prefactor": fit.prefactor[rank],
            "used": int(fit.usable[rank].sum()),
            "reliable": bool(fit.reliable[rank]),
        }


class Growth(NamedTuple):
    """Fit of each of P players over H horizons; `stackel.ScalingFit` describes the numbers."""

    low: npt.NDArray[np.float64]
    """Lower limits of the mean regrets, shape (P, H)."""
    usable: npt.NDArray[np.bool_]
    exponent: npt.NDArray[np.float64]
    prefactor: npt.NDArray[np.float64]
    ci: npt.NDArray[np.float64]
    log_adjusted_exponent: npt.NDArray[np.float64]
    log_adjusted_ci: npt.NDArray[np.float64]
    local_exponent: npt.NDArray[np.float64]
    local_ci: npt.NDArray[np.float64]
    curvature: npt.NDArray[np.float64]
    curvature_ci: npt.NDArray[np.float64]
    r_squared: npt.NDArray[np.float64]
    too_few: npt.NDArray[np.bool_]
    """Whether there are so few replications that intervals are too narrow, shape (P,)."""
    reliable: npt.NDArray[np.bool_]


def growth(
    horizons: npt.NDArray[np.int64],
    regret: npt.NDArray[np.float64],
    rounding: npt.NDArray[np.float64],
    *,
    alike: npt.NDArray[np.bool_],
    confidence: float,
    log_power: float,
    bootstrap: int,
    bootstrap_seed: np.random.SeedSequence,
) -> Growth:
    """Fit a power law for each of P players; `regret` has shape (P, R, H).

    Mean regrets of at most `rounding`, shape (P, H), count as zero. `alike`, shape (P, H), says where all
    replications are alike by chance.
    """
    players, replications, _ = regret.shape
    mean, _, low, _ = mean_interval(regret, 1, confidence, alike)
    usable = mean > rounding
    too_few = (np.ptp(regret, axis=1) > rounding).any(axis=1) & (1 < replications < _ENOUGH)
    if replications > 1:
        resampled = resample_means(regret, bootstrap, bootstrap_seed)
        tails = expanded_tails(confidence, replications)
    else:
        resampled, tails = np.empty((players, 0, len(horizons))), (0.0, 1.0)
    data = list(zip(mean, resampled, usable, strict=True))
    lines = [fit_line(horizons, *row, tails) for row in data]
    local = np.array([_local_slopes(horizons, *row, tails) for row in data])
    bend = np.array([_bend(horizons, *row, tails) for row in data])
    exponent = np.array([line.slope for line in lines])
    ci = np.array([(line.low, line.high) for line in lines])
    # Division by the log factor reduces all slopes through the same horizons by the same amount.
    log_slope = np.array([log_power * _slope_of_log_log(horizons[row]) for row in usable])
    return Growth(
        low=low,
        usable=usable,
        exponent=exponent,
        prefactor=np.array([line.prefactor for line in lines]),
        ci=ci,
        log_adjusted_exponent=exponent - log_slope,
        log_adjusted_ci=ci - log_slope[:, None],
        local_exponent=local[:, :, 0],
        local_ci=local[:, :, 1:],
        curvature=bend[:, 0],
        curvature_ci=bend[:, 1:],
        r_squared=np.array(
            [_explained(horizons, row, line, ok) for row, line, ok in zip(mean, lines, usable, strict=True)]
        ),
        too_few=too_few,
        reliable=np.all(usable & (low > 0), axis=1) & ~too_few,
    )


def _local_slopes(
    horizons: npt.NDArray[np.int64],
    mean: npt.NDArray[np.float64],
    resampled: npt.NDArray[np.float64],
    usable: npt.NDArray[np.bool_],
    tails: tuple[float, float],
) -> list[tuple[float, float, float]]:
    """Return the slope between each horizon and the next, with limits; see `fit_line`."""
    spans = [slice(start, start + 2) for start in range(len(horizons) - 1)]
    lines = [fit_line(horizons[s], mean[s], resampled[:, s], usable[s], tails) for s in spans]
    return [(line.slope, line.low, line.high) for line in lines]


def _bend(
    horizons: npt.NDArray[np.int64],
    mean: npt.NDArray[np.float64],
    resampled: npt.NDArray[np.float64],
    usable: npt.NDArray[np.bool_],
    tails: tuple[float, float],
) -> tuple[float, float, float]:
    """Return the change of slope per decade, with limits; see `fit_line`."""
    if usable.sum() < 3:  # a parabola needs three points
        return math.nan, math.nan, math.nan
    return log_combination(bend_weights(horizons[usable]), mean[usable], resampled[:, usable], tails)


def _explained(
    horizons: npt.NDArray[np.int64],
    mean: npt.NDArray[np.float64],
    line: Line,
    usable: npt.NDArray[np.bool_],
) -> float:
    """Return the share of the variance of the logarithms that the line explains."""
    if usable.sum() < 3:  # a line through two points always explains everything
        return math.nan
    logs = np.log(mean[usable])
    residuals = logs - math.log(line.prefactor) - line.slope * np.log(horizons[usable])
    return 1.0 - float(residuals @ residuals) / float(logs.var() * len(logs)) if logs.var() > 0 else math.nan


def _slope_of_log_log(horizons: npt.NDArray[np.int64]) -> float:
    if len(horizons) < 2:  # a line needs two points
        return math.nan
    return float(np.log(np.log(horizons)) @ slope_weights(horizons))
