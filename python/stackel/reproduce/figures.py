"""Draw the panels of a figure (extra ``plot``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.learners import ROLES
from stackel.plotting import (
    LINESTYLES,
    MARKERS,
    PALETTE,
    QUIET,
    SMALL,
    new_figure,
    reference_line,
    style_axes,
)

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from stackel.reproduce.claim import Figure, Panel, Series

_FAINT = "#cccccc"


def draw(figure: Figure) -> Drawing:
    """Return the figure with its panels side by side."""
    drawing, axes = new_figure(columns=len(figure.panels))
    for ax, panel in zip(axes, figure.panels, strict=True):
        _draw_panel(ax, panel)
    return drawing


def _draw_panel(ax: Axes, panel: Panel) -> None:
    style_axes(ax, x=panel.x, y=panel.y, title=panel.title, log=panel.log)
    if panel.log:
        _frame(ax, panel)
    for series in panel.series:
        _draw_series(ax, series, panel)
    if panel.level is not None:
        height, name = panel.level
        ax.axhline(height, color=QUIET, linestyle="-.", linewidth=1.2, label=name)
    _draw_legend(ax, panel)


def _draw_series(ax: Axes, series: Series, panel: Panel) -> None:
    value, low, high = np.array(series.y).T
    visible = _visible(value, panel)
    value = np.where(visible, value, np.nan)
    if series.rank is None:
        ax.plot(
            series.x, value, color=_FAINT, linestyle=LINESTYLES[series.player or 0], linewidth=0.7, zorder=1
        )
        return
    colour = PALETTE[series.rank]
    # Hollow markers keep a follower's curve apart from a leader's below it.
    fill = "white" if series.player else colour
    look: dict[str, Any] = {"linestyle": LINESTYLES[series.player or 0], "linewidth": 1.3}
    look |= {"marker": MARKERS[series.rank % len(MARKERS)], "markersize": 4, "markerfacecolor": fill}
    label = "" if series.player else series.label
    ax.plot(series.x, value, color=colour, label=label, **look)
    if panel.log:
        low = np.maximum(low, value / 10)
    ax.fill_between(series.x, low, high, where=visible.tolist(), color=colour, alpha=0.2, linewidth=0)
    if series.slope is not None and visible.all():
        reference_line(ax, series.slope, (series.x[-1], 1.4 * value[-1]), series.x[0])


def _draw_legend(ax: Axes, panel: Panel) -> None:
    """Name every entry once, and the line styles where both players are drawn."""
    if {series.player for series in panel.series} >= {0, 1}:
        for role, style in zip(ROLES, LINESTYLES, strict=True):
            ax.plot([], [], color=QUIET, linestyle=style, linewidth=1.3, label=role)
    handles, labels = ax.get_legend_handles_labels()
    once = dict(zip(labels, handles, strict=True))
    ax.legend(once.values(), once.keys(), frameon=False, fontsize=SMALL)


def _frame(ax: Axes, panel: Panel) -> None:
    """Fit log axes to the positive values, and say what has no place on them."""
    values = np.array([y.value for series in panel.series for y in series.y])
    shown = values[values > 0]
    if panel.level is not None:
        shown = np.append(shown, panel.level[0])
    if shown.size:
        ax.set_ylim(shown.min() / 1.5, shown.max() * 2.5)
    if len(values) > np.sum(values > 0):
        ax.set_xlabel(f"{panel.x}\n{np.sum(~(values > 0))} points at or below 0 are not shown")
    ticks = sorted({x for series in panel.series for x in series.x})
    if ticks[-1] < 10 * ticks[0]:  # too short for powers of ten
        ax.set_xticks(ticks, [f"{x:g}" for x in ticks])
        ax.minorticks_off()


def _visible(values: npt.NDArray[np.float64], panel: Panel) -> npt.NDArray[np.bool_]:
    return values > 0 if panel.log else np.isfinite(values)
