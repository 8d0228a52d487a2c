"""Draw the panels of a figure (extra ``plot``)."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import LogFormatterSciNotation, NullLocator

from stackel._figures.style import LINESTYLES, QUIET, SMALL, new_figure, style_axes
from stackel._utils.optional import require
from stackel.reproduce.report.legend import (
    LEVEL,
    THRESHOLD,
    LegendEntry,
    groups,
    growth,
    growth_group,
    is_single,
    legend,
    series_entry,
)
from stackel.reproduce.report.numbers import number, scientific

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    from stackel.reproduce.evidence import Panel, Series

Part = tuple["Artist", tuple[str, ...]]
"""Something drawn, and the groups that it belongs to."""

_LINE, _TITLE, _MARGIN, _TICKS, _EDGE = 0.18, 0.25, 0.48, 0.32, 0.1
"""Inches for a line of text, a title, a label, the width of numbers along an axis, and a free edge."""

_LINE_LENGTH, _X_LENGTH, _Y_LENGTH = 64, 50, 42
"""Lengths in characters at which legends and labels of axes are broken."""

_ABOVE = 1.4
"""Predicted growth ends this much above the curve that it goes with."""


def draw(panels: Sequence[Panel]) -> Figure:
    """Return a figure of panels side by side, each with its title and its legend below."""
    drawing, axes = new_figure(columns=len(panels))
    room = _LINE * (1 + max(map(_lines, panels)))
    width, height = drawing.get_figwidth() / len(axes), drawing.get_figheight()
    drawing.set_figheight(height + room)
    for place, (ax, panel) in enumerate(zip(axes, panels, strict=True)):
        draw_panel(ax, panel)
        ax.set_title(panel.title)
        arrange(ax, (place * width, room, width, height - _TITLE))
        _draw_legend(ax, panel, room / (height + room))
    return drawing


def arrange(ax: Axes, box: tuple[float, float, float, float]) -> None:
    """Fit axes and their labels into a box, given as left, bottom, width and height in inches.

    What labels need is known well enough; measuring it would take as long as drawing.
    """
    figure: Any = ax.figure
    figure.set_layout_engine(None)
    x, y = (_MARGIN + _LINE * label.count("\n") for label in (ax.get_xlabel(), ax.get_ylabel()))
    left, bottom, width, height = box
    inches = (left + y + _TICKS, bottom + x, width - y - _TICKS - _EDGE, height - x - _EDGE)
    full = (figure.get_figwidth(), figure.get_figheight()) * 2
    ax.set_position(tuple(part / whole for part, whole in zip(inches, full, strict=True)))


def draw_panel(ax: Axes, panel: Panel) -> list[Part]:
    """Draw axes and curves, without title and legend, and return the parts that can be hidden."""
    x, y = (textwrap.fill(label, length) for label, length in ((panel.x, _X_LENGTH), (panel.y, _Y_LENGTH)))
    style_axes(ax, x=x, y=y, log=panel.log)
    if panel.log:
        _frame(ax, panel)
    parts = [part for series in panel.series for part in _draw_series(ax, series, panel)]
    if panel.level is not None:
        line = ax.axhline(panel.level[0], color=QUIET, linestyle="-.", linewidth=1.2)
        parts.append((line, (LEVEL,)))
    if panel.threshold is not None:
        line = ax.axvline(panel.threshold[0], color=QUIET, linestyle="--", linewidth=0.9)
        parts.append((line, (THRESHOLD,)))
    return parts


def hidden(panel: Panel) -> str:
    """Say how many values have no place on logarithmic axes; empty where all have."""
    values = [y.value for series in panel.series for y in series.y]
    count = sum(not value > 0 for value in values) if panel.log else 0
    return f"{count} of {len(values)} points, at or below 0, are not shown" if count else ""


def _draw_series(ax: Axes, series: Series, panel: Panel) -> Iterator[Part]:
    value, low, high = np.array(series.y).T
    visible = value > 0 if panel.log else np.isfinite(value)
    value = np.where(visible, value, np.nan)
    entry, member = series_entry(series, panel), groups(series, panel)
    (line,) = ax.plot(series.x, value, zorder=1 if is_single(series) else 2, **_style(entry, series.player))
    yield line, member
    if is_single(series) or series.predicted:
        return
    if panel.log:
        low, high = _within_a_decade(value, low, high)
    where = visible & np.isfinite(low) & np.isfinite(high)
    band = ax.fill_between(
        series.x, low, high, where=where.tolist(), color=entry.colour, alpha=0.2, linewidth=0
    )
    yield band, member
    if growth(series):
        (line,) = ax.plot(*_growth_curve(series), linestyle=":", color=entry.colour, linewidth=1.4)
        yield line, (*member, growth_group(series, panel))


def _growth_curve(series: Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What growth is predicted, ending a little above the last value."""
    end, height = series.x[-1], _ABOVE * series.y[-1].value
    x = np.geomspace(series.x[0], end, 64)
    power, log_power = map(float, series.growth or (0, 0))
    return x, height * (x / end) ** power * (np.log(x) / np.log(end)) ** log_power


