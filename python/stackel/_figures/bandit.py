"""Figures of bandits: regret beside the bound of Lai and Robbins, and the share of the best arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import PALETTE, QUIET, SMALL, new_figure, style_axes
from stackel._stats.intervals import mean_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from matplotlib.figure import Figure

    Curves = tuple["npt.NDArray[np.float64]", "npt.NDArray[np.float64]"]


def draw_bandits(
    curves: Mapping[str, Curves], rounds: npt.NDArray[np.int64], bound: float, confidence: float
) -> Figure:
    """Draw regret and share of the best arm, each of shape (R, K), of one or several learners.

    The horizontal axes are logarithmic: regret that grows like ``ln t`` is a straight line.
    """
    figure, (left, right) = new_figure(columns=2)
    style_axes(left, x="t (rounds)", y="regret (units of reward)", log=False)
    style_axes(right, x="t (rounds)", y="rounds of the best arm up to t, share", log=False)
    for rank, (label, pair) in enumerate(curves.items()):
        colour = PALETTE[rank % len(PALETTE)]
        for ax, samples in zip((left, right), pair, strict=True):
            interval = mean_interval(samples, 0, confidence)
            ax.plot(rounds, interval.mean, color=colour, linewidth=1.3, label=label)
            if np.isfinite(interval.error).all():
                band: dict[str, Any] = {"color": colour, "alpha": 0.2, "linewidth": 0}
                ax.fill_between(rounds, interval.low, interval.high, **band)
    if bound > 0:
        line: dict[str, Any] = {"color": QUIET, "linestyle": ":", "linewidth": 1.4}
        left.plot(rounds, bound * np.log(rounds), label=f"Lai and Robbins: {bound:.3g} ln t", **line)
    for ax in (left, right):
        ax.set_xscale("log")
        ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]) if ax is left else -0.02)
        ax.legend(frameon=False, fontsize=SMALL, loc="upper left")
    right.set_ylim(top=1.02)
    return figure
