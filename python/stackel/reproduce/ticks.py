"""Labels of logarithmic axes (extra ``plot``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.ticker import LogFormatterSciNotation, NullLocator

from stackel.reproduce.report.numbers import number, scientific

if TYPE_CHECKING:
    from matplotlib.axis import Axis


_FEW = 1000
"""Ratio of limits from which on the powers of ten are enough."""


class PlainPowers(LogFormatterSciNotation):
    """Matplotlib's choice of what to label, as plain text that can be read aloud and searched."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label at `x`; empty where there is none."""
        if not super().__call__(x, pos):
            return ""
        return number(x) if 0.05 <= x < 1000 else scientific(x)


def label_powers(axis: Axis, low: float, high: float) -> None:
    """Label a logarithmic axis at powers of ten, and between them where there are few."""
    axis.set_major_formatter(PlainPowers())
    axis.set_minor_formatter(PlainPowers(labelOnlyBase=False))
    if high > _FEW * low:
        axis.set_minor_locator(NullLocator())
