"""Draw the regrets of a portfolio."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel._figures.style import SMALL, new_figure
from stackel.learners import ROLES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from stackel.analysis._portfolio_result import Portfolio


def draw_portfolio(portfolio: Portfolio, game: str, benchmark: str) -> Figure:
    """Draw mean regrets in one game as a table of colours, leaders in rows, a panel for each player."""
    figure, axes = new_figure(columns=2)
    mean = portfolio.regret(benchmark)[list(portfolio.games).index(game)].mean(axis=-1)
    rows, columns = mean.shape[1:]
    figure.set_size_inches(max(8.0, 2 * (1.8 + 0.62 * columns)), max(2.6, 1.7 + 0.34 * rows))
    low, high = float(mean.min()), float(mean.max())
    for ax, role, values in zip(axes, ROLES, mean, strict=True):
        image = ax.imshow(values, cmap="cividis_r", vmin=low, vmax=high, aspect="auto")
        ax.set_title(f"regret of the {role}", fontsize=SMALL + 2)
        ax.set_xticks(range(columns), list(portfolio.followers), rotation=40, ha="right", fontsize=SMALL - 1)
        ax.set_yticks(range(rows), list(portfolio.leaders), fontsize=SMALL - 1)
        ax.set_xlabel("follower")
        ax.set_ylabel("leader")
        for (row, column), value in np.ndenumerate(values):
            colour = "white" if value > (low + high) / 2 else "black"
            ax.text(column, row, f"{value:.3g}", ha="center", va="center", color=colour, fontsize=SMALL - 2)
    bar = figure.colorbar(image, ax=axes, shrink=0.9)
    bar.set_label(f"units of utility,\nagainst {benchmark}", fontsize=SMALL)
    figure.suptitle(f"{game}, T = {portfolio.horizon}", fontsize=SMALL + 3)
    return figure
