"""A panel as a picture inside a page: what matplotlib draws, made to follow the page.

The picture has the colours of the page, light or dark, as far as they are known by name there; parts
that can be hidden carry their groups as classes; and every value stands at a known place, so that a
script can name the one under the pointer.
"""

from __future__ import annotations

import io
import math
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from stackel._figures.style import PALETTE, QUIET, new_figure
from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel.reproduce.report.figures import arrange, draw_panel
from stackel.reproduce.report.legend import FAINT, groups, is_single
from stackel.reproduce.report.numbers import interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from stackel.reproduce.evidence import Estimate, Panel, Series

Point: TypeAlias = tuple[float, float, float, float, str, str]
"""Place of a value, heights of its limits, its x, and itself with its interval."""

_SIZE = (4.6, 3.5)
"""Inches: small, so that text is large enough where the page is narrow."""
_POINTS_PER_INCH = 72
_GROUPS = "groups:"
_COLOURS = {
    **{colour.lower(): f"--c{rank}" for rank, colour in enumerate(PALETTE)},
    QUIET.lower(): "--quiet",
    FAINT.lower(): "--faint",
    "#dddddd": "--grid",
    "#ffffff": "--paper",
    "#000000": "--ink",
}
_NAMESPACE = re.compile(r"\{[^}]*\}")
_FONT = re.compile(r"font-family: [^;]*;? ?")
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_USE = re.compile(r"#(\w+)")
_LONG = re.compile(r"\d+\.\d{3,}")
_PLACES = {"d", "x", "y", "transform"}


@dataclass(frozen=True)
class Named:
    """A curve and the places of its values."""

    name: str
    groups: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Picture:
    """A panel drawn."""

    svg: str
    curves: tuple[Named, ...]


@lru_cache(maxsize=256)
def picture(panel: Panel, prefix: str) -> Picture:
    """Draw a panel; `prefix` keeps its identifiers apart from those of others in a page."""
    figure, (ax,) = new_figure()
    figure.set_size_inches(_SIZE)
    for artist, members in draw_panel(ax, panel):
        artist.set_gid(_GROUPS + " ".join(members))
    arrange(ax, (0, 0, *_SIZE))
    style = {"svg.fonttype": "none", "svg.hashsalt": prefix}
    file = io.BytesIO()
    with require("matplotlib", "plot").rc_context(style):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    root = ET.fromstring(file.getvalue())  # noqa: S314 matplotlib wrote it
    _adapt(root, prefix)
    curves = tuple(_named(ax, series, panel) for series in panel.series)
    return Picture(ET.tostring(root, encoding="unicode"), curves)


def describe(panel: Panel) -> str:
    """Say in words what a panel shows, for those who do not see it."""
    scale = "logarithmic" if panel.log else "linear"
    curves = [_course(series) for series in panel.series if not is_single(series)]
    single = sum(map(is_single, panel.series))
    lines = [f"{name} at {number(place)}" for place, name in filter(None, (panel.level, panel.threshold))]
    others = [f"{single} single curves"] if single else []
    return f"{panel.y} over {panel.x}, {scale} axes. " + "; ".join([*curves, *lines, *others]) + "."


def page_colour(colour: str) -> str:
    """Return a colour by its name in the page, which knows it for light and for dark."""
    known = _COLOURS.get(colour.lower())
    return f"var({known})" if known else colour


def _course(series: Series) -> str:
    ends = (f"{number(series.y[i].value)} at {number(series.x[i], 6)}" for i in (0, -1))
    return f"{_name(series)} from " + " to ".join(ends)


def _name(series: Series) -> str:
    return series.label if series.player is None else f"{series.label}, {ROLES[series.player]}"


def _adapt(root: ET.Element, prefix: str) -> None:
    """Give the page's colours and font, groups as classes, and identifiers that no other picture has."""
    for parent in list(root.iter()):
        for child in list(parent):
            # Matplotlib's style sheet would apply to all of the page, and paths may have no points.
            empty = child.tag.endswith("}path") and not child.get("d")
            if empty or child.tag.endswith(("}metadata", "}style")):
                parent.remove(child)
    for size in ("width", "height"):
        del root.attrib[size]
    used = {
        name for element in root.iter() for value in element.attrib.values() for name in _USE.findall(value)
    }
    for element in root.iter():
        attributes = {_NAMESPACE.sub("", key): value for key, value in element.items()}
        name = attributes.pop("id", "")
        if name.startswith(_GROUPS):
            attributes["class"] = name.removeprefix(_GROUPS)
        elif name in used:
            attributes["id"] = f"{prefix}-{name}"
        element.tag = _NAMESPACE.sub("", element.tag)
        element.attrib = {key: _adapted(key, value, prefix) for key, value in attributes.items()}
        element.text, element.tail = ((text or "").strip() for text in (element.text, element.tail))


def _adapted(key: str, value: str, prefix: str) -> str:
    """Value of an attribute, as it is to stand in the page."""
    if key in {"style", "fill", "stroke"}:
        return _FONT.sub("", _COLOUR.sub(lambda colour: page_colour(colour[0]), value))
    if key in {"href", "clip-path"}:
        return value.replace("#", f"#{prefix}-")
    return _LONG.sub(lambda long: f"{float(long[0]):.2f}", value) if key in _PLACES else value


def _named(ax: Axes, series: Series, panel: Panel) -> Named:
    """Find where the values of a curve stand, in the units of the picture."""
    points = [
        _point(ax, x, y, y.value / 10 if panel.log else -math.inf)
        for x, y in zip(series.x, series.y, strict=True)
        if math.isfinite(y.value) and (y.value > 0 or not panel.log)
    ]
    return Named(_name(series), groups(series, panel), tuple(points))


def _point(ax: Axes, x: float, y: Estimate, floor: float) -> Point:
    """Place a value and its limits, the lower one not below `floor`."""
    figure: Any = ax.figure
    heights = (y.value, max(y.low, floor), y.high)
    places = [(x, height if math.isfinite(height) else y.value) for height in heights]
    places = ax.transData.transform(places) * _POINTS_PER_INCH / figure.dpi
    top = figure.bbox.height * _POINTS_PER_INCH / figure.dpi
    across, *down = (round(float(place), 2) for place in (places[0, 0], *(top - places[:, 1])))
    value, low, high = down
    text = f"{number(y.value)} {interval(y)}" if y.low < y.high else number(y.value)
    return across, value, low, high, number(x, 6), text