def _style(entry: LegendEntry, player: int | None) -> dict[str, Any]:
    """How matplotlib is to draw a curve: the follower's dashed, with hollow markers."""
    line = LINESTYLES[player] if player is not None and entry.line == "-" else entry.line
    style = {"color": entry.colour, "linestyle": line, "linewidth": entry.width}
    if entry.marker:
        # A small hollow marker on a large filled one shows that two curves coincide.
        fill, size = ("white", 3.5) if player else (entry.colour, 5.5)
        style |= {"marker": entry.marker, "markersize": size, "markerfacecolor": fill}
    return style


def _draw_legend(ax: Axes, panel: Panel, top: float) -> None:
    """Name everything in a column from `top` downwards, a share of the figure's height."""
    transforms = require("matplotlib.transforms", "plot")
    place: dict[str, Any] = {
        "loc": "upper left",
        "bbox_to_anchor": (0, top),
        "bbox_transform": transforms.blended_transform_factory(ax.transAxes, ax.figure.transFigure),
        "borderaxespad": 0,
        "alignment": "left",
    }
    note: dict[str, Any] = {"title": hidden(panel), "title_fontsize": SMALL}
    handles = [_handle(entry) for entry in legend(panel)]
    ax.legend(handles=handles, frameon=False, fontsize=SMALL, **place, **note).set_in_layout(False)


def _lines(panel: Panel) -> int:
    """Count the lines of a legend."""
    texts = [hidden(panel), *(_wrapped(entry) for entry in legend(panel))]
    return sum(text.count("\n") + 1 for text in texts if text)


def _wrapped(entry: LegendEntry) -> str:
    return textwrap.fill(entry.label, _LINE_LENGTH)


def _handle(entry: LegendEntry) -> Line2D:
    line: Line2D = require("matplotlib.lines", "plot").Line2D(
        [], [], label=_wrapped(entry), **_style(entry, None)
    )
    return line


def _frame(ax: Axes, panel: Panel) -> None:
    """Fit log axes to the positive values, their intervals and what is predicted."""
    values = np.array([y for series in panel.series for y in series.y])
    value, low, high = values[values[:, 0] > 0].T
    predicted = [_growth_curve(series)[1] for series in panel.series if growth(series)]
    level = [] if panel.level is None else [panel.level[0]]
    shown = np.concatenate([*_within_a_decade(value, low, high), value, *predicted, level])
    shown = shown[np.isfinite(shown)]
    if shown.size:
        ax.set_ylim(shown.min() / 1.4, shown.max() * 1.4)
    label_powers(ax.yaxis, *ax.get_ylim())
    ticks = sorted({x for series in panel.series for x in series.x})
    label_powers(ax.xaxis, ticks[0], ticks[-1])
    if ticks[-1] < 10 * ticks[0]:  # too short for powers of ten
        ax.set_xticks(ticks, [number(x, 6) for x in ticks])
        ax.xaxis.minorticks_off()


def _within_a_decade(
    value: npt.NDArray[np.float64], low: npt.NDArray[np.float64], high: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Cut intervals where it is plain enough that they are wide: zero has no place on log axes."""
    return np.maximum(low, value / 10), np.minimum(high, value * 10)


_FEW = 1000
"""Ratio of limits from which on the powers of ten are enough."""


class PlainPowers(LogFormatterSciNotation):
    """Matplotlib's choice of what to label, as plain text that can be read aloud and searched."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label at `x`; empty where there is none."""
        if not super().__call__(x, pos):
            return ""
        return number(x) if 0.05 <= x < 1000 else scientific(x)


def label_powers(axis: Axis, low: float, high: float) -> None:
    """Label a logarithmic axis at powers of ten, and between them where there are few."""
    axis.set_major_formatter(PlainPowers())
    axis.set_minor_formatter(PlainPowers(labelOnlyBase=False))
    if high > _FEW * low:
        axis.set_minor_locator(NullLocator())
