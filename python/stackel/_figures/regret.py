"""Curves of mean regret; a log axis cannot show values of zero or less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from stackel._figures.curves import Curve, Regrets, equal_curves, listed, with_equals
from stackel._figures.style import (
    LINESTYLES,
    QUIET,
    SMALL,
    mark_changes,
    new_figure,
    reference_line,
    style_axes,
)
from stackel._stats.intervals import Interval, mean_interval
from stackel._utils.players import ROLES
from stackel._utils.validation import as_choice, as_flag, as_real

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NOTE = "stackel-note"
_FEW = 2
_DECADES = 3
"""Decades of a symmetric-log axis below that of the largest number, on each side."""
SCALES = ("auto", "log", "symlog", "linear")
"""Scales of a figure of regret."""
_STEEPEST = 10.0
"""Largest slope of a reference line."""


def draw_line(ax: Axes, curve: Curve) -> None:
    """Draw the mean as a line with markers, and the interval as a band.

    On a log axis a band that reaches 0 runs to the edge. It is pale there, so that it does not fill the
    figure.
    """
    ax.plot(
        curve.rounds, curve.mean, label=curve.label, markevery=curve.marked, **{**curve.marker, **curve.line}
    )
    has_band = curve.shown & np.isfinite(curve.interval.error)
    is_log = ax.get_yscale() == "log"
    low = curve.low if is_log else curve.interval.low
    open_ = has_band & (curve.interval.low <= 0) if is_log else np.zeros_like(has_band)
    beside = has_band & (open_ | np.append(open_[1:], False) | np.append(False, open_[:-1]))
    for where, alpha in ((has_band & ~open_, 0.2), (beside, 0.06)):
        if where.any():
            band: dict[str, Any] = {"color": curve.line["color"], "alpha": alpha, "linewidth": 0}
            ax.fill_between(curve.rounds, low, curve.interval.high, where=where.tolist(), **band)


def draw_points(ax: Axes, curve: Curve, fitted: npt.NDArray[np.float64]) -> None:
    """Draw the means as points with error bars, and `fitted` as a line."""
    mean = curve.mean
    reach = np.nan_to_num(np.abs([mean - curve.low, curve.interval.high - mean]))
    ax.errorbar(curve.rounds, mean, reach, linestyle="none", **curve.marker)
    ax.plot(curve.rounds, fitted, label=curve.label, **curve.line)


def frame(ax: Axes, curves: Sequence[Curve], earlier: tuple[float, float] | None) -> None:
    """Set the limits from the shown points; vertical limits include the `earlier` ones."""
    if ax.get_yscale() != "log":
        ax.axhline(0, color=QUIET, linewidth=0.8)
        return
    shown = [curve for curve in curves if curve.shown.any()]
    if not shown:
        ax.set_xlim(
            min(curve.rounds[0] for curve in curves) / 2, max(curve.rounds[-1] for curve in curves) * 2
        )
        return
    # The vertical axis ends a decade below the mean even if an interval is wider.
    floors = [np.fmax(curve.low, curve.interval.mean / 10)[curve.shown].min() for curve in shown]
    tops = [np.fmax(curve.interval.high, curve.interval.mean)[curve.shown].max() for curve in shown]
    bottom, top = min(floors) / 1.5, max(tops) * 2.5
    if earlier is not None:
        bottom, top = min(bottom, earlier[0]), max(top, earlier[1])
    ax.set_ylim(bottom, top)


def draw_reference(ax: Axes, curves: Sequence[Curve], slope: float) -> None:
    """Draw a line of the given slope above the last two decades of the curves."""
    rounds = np.concatenate([curve.rounds[curve.shown] for curve in curves]).astype(float)
    if not rounds.size:
        return
    mean = np.concatenate([curve.interval.mean[curve.shown] for curve in curves])
    end = rounds.max()
    late = rounds >= end / 100
    if not (mean[late] > 0).any():
        return
    height = 1.6 * (mean[late] * (end / rounds[late]) ** slope).max()
    reference_line(ax, slope, (end, height), rounds[late].min())
    ax.set_ylim(top=max(ax.get_ylim()[1], 1.5 * height))


def annotate(ax: Axes, curves: Sequence[Curve]) -> None:
    """Note on the figure what a log axis cannot show, together with earlier notes."""
    earlier = [text for text in ax.texts if text.get_gid() == _NOTE]
    notes = [line for text in earlier for line in text.get_text().splitlines()]
    notes += _hidden(curves)
    is_log = ax.get_yscale() == "log"
    if is_log and any((curve.interval.low[curve.shown] <= 0).any() for curve in curves):
        notes.append("intervals that contain 0 extend to the lower edge")
    notes += map(_equal, filter(lambda group: len(group) > 1, equal_curves(curves)))
    if any((curve.shown & curve.alike).any() for curve in curves):
        notes.append("no interval where replications are alike by chance")
    for text in earlier:
        text.remove()
    if notes:
        box = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5}
        place: dict[str, Any] = {"transform": ax.transAxes, "ha": "right", "va": "bottom", "gid": _NOTE}
        message = "\n".join(dict.fromkeys(notes))
        ax.text(0.99, 0.02, message, fontsize=SMALL - 1, color=QUIET, bbox=box, **place)


def _equal(curves: Sequence[Curve]) -> str:
    names = " and ".join(curve.name for curve in curves)
    return f"equal: {names}" if len(curves) <= _FEW else f"{len(curves)} curves are equal"


def _hidden(curves: Sequence[Curve]) -> Iterator[str]:
    """Yield notes with the number of missing points, curve by curve for up to two curves."""
    missing = [(curve, int(np.sum(~curve.shown))) for curve in curves if not curve.shown.all()]
    if 0 < len(missing) <= _FEW:
        yield "not shown, mean regret ≤ 0:"
        yield from (f"{curve.name}, {count} of {len(curve.shown)} points" for curve, count in missing)
    elif missing:
        points = sum(len(curve.shown) for curve in curves)
        yield f"not shown, mean regret ≤ 0: {sum(count for _, count in missing)} of {points} points"


def _prepare(ax: Axes | None, x: str, y: str) -> tuple[Axes, tuple[float, float] | None]:
    """Return styled axes, and their vertical limits if they already have data."""
    axes = new_figure()[1][0] if ax is None else ax
    style_axes(axes, x=x, y=y, log=False)
    return axes, axes.get_ylim() if axes.has_data() else None


def _set_scale(ax: Axes, curves: Sequence[Curve], scale: str, *, fresh: bool) -> list[Curve]:
    """Set the scales of the axes, and return the curves as they can show them.

    By default axes that have data keep their scale. Others are symmetric-log where a curve ends below zero,
    or has most of its points there, and else log.
    """
    if scale == "auto" and not fresh:
        scale = ax.get_yscale()
    if scale == "auto":
        scale = "symlog" if any(curve.is_below for curve in curves) else "log"
    ax.set_xscale("linear" if scale == "linear" else "log")
    if scale == "symlog":
        ax.set_yscale("symlog", linthresh=_threshold(curves))
    else:
        ax.set_yscale(scale)
    return list(curves) if scale == "log" else [curve.signed() for curve in curves]


def _threshold(curves: Sequence[Curve]) -> float:
    """Return the size up to which a symmetric-log axis is linear: a power of ten below the largest mean."""
    sizes = np.abs(np.concatenate([curve.interval.mean for curve in curves]))
    if not (sizes > 0).any():
        return 1.0
    low, high = np.floor(np.log10([sizes[sizes > 0].min(), sizes.max()]))
    return float(10.0 ** max(low, high - _DECADES))


def _explain_linestyles(ax: Axes) -> None:
    known = ax.get_legend_handles_labels()[1]
    for role, linestyle in zip(ROLES, LINESTYLES, strict=True):
        if role not in known:
            ax.plot([], [], color=QUIET, linestyle=linestyle, label=role)


def _finish(
    ax: Axes, curves: list[Curve], earlier: tuple[float, float] | None, reference_slope: float | None
) -> Figure:
    frame(ax, curves, earlier)
    if reference_slope is not None:
        slope = as_real("reference_slope", reference_slope, low=-_STEEPEST, high=_STEEPEST)
        draw_reference(ax, curves, slope)
    annotate(ax, curves)
    ax.legend(frameon=False, fontsize=SMALL, loc="upper left" if ax.get_yscale() == "log" else "best")
    figure: Figure = ax.figure.figure  # a subfigure's own figure is the one that can be saved
    return figure


def draw_regrets(
    runs: Mapping[str, Regrets],
    ax: Axes | None,
    reference_slope: float | None,
    confidence: float,
    *,
    scale: str = "auto",
    per_round: bool = False,
) -> Figure:
    """Draw mean regrets over rounds with confidence bands; see `stackel.plotting.plot_regret`."""
    scale, per_round = as_choice("scale", scale, SCALES), as_flag("per_round", per_round)
    alone = len(runs) == 1
    curves = with_equals(
        [
            curve
            for rank, (label, regrets) in enumerate(runs.items())
            for curve in (regrets.a_round() if per_round else regrets).curves(
                label, rank, confidence, alone=alone
            )
        ]
    )
    benchmarks = {regrets.benchmark for regrets in runs.values()}
    against = f", {min(benchmarks)}" if len(benchmarks) == 1 and "" not in benchmarks else ""
    what = "regret a round" if per_round else "regret"
    ax, earlier = _prepare(ax, "t (rounds)", f"{what}{against} (utility)")
    curves = _set_scale(ax, curves, scale, fresh=earlier is None)
    for curve in curves:
        draw_line(ax, curve)
    if not alone:
        _explain_linestyles(ax)
    mark_changes(ax, sorted({change for each in runs.values() for change in each.changes}))
    return _finish(ax, curves, earlier, reference_slope)


class PowerLaws(Protocol):
    """Regrets of both players over H horizons with the fitted power laws: `stackel.ScalingFit`."""

    @property
    def horizons(self) -> npt.NDArray[np.int64]: ...
    @property
    def regret(self) -> npt.NDArray[np.float64]: ...
    @property
    def confidence(self) -> float: ...
    @property
    def usable(self) -> npt.NDArray[np.bool_]: ...
    @property
    def alike(self) -> npt.NDArray[np.bool_]: ...
    @property
    def fitted(self) -> npt.NDArray[np.float64]: ...
    @property
    def exponent(self) -> npt.NDArray[np.float64]: ...
    @property
    def ci(self) -> npt.NDArray[np.float64]: ...


def _slope(exponent: float, low: float, high: float) -> str:
    """Return a slope with its interval, as far as they are known."""
    if np.isnan(exponent):
        return "no slope, fewer than two positive points"
    return f"slope {exponent:.3f}" + ("" if np.isnan([low, high]).any() else f" [{low:.3f}, {high:.3f}]")


def _points(label: str, rank: int, fit: PowerLaws, *, alone: bool) -> Iterator[Curve]:
    """Yield the means of both players; unless the fit is `alone`, `label` and `rank` distinguish it."""
    interval = mean_interval(fit.regret, 1, fit.confidence, fit.alike)
    for player, role in enumerate(ROLES):
        low, high = fit.ci[player]
        name = role if alone else f"{label} ({role})"
        yield Curve(
            name=name,
            label=listed(f"{name}: {_slope(fit.exponent[player], low, high)}"),
            player=player,
            look=player if alone else rank,
            rounds=fit.horizons,
            interval=Interval(*(part[player] for part in interval)),
            shown=fit.usable[player],
            alike=fit.alike[player],
        )


def draw_power_laws(fits: Mapping[str, PowerLaws], ax: Axes | None, reference_slope: float | None) -> Figure:
    """Draw regrets over horizons with intervals and fitted lines; see `stackel.plotting.plot_scaling`."""
    ax, earlier = _prepare(ax, "horizon T (rounds)", "regret at T (units of utility)")
    ax.set_xscale("log")
    ax.set_yscale("log")
    alone = len(fits) == 1
    found = [_points(label, rank, fit, alone=alone) for rank, (label, fit) in enumerate(fits.items())]
    curves = with_equals([curve for both in found for curve in both])
    lines = [line for fit in fits.values() for line in fit.fitted[: len(ROLES)]]
    for curve, line in zip(curves, lines, strict=True):
        draw_points(ax, curve, line)
    return _finish(ax, curves, earlier, reference_slope)
