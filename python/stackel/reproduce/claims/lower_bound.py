"""No pair of learners beats T^(2/3) against the tolerant benchmark.

Game II_j differs from I in one utility of the follower, 2d at the leader's first action and response
j. Unless some 1/d^2 rounds are spent on every such response, I and the II_j look alike; spending them
costs the leader half a unit each, not spending them costs d a round in one of the games. The gap
``d = ((|B| - 1) sigma^2 / (2 T))^(1/3)`` makes both equal, and a quarter of d T remains. The
benchmark values are the same at every tolerance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel import games
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import (
    Effort,
    Estimate,
    Evidence,
    Figure,
    Finding,
    Panel,
    Series,
    at_least,
    decades,
)
from stackel.reproduce.experiments.families import AT_GAMMA_T, WORST, hard_gap
from stackel.reproduce.experiments.instances import noisier, with_gap
from stackel.reproduce.experiments.learner_pairs import all_pairs, effort_of, learning_pairs, told
from stackel.reproduce.findings.contest import Cell, Contest, Least, scaled
from stackel.reproduce.findings.growth import SLACK, has_exponent, in_short, windows
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

BOUND = WORST / 4
"""Least max_j max(R1(I), R2(II_j)) in units of ``(sigma^2 (|B| - 1))**(1/3) T**(2/3)``."""
_QUANTITY = "max(R1(I), R2(II_j)) / (sigma^2 (|B| - 1) T^2)^(1/3)"
_SIZES = (2, 4, 8, 16)
"""Numbers |B| of responses in the check that the bound grows with them."""
_SCALES = (1 / 4, 4.0)
"""Scales of the noise, which learners are told."""
_SLACK_IN_SIZE = 0.1
"""Slack of the exponent of |B| - 1: over a factor of 15 the constant may drift by 31 per cent."""
_MODES = {
    "quick": {
        "lotteries": Effort(decades(4, 6), 32),
        "others": Effort(decades(4, 6), 8),
        "stepped": Effort((10_000,), 32),
        "sizes": Effort((10_000,), 16),
    },
    "full": {
        "lotteries": Effort(decades(4, 10), 16),
        "others": Effort(decades(4, 10), 8),
        "stepped": Effort(decades(4, 6), 16),
        "sizes": Effort((10**6,), 16),
    },
}


def cells(n_follower: int = 2, sigma: float = 1.0) -> tuple[Cell, ...]:
    """Regret of the leader in I, and of the follower in every II_j."""
    gap = sigma ** (2 / 3) * hard_gap(n_follower)
    label = "the hard gap"
    first = with_gap(games.lower_bound, gap, 0, label, n_follower=n_follower)
    others = (
        with_gap(games.lower_bound, gap, 1, label, n_follower=n_follower, hidden=hidden)
        for hidden in range(1, n_follower)
    )
    found = Cell(first, 0), *(Cell(other, 1) for other in others)
    return found if sigma == 1 else tuple(Cell(noisier(game, sigma), player) for game, player in found)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Let every pair play over horizons, and those that learn with more responses."""
    contest = Contest.play(lab, all_pairs(), cells(), effort_of(settings), AT_GAMMA_T)
    learning = [pair for pair in learning_pairs() if not pair.is_stepped]
    sized = {
        size: Contest.play(lab, learning, cells(size), lambda _: settings["sizes"], AT_GAMMA_T)
        for size in _SIZES
    }
    scaled_noise = {
        sigma: Contest.play(
            lab,
            [told(pair, sigma) for pair in learning],
            cells(sigma=sigma),
            lambda _: settings["sizes"],
            AT_GAMMA_T,
        )
        for sigma in _SCALES
    }
    longest = contest.longest()
    trend = longest.trend()
    slopes = (
        has_exponent(
            f"|B| = 2, least of {len(longest.curves)} pairs",
            trend.since(first),
            ("max(R1(I), R2(II))", ""),
            at_least(2 / 3, "2/3", SLACK),
        )
        for first in windows(trend)
    )
    by_size = Trend.over([size - 1 for size in _SIZES], [sized[size].trend() for size in _SIZES])
    growth = Finding(
        f"|B| = 2 to {_SIZES[-1]}, T = {in_short(settings['sizes'].horizons[-1])}, least of {len(learning)}"
        " pairs",
        "exponent of |B| - 1 in max(R1(I), R2(II_j))",
        at_least(1 / 3, "1/3", _SLACK_IN_SIZE),
        by_size.exponent(),
        call=by_size.exponent_call(),
    )
    findings = (
        *(_constant(least, 2) for least in contest.least()),
        *slopes,
        *(_constant(sized[size].least()[-1], size) for size in _SIZES),
        growth,
        *(_constant(scaled_noise[sigma].least()[-1], 2, sigma) for sigma in _SCALES),
    )
    return Evidence(
        findings, (Figure("lower_bound", (_over_horizons(contest), _over_sizes(by_size, sized))),)
    )


def _unit(horizon: float, n_follower: int = 2, sigma: float = 1.0) -> float:
    return float((sigma**2 * (n_follower - 1) * horizon**2) ** (1 / 3))


def _constant(least: Least, n_follower: int, sigma: float = 1.0) -> Finding:
    noise = f", sigma = {sigma:g}" if sigma != 1 else ""
    return Finding(
        f"|B| = {n_follower}{noise}, T = {in_short(least.horizon)}, least of {least.pairs} pairs",
        _QUANTITY,
        at_least(BOUND, f"{BOUND:.3f}"),
        scaled(least.value, _unit(least.horizon, n_follower, sigma)),
        least.note,
        least.call_in(f"({sigma**2:g} * {n_follower - 1} * T**2) ** (1 / 3)"),
    )


def _over_horizons(contest: Contest) -> Panel:
    def curve(label: str, who: Contest, rank: int) -> Series:
        leasts = who.least()
        values = tuple(scaled(least.value, _unit(least.horizon)) for least in leasts)
        return Series(label, tuple(float(least.horizon) for least in leasts), values, rank)

    return Panel(
        "Every pair, |B| = 2",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T^(2/3)",
        (curve("least of all pairs", contest, 0), *contest.series(_unit)),
        level=(BOUND, f"proved bound {BOUND:.3f}"),
    )


def _over_sizes(by_size: Trend, sized: dict[int, Contest]) -> Panel:
    horizon = sized[_SIZES[0]].least()[-1].horizon
    hidden = by_size.x_values()
    values = tuple(scaled(value, _unit(horizon)) for value in by_size.estimates())
    proved = (BOUND * n ** (1 / 3) for n in hidden)
    return Panel(
        f"Growth with |B|, T = {in_short(horizon)}",
        "|B| - 1",
        "max(R1(I), R2(II_j)) / T^(2/3)",
        (
            Series("least that learns", hidden, values, 1),
            Series("proved bound", hidden, tuple(Estimate(v, v, v) for v in proved), 2, predicted=True),
        ),
    )


CLAIM = Claim(
    "lower_bound",
    "No pair beats T^(2/3)",
    "Whatever the learners, some game costs one player 0.198 (sigma^2 (|B| - 1))^(1/3) T^(2/3) against the"
    " tolerant benchmark.",
    "lower_bound(d), I and every II_j, with d = 0.794 ((|B| - 1) sigma^2 / T)^(1/3); regret against the"
    " tolerant benchmark, which is the same at every tolerance.",
    _MODES,
    collect,
    limits="Pairs with PhasedUCB or uniform play are drawn round by round and stop at shorter horizons.",
    tables=games.lower_bound(0.05),
)
