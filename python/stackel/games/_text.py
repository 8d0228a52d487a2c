"""Outcomes of a game as text: both players' utilities in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_MOST_CELLS = 64
_WIDEST = 110


def outcome_lines(
    labels: tuple[tuple[str, ...], tuple[str, ...]],
    leader: npt.NDArray[np.float64],
    follower: npt.NDArray[np.float64],
) -> list[str]:
    """Return the lines of a table; none of a game that is too large for a terminal."""
    if leader.size > _MOST_CELLS:
        return []
    cells = [
        [f"({one:g}, {other:g})" for one, other in zip(*row, strict=True)]
        for row in zip(leader, follower, strict=True)
    ]
    table = [["(leader, follower)", *labels[1]]]
    table += [[name, *row] for name, row in zip(labels[0], cells, strict=True)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    ]
    return lines if max(map(len, lines)) <= _WIDEST else []
