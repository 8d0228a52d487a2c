"""Style of all figures of stackel."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.optional import require
from stackel._utils.validation import as_count, shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
"""Colours of runs, in order; in a figure of one run, colours of the players."""
MARKERS = ("o", "s", "^", "D", "v")
"""Markers of runs, in the order of the colours."""
LINESTYLES = ("-", "--")
"""Line styles of the leader and of the follower."""
QUIET = "#666666"
"""Colour of reference lines and notes."""
SMALL = 8
"""Size of legends and notes, in points."""

_WIDTH, _HEIGHT = 5.2, 3.9
_MOST_PANELS = 64
_SHORT = 4
"""Zeros from which a number of rounds is shown as a power of ten."""
_MOST_CHANGES = 24
"""Most changes of a game that are marked: more would fill the axes."""
_SMOOTH = 64
"""Points of a curve."""


def new_figure(rows: int = 1, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """Return an empty figure in the style of stackel and its axes, row by row (extra ``plot``).

    Parameters
    ----------
    rows, columns : int, default 1
        Layout of the panels, each 5.2 by 3.9 inches, from 1 to 64 a side.

    Examples
    --------
    >>> from stackel.plotting import new_figure, style_axes
    >>> figure, (left, right) = new_figure(columns=2)
    >>> style_axes(left, x="t (rounds)", y="regret (units of utility)")
    """
    require("matplotlib.figure", "plot")
    from stackel._figures.notebook_figure import NotebookFigure  # noqa: PLC0415 matplotlib is an extra

    rows, columns = as_count("rows", rows, 1, _MOST_PANELS), as_count("columns", columns, 1, _MOST_PANELS)
    figure = NotebookFigure(figsize=(_WIDTH * columns, _HEIGHT * rows), dpi=150, layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def style_axes(ax: Axes, *, x: str, y: str, title: str = "", log: bool = True) -> None:
    """Label the axes and give them the style of stackel; log-log unless `log` is False."""
    if not isinstance(ax, require("matplotlib.axes", "plot").Axes):
        raise SpecError("ax", "Axes of matplotlib", shown(ax))
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    if title:
        ax.set_title(title)
    if log:
        ax.set_xscale("log")
        ax.set_yscale("log")
    ax.grid(visible=True, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def rounds_text(rounds: int) -> str:
    """Return a number of rounds as axes show it: 1000 in digits, 100000 as a power of ten."""
    digits = len(str(rounds)) - 1
    factor = rounds / 10**digits
    if digits < _SHORT:
        return str(rounds)
    return f"$10^{{{digits}}}$" if factor == 1 else rf"${factor:.4g}\times10^{{{digits}}}$"


def mark_changes(ax: Axes, changes: Sequence[int]) -> None:
    """Draw an upright line after each of the rounds `changes`, where the game changes."""
    if len(changes) > _MOST_CHANGES:
        return
    name = "change of the game"
    for change in changes:
        label = None if name in ax.get_legend_handles_labels()[1] else name
        ax.axvline(change, color=QUIET, linewidth=0.8, linestyle="-.", zorder=0.5, label=label)


def reference_line(
    ax: Axes, slope: float, through: tuple[float, float], start: float, label: str | None = None
) -> None:
    """Draw the curve ``y ~ t**slope`` from `start` to the point `through`, a line on log-log axes.

    The default label is of the form ``slope 2/3``.
    """
    end, height = through
    is_line = ax.get_xscale() == ax.get_yscale() == "log"
    at = np.array([start, end]) if is_line else np.geomspace(start, end, _SMOOTH)
    fraction = Fraction(slope).limit_denominator(12)
    name = str(fraction) if abs(fraction - slope) < 1e-9 else f"{slope:.3g}"
    text = f"slope {name}" if label is None else label
    ax.plot(at, height * (at / end) ** slope, linestyle=":", color=QUIET, linewidth=1.4, label=text)
