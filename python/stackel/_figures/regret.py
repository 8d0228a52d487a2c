"""Curves of mean regret on log axes, which cannot show values of zero or less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.style import (
    LINESTYLES,
    MARKERS,
    PALETTE,
    QUIET,
    SMALL,
    new_figure,
    reference_line,
    style_axes,
)
from stackel._stats.intervals import Interval, mean_interval
from stackel._utils.players import ROLES
from stackel._utils.validation import as_real

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NOTE = "stackel-note"
_FEW = 2
_STEEPEST = 10.0
"""Largest slope of a reference line."""


@dataclass(frozen=True)
class Regrets:
    """Regret of both players of one run over time, with the players' names."""

    learners: tuple[str, str]
    rounds: npt.NDArray[np.int64]
    """Shape (K,)."""
    regret: npt.NDArray[np.float64]
    """Shape (2, R, K)."""
    rounding: npt.NDArray[np.float64]
    """Mean regret up to which it counts as zero, shape (2, K)."""
    alike: npt.NDArray[np.bool_]
    """True where all replications are alike by chance and show no spread, shape (2, K)."""
    benchmark: str
    """Name of the benchmark; empty if it has none."""

    def curves(self, label: str, rank: int, confidence: float, *, alone: bool) -> Iterator[Curve]:
        """Yield the curves of both players; unless the run is `alone`, `label` and `rank` distinguish it."""
        interval = mean_interval(self.regret, 1, confidence, self.alike)
        visible = interval.mean > self.rounding
        for player, role in enumerate(ROLES):
            yield Curve(
                name=role if alone else f"{label} ({role})",
                label=f"{role}: {self.learners[player]}" if alone else "" if player else _listed(label),
                player=player,
                look=player if alone else rank,
                rounds=self.rounds,
                interval=Interval(*(part[player] for part in interval)),
                shown=visible[player],
                alike=self.alike[player],
            )


def _listed(name: object) -> str:
    """Return a name as legends list it; Matplotlib leaves out empty ones, and those that begin with ``_``."""
    text = str(name)
    return f" {text}" if text[:1] in {"", "_"} else text


