"""Shares of best actions over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import LINESTYLES, MARKERS, PALETTE, SMALL, new_figure, style_axes
from stackel._stats.intervals import mean_interval
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_shares(
    shares: npt.NDArray[np.float64],
    rounds: npt.NDArray[np.int64],
    learners: tuple[str, str],
    ax: Axes | None,
    confidence: float,
) -> Figure:
    """Draw mean shares of both players, of shape (2, R, K), with bands over the replications."""
    axes = new_figure()[1][0] if ax is None else ax
    style_axes(axes, x="t (rounds)", y="share of best actions up to t", log=False)
    axes.set_xscale("log")
    interval = mean_interval(shares, 1, confidence)
    for player, role in enumerate(ROLES):
        colour, every = PALETTE[player], max(1, len(rounds) // 10)
        line: dict[str, Any] = {
            "color": colour,
            "linestyle": LINESTYLES[player],
            "linewidth": 1.3,
            "markersize": 4,
            "marker": MARKERS[player],
            "markevery": (player * every // 2, every),
            "markerfacecolor": "none" if player else colour,
        }
        axes.plot(rounds, interval.mean[player], label=f"{role}: {learners[player]}", **line)
        if np.isfinite(interval.error[player]).all():
            low, high = np.clip([interval.low[player], interval.high[player]], 0.0, 1.0)
            axes.fill_between(rounds, low, high, color=colour, alpha=0.2, linewidth=0)
    axes.set_ylim(-0.02, 1.02)
    axes.legend(frameon=False, fontsize=SMALL, loc="best")
    figure: Figure = axes.figure.figure
    return figure
