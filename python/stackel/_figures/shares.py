"""Shares of best actions over time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._figures.curves import Curve
from stackel._figures.regret import draw_line
from stackel._figures.style import SMALL, mark_changes, new_figure, style_axes
from stackel._stats.intervals import Interval, mean_interval
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw_shares(
    shares: npt.NDArray[np.float64],
    rounds: npt.NDArray[np.int64],
    learners: tuple[str, str],
    ax: Axes | None,
    confidence: float,
    *,
    changes: Sequence[int],
) -> Figure:
    """Draw mean shares of both players, of shape (2, R, K), with bands over the replications."""
    axes = new_figure()[1][0] if ax is None else ax
    style_axes(axes, x="t (rounds)", y="share of best actions up to t", log=False)
    axes.set_xscale("log")
    mean, error, *limits = mean_interval(shares, 1, confidence)
    low, high = np.clip(limits, 0.0, 1.0)
    everywhere = np.ones(len(rounds), bool)
    for player, role in enumerate(ROLES):
        curve = Curve(
            name=role,
            label=f"{role}: {learners[player]}",
            player=player,
            look=player,
            rounds=rounds,
            interval=Interval(mean[player], error[player], low[player], high[player]),
            shown=everywhere,
            alike=~everywhere,
        )
        draw_line(axes, curve)
    mark_changes(axes, changes)
    axes.set_ylim(-0.02, 1.02)
    axes.legend(frameon=False, fontsize=SMALL, loc="best")
    figure: Figure = axes.figure.figure
    return figure
