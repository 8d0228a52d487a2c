"""Legend of a panel: colours and lines of its parts, in figures and in the page.

A part belongs to one or more groups, which readers of the page can hide: its entry in the legend,
and its player.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stackel._figures.style import LINESTYLES, MARKERS, PALETTE, QUIET
from stackel._utils.players import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stackel.reproduce.evidence import Panel, Series

FAINT = "#bbbbbb"
"""Colour of single curves behind a summary."""
SINGLE, LEVEL, THRESHOLD = "single", "level", "threshold"
"""Groups of single curves, of a horizontal and of a vertical line."""


@dataclass(frozen=True)
class LegendEntry:
    """An entry of the legend; line style and marker are matplotlib's, the width is in points."""

    group: str
    """What belongs to it: letters and digits, unique in its panel."""
    label: str
    colour: str = QUIET
    line: str = "-"
    width: float = 1.3
    marker: str = ""


def is_single(series: Series) -> bool:
    """Whether a curve is one of many, without an entry of its own."""
    return series.rank is None


def groups(series: Series, panel: Panel) -> tuple[str, ...]:
    """Return the groups that a curve belongs to."""
    own = SINGLE if is_single(series) else f"s{_labels(panel).index(series.label)}"
    return (own,) if series.player is None else (own, ROLES[series.player])


def growth_group(series: Series, panel: Panel) -> str:
    """Group of the predicted growth beside a curve."""
    return f"p{_growths(panel).index(growth(series))}"


def growth(series: Series) -> str:
    """Name of the predicted growth beside a curve; empty without one, or if the curve ends at or below 0."""
    if series.growth is None or not series.y[-1].value > 0:
        return ""
    power, log_power = series.growth
    return f"predicted: slope {power}" + (f", times (ln T)^({log_power})" if log_power else "")


def series_entry(series: Series, panel: Panel) -> LegendEntry:
    """LegendEntry of a curve's line and markers, whichever player's it is."""
    group = groups(series, panel)[0]
    if series.rank is None:
        return LegendEntry(group, "", FAINT, width=0.7)
    colour = PALETTE[series.rank % len(PALETTE)]
    if series.predicted:
        return LegendEntry(group, series.label, colour, ":", 1.6)
    return LegendEntry(group, series.label, colour, marker=MARKERS[series.rank % len(MARKERS)])


def legend(panel: Panel) -> Iterator[LegendEntry]:
    """Everything that a panel's legend names, once."""
    named = {series.label: series for series in panel.series if not is_single(series)}
    yield from (series_entry(series, panel) for series in named.values())
    yield from (_growth_entry(text, panel) for text in _growths(panel))
    if panel.level is not None:
        yield LegendEntry(LEVEL, panel.level[1], line="-.", width=1.2)
    if panel.threshold is not None:
        yield LegendEntry(THRESHOLD, panel.threshold[1], line="--", width=0.9)
    if any(map(is_single, panel.series)):
        yield LegendEntry(SINGLE, "single curves", FAINT, width=0.7)
    if {series.player for series in panel.series} >= {0, 1}:
        yield from (
            LegendEntry(role, role, line=style) for role, style in zip(ROLES, LINESTYLES, strict=True)
        )


def _growth_entry(text: str, panel: Panel) -> LegendEntry:
    """LegendEntry of a predicted growth: of no colour where curves of several colours share it."""
    alike = [series for series in panel.series if growth(series) == text]
    colours = {series_entry(series, panel).colour for series in alike}
    return LegendEntry(
        growth_group(alike[0], panel), text, colours.pop() if len(colours) == 1 else QUIET, ":", 1.4
    )


def _labels(panel: Panel) -> list[str]:
    return list(dict.fromkeys(series.label for series in panel.series if not is_single(series)))


def _growths(panel: Panel) -> list[str]:
    return list(dict.fromkeys(filter(None, map(growth, panel.series))))
