"""Fits of power laws to regrets, with notes on their limitations."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

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
from stackel._utils.players import ROLES
from stackel.analysis._runs import alike_notes
from stackel.analysis._scaling_result import ScalingFit
from stackel.errors import StackelWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from stackel._stats.power_law import Line

_MANY_DECADES = 4
_ENOUGH = 6
"""Replications from which on bootstrap intervals of slopes keep their level; see `expanded_tails`."""
_STRAIGHT = 1e-6
"""Largest change of slope per decade that counts as a rounding error."""


def fit_scaling(
    horizons: npt.NDArray[np.int64],
    regret: npt.NDArray[np.float64],
    benchmark: npt.NDArray[np.float64],
    rounding: npt.NDArray[np.float64],
    *,
    alike: npt.NDArray[np.bool_],
    confidence: float,
    log_power: float,
    bootstrap: int,
    seed: int,
    bootstrap_seed: np.random.SeedSequence,
    provenance: dict[str, Any],
    players: tuple[str, ...] = ROLES,
) -> ScalingFit:
    """Fit a power law for each of P players; `regret` has shape (P, R, H).

    Mean regrets of at most `rounding`, shape (P, H), count as zero. `alike`, shape (P, H), says where all
    replications are alike by chance.
    """
    replications = regret.shape[1]
    mean, _, low, _ = mean_interval(regret, 1, confidence, alike)
    usable = mean > rounding
    too_few = (np.ptp(regret, axis=1) > rounding).any(axis=1) & (1 < replications < _ENOUGH)
    if replications > 1:
        resampled = resample_means(regret, bootstrap, bootstrap_seed)
        tails = expanded_tails(confidence, replications)
    else:
        resampled, tails = np.empty((len(players), 0, len(horizons))), (0.0, 1.0)
    data = list(zip(mean, resampled, usable, strict=True))
    lines = [fit_line(horizons, *row, tails) for row in data]
    local = np.array([_local_slopes(horizons, *row, tails) for row in data])
    bend = np.array([_bend(horizons, *row, tails) for row in data])
    exponent = np.array([line.slope for line in lines])
    ci = np.array([(line.low, line.high) for line in lines])
    # Division by the log factor reduces all slopes through the same horizons by the same amount.
    log_slope = np.array([log_power * _slope_of_log_log(horizons[row]) for row in usable])
    return ScalingFit(
        horizons=horizons,
        regret=regret,
        benchmark=benchmark,
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
        log_power=log_power,
        confidence=confidence,
        usable=usable,
        alike=alike,
        reliable=np.all(usable & (low > 0), axis=1) & ~too_few,
        notes=(
            *(["one replication: no intervals"] if replications == 1 else ()),
            *([f"intervals from {replications} replications are too narrow"] if too_few.any() else ()),
            *alike_notes(players, horizons, alike),
            *_notes(players, horizons, usable, low, np.where(alike.any(axis=1, keepdims=True), np.nan, bend)),
        ),
        seed=seed,
        players=players,
        provenance=provenance,
    )


def warn_of(fit: ScalingFit) -> None:
    """Warn, as the caller of the analysis, of mean regrets that may not be positive."""
    low = mean_interval(fit.regret, 1, fit.confidence).low
    if fit.regret.shape[1] > 1 and not (fit.usable & (low > 0)).all():
        warnings.warn("; ".join(fit.notes), StackelWarning, stacklevel=4)  # past `checks_names`


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


def _notes(
    players: tuple[str, ...],
    horizons: npt.NDArray[np.int64],
    usable: npt.NDArray[np.bool_],
    low: npt.NDArray[np.float64],
    bend: npt.NDArray[np.float64],
) -> Iterator[str]:
    """Yield the limitations of the fit: first the reasons to distrust it, then its range."""
    for player, row, limit in zip(players, usable, low, strict=True):
        doubtful = row & (limit <= 0)
        if not row.all():
            yield f"{player}: mean regret not positive, so not in the fit, at T = {_listed(horizons[~row])}"
        if doubtful.any():
            yield f"{player}: interval of the regret contains 0 at T = {_listed(horizons[doubtful])}"
        if row.sum() < 2:
            yield f"{player}: no exponent, fewer than two horizons are left"
    for player, (change, lower, upper) in zip(players, bend, strict=True):
        if lower > _STRAIGHT or upper < -_STRAIGHT:
            limits = f"{change:+.3f} [{lower:+.3f}, {upper:+.3f}]"
            yield f"{player}: not a straight line, the slope changes by {limits} per decade"
    decades = math.log10(horizons[-1] / horizons[0])
    if decades < _MANY_DECADES:
        yield f"the horizons span {decades:.1f} decades, and {_MANY_DECADES} or more are advisable"


def _listed(horizons: npt.NDArray[np.int64]) -> str:
    return ", ".join(map(str, horizons))
