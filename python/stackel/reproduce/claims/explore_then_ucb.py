"""A leader that explores, forgets and then follows UCB works with any follower that settles.

As with ThrowOut, the rewards of the follower's exploration are discarded; afterwards the leader
needs only that the follower's mistakes in a round are small, not that it has committed.

The constant in front of ``T^(2/3) (ln T)^(1/3)`` takes its time to settle for gaps near the
resolution ``g = (|A||B| ln T / T)^(1/3)`` of the exploration, and with AAE most of all. That follower
keeps an arm of gap d until about ``8 ln T / d^2`` rewards an arm, far more than E2 when
d < sqrt(8) g; the leader meanwhile gets 0.25 from its better action, leaves it, and loses d a round.
But before it leaves, UCB tries that action some 32 ln T times more, and at T = 10,000 this is a good
third of the N0 = |B| E2 rounds of exploration: the follower still gets there. At T = 1,000,000 it is
2 per cent, and the full price is paid. So regret grows a little faster than its order until then,
and its exponent over all horizons may be above 2/3 where that over the last four decades is not.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import ActiveArmElimination, ExploreThenCommit, ExploreThenUCB, Learner
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, Series, decades
from stackel.reproduce.experiments.families import play_families
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import grows_at_most, series_of, worst_trends

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

_FOLLOWERS: dict[str, Learner] = {
    "ETC": ExploreThenCommit(),
    "AAE": ActiveArmElimination(),
    "AAE in phases": ActiveArmElimination(phases=tuple(2**phase for phase in range(24))),
}
"""Of low instantaneous regret once the leader has explored; the last decides after sweeps 1, 3, 7, ..."""
_MODES = {
    "quick": {
        "ETC": Effort(decades(4, 8), 32),
        "AAE": Effort(decades(4, 8), 16),
        "AAE in phases": Effort(decades(4, 8), 16),
    },
    "full": {
        "ETC": Effort(decades(4, 10), 64),
        "AAE": Effort(decades(4, 10), 96),
        "AAE in phases": Effort(decades(4, 10), 48),
    },
}


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret over each family, for both followers."""
    findings: list[Finding] = []
    drawn: dict[str, list[Series]] = {}
    for rank, (short, follower) in enumerate(_FOLLOWERS.items()):
        pair = Pair(f"ExploreThenUCB v {short}", ExploreThenUCB(), follower)
        for name, curves in play_families(lab, pair, settings[short]):
            trends = worst_trends(curves)
            findings += grows_at_most(f"{pair.name}, worst of {name}", trends, Fraction(2, 3), Fraction(1, 3))
            drawn.setdefault(name, []).extend(series_of(pair.name, trends, rank, 2 / 3, 1 / 3))
    panels = tuple(
        Panel(
            f"Worst case, {name}",
            "horizon T (rounds)",
            "regret against the tolerant benchmark",
            tuple(series),
        )
        for name, series in drawn.items()
    )
    return Evidence(tuple(findings), (Figure("explore_then_ucb", panels),))


CLAIM = Claim(
    "explore_then_ucb",
    "Explore-then-UCB against followers that settle",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players, with ETC, AAE and"
    " every follower of low instantaneous regret.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark, with gamma_T = 4 sqrt(2) (|A||B| ln T / T)^(1/3) and with a fixed gamma.",
    _MODES,
    collect,
    "ExploreThenUCB v AAE, in phases or not: with gaps near tolerance the constant settles only around"
    " T = 1,000,000, since the leader's last tries still help the follower below that.",
    "Every follower of low instantaneous regret is a wide class; three of them are tried.",
    tables=(*games.lower_bound(0.05), *games.unachievable(0.05)),
)
