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

import math
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import UCB, BestResponse
from stackel.reproduce.claim import Claim, Evidence, Figure, Finding, Panel, Series, at_least, at_most
from stackel.reproduce.least import Cell, Contest, scaled
from stackel.reproduce.measure import Instance
from stackel.reproduce.portfolio import Pair, all_pairs

if TYPE_CHECKING:
    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab

KAPPA = 1 / 4
BOUND = 3 / 35 * (1 - KAPPA)

_MODES = {"quick": {"pairs": {300: 192, 3_000: 96, 30_000: 24}}}


def cells() -> tuple[Cell, Cell]:
    """Regret of the leader in I and of the follower in II."""
    first = Instance("unachievable I", lambda horizon: games.unachievable(_gap(horizon))[0])
    second = Instance("unachievable II", lambda horizon: games.unachievable(_gap(horizon))[1])
    return Cell(first, 0), Cell(second, 1)


def _gap(horizon: int) -> float:
    return KAPPA / math.sqrt(horizon)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Let every pair of the portfolio, and one with an omniscient follower, play both games."""
    effort = settings["pairs"]
    pairs = all_pairs()
    contest = Contest.play(lab, pairs, cells(), effort)
    oracle = Contest.play(lab, [Pair("UCB v omniscient", UCB(), BestResponse())], cells(), effort)
    bound, quantity = f"{BOUND:.4f}", "max(R1(I), R2(II)) / T"
    learners = tuple(
        Finding(
            f"T = {least.horizon:,}, least of {len(pairs)} pairs",
            quantity,
            at_least(BOUND, bound),
            scaled(least.value, least.horizon),
            f"attained by {least.pair}",
        )
        for least in contest.least()
    )
    escape = oracle.least()[-1]
    known = Finding(
        f"T = {escape.horizon:,}, {escape.pair}, for contrast",
        quantity,
        at_most(BOUND, bound),
        scaled(escape.value, escape.horizon),
    )
    return Evidence((*learners, known), (_figure(contest, oracle),))


def _figure(contest: Contest, oracle: Contest) -> Figure:
    leasts, escapes = contest.least(), oracle.least()
    horizons = tuple(float(least.horizon) for least in leasts)
    best = Series("least of all pairs", horizons, tuple(scaled(best.value, best.horizon) for best in leasts))
    escape = Series(
        "omniscient follower", horizons, tuple(scaled(e.value, e.horizon) for e in escapes), rank=1
    )
    panel = Panel(
        "Every pair of learners fails in I or in II",
        "horizon T (rounds)",
        "max(R1(I), R2(II)) / T (units of utility)",
        (best, escape, *contest.series(horizons)),
        level=(BOUND, f"proved bound {BOUND:.4f}"),
    )
    return Figure("unachievable", (panel,))


CLAIM = Claim(
    "unachievable",
    "Stackelberg benchmark unachievable",
    "Some game of an indistinguishable pair costs every pair of learners linear regret.",
    _MODES,
    collect,
)
