"""No pair of learners reaches the Stackelberg benchmark.

The unachievable games I and II differ in one utility of the follower, by 2d. With
``d = kappa sigma / sqrt(T)`` the rewards of T rounds tell them apart no better than a coin with bias
of order kappa, so a pair does nearly the same in both: whatever share of rounds it spends on the
leader's first action makes the follower's regret in II linear, and the rest the leader's in I. The
share that balances both still leaves ``3/35 (1 - kappa)`` of regret a round.

The omniscient follower shows what the bound is about: it knows its utilities, is not a learner, and
with it the same leader escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import UCB, BestResponse
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
    at_most,
    decades,
)
from stackel.reproduce.experiments.instances import STACKELBERG, Power, with_gap
from stackel.reproduce.experiments.learner_pairs import Pair, all_pairs, effort_of
from stackel.reproduce.findings.contest import Cell, Contest, Least, scaled
from stackel.reproduce.findings.growth import in_short

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Prediction, Settings
    from stackel.reproduce.experiments.lab import Lab

KAPPA = 1 / 4
PROVED = 3 / 35
BOUND = PROVED * (1 - KAPPA)
_TEXT = f"{BOUND:.4f} = {PROVED:.4f} (1 - 1/4)"
_QUANTITY = "max(R1(I), R2(II)) / T"

_MODES = {
    "quick": {
        "lotteries": Effort(decades(4, 6), 32),
        "others": Effort(decades(4, 6), 8),
        "stepped": Effort((10_000,), 32),
    },
    "full": {
        "lotteries": Effort(decades(4, 10), 24),
        "others": Effort(decades(4, 10), 8),
        "stepped": Effort(decades(4, 6), 16),
    },
}


def cells() -> tuple[Cell, Cell]:
    """Regret of the leader in I and of the follower in II."""
    gap = Power(KAPPA, -1 / 2)
    first, second = (with_gap(games.unachievable, gap, part, "1/(4 sqrt(T))") for part in (0, 1))
    return Cell(first, 0), Cell(second, 1)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Let every pair of the portfolio, and one with an omniscient follower, play both games."""
    oracle_pair = [Pair("UCB v omniscient", UCB(), BestResponse())]
    contest = Contest.play(lab, all_pairs(), cells(), effort_of(settings), STACKELBERG)
    oracle = Contest.play(lab, oracle_pair, cells(), effort_of(settings), STACKELBERG)
    learners = tuple(
        _finding(least, f"least of {least.pairs} pairs", at_least(BOUND, _TEXT)) for least in contest.least()
    )
    escape = oracle.least()[-1]
    known = _finding(escape, f"{escape.pair}, for contrast", at_most(BOUND, _TEXT))
    return Evidence((*learners, known), (_figure(contest, oracle),))


def _finding(least: Least, who: str, prediction: Prediction) -> Finding:
    return Finding(
        f"T = {in_short(least.horizon)}, {who}",
        _QUANTITY,
        prediction,
        _a_round(least),
        least.note,
        least.call_in("T"),
    )


def _a_round(least: Least) -> Estimate:
    return scaled(least.value, least.horizon)


def _figure(contest: Contest, oracle: Contest) -> Figure:
    def curve(label: str, who: Contest, rank: int) -> Series:
        leasts = who.least()
        return Series(label, tuple(float(x.horizon) for x in leasts), tuple(map(_a_round, leasts)), rank)

    panel = Panel(
        "Every pair of learners fails in I or in II",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T (units of utility)",
        (
            curve("least of all pairs", contest, 0),
            curve("omniscient follower", oracle, 1),
            *contest.series(float),
        ),
        level=(BOUND, f"proved bound {BOUND:.4f}"),
    )
    return Figure("unachievable", (panel,))


CLAIM = Claim(
    "unachievable",
    "Stackelberg benchmark unachievable",
    "Whatever the learners, at every T one of two games that T rounds cannot tell apart costs the leader"
    " or the follower 3/35 (1 - kappa) a round.",
    "unachievable(d), I and II, with d = kappa / sqrt(T), kappa = 1/4; regret against the Stackelberg"
    " benchmark.",
    _MODES,
    collect,
    limits="Pairs with PhasedUCB or uniform play are drawn round by round and stop at shorter horizons.",
    tables=games.unachievable(0.05),
)
