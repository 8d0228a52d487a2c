"""Result of `stackel.scaling`: fitted power laws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.regret import draw_power_laws
from stackel._stats.growth import rows_of_exponents
from stackel._stats.intervals import mean_interval
from stackel._utils.optional import require
from stackel.results._tables import as_attributes, as_table

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False)
class ScalingFit:
    """Growth ``regret ~ prefactor * T**exponent`` of both players, with its reliability.

    Player 0 is the leader, player 1 the follower; there are H horizons and R replications.

    Parameters
    ----------
    horizons : ndarray of int64, shape (H,)
        Horizons T, in rounds; each was run separately.
    regret : ndarray of float64, shape (2, R, H)
        Regret at T, in units of utility.
    benchmark : ndarray of float64, shape (2, H)
        Benchmark values alpha, in units of utility per round.
    exponent, prefactor : ndarray of float64, shape (2,)
        Least-squares slope of log mean regret on log T, and the factor of the power law; nan where
        fewer than two horizons have a positive mean regret.
    ci : ndarray of float64, shape (2, 2)
        Bootstrap interval (low, high) of each exponent; nan for a single replication.
    log_adjusted_exponent, log_adjusted_ci : ndarray of float64
        Exponent and interval of the regret divided by ``(ln T)**log_power``.
    local_exponent, local_ci : ndarray of float64, shape (2, H - 1) and (2, H - 1, 2)
        Slope between each horizon and the next, and its interval; nan where either regret is not
        positive. They change with T where the growth is not, or not yet, a power law.
    curvature, curvature_ci : ndarray of float64, shape (2,) and (2, 2)
        Change of the slope per decade of T, from a least-squares parabola, and its interval. If the
        interval excludes zero, the points are not on a straight line. nan below three horizons.
    r_squared : ndarray of float64, shape (2,)
        Share of the variance of log mean regret that the line explains. It is near one for any
        steady growth: `curvature` is the sharper test. nan below three horizons.
    log_power, confidence : float
        As given to `scaling`.
    usable : ndarray of bool, shape (2, H)
        True where the mean regret is positive by more than rounding errors and so in the fit.
    alike : ndarray of bool, shape (2, H)
        True where all replications are alike although chance takes part: they show no spread.
    reliable : ndarray of bool, shape (2,)
        False for a player if one of its mean regrets is not positive, has an interval that contains
        zero or comes from replications that are alike by chance, or if there are fewer than six
        replications that differ.
    notes : tuple of str
        Limitations of the fit.
    seed : int
        Seed of the runs at all horizons, for `stackel.simulate`.
    players : tuple of str
        Names of the rows. `WorstCase.scaling` has a third row for the larger regret of the two.
    provenance : dict
        Description of the runs, in the form of `Result.provenance`.
    """

    horizons: npt.NDArray[np.int64]
    regret: npt.NDArray[np.float64]
    benchmark: npt.NDArray[np.float64]
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
    log_power: float
    confidence: float
    usable: npt.NDArray[np.bool_]
    alike: npt.NDArray[np.bool_]
    reliable: npt.NDArray[np.bool_]
    notes: tuple[str, ...]
    seed: int
    players: tuple[str, ...]
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def excluded(self) -> list[tuple[str, int]]:
        """Player and horizon of every mean regret that is left out because it is not positive."""
        return [
            (self.players[player], int(self.horizons[column])) for player, column in np.argwhere(~self.usable)
        ]

    @property
    def fitted(self) -> npt.NDArray[np.float64]:
        """Regret on the fitted line at every horizon, shape (2, H)."""
        line: npt.NDArray[np.float64] = self.prefactor[:, None] * self.horizons ** self.exponent[:, None]
        return line

    @property
    def exponents(self) -> pd.DataFrame:
        """Table with a row for each player (extra ``pandas``); `table` has the regrets behind it.

        ``player``, ``horizons`` (their number), ``first``, ``last``, ``replications``, ``exponent``,
        ``log_adjusted_exponent`` and ``curvature`` (change of the slope per decade), each with limits
        ``_low`` and ``_high`` (``log_adjusted_low``, ``log_adjusted_high``), ``prefactor``, ``used``
        (horizons with a positive mean regret) and ``reliable``. ``pd.concat`` of a mapping of labels to
        such tables compares fits.
        """
        rows = list(rows_of_exponents(self, self.players, self.horizons, self.regret.shape[1]))
        columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
        return as_table(columns, self.provenance)

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table with a row for each player and horizon, the leader's first (extra ``pandas``).

        ``player``, ``horizon``, ``benchmark``, ``regret`` (mean), ``regret_se``, ``regret_low``,
        ``regret_high`` (Student's interval; nan where `alike`), ``regret_per_round``, ``fitted``,
        ``local_exponent``, ``local_low``, ``local_high`` (slope from the previous horizon), ``usable``,
        ``seed``.
        """
        mean, error, low, high = mean_interval(self.regret, 1, self.confidence, self.alike)
        local = np.concatenate([self.local_exponent[:, :, None], self.local_ci], axis=2)
        since = np.concatenate([np.full_like(local[:, :1], np.nan), local], axis=1)
        columns = {
            "player": np.repeat(self.players, len(self.horizons)),
            "horizon": np.tile(self.horizons, len(self.players)),
            "benchmark": self.benchmark.ravel(),
            "regret": mean.ravel(),
            "regret_se": error.ravel(),
            "regret_low": low.ravel(),
            "regret_high": high.ravel(),
            "regret_per_round": (mean / self.horizons).ravel(),
            "fitted": self.fitted.ravel(),
            "local_exponent": since[:, :, 0].ravel(),
            "local_low": since[:, :, 1].ravel(),
            "local_high": since[:, :, 2].ravel(),
            "usable": self.usable.ravel(),
            "seed": np.full(self.usable.size, self.seed, dtype=np.uint64),
        }
        return as_table(columns, self.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return regrets and fit with named dimensions (extra ``xarray``).

        ``regret`` over (player, replication, horizon); ``benchmark``, ``fitted``, ``usable`` and ``alike``
        over (player, horizon); ``local_exponent`` over (player, span), where a span has the name of its
        last horizon; ``exponent``, ``log_adjusted_exponent``, ``curvature``, ``r_squared``
        and ``prefactor`` over player. Intervals end in ``_ci`` and have the dimension ``limit``.
        """
        number, interval = ("player",), ("player", "limit")
        dataset: xr.Dataset = require("xarray", "xarray").Dataset(
            {
                "regret": (("player", "replication", "horizon"), self.regret, {"units": "utility"}),
                "benchmark": (("player", "horizon"), self.benchmark, {"units": "utility per round"}),
                "fitted": (("player", "horizon"), self.fitted, {"units": "utility"}),
                "usable": (("player", "horizon"), self.usable),
                "alike": (("player", "horizon"), self.alike),
                "local_exponent": (("player", "span"), self.local_exponent),
                "local_exponent_ci": (("player", "span", "limit"), self.local_ci),
                "exponent": (number, self.exponent),
                "exponent_ci": (interval, self.ci),
                "log_adjusted_exponent": (number, self.log_adjusted_exponent),
                "log_adjusted_exponent_ci": (interval, self.log_adjusted_ci),
                "curvature": (number, self.curvature, {"units": "slope per decade"}),
                "curvature_ci": (interval, self.curvature_ci),
                "r_squared": (number, self.r_squared),
                "prefactor": (number, self.prefactor),
            },
            coords={
                "player": list(self.players),
                "replication": np.arange(self.regret.shape[1]),
                "horizon": self.horizons,
                "span": self.horizons[1:],
                "limit": ["low", "high"],
            },
            attrs=as_attributes(self.provenance),
        )
        return dataset

    def plot(self, *, ax: Axes | None = None, reference_slope: float | None = None) -> Figure:
        """Draw the regrets and the fitted lines; see `stackel.plotting.plot_scaling`."""
        return draw_power_laws({"": self}, ax, reference_slope)

    def __repr__(self) -> str:
        lines = [
            f"{player}: exponent {slope:.4f} [{low:.4f}, {high:.4f}]" + ("" if reliable else ", not reliable")
            for player, slope, (low, high), reliable in zip(
                self.players, self.exponent, self.ci, self.reliable, strict=True
            )
        ]
        return "\n  ".join([f"ScalingFit over {len(self.horizons)} horizons", *lines, *self.notes])
