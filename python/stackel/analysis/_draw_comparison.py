"""Draw differences between pairs of learners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._figures.style import PALETTE, QUIET, SMALL, new_figure, style_axes
from stackel.learners import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from stackel.analysis._compare_result import Comparison

_OFFSETS = (-0.13, 0.13)


def draw_comparison(comparison: Comparison, columns: Sequence[int]) -> Figure:
    """Draw each player's differences from the pair in `columns`, with intervals, a row for each pair.

    Filled markers are the leader's, hollow ones the follower's.
    """
    figure, (ax,) = new_figure()
    count = len(comparison.names)
    longest = max(map(len, comparison.names))
    figure.set_size_inches(4.2 + 0.075 * longest, 1.3 + 0.36 * max(3, count))
    style_axes(ax, x="difference in regret at T\n(units of utility)", y="", log=False)
    ax.axvline(0, color=QUIET, linewidth=1)
    rows = np.arange(count)
    for player, (role, column) in enumerate(zip(ROLES, columns, strict=True)):
        mean = comparison.difference[player, :, column]
        limits = np.abs([comparison.low[player, :, column] - mean, comparison.high[player, :, column] - mean])
        colour = PALETTE[player]
        ax.errorbar(
            mean,
            rows + _OFFSETS[player],
            xerr=np.nan_to_num(limits),
            linestyle="none",
            marker="os"[player],
            markersize=4,
            markerfacecolor="none" if player else colour,
            color=colour,
            label=f"{role}, from {comparison.names[column]}",
        )
    ax.set_yticks(rows, comparison.names, fontsize=SMALL)
    ax.set_ylim(count - 0.5, -0.5)
    figure.legend(frameon=False, fontsize=SMALL, loc="outside upper center", ncols=1)
    return figure
