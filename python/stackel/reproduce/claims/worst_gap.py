"""The hardest gap shrinks like T^(-1/3).

The cost of a gap at a horizon is the regret of the best of many pairs: ThrowOut and ETC with explorations of
all lengths, from 10 rewards to more than any horizon needs, and a leader that never plays its first action.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.lower_bound import BOUND
from stackel.reproduce.findings.calls import call_of

GAPS = tuple(10 ** (-4 + step / 6) for step in range(22))
"""Gaps d of the sweep, six a decade."""
LENGTHS = tuple(round(10 ** (step / 3)) for step in range(3, 23))
"""Lengths E of the follower's exploration, three a decade."""
_RATE = fi.Rate(Fraction(-1, 3))
_FIXED = ex.Pair("AAE v AAE", learners.ActiveArmElimination(), learners.ActiveArmElimination())
_SETTLING = ex.Pair("ExploreThenUCB v AAE", learners.ExploreThenUCB(), learners.ActiveArmElimination())
_MODES = ex.modes(
    ("sweep", ex.Effort(ex.decades(4, 8), 128), ex.Effort(ex.decades(4, 10), 512)),
    ("single", ex.Effort(ex.decades(4, 6), 8), ex.Effort(ex.decades(4, 10), 16)),
)


def best_pairs() -> tuple[ex.Pair, ...]:
    """Return ThrowOut v ETC with explorations of every length, and a leader that always plays a2."""
    exploring = (
        ex.Pair(
            f"ThrowOut v ETC, E = {length}",
            learners.ExploreThenCommitThrowOut(discard=2 * length, exploration=2 * length),
            learners.ExploreThenCommit(exploration=length),
        )
        for length in LENGTHS
    )
    return *exploring, ex.Pair(
        "always 2 v ETC", learners.FixedAction(1), learners.ExploreThenCommit(exploration=1)
    )


def game_players(gap: float) -> tuple[fi.GamePlayer, fi.GamePlayer]:
    """Regret of the leader in I and of the follower in II."""
    first, second = (ex.with_gap("lower_bound", ex.Power(gap), part, f"{gap:.2g}") for part in (0, 1))
    return fi.GamePlayer(first, 0), fi.GamePlayer(second, 1)


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


_ALONE = {pair.name: pair for pair in (_SETTLING, _FIXED)}
_BY_GAP = tuple(map(game_players, GAPS))


def experiments(settings: ex.Settings) -> ex.Matches:
    """Let all pairs play at every gap."""
    everything = [each for both in _BY_GAP for each in both]
    best = fi.contest(best_pairs(), everything, lambda _: settings["sweep"], ex.AT_GAMMA_T)
    return best | fi.contest(list(_ALONE.values()), everything, lambda _: settings["single"], ex.AT_GAMMA_T)


def evidence(found: ex.Played) -> fi.Evidence:
    """Locate the worst gap at every horizon, of the best of many pairs at each gap and of two alone."""
    best = [regrets for name, regrets in found.items() if name not in _ALONE]
    costs = cost_of_gaps(best)
    worst = {"best of all pairs": worst_gap(costs)}
    worst |= {name: worst_gap(cost_of_gaps([found[name]])) for name in _ALONE}
    shrinking = (
        _finding(
            f"best of {len(best)} pairs for each gap",
            worst["best of all pairs"].since(first),
            "[(pair.leader, pair.follower) for pair in best_pairs()]",
            fi.about(-1 / 3, "-1/3", fi.SLACK),
        )
        for first in fi.windows(costs[0])
    )
    bound = fi.at_least(-1 / 3 + fi.SLACK, f"-1/3 + {fi.SLACK:g}")
    alone = ", ".join(map(ex.learner_code, (_FIXED.leader, _FIXED.follower)))
    fixed = _finding(f"{_FIXED.name} alone, for contrast", worst[_FIXED.name], f"[({alone})]", bound)
    places = (
        fi.Series(name, trend.x_values(), trend.estimates(), rank, growth=None if rank else _RATE)
        for rank, (name, trend) in enumerate(worst.items())
    )
    panels = _regrets(costs), fi.over_horizons("Where it is largest", "worst gap d", tuple(places))
    return fi.Evidence((*shrinking, fixed), panels)


def cost_of_gaps(rows: list[tuple[ex.Regrets, ...]]) -> list[fi.Trend]:
    """Return the regret of the best of some pairs at each gap: one trend for each."""
    return [
        fi.PairRegrets(both, tuple(row[2 * place : 2 * place + 2] for row in rows)).trend()
        for place, both in enumerate(_BY_GAP)
    ]


def worst_gap(costs: list[fi.Trend]) -> fi.Trend:
    """Gap of the largest regret at every horizon, from one trend for each gap."""
    gaps = np.array(GAPS)
    return replace(
        costs[0],
        mean=peak(gaps, np.stack([trend.mean for trend in costs])),
        resampled=peak(gaps, np.stack([trend.resampled for trend in costs], axis=1)),
    )


def _finding(who: str, worst: fi.Trend, pairs: str, prediction: fi.Prediction) -> fi.Finding:
    part = worst.parts[0]
    call = call_of(
        "np.polyfit(np.log(horizons), np.log(peak(np.array(GAPS), costs.T)), 1)[0]",
        part,
        "    for gap in GAPS\n    for leader, follower in pairs\n    for game in sk.games.lower_bound(gap)",
        imports="from stackel.reproduce.claims.worst_gap import GAPS, best_pairs, peak\n",
        before=f"replications = {part.effort.replications}\npairs = {pairs}\n",
        after="costs = np.maximum(regret[..., 0, 0], regret[..., 1, 1]).min(axis=-1)\n",
        shape="len(GAPS), len(pairs), 2",
    )
    return fi.Finding(
        f"{who}, {fi.span(worst)}", "exponent of worst d", prediction, worst.exponent(), call=call
    )


def _regrets(costs: list[fi.Trend]) -> fi.Panel:
    def curve(place: int, horizon: float) -> fi.Series:
        values = tuple(fi.scaled(trend.estimates()[place], horizon ** (2 / 3)) for trend in costs)
        in_units = tuple(gap * horizon ** (1 / 3) for gap in GAPS)
        return fi.Series(f"T = {fi.in_short(horizon)}", in_units, values, place)

    return fi.Panel(
        "What a gap costs",
        "d T^(1/3)",
        "best pair: max(R1(I), R2(II)) / T^(2/3)",
        tuple(curve(place, horizon) for place, horizon in enumerate(costs[0].x_values())),
        level=(BOUND, f"proved bound {BOUND:.3f}"),
        threshold=(ex.WORST, "gap of the proof"),
    )


CLAIM = Claim(
    "worst_gap",
    "The hardest gap shrinks like T^(-1/3)",
    "The gap d at which the lower-bound pair costs the best pair of learners most is of order T^(-1/3).",
    "lower_bound(d), I and II, over one grid of gaps d; regret against the tolerant benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="The best pair for each gap is one of those that explore for fixed lengths. A single pair may have"
    " its worst gap elsewhere, as AAE v AAE has.",
    tables=games.lower_bound(0.05),
)
