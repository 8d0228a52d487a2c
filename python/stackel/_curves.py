"""Curves of mean regret on log axes, which have no place for zero or less."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._style import QUIET, SMALL, reference_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from stackel._intervals import Interval

_NOTE = "stackel-note"


@dataclass(frozen=True)
class Curve:
    """Mean regret of one player of one run, and how to draw it."""

    name: str
    rounds: npt.NDArray[np.int64]
    interval: Interval
    shown: npt.NDArray[np.bool_]
    """Where the mean is above zero by more than rounding errors."""
    colour: str
    marker: str
    linestyle: str
    label: str

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean regret, nan where it is not shown."""
        return np.where(self.shown, self.interval.mean, np.nan)

    @property
    def low(self) -> npt.NDArray[np.float64]:
        """Lower limit; where it is zero or less, a positive number below every axis."""
        return np.maximum(self.interval.low, np.finfo(float).tiny)


def draw_line(ax: Axes, curve: Curve) -> None:
    """Draw the mean as a line with markers, and the interval as a band."""
    ax.plot(
        curve.rounds,
        curve.mean,
        color=curve.colour,
        linestyle=curve.linestyle,
        marker=curve.marker,
        markersize=2.8,
        linewidth=1.3,
        label=curve.label,
    )
    has_band = curve.shown & np.isfinite(curve.interval.error)
    if has_band.any():
        band: dict[str, Any] = {"color": curve.colour, "alpha": 0.2, "linewidth": 0}
        ax.fill_between(curve.rounds, curve.low, curve.interval.high, where=has_band.tolist(), **band)


def draw_points(ax: Axes, curve: Curve, fitted: npt.NDArray[np.float64]) -> None:
    """Draw the means as points with error bars, and `fitted` as a line."""
    mean = curve.mean
    reach = np.nan_to_num(np.abs([mean - curve.low, curve.interval.high - mean]))
    ax.errorbar(
        curve.rounds, mean, reach, color=curve.colour, marker=curve.marker, markersize=4, linestyle="none"
    )
    ax.plot(
        curve.rounds, fitted, color=curve.colour, linestyle=curve.linestyle, linewidth=1.3, label=curve.label
    )


def frame(ax: Axes, curves: Sequence[Curve], earlier: tuple[float, float] | None) -> None:
    """Set the vertical limits from what is shown, and from those that other curves had set earlier."""
    shown = [curve for curve in curves if curve.shown.any()]
    if not shown:
        return
    # A decade below the mean is enough to see that an interval is wide.
    floors = [np.fmax(curve.low, curve.interval.mean / 10)[curve.shown].min() for curve in shown]
    tops = [np.fmax(curve.interval.high, curve.interval.mean)[curve.shown].max() for curve in shown]
    bottom, top = min(floors) / 1.5, max(tops) * 2.5
    if earlier is not None:
        bottom, top = min(bottom, earlier[0]), max(top, earlier[1])
    ax.set_ylim(bottom, top)


def draw_reference(ax: Axes, curves: Sequence[Curve], slope: float) -> None:
    """Draw a line of the given slope above the ends of the curves."""
    ends = [
        (curve.rounds[curve.shown][-1], curve.interval.mean[curve.shown][-1])
        for curve in curves
        if curve.shown.any()
    ]
    if not ends:
        return
    end = max(rounds for rounds, _ in ends)
    start = max(min(curve.rounds[0] for curve in curves), end / 100)
    reference_line(ax, slope, (float(end), 1.6 * float(max(mean for _, mean in ends))), float(start))


def annotate(ax: Axes, curves: Sequence[Curve]) -> None:
    """Say on the figure what a log axis cannot show, next to what was said before."""
    notes = [text.get_text() for text in ax.texts if text.get_gid() == _NOTE]
    hidden = [
        f"{curve.name} {np.sum(~curve.shown)} of {len(curve.shown)} points"
        for curve in curves
        if not curve.shown.all()
    ]
    if hidden:
        notes.append(textwrap.fill(f"mean regret ≤ 0, not shown: {', '.join(hidden)}", 48))
    if any((curve.interval.low[curve.shown] <= 0).any() for curve in curves):
        notes.append("intervals that contain 0 run to the lower edge")
    for text in list(ax.texts):
        if text.get_gid() == _NOTE:
            text.remove()
    if notes:
        box = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5}
        place: dict[str, Any] = {"transform": ax.transAxes, "ha": "right", "va": "bottom", "gid": _NOTE}
        message = "\n".join(dict.fromkeys(notes))
        ax.text(0.99, 0.02, message, fontsize=SMALL - 1, color=QUIET, bbox=box, **place)