@dataclass(frozen=True)
class Curve:
    """Mean regret of one player of one run, with its style."""

    name: str
    label: str
    player: int
    look: int
    """Rank of its colour and marker."""
    rounds: npt.NDArray[np.int64]
    interval: Interval
    shown: npt.NDArray[np.bool_]
    """True where the mean is above zero by more than rounding errors."""
    alike: npt.NDArray[np.bool_]
    """True where all replications are alike by chance."""

    @property
    def mean(self) -> npt.NDArray[np.float64]:
        """Mean regret, nan where it is not shown."""
        return np.where(self.shown, self.interval.mean, np.nan)

    @property
    def low(self) -> npt.NDArray[np.float64]:
        """Lower limit; a tiny positive number, below every axis, where it is zero or less."""
        return np.maximum(self.interval.low, np.finfo(float).tiny)

    @property
    def line(self) -> dict[str, Any]:
        """Style of the line, as keyword arguments of matplotlib."""
        return {
            "color": PALETTE[self.look % len(PALETTE)],
            "linestyle": LINESTYLES[self.player],
            "linewidth": 1.3,
        }

    @property
    def marker(self) -> dict[str, Any]:
        """Style of the points, filled for the leader and hollow for the follower."""
        colour = PALETTE[self.look % len(PALETTE)]
        fill = "none" if self.player else colour
        return {
            "marker": MARKERS[self.look % len(MARKERS)],
            "markersize": 4,
            "markerfacecolor": fill,
            "color": colour,
        }

    @property
    def marked(self) -> list[int]:
        """Checkpoints with a marker: about ten, and those without a shown neighbour.

        The two players' markers alternate, so that equal curves can be distinguished.
        """
        count = len(self.rounds)
        step = max(1, count // 10)
        alone = self.shown & ~np.append(False, self.shown[:-1]) & ~np.append(self.shown[1:], False)
        return sorted({*range(self.player * step // 2, count, step), *np.flatnonzero(alone).tolist()})


def draw_line(ax: Axes, curve: Curve) -> None:
    """Draw the mean as a line with markers, and the interval as a band."""
    ax.plot(
        curve.rounds, curve.mean, label=curve.label, markevery=curve.marked, **{**curve.marker, **curve.line}
    )
    has_band = curve.shown & np.isfinite(curve.interval.error)
    if has_band.any():
        band: dict[str, Any] = {"color": curve.line["color"], "alpha": 0.2, "linewidth": 0}
        ax.fill_between(curve.rounds, curve.low, curve.interval.high, where=has_band.tolist(), **band)


def draw_points(ax: Axes, curve: Curve, fitted: npt.NDArray[np.float64]) -> None:
    """Draw the means as points with error bars, and `fitted` as a line."""
    mean = curve.mean
    reach = np.nan_to_num(np.abs([mean - curve.low, curve.interval.high - mean]))
    ax.errorbar(curve.rounds, mean, reach, linestyle="none", **curve.marker)
    ax.plot(curve.rounds, fitted, label=curve.label, **curve.line)


def frame(ax: Axes, curves: Sequence[Curve], earlier: tuple[float, float] | None) -> None:
    """Set the limits from the shown points; vertical limits include the `earlier` ones."""
    shown = [curve for curve in curves if curve.shown.any()]
    if not shown:
        ax.set_xlim(
            min(curve.rounds[0] for curve in curves) / 2, max(curve.rounds[-1] for curve in curves) * 2
        )
        return
    # The vertical axis ends a decade below the mean even if an interval is wider.
    floors = [np.fmax(curve.low, curve.interval.mean / 10)[curve.shown].min() for curve in shown]
    tops = [np.fmax(curve.interval.high, curve.interval.mean)[curve.shown].max() for curve in shown]
    bottom, top = min(floors) / 1.5, max(tops) * 2.5
    if earlier is not None:
        bottom, top = min(bottom, earlier[0]), max(top, earlier[1])
    ax.set_ylim(bottom, top)


def draw_reference(ax: Axes, curves: Sequence[Curve], slope: float) -> None:
    """Draw a line of the given slope above the last two decades of the curves."""
    rounds = np.concatenate([curve.rounds[curve.shown] for curve in curves]).astype(float)
    if not rounds.size:
        return
    mean = np.concatenate([curve.interval.mean[curve.shown] for curve in curves])
    end = rounds.max()
    late = rounds >= end / 100
    height = 1.6 * (mean[late] * (end / rounds[late]) ** slope).max()
    reference_line(ax, slope, (end, height), rounds[late].min())
    ax.set_ylim(top=max(ax.get_ylim()[1], 1.5 * height))


def annotate(ax: Axes, curves: Sequence[Curve]) -> None:
    """Note on the figure what a log axis cannot show, together with earlier notes."""
    earlier = [text for text in ax.texts if text.get_gid() == _NOTE]
    notes = [line for text in earlier for line in text.get_text().splitlines()]
    notes += _hidden(curves)
    if any((curve.interval.low[curve.shown] <= 0).any() for curve in curves):
        notes.append("intervals that contain 0 extend to the lower edge")
    if any((curve.shown & curve.alike).any() for curve in curves):
        notes.append("no interval where replications are alike by chance")
    for text in earlier:
        text.remove()
    if notes:
        box = {"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1.5}
        place: dict[str, Any] = {"transform": ax.transAxes, "ha": "right", "va": "bottom", "gid": _NOTE}
        message = "\n".join(dict.fromkeys(notes))
        ax.text(0.99, 0.02, message, fontsize=SMALL - 1, color=QUIET, bbox=box, **place)


def _hidden(curves: Sequence[Curve]) -> Iterator[str]:
    """Yield notes with the number of missing points, curve by curve for up to two curves."""
    missing = [(curve, int(np.sum(~curve.shown))) for curve in curves if not curve.shown.all()]
    if 0 < len(missing) <= _FEW:
        yield "not shown, mean regret ≤ 0:"
        yield from (f"{curve.name}, {count} of {len(curve.shown)} points" for curve, count in missing)
    elif missing:
        points = sum(len(curve.shown) for curve in curves)
        yield f"not shown, mean regret ≤ 0: {sum(count for _, count in missing)} of {points} points"


def _prepare(ax: Axes | None, x: str, y: str) -> tuple[Axes, tuple[float, float] | None]:
    """Return styled axes, and their vertical limits if they already have data."""
    axes = new_figure()[1][0] if ax is None else ax
    style_axes(axes, x=x, y=y)
    earlier = axes.get_ylim() if axes.has_data() else None
    return axes, earlier


def _explain_linestyles(ax: Axes) -> None:
    known = ax.get_legend_handles_labels()[1]
    for role, linestyle in zip(ROLES, LINESTYLES, strict=True):
        if role not in known:
            ax.plot([], [], color=QUIET, linestyle=linestyle, label=role)


def _finish(
    ax: Axes, curves: list[Curve], earlier: tuple[float, float] | None, reference_slope: float | None
) -> Figure:
    frame(ax, curves, earlier)
    if reference_slope is not None:
        slope = as_real("reference_slope", reference_slope, low=-_STEEPEST, high=_STEEPEST)
        draw_reference(ax, curves, slope)
    annotate(ax, curves)
    ax.legend(frameon=False, fontsize=SMALL, loc="upper left")
    figure: Figure = ax.figure.figure  # a subfigure's own figure is the one that can be saved
    return figure


def draw_regrets(
    runs: Mapping[str, Regrets], ax: Axes | None, reference_slope: float | None, confidence: float
) -> Figure:
    """Draw mean regrets over rounds with confidence bands; see `stackel.plotting.plot_regret`."""
    alone = len(runs) == 1
    curves = [
        curve
        for rank, (label, regrets) in enumerate(runs.items())
        for curve in regrets.curves(label, rank, confidence, alone=alone)
    ]
    benchmarks = {regrets.benchmark for regrets in runs.values()}
    against = f"\nagainst the {min(benchmarks)}" if len(benchmarks) == 1 and "" not in benchmarks else ""
    ax, earlier = _prepare(ax, "t (rounds)", f"regret (units of utility){against}")
    for curve in curves:
        draw_line(ax, curve)
    if not alone:
        _explain_linestyles(ax)
    return _finish(ax, curves, earlier, reference_slope)


@dataclass(frozen=True)
class PowerLaws:
    """Regret of both players over horizons, with the fitted power laws."""

    horizons: npt.NDArray[np.int64]
    """Shape (H,)."""
    regret: npt.NDArray[np.float64]
    """Shape (2, R, H)."""
    usable: npt.NDArray[np.bool_]
    """True where the mean regret is positive, shape (2, H)."""
    alike: npt.NDArray[np.bool_]
    """True where all replications are alike by chance and show no spread, shape (2, H)."""
    fitted: npt.NDArray[np.float64]
    """Shape (2, H)."""
    exponent: npt.NDArray[np.float64]
    """Shape (2,)."""
    ci: npt.NDArray[np.float64]
    """Shape (2, 2)."""


def draw_power_laws(
    laws: PowerLaws, ax: Axes | None, reference_slope: float | None, confidence: float
) -> Figure:
    """Draw regrets over horizons with intervals and fitted lines; see `stackel.plotting.plot_scaling`."""
    interval = mean_interval(laws.regret, 1, confidence, laws.alike)
    ax, earlier = _prepare(ax, "horizon T (rounds)", "regret at T (units of utility)")
    curves = []
    for player, role in enumerate(ROLES):
        low, high = laws.ci[player]
        curve = Curve(
            name=role,
            label=f"{role}: slope {laws.exponent[player]:.3f} [{low:.3f}, {high:.3f}]",
            player=player,
            look=player,
            rounds=laws.horizons,
            interval=Interval(*(part[player] for part in interval)),
            shown=laws.usable[player],
            alike=laws.alike[player],
        )
        draw_points(ax, curve, laws.fitted[player])
        curves.append(curve)
    return _finish(ax, curves, earlier, reference_slope)
