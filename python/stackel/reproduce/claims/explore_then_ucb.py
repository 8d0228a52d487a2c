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
and its exponent over a modest range is above 2/3.

UCB as a follower is drawn for contrast and has no claim: its regret is small on average, yet any one
round may go to a worse arm, and such rounds come in runs. When the leader's first tries after its
exploration meet a run, it leaves its better action for good.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel.learners import UCB, ActiveArmElimination, ExploreThenCommit, ExploreThenUCB, Learner
from stackel.reproduce.claim import Claim, Evidence, Figure, Finding, Panel, Series
from stackel.reproduce.families import lower_bound_family, tolerance_family
from stackel.reproduce.growth import grows_at_most, series_of, worst_trends
from stackel.reproduce.portfolio import Pair

if TYPE_CHECKING:
    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab

_FOLLOWERS: dict[str, Learner] = {
    "ETC": ExploreThenCommit(),
    "AAE": ActiveArmElimination(),
    "UCB": UCB(),
}
_NO_CLAIM = "UCB"
_SMALL, _TOLERATED = "lower-bound gaps", "gaps near tolerance"
_MODES = {
    "quick": {
        f"ETC, {_SMALL}": {10_000: 384, 100_000: 192, 1_000_000: 64},
        f"AAE, {_SMALL}": {10_000: 64, 100_000: 32, 1_000_000: 6},
        f"UCB, {_SMALL}": {10_000: 64, 100_000: 32, 1_000_000: 8},
        f"ETC, {_TOLERATED}": {10_000: 128, 100_000: 64, 1_000_000: 24},
        f"AAE, {_TOLERATED}": {10_000: 192, 100_000: 64, 1_000_000: 20},
        f"UCB, {_TOLERATED}": {10_000: 64, 100_000: 32, 1_000_000: 8},
    }
}


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret over each family, for every follower."""
    findings: list[Finding] = []
    panels: list[Panel] = []
    for name, family in ((_SMALL, lower_bound_family()), (_TOLERATED, tolerance_family())):
        series: list[Series] = []
        for rank, (short, follower) in enumerate(_FOLLOWERS.items()):
            pair = Pair(f"ExploreThenUCB v {short}", ExploreThenUCB(), follower)
            effort = settings[f"{short}, {name}"]
            trends = worst_trends(lab, [lab.curve(pair, instance, effort) for instance in family])
            if short == _NO_CLAIM:
                series += series_of(f"{pair.name} (no claim)", trends, rank)
                continue
            series += series_of(pair.name, trends, rank, slope=2 / 3)
            findings.append(
                grows_at_most(f"{pair.name}, worst of {name}", trends, Fraction(2, 3), Fraction(1, 3))
            )
        panels.append(
            Panel(
                f"Worst case, {name}",
                "horizon T (rounds)",
                "regret against the tolerant benchmark",
                tuple(series),
            )
        )
    return Evidence(tuple(findings), (Figure("explore_then_ucb", tuple(panels)),))


CLAIM = Claim(
    "explore_then_ucb",
    "Explore-then-UCB against any settling follower",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players.",
    _MODES,
    collect,
    "ExploreThenUCB v AAE: with gaps near tolerance the constant settles only around T = 1,000,000,"
    " since the leader's last tries still help the follower below that.",
)
