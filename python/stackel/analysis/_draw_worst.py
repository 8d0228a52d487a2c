"""Draw the sweep of a family of games, and how its worst case grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._figures.style import LINESTYLES, MARKERS, PALETTE, QUIET, SMALL, new_figure, style_axes
from stackel.learners import ROLES
from stackel.plotting import plot_scaling

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stackel.analysis._worst_case_result import WorstCase


def draw_worst(worst: WorstCase) -> Figure:
    """Draw regret per round over the parameter, and the worst regret over T if there are several.

    A curve is the largest mean regret among the games of a parameter; colours are horizons, and a
    star is where fresh runs of the worst game came out.
    """
    figure, axes = new_figure(columns=1 if worst.scaling is None else 2)
    _draw_sweep(axes[0], worst)
    if worst.scaling is not None:
        plot_scaling(worst.scaling, ax=axes[1])
    return figure


def _draw_sweep(ax: Axes, worst: WorstCase) -> None:
    style_axes(ax, x=worst.parameter_name, y="regret per round (units of utility)", log=False)
    mean, parameter = worst.sweep.regret.mean(axis=1), worst.sweep.parameter
    shown: list[float] = []
    for rank, (at, horizon) in enumerate(zip(worst.sweep.columns(), worst.horizons, strict=True)):
        points = np.unique(parameter[at])
        colour = PALETTE[rank % len(PALETTE)]
        for player in range(len(ROLES)):
            top = [mean[player, at][parameter[at] == point].max() / horizon for point in points]
            ax.plot(
                points,
                top,
                color=colour,
                linestyle=LINESTYLES[player],
                marker=MARKERS[rank % len(MARKERS)],
                markersize=3,
                linewidth=1.2,
                markerfacecolor="none" if player else colour,
                label=None if player else f"T = {horizon:.4g}",
            )
            shown += top
            fresh = worst.regret[player, :, rank].mean() / horizon
            ax.plot(worst.parameter[player, rank], fresh, marker="*", markersize=9, color=colour)
    for role, linestyle in zip(ROLES, LINESTYLES, strict=True):
        ax.plot([], [], color=QUIET, linestyle=linestyle, label=role)
    ax.plot([], [], color=QUIET, linestyle="none", marker="*", label="worst, run again")
    if parameter.min() > 0 and parameter.max() > 10 * parameter.min():
        ax.set_xscale("log")
    if min(shown) > 0 and max(shown) > 10 * min(shown):
        ax.set_yscale("log")
    ax.legend(frameon=False, fontsize=SMALL)
