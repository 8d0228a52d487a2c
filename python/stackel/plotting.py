"""Figures of regret (extra ``plot``), and the few helpers that give all figures one style.

Nothing here touches pyplot or matplotlib's global settings. Players differ by line style (leader
solid, follower dashed), runs by colour and marker, so that figures survive black-and-white printers
and colour-blind readers; the palette is that of Okabe and Ito (2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from stackel._figures.regret import (
    Curve,
    _explain_linestyles,
    _finish,
    _prepare,
    draw_line,
    draw_points,
)
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
from stackel._stats.intervals import Interval, as_confidence, mean_interval
from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.analysis import ScalingFit
from stackel.benchmarks._benchmark_like import kind, rounding_error
from stackel.benchmarks._benchmarks import stackelberg
from stackel.errors import SpecError
from stackel.results._result import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

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
) -> Figure:
    """Draw mean regret over rounds, log-log, with a confidence band over replications.

    A log axis has no place for a mean regret of zero or less: such points are left out, and the
    figure says how many. A band that reaches zero runs to the lower edge.

    Parameters
    ----------
    results : Result, or mapping of label to Result
        What to draw: both players of every result.
    benchmark : Benchmark, pair of float, or function, default `stackel.stackelberg`
        What regret is measured against; see `Result.regret`.
    ax : matplotlib Axes, optional
        Where to draw; by default in a new figure.
    reference_slope : float, optional
        Draw a dotted line of this slope, such as ``2/3``, above the curves; from -10 to 10.
    confidence : float, default 0.95
        Level of the band, pointwise (Student's interval of the mean). One replication has none.

    Returns
    -------
    matplotlib Figure
        The one of `ax`; a new one is unknown to pyplot, so nothing needs to be closed.

    Raises
    ------
    SpecError
        If an argument is not usable.
    MissingExtraError
        If matplotlib is not installed.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.plotting import plot_regret
    >>> run = sk.simulate(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 10_000, replications=8, seed=1)
    >>> figure = plot_regret(run, reference_slope=1 / 2)
    >>> figure.axes[0].get_xlabel()
    't (rounds)'
    """
    runs = _as_runs(results)
    level = as_confidence(confidence)
    curves = [
        curve for rank, label in enumerate(runs) for curve in _curves(runs, rank, label, benchmark, level)
    ]
    kinds = {kind(benchmark, run.game, run.horizon) for run in runs.values()}
    against = f"\nagainst the {min(kinds)}" if len(kinds) == 1 and "" not in kinds else ""
    ax, earlier = _prepare(ax, "t (rounds)", f"regret (units of utility){against}")
    for curve in curves:
        draw_line(ax, curve)
    if len(runs) > 1:
        _explain_linestyles(ax)
    return _finish(ax, curves, earlier, reference_slope)


def plot_scaling(fit: ScalingFit, *, ax: Axes | None = None, reference_slope: float | None = None) -> Figure:
    """Draw the regret at every horizon with its interval, and the fitted lines.

    Parameters
    ----------
    fit : ScalingFit
        What `stackel.scaling` returned.
    ax, reference_slope
        As for `plot_regret`.

    Returns
    -------
    matplotlib Figure

    Raises
    ------
    SpecError
        If an argument is not usable.
    MissingExtraError
        If matplotlib is not installed.
    """
    if not isinstance(fit, ScalingFit):
        raise SpecError("fit", "what stackel.scaling returned", shown(fit))
    interval = mean_interval(fit.regret, 1, fit.confidence)
    ax, earlier = _prepare(ax, "horizon T (rounds)", "regret at T (units of utility)")
    curves = []
    for player, role in enumerate(ROLES):
        low, high = fit.ci[player]
        curve = Curve(
            name=role,
            label=f"{role}: slope {fit.exponent[player]:.3f} [{low:.3f}, {high:.3f}]",
            player=player,
            look=player,
            rounds=fit.horizons,
            interval=Interval(*(part[player] for part in interval)),
            shown=fit.usable[player],
        )
        draw_points(ax, curve, fit.prefactor[player] * fit.horizons ** fit.exponent[player])
        curves.append(curve)
    return _finish(ax, curves, earlier, reference_slope)


def _as_runs(results: Result | Mapping[str, Result]) -> Mapping[str, Result]:
    runs = {"": results} if isinstance(results, Result) else results
    if not isinstance(runs, Mapping) or not runs or not all(isinstance(run, Result) for run in runs.values()):
        raise SpecError("results", "a stackel.Result or a mapping of labels to Results", shown(results))
    return runs


def _curves(
    runs: Mapping[str, Result], rank: int, label: str, benchmark: BenchmarkLike, confidence: float
) -> Iterator[Curve]:
    run = runs[label]
    interval = mean_interval(run.regret(benchmark), 1, confidence)
    visible = interval.mean > rounding_error(run.game, run.rounds)
    alone = len(runs) == 1
    for player, role in enumerate(ROLES):
        learner = getattr(run, role).label
        yield Curve(
            name=role if alone else f"{label} ({role})",
            label=f"{role}: {learner}" if alone else "" if player else str(label),
            player=player,
            look=player if alone else rank,
            rounds=run.rounds,
            interval=Interval(*(part[player] for part in interval)),
            shown=visible[player],
        )
