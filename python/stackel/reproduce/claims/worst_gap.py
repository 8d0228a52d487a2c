"""The hardest gap shrinks like T^(-1/3).

In the lower-bound pair a gap d is found out in some ``1 / d^2`` rounds, each of which costs the leader half
a unit, and ignoring it costs d a round. The best one can do about a large gap is to find it out, about a
small one to ignore it, and both are equally bad at d of order T^(-1/3).

So the learners of this experiment are pairs of ThrowOut and ETC with explorations of all lengths, from 10
rewards to more than any horizon here has use for, and a leader that never plays its first action. For every
gap of one grid the best of them, for that gap and horizon, is what the gap costs; the gap that costs most
is located at each horizon. All gaps and pairs meet the same noise.

A single pair has a worst gap of its own, which says as much about the pair. AAE v AAE is worst at one gap for
all horizons: its leader drops the better action before the follower has settled, and regret there is linear.
ExploreThenUCB v AAE, which is promised T^(2/3), is worst where elimination takes just longer than the
exploration, at gaps of order (ln T / T)^(1/3) once T is large.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel.learners import (
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    FixedAction,
)
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.lower_bound import BOUND
from stackel.reproduce.evidence import (
    Effort,
    Evidence,
    Figure,
    Finding,
    Panel,
    Series,
    about,
    at_least,
    decades,
)
from stackel.reproduce.experiments.families import AT_GAMMA_T, WORST
from stackel.reproduce.experiments.instances import Power, with_gap
from stackel.reproduce.experiments.learner_pairs import Pair, player_code
from stackel.reproduce.findings.contest import Cell, Contest, scaled
from stackel.reproduce.findings.growth import SLACK, in_short, span, windows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from stackel.reproduce.evidence import Prediction, Settings
    from stackel.reproduce.experiments.lab import Curve, Lab
    from stackel.reproduce.findings.trend import Trend

GAPS = tuple(10 ** (-4 + step / 6) for step in range(22))
"""Gaps d of the sweep, six a decade."""
LENGTHS = tuple(round(10 ** (step / 3)) for step in range(3, 23))
"""Lengths E of the follower's exploration, three a decade."""
_FIXED = Pair("AAE v AAE", ActiveArmElimination(), ActiveArmElimination())
_SETTLING = Pair("ExploreThenUCB v AAE", ExploreThenUCB(), ActiveArmElimination())
_MODES = {
    "quick": {"sweep": Effort(decades(4, 8), 128), "single": Effort(decades(4, 6), 8)},
    "full": {"sweep": Effort(decades(4, 10), 512), "single": Effort(decades(4, 10), 16)},
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
    """Locate the worst gap at every horizon, of the best of many pairs at each gap and of two alone."""
    best = pairs()
    trends = sweep(lab, best, settings["sweep"])
    alone = {pair: sweep(lab, [pair], settings["single"]) for pair in (_SETTLING, _FIXED)}
    worst = worst_gap(trends)
    shrinking = (
        _finding(
            f"best of {len(best)} pairs for each gap", trends, _PAIRS, first, about(-1 / 3, "-1/3", SLACK)
        )
        for first in windows(worst)
    )
    players = (player_code(player, of_horizon=False) for player in (_FIXED.leader, _FIXED.follower))
    code = f"pairs = [({', '.join(players)})]"
    bound = at_least(-1 / 3 + SLACK, f"-1/3 + {SLACK:g}")
    fixed = _finding(f"{_FIXED.name} alone, for contrast", alone[_FIXED], code, trends[0].x[0], bound)
    places = _places({"best of all pairs": worst} | {p.name: worst_gap(t) for p, t in alone.items()})
    return Evidence((*shrinking, fixed), (Figure("worst_gap", (_regrets(trends), places)),))


def sweep(lab: Lab, pairs: Sequence[Pair], effort: Effort) -> list[Trend]:
    """Let pairs play at every gap, and return what the best of them pays: one trend for each gap."""
    by_gap = [cells(gap) for gap in GAPS]
    everything = [cell for both in by_gap for cell in both]
    whole = Contest.play(lab, pairs, everything, lambda _: effort, AT_GAMMA_T)
    return [
        Contest(both, tuple(row[2 * place : 2 * place + 2] for row in whole.curves)).trend()
        for place, both in enumerate(by_gap)
    ]


def worst_gap(trends: list[Trend]) -> Trend:
    """Gap of the largest regret at every horizon, from one trend for each gap."""
    gaps = np.array(GAPS)
    return replace(
        trends[0],
        mean=peak(gaps, np.stack([trend.mean for trend in trends])),
        resampled=peak(gaps, np.stack([trend.resampled for trend in trends], axis=1)),
    )


def _finding(who: str, trends: list[Trend], pairs: str, first: float, prediction: Prediction) -> Finding:
    worst = worst_gap(trends).since(first)
    return Finding(
        f"{who}, {span(worst)}",
        "exponent of worst d",
        prediction,
        worst.exponent(),
        call=_call(worst.curves[:2], pairs),
    )


_PAIRS = """\
pairs = [(sk.FixedAction(a=1), sk.ExploreThenCommit(exploration=1))]
for E in LENGTHS:
    leader = sk.ExploreThenCommitThrowOut(discard=2 * E, exploration=2 * E)
    pairs.append((leader, sk.ExploreThenCommit(exploration=E)))"""
_CALL = """\
import numpy as np
import stackel as sk
from stackel.reproduce.claims.worst_gap import {names}

horizons = np.array([{horizons}])
seeds = [{seeds}]
{pairs}


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


def _call(both: tuple[Curve, ...], pairs: str) -> str:
    """Python that sweeps the gap again for `pairs`; `both` are the curves of any of them at any gap."""
    first = both[0]
    return _CALL.format(
        names="GAPS, LENGTHS, peak" if "LENGTHS" in pairs else "GAPS, peak",
        horizons=", ".join(f"{horizon:_}" for horizon in first.horizons),
        seeds=", ".join(str(curve.seed) for curve in both),
        pairs=pairs,
        replications=first.effort.replications,
        engine=first.engine,
        against=first.against.code,
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


def _places(worst: Mapping[str, Trend]) -> Panel:
    series = (
        Series(name, trend.x_values(), trend.estimates(), rank, slope=None if rank else -1 / 3)
        for rank, (name, trend) in enumerate(worst.items())
    )
    return Panel("Where it is largest", "horizon T (rounds)", "worst gap d", tuple(series))


CLAIM = Claim(
    "worst_gap",
    "The hardest gap shrinks like T^(-1/3)",
    "The gap d at which the lower-bound pair costs the best pair of learners most is of order T^(-1/3).",
    "lower_bound(d), I and II, over one grid of gaps d; regret against the tolerant benchmark.",
    _MODES,
    collect,
    limits="The best pair for each gap is one of those that explore for fixed lengths. A single pair may have"
    " its worst gap elsewhere, as AAE v AAE has.",
    tables=games.lower_bound(0.05),
)
