"""Draw distributions over replications, and what was played when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import LINESTYLES, MARKERS, PALETTE, QUIET, SMALL, new_figure, style_axes
from stackel.analysis._distribution import survival
from stackel.learners import ROLES

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.figure import Figure

    from stackel.analysis._diagnostics import Diagnostics

_MOST = 6
"""Outcomes that get a curve of their own."""


def draw_distribution(diagnostics: Diagnostics) -> Figure:
    """Draw for every regret at the last checkpoint how many replications have at least as much."""
    figure, (ax,) = new_figure()
    rounds = diagnostics.result.rounds[-1]
    style_axes(
        ax,
        x=f"regret at t = {rounds:.4g} (units of utility)",
        y="replications with at least as much",
        log=False,
    )
    ax.set_yscale("log")
    for player, role in enumerate(ROLES):
        final = diagnostics.regret[player, :, -1]
        values, fraction = survival(final)
        colour = PALETTE[player]
        ax.step(values, fraction, where="pre", color=colour, linestyle=LINESTYLES[player], label=role)
        mean, median = final.mean(), np.median(final)
        for name, place, marker in (("mean", mean, "^"), ("median", median, "|")):
            height = np.mean(final >= place)
            label = f"{role}: {name} {place:.4g}"
            ax.plot(place, height, marker=marker, color=colour, linestyle="none", markersize=9, label=label)
    ax.legend(frameon=False, fontsize=SMALL)
    return figure


def draw_cells(
    rounds: npt.NDArray[np.int64],
    fractions: npt.NDArray[np.float64],
    labels: tuple[tuple[str, ...], tuple[str, ...]],
) -> Figure:
    """Draw mean fractions of the rounds between checkpoints, the most played outcomes by name."""
    figure, (ax,) = new_figure()
    style_axes(ax, x="t (rounds)", y="fraction of the rounds since the last checkpoint", log=False)
    ax.set_xscale("log")
    mean = fractions.mean(axis=0)
    flat = mean.reshape(len(rounds), -1)
    order = np.argsort(-flat.max(axis=0), kind="stable")
    for rank, cell in enumerate(order[:_MOST]):
        row, column = divmod(int(cell), mean.shape[2])
        marker = MARKERS[rank % len(MARKERS)]
        style: dict[str, Any] = {"color": PALETTE[rank], "marker": marker, "markersize": 3, "linewidth": 1.2}
        ax.plot(rounds, flat[:, cell], label=f"{labels[0][row]}, {labels[1][column]}", **style)
    if len(order) > _MOST:
        rest = flat[:, order[_MOST:]].sum(axis=1)
        ax.plot(rounds, rest, color=QUIET, linestyle=":", label=f"all other {len(order) - _MOST}")
    ax.set_ylim(-0.02, 1.02)
    ax.legend(frameon=False, fontsize=SMALL, title="leader, follower", title_fontsize=SMALL)
    return figure
