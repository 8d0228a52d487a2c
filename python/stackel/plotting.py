"""Figures of regret (extra ``plot``), and helpers for figures in the same style.

The functions do not use pyplot or change matplotlib's global settings. Players differ by line style (leader
solid, follower dashed), runs by colour and marker, so that figures can be read in black and white and by
colour-blind readers; the palette is that of Okabe and Ito (2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackel._figures.regret import draw_power_laws, draw_regrets
from stackel._figures.style import (
    LINESTYLES,
    MARKERS,
    PALETTE,
    QUIET,
    SMALL,
    new_figure,
    reference_line,
    style_axes,
)
from stackel._stats.intervals import as_confidence
from stackel._utils.validation import shown
from stackel.analysis import ScalingFit
from stackel.benchmarks._benchmarks import stackelberg
from stackel.errors import SpecError
from stackel.results._result import Result, regrets_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stackel.benchmarks._benchmark_like import BenchmarkLike

__all__ = [
    "LINESTYLES",
    "MARKERS",
    "PALETTE",
    "QUIET",
    "SMALL",
    "new_figure",
    "plot_regret",
    "plot_scaling",
    "reference_line",
    "style_axes",
]


def plot_regret(
    results: Result | Mapping[str, Result],
    benchmark: BenchmarkLike = stackelberg,
    *,
    ax: Axes | None = None,
    reference_slope: float | None = None,
    confidence: float = 0.95,
    scale: str = "auto",
    per_round: bool = False,
) -> Figure:
    """Draw mean regret over rounds with a confidence band over replications (extra ``plot``).

    A log axis cannot show a mean regret of zero or less: such points are left out, and the
    figure states their number. A band that reaches zero extends to the lower edge, and is pale there.

    Parameters
    ----------
    results : Result, or mapping of label to Result
        Results to draw, with both players of each.
    benchmark : str, Benchmark, pair of float, or function, default `stackel.stackelberg`
        Benchmark of the regret; see `Result.regret`.
    ax : matplotlib Axes, optional
        Axes to draw into; by default those of a new figure.
    reference_slope : float, optional
        Draw a dotted line of this slope, such as ``2/3``, above the curves; from -10 to 10.
    confidence : float, default 0.95
        Level of the pointwise band (Student's interval of the mean). There is no band for a single
        replication, and where all replications are alike although chance takes part.
    scale : {"auto", "log", "symlog", "linear"}, default "auto"
        Axes: both log; rounds log and regret symmetric-log, which shows both signs; or both linear. By
        default symmetric-log where a mean regret is negative at the last checkpoint, or at most
        checkpoints, and else log; axes that have curves keep their scales.
    per_round : bool, default False
        Draw the regret divided by the rounds so far.

    Returns
    -------
    matplotlib Figure
        Figure of `ax`, or a new one, which pyplot does not manage and which need not be closed. A notebook
        shows it; in a script, ``figure.show()`` opens a window and ``figure.savefig(path)`` writes a file.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.plotting import plot_regret
    >>> run = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10_000, replications=8, seed=1)
    >>> figure = plot_regret(run, reference_slope=1 / 2)
    >>> figure.axes[0].get_xlabel()
    't (rounds)'
    """
    runs = {"": results} if isinstance(results, Result) else results
    if not isinstance(runs, Mapping) or not runs or not all(isinstance(run, Result) for run in runs.values()):
        raise SpecError("results", "a stackel.Result or a mapping of labels to Results", shown(results))
    level = as_confidence(confidence)
    regrets = {label: regrets_of(run, benchmark) for label, run in runs.items()}
    return draw_regrets(regrets, ax, reference_slope, level, scale=scale, per_round=per_round)


def plot_scaling(
    fit: ScalingFit | Mapping[str, ScalingFit],
    *,
    ax: Axes | None = None,
    reference_slope: float | None = None,
) -> Figure:
    """Draw the regret at every horizon with its interval, and the fitted lines (extra ``plot``).

    The legend has the slope of each player with its interval.

    Parameters
    ----------
    fit : ScalingFit, or mapping of label to ScalingFit
        Results of `stackel.scaling` to draw, with both players of each.
    ax, reference_slope
        As in `plot_regret`.

    Returns
    -------
    matplotlib Figure

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.plotting import plot_scaling
    >>> game, horizons = sk.games.etc_failure(), [10, 1000, 10**5]
    >>> fits = {
    ...     f"action {a}": sk.scaling(game, sk.FixedAction(a), sk.BestResponse(), horizons, (1, 1), seed=1)
    ...     for a in (0, 1)
    ... }
    >>> figure = plot_scaling(fits)
    """
    fits = {"": fit} if isinstance(fit, ScalingFit) else fit
    if (
        not isinstance(fits, Mapping)
        or not fits
        or not all(isinstance(each, ScalingFit) for each in fits.values())
    ):
        raise SpecError(
            "fit", "a result of stackel.scaling or a mapping of labels to such results", shown(fit)
        )
    return draw_power_laws(fits, ax, reference_slope)
