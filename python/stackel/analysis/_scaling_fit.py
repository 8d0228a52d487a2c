"""Fits of power laws to regrets, with notes on their limitations."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.growth import growth
from stackel._stats.intervals import mean_interval
from stackel._utils.players import ROLES
from stackel.analysis._runs import alike_notes
from stackel.analysis._scaling_result import ScalingFit
from stackel.errors import StackelWarning

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

_MANY_DECADES = 4
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
    fitted = growth(
        horizons,
        regret,
        rounding,
        alike=alike,
        confidence=confidence,
        log_power=log_power,
        bootstrap=bootstrap,
        bootstrap_seed=bootstrap_seed,
    )
    numbers = {name: each for name, each in fitted._asdict().items() if name not in ("low", "too_few")}
    bend = np.column_stack([fitted.curvature, fitted.curvature_ci])
    return ScalingFit(
        **numbers,
        horizons=horizons,
        regret=regret,
        benchmark=benchmark,
        log_power=log_power,
        confidence=confidence,
        alike=alike,
        notes=(
            *(["one replication: no intervals"] if replications == 1 else ()),
            *([f"intervals from {replications} replications are too narrow"] if fitted.too_few.any() else ()),
            *alike_notes(players, horizons, alike),
            *_notes(
                players,
                horizons,
                fitted.usable,
                fitted.low,
                np.where(alike.any(axis=1, keepdims=True), np.nan, bend),
            ),
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
