"""What `stackel.scaling` returns."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._extras import require
from stackel._intervals import mean_interval
from stackel._slopes import expanded_tails, fit_line, resample_means, slope_weights
from stackel.learners import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MANY_DECADES = 4


@dataclass(frozen=True, eq=False)
class ScalingFit:
    """Growth ``regret ~ prefactor * T**exponent`` of both players, and whether to believe it.

    Player 0 is the leader, player 1 the follower; H horizons, R replications.

    Parameters
    ----------
    horizons : ndarray of int64, shape (H,)
        Horizons T, in rounds; each was run on its own.
    regret : ndarray of float64, shape (2, R, H)
        Regret at T, in units of utility.
    benchmark : ndarray of float64, shape (2, H)
        Values alpha that regret is measured against, in units of utility per round.
    exponent, prefactor : ndarray of float64, shape (2,)
        Least-squares slope of log mean regret on log T, and the factor in front; nan where fewer
        than two horizons have a positive mean regret.
    ci : ndarray of float64, shape (2, 2)
        Bootstrap interval (low, high) of each exponent; nan for a single replication.
    log_adjusted_exponent, log_adjusted_ci : ndarray of float64
        The same after dividing the regret by ``(ln T)**log_power``.
    log_power, confidence : float
        As given to `scaling`.
    usable : ndarray of bool, shape (2, H)
        Where the mean regret is positive by more than rounding errors; the others cannot enter.
    reliable : ndarray of bool, shape (2,)
        False for a player some of whose regrets are not positive or have an interval that contains
        zero, or where there is no interval.
    notes : tuple of str
        Everything that limits what the fit says.
    seeds : tuple of int
        Seed of the run at every horizon, for `stackel.simulate`.
    """

    horizons: npt.NDArray[np.int64]
    regret: npt.NDArray[np.float64]
    benchmark: npt.NDArray[np.float64]
    exponent: npt.NDArray[np.float64]
    prefactor: npt.NDArray[np.float64]
    ci: npt.NDArray[np.float64]
    log_adjusted_exponent: npt.NDArray[np.float64]
    log_adjusted_ci: npt.NDArray[np.float64]
    log_power: float
    confidence: float
    usable: npt.NDArray[np.bool_]
    reliable: npt.NDArray[np.bool_]
    notes: tuple[str, ...]
    seeds: tuple[int, ...]

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def excluded(self) -> list[tuple[str, int]]:
        """Player and horizon of every mean regret that is not positive and so not in the fit."""
        return [(ROLES[player], int(self.horizons[column])) for player, column in np.argwhere(~self.usable)]

    @property
    def table(self) -> dict[str, npt.NDArray[Any]]:
        """Tidy columns with an entry for each player and horizon, the leader's first.

        ``player``, ``horizon``, ``benchmark``, ``regret`` (mean), ``regret_se``, ``regret_low``,
        ``regret_high`` (Student's interval), ``regret_per_round``, ``usable``, ``seed``.
        """
        mean, error, low, high = mean_interval(self.regret, 1, self.confidence)
        return {
            "player": np.repeat(ROLES, len(self.horizons)),
            "horizon": np.tile(self.horizons, 2),
            "benchmark": self.benchmark.ravel(),
            "regret": mean.ravel(),
            "regret_se": error.ravel(),
            "regret_low": low.ravel(),
            "regret_high": high.ravel(),
            "regret_per_round": (mean / self.horizons).ravel(),
            "usable": self.usable.ravel(),
            "seed": np.tile(np.array(self.seeds, dtype=np.uint64), 2),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return `table` as a DataFrame (extra ``pandas``).

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        table: pd.DataFrame = require("pandas", "pandas").DataFrame(self.table)
        return table

    def plot(self, *, ax: Axes | None = None, reference_slope: float | None = None) -> Figure:
        """Draw the regrets and the fitted lines; see `stackel.plotting.plot_scaling`."""
        from stackel.plotting import plot_scaling  # noqa: PLC0415 plotting is above analysis

        return plot_scaling(self, ax=ax, reference_slope=reference_slope)

    def __repr__(self) -> str:
        lines = [
            f"{role}: exponent {slope:.4f} [{low:.4f}, {high:.4f}]" + ("" if reliable else ", not reliable")
            for role, slope, (low, high), reliable in zip(
                ROLES, self.exponent, self.ci, self.reliable, strict=True
            )
        ]
        return "\n  ".join([f"ScalingFit over {len(self.horizons)} horizons", *lines, *self.notes])


def fit_scaling(
    horizons: npt.NDArray[np.int64],
    regret: npt.NDArray[np.float64],
    benchmark: npt.NDArray[np.float64],
    negligible: npt.NDArray[np.float64],
    *,
    confidence: float,
    log_power: float,
    bootstrap: int,
    seeds: tuple[int, ...],
    bootstrap_seeds: Sequence[np.random.SeedSequence],
) -> ScalingFit:
    """Fit both players; mean regrets of at most `negligible`, shape (2, H), count as zero."""
    replications = regret.shape[1]
    mean, _, low, _ = mean_interval(regret, 1, confidence)
    usable = mean > negligible
    if replications > 1:
        resampled = resample_means(regret, bootstrap, bootstrap_seeds)
        tails = expanded_tails(confidence, replications)
    else:
        resampled, tails = np.empty((2, 0, len(horizons))), (0.0, 1.0)
    lines = [fit_line(horizons, *data, tails) for data in zip(mean, resampled, usable, strict=True)]
    exponent = np.array([line.slope for line in lines])
    ci = np.array([(line.low, line.high) for line in lines])
    # Dividing by the log factor takes the same amount off every slope through the same horizons.
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
        log_power=log_power,
        confidence=confidence,
        usable=usable,
        reliable=np.all(usable & (low > 0), axis=1),
        notes=tuple(_notes(horizons, usable, low)),
        seeds=seeds,
    )


def _slope_of_log_log(horizons: npt.NDArray[np.int64]) -> float:
    if len(horizons) < 2:  # a line needs two points
        return math.nan
    return float(np.log(np.log(horizons)) @ slope_weights(horizons))


def _notes(
    horizons: npt.NDArray[np.int64], usable: npt.NDArray[np.bool_], low: npt.NDArray[np.float64]
) -> Iterator[str]:
    """Say what limits the fit: the reasons to distrust it first, then how far it reaches."""
    for role, row, limit in zip(ROLES, usable, low, strict=True):
        if not row.all():
            yield f"{role}: mean regret not positive, so not in the fit, at T = {_listed(horizons[~row])}"
        if (limit[row] <= 0).any():
            yield f"{role}: interval of the regret contains 0 at T = {_listed(horizons[row & (limit <= 0)])}"
        if row.sum() < 2:
            yield f"{role}: no exponent, fewer than two horizons are left"
    if np.isnan(low).any():
        yield "one replication: no intervals"
    decades = math.log10(horizons[-1] / horizons[0])
    if decades < _MANY_DECADES:
        yield f"the horizons span {decades:.1f} decades, and {_MANY_DECADES} or more are advisable"


def _listed(horizons: npt.NDArray[np.int64]) -> str:
    return ", ".join(map(str, horizons))
