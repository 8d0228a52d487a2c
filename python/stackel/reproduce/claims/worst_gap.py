"""The hardest gap shrinks like T^(-1/3).

In the lower-bound pair a large gap d is found out in some ``ln T / d^2`` rounds, each of which costs the
leader half a unit, and a small one is not worth finding out: ignoring it costs d a round. Both meet at
d of order T^(-1/3). This sweeps d over one grid for all horizons, and locates the largest regret at each.

Learners whose exploration adapts to the gap have their worst d there, up to a logarithm: it moves
the exponent of ``(ln T / T)^(1/3)`` by ``1 / (3 ln T)``, about 0.02 over these horizons. Learners that
explore for a fixed time have not: they pay for it at every gap. They count in the least over all pairs,
as does a leader that never plays its first action, which is best when d is small.

All gaps of the sweep, and all pairs, meet the same noise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel.learners import (
    UCB,
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    FixedAction,
)
from stackel.reproduce.claim import Claim, Effort, Evidence, Figure, Panel, Series, about, decades
from stackel.reproduce.families import AT_GAMMA_T
from stackel.reproduce.growth import SLACK, has_exponent, in_short
from stackel.reproduce.least import Cell, Contest, scaled
from stackel.reproduce.portfolio import Pair
from stackel.reproduce.scenes import Power, with_gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab
    from stackel.reproduce.rates import Trend

GAPS = tuple(10 ** (-4 + step / 6) for step in range(22))
"""Gaps d of the sweep, six a decade."""
_LOG_SLACK = 0.02
"""What the logarithm in ``(ln T / T)^(1/3)`` adds to the exponent."""
_ADAPTIVE = (
    Pair("UCB v UCB", UCB(), UCB()),
    Pair("AAE v AAE", ActiveArmElimination(), ActiveArmElimination()),
)
_OTHERS = (
    Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit()),
    Pair("always 2 v ETC", FixedAction(1), ExploreThenCommit()),
)
_MODES = {
    "quick": {"sweep": Effort(decades(4, 7), 8)},
    "full": {"sweep": Effort(decades(4, 10), 16)},
}


def cells(gap: float) -> tuple[Cell, Cell]:
    """Regret of the leader in I and of the follower in II, with the same noise at every gap."""
    first, second = (
        replace(with_gap(games.lower_bound, Power(gap), part, f"{gap:.2g}"), stream=f"sweep {part}")
        for part in (0, 1)
    )
    return Cell(first, 0), Cell(second, 1)


def peak(gaps: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the gap of the largest value, shape (..., H), from values of shape (..., D, H).

    A parabola through the largest and its neighbours, in log scales; at an end of the grid, the end.
    """
    x, y = np.log(gaps), np.moveaxis(np.log(np.maximum(values, 1e-300)), -2, -1)
    top = np.clip(y.argmax(axis=-1), 1, len(gaps) - 2)[..., np.newaxis]
    left, middle, right = (np.take_along_axis(y, top + step, -1)[..., 0] for step in (-1, 0, 1))
    bend = np.maximum(2 * middle - left - right, 1e-12)
    place = np.clip((right - left) / (2 * bend), -1, 1)
    found: npt.NDArray[np.float64] = np.exp(x[top[..., 0]] + place * (x[1] - x[0]))
    return found


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Sweep the gap, for two pairs and for the least of all."""
    effort = settings["sweep"]
    pairs = (*_ADAPTIVE, *_OTHERS)
    contests = _contests(lab, pairs, effort)
    named = {pair.name: [place] for place, pair in enumerate(_ADAPTIVE)}
    named["least of these and others"] = list(range(len(pairs)))
    sweeps = {
        name: [Contest(c.cells, tuple(c.curves[place] for place in places)).trend() for c in contests]
        for name, places in named.items()
    }
    worst = {name: worst_gap(trends) for name, trends in sweeps.items()}
    findings = tuple(
        has_exponent(name, trend, "worst d", about(-1 / 3, "-1/3", SLACK + _LOG_SLACK))
        for name, trend in worst.items()
    )
    panels = (_curves(sweeps["least of these and others"]), _places(worst))
    return Evidence(findings, (Figure("worst_gap", panels),))


def _contests(lab: Lab, pairs: Sequence[Pair], effort: Effort) -> list[Contest]:
    """Let every pair play both games at every gap: one contest for each gap."""
    by_gap = [cells(gap) for gap in GAPS]
    whole = Contest.play(lab, pairs, [cell for both in by_gap for cell in both], AT_GAMMA_T, effort=effort)
    return [
        Contest(both, tuple(row[2 * place : 2 * place + 2] for row in whole.curves))
        for place, both in enumerate(by_gap)
    ]


def worst_gap(trends: list[Trend]) -> Trend:
    """Gap of the largest regret at every horizon, from one trend for each gap."""
    starts = np.cumsum([0, *(len(trend.curves) for trend in trends)])
    parts = (
        trend.code.replace("regret", f"regret[{start}:{stop}]")
        for trend, start, stop in zip(trends, starts[:-1], starts[1:], strict=True)
    )
    gaps = np.array(GAPS)
    return replace(
        trends[0],
        mean=peak(gaps, np.stack([trend.mean for trend in trends])),
        resampled=peak(gaps, np.stack([trend.resampled for trend in trends], axis=1)),
        curves=tuple(curve for trend in trends for curve in trend.curves),
        code=f"peak(np.array(GAPS), np.array([{', '.join(parts)}]))",
        imports="from stackel.reproduce.claims.worst_gap import GAPS, peak",
    )


def _curves(trends: list[Trend]) -> Panel:
    series = []
    horizons = trends[0].x_values()
    for place, horizon in enumerate(horizons):
        values = tuple(scaled(trend.estimates()[place], horizon ** (2 / 3)) for trend in trends)
        series.append(Series(f"T = {in_short(horizon)}", GAPS, values, place))
    return Panel("Least of the pairs", "gap d", "max(R1(I), R2(II)) / T^(2/3)", tuple(series))


def _places(worst: dict[str, Trend]) -> Panel:
    series = (
        Series(name, trend.x_values(), trend.estimates(), rank, slope=-1 / 3)
        for rank, (name, trend) in enumerate(worst.items())
    )
    return Panel("Where regret is largest", "horizon T (rounds)", "worst gap d", tuple(series))


CLAIM = Claim(
    "worst_gap",
    "The hardest gap shrinks like T^(-1/3)",
    "The gap d at which the lower-bound pair is hardest is of order T^(-1/3).",
    "lower_bound(d), I and II, over one grid of gaps d; regret against the tolerant benchmark.",
    _MODES,
    collect,
    tables=games.lower_bound(0.05),
)
