"""Figure of a meta-game: the payoffs of each player as a table of colours, with profitable deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._figures.style import PALETTE, SMALL, new_figure
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARK = PALETTE[1]
"""Colour of frames and arrows."""
_REACH = 0.42
"""Length of an arrow, in cells."""
_MOST_VALUES = 400
"""Cells up to which their payoffs are written."""


class MetaGameData(NamedTuple):
    """What is drawn; leaders are rows, followers columns."""

    labels: tuple[tuple[str, ...], tuple[str, ...]]
    payoff: npt.NDArray[np.float64]
    """Shape (2, m, n)."""
    best: npt.NDArray[np.bool_]
    """Best responses, shape (2, m, n)."""
    pure: npt.NDArray[np.bool_]
    """Pure equilibria, shape (m, n)."""
    target: npt.NDArray[np.int64]
    """The algorithm that gains most, shape (2, m, n)."""
    certain: npt.NDArray[np.bool_]
    """Whether it certainly gains, shape (2, m, n)."""
    title: str


def draw_meta_game(data: MetaGameData) -> Figure:
    """Draw a panel for each player."""
    rows, columns = data.pure.shape
    figure, axes = new_figure(columns=2)
    figure.set_size_inches(max(8.6, 2 * (2.0 + 0.72 * columns)), max(3.2, 2.2 + 0.42 * rows))
    for player, ax in enumerate(axes):
        _panel(ax, data, player)
    figure.suptitle(data.title, fontsize=SMALL + 3)
    note = "frame: best response   star: pure equilibrium   arrow: certain gain by the best deviation"
    figure.supxlabel(note, fontsize=SMALL)
    return figure


def _panel(ax: Axes, data: MetaGameData, player: int) -> None:
    values = data.payoff[player]
    low, high = float(values.min()), float(values.max())
    image = ax.imshow(values, cmap="cividis", vmin=low, vmax=high, aspect="auto")
    ax.set_title(f"payoff of the {ROLES[player]}", fontsize=SMALL + 2)
    ax.set_xticks(range(values.shape[1]), data.labels[1], rotation=40, ha="right", fontsize=SMALL - 1)
    ax.set_yticks(range(values.shape[0]), data.labels[0], fontsize=SMALL - 1)
    ax.set_xlabel("follower", fontsize=SMALL)
    ax.set_ylabel("leader", fontsize=SMALL)
    for (x, y), value in np.ndenumerate(values):
        ink = "black" if value > (low + high) / 2 else "white"
        if values.size <= _MOST_VALUES:
            text = f"{value:.3g}" + ("\n★" if data.pure[x, y] else "")
            ax.text(y, x, text, ha="center", va="center", color=ink, fontsize=SMALL - 1)
        if data.best[player, x, y]:
            _frame(ax, x, y)
        elif data.certain[player, x, y]:
            _arrow(ax, (x, y), int(data.target[player, x, y]), player)
    bar = ax.figure.colorbar(image, ax=ax, shrink=0.9)
    bar.ax.tick_params(labelsize=SMALL - 1)


def _frame(ax: Axes, x: int, y: int) -> None:
    corners = np.array([-0.46, 0.46, 0.46, -0.46, -0.46]), np.array([-0.46, -0.46, 0.46, 0.46, -0.46])
    ax.plot(y + corners[0], x + corners[1], color=_MARK, linewidth=1.6)


def _arrow(ax: Axes, cell: tuple[int, int], target: int, player: int) -> None:
    """Draw an arrow at the edge of a cell, towards the deviation: up or down for the leader."""
    x, y = cell
    step = np.sign(target - cell[player]) * _REACH
    if player == 0:
        ends = [(y + 0.38, x - step / 2), (y + 0.38, x + step / 2)]
    else:
        ends = [(y - step / 2, x + 0.36), (y + step / 2, x + 0.36)]
    style = {"arrowstyle": "-|>", "color": _MARK, "linewidth": 1.0, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", xy=ends[1], xytext=ends[0], arrowprops=style)
