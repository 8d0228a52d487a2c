"""The hardest gap shrinks like T^(-1/3).

In the lower-bound pair a gap d is found out in some ``1 / d^2`` rounds, each of which costs the leader half
a unit, and ignoring it costs d a round. The best one can do about a large gap is to find it out, about a
small one to ignore it, and both are equally bad at d of order T^(-1/3).

So the learners of this experiment are pairs of ThrowOut and ETC with explorations of all lengths, from 8
rewards to more than any horizon here has use for, and a leader that never plays its first action. For every
gap of one grid the best of them, for that gap and horizon, is what the gap costs; the gap that costs most
is located at each horizon. All gaps and pairs meet the same noise.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel.learners import (
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    FixedAction,
)
from stackel.reproduce.claim import Claim, Effort, Evidence, Figure, Finding, Panel, Series, about, decades
from stackel.reproduce.claims.lower_bound import BOUND
from stackel.reproduce.families import AT_GAMMA_T, WORST
from stackel.reproduce.growth import SLACK, in_short, span, windows
from stackel.reproduce.least import Cell, Contest, scaled
from stackel.reproduce.portfolio import Pair
from stackel.reproduce.scenes import Power, with_gap

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab
    from stackel.reproduce.rates import Trend

GAPS = tuple(10 ** (-4 + step / 6) for step in range(22))
"""Gaps d of the sweep, six a decade."""
LENGTHS = tuple(round(10 ** (step / 3)) for step in range(3, 23))
"""Lengths E of the follower's exploration, three a decade."""
_MODES = {
    "quick": {"sweep": Effort(decades(4, 8), 64)},
    "full": {"sweep": Effort(decades(4, 10), 256)},
}


def pairs() -> tuple[Pair, ...]:
    """Return ThrowOut v ETC with explorations of every length, and a leader that always plays a2."""
    exploring = (
        Pair(
            f"ThrowOut v ETC, E = {length}",
            ExploreThenCommitThrowOut(discard=2 * length, exploration=2 * length),
            ExploreThenCommit(exploration=length),
        )
        for length in LENGTHS
    )
    return *exploring, Pair("always 2 v ETC", FixedAction(1), ExploreThenCommit(exploration=1))


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
    """Sweep the gap, and locate the worst one at every horizon."""
    by_gap = [cells(gap) for gap in GAPS]
    everything = [cell for both in by_gap for cell in both]
    whole = Contest.play(lab, pairs(), everything, lambda _: settings["sweep"], AT_GAMMA_T)
    trends = [
        Contest(both, tuple(row[2 * place : 2 * place + 2] for row in whole.curves)).trend()
        for place, both in enumerate(by_gap)
    ]
    worst = worst_gap(trends)
    findings = tuple(
        Finding(
            f"best of {len(whole.curves)} pairs for each gap, {span(since)}",
            "exponent of worst d",
            about(-1 / 3, "-1/3", SLACK),
            since.exponent(),
            call=_call(whole, since.x[0]),
        )
        for since in map(worst.since, windows(worst))
    )
    return Evidence(findings, (Figure("worst_gap", (_regrets(trends), _places(worst))),))


def worst_gap(trends: list[Trend]) -> Trend:
    """Gap of the largest regret at every horizon, from one trend for each gap."""
    gaps = np.array(GAPS)
    return replace(
        trends[0],
        mean=peak(gaps, np.stack([trend.mean for trend in trends])),
        resampled=peak(gaps, np.stack([trend.resampled for trend in trends], axis=1)),
        curves=(),
    )


_CALL = """\
import numpy as np
import stackel as sk
from stackel.reproduce.claims.worst_gap import GAPS, LENGTHS, peak

horizons = np.array([{horizons}])
seeds = [{seeds}]
pairs = [(sk.FixedAction(a=1), sk.ExploreThenCommit(exploration=1))]
for E in LENGTHS:
    leader = sk.ExploreThenCommitThrowOut(discard=2 * E, exploration=2 * E)
    pairs.append((leader, sk.ExploreThenCommit(exploration=E)))


def regret(leader, follower, T, gap, part):
    game = sk.games.lower_bound(gap)[part]
    seed = np.random.SeedSequence(seeds[part], spawn_key=(0, T))
    run = sk.simulate(
        game,
        leader,
        follower,
        T,
        replications={replications},
        seed=seed,
        checkpoints=[T],
        engine="{engine}",
    )
    benchmark = {against}
    return run.regret(benchmark)[part].mean()


def cost(gap, T):
    return min(max(regret(*pair, T, gap, part) for part in (0, 1)) for pair in pairs)


costs = np.array([[cost(gap, T) for T in horizons.tolist()] for gap in GAPS])
print(np.polyfit(np.log(horizons), np.log(peak(np.array(GAPS), costs)), 1)[0])
"""


def _call(contest: Contest, first: float) -> str:
    """Python that sweeps the gap again, from the horizon `first` on."""
    curves = [curve.since(int(first)) for curve in contest.curves[0][:2]]
    return _CALL.format(
        horizons=", ".join(f"{horizon:_}" for horizon in curves[0].horizons),
        against=curves[0].against.code,
        replications=curves[0].effort.replications,
        seeds=", ".join(str(curve.seed) for curve in curves),
        engine=curves[0].engine,
    )


def _regrets(trends: list[Trend]) -> Panel:
    def curve(place: int, horizon: float) -> Series:
        values = tuple(scaled(trend.estimates()[place], horizon ** (2 / 3)) for trend in trends)
        scaled_gaps = tuple(gap * horizon ** (1 / 3) for gap in GAPS)
        return Series(f"T = {in_short(horizon)}", scaled_gaps, values, place)

    return Panel(
        "What a gap costs",
        "d T^(1/3)",
        "least max(R1(I), R2(II)) / T^(2/3)",
        tuple(curve(place, horizon) for place, horizon in enumerate(trends[0].x_values())),
        level=(BOUND, f"proved bound {BOUND:.3f}"),
        threshold=(WORST, "gap of the proof"),
    )


def _places(worst: Trend) -> Panel:
    series = Series("worst gap", worst.x_values(), worst.estimates(), slope=-1 / 3)
    return Panel("Where it is largest", "horizon T (rounds)", "worst gap d", (series,))


CLAIM = Claim(
    "worst_gap",
    "The hardest gap shrinks like T^(-1/3)",
    "The gap d at which the lower-bound pair is hardest is of order T^(-1/3).",
    "lower_bound(d), I and II, over one grid of gaps d; regret against the tolerant benchmark.",
    _MODES,
    collect,
    tables=games.lower_bound(0.05),
)
