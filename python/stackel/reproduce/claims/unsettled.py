"""Which followers break Explore-then-UCB.

The guarantee asks of the follower that, once the leader has stopped exploring, a single round costs it
little. ETC has committed by then, and AAE keeps only responses that are nearly as good. Others do not
settle: UCB loses little on average, yet any one round may go to a worse response, and such rounds come
in runs; a follower that explores longer than the leader is still exploring when it counts; uniform
play never stops.

What happens then depends on the game. In etc_failure the leader's better action looks worse while the
follower explores, UCB leaves it after a logarithmic number of tries, and without being played the
follower's instance there never finishes: regret is linear. A run of bad rounds of a UCB follower can do
the same, in a share of the runs.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import (
    UCB,
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    Learner,
    Uniform,
)
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, decades
from stackel.reproduce.experiments.families import AT_GAMMA_T, lower_bound_family, tolerance_family
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import grows_at_most, grows_faster, series_of, worst_trends

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

_SETTLING: dict[str, Learner] = {"ETC": ExploreThenCommit(), "AAE": ActiveArmElimination()}
_UNSETTLED: dict[str, Learner] = {
    "ThrowOut": ExploreThenCommitThrowOut(),
    "ExploreThenUCB": ExploreThenUCB(),
    "UCB": UCB(),
    "anytime UCB": UCB(anytime=True),
    "uniform": Uniform(),
}
_FAMILY = (*lower_bound_family(), *tolerance_family())
_MODES = {
    "quick": {"followers": Effort(decades(4, 6), 16), "stepped": Effort(decades(4, 5), 8)},
    "full": {"followers": Effort(decades(4, 8), 32), "stepped": Effort(decades(4, 6), 16)},
}


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret for every follower."""
    findings: list[Finding] = []
    series = []
    for rank, (short, follower) in enumerate((_SETTLING | _UNSETTLED).items()):
        pair = Pair(f"ExploreThenUCB v {short}", ExploreThenUCB(), follower)
        effort = settings["stepped" if pair.is_stepped else "followers"]
        trends = worst_trends(lab.curves(pair, _FAMILY, effort, AT_GAMMA_T))
        if short in _SETTLING:
            findings += grows_at_most(pair.name, trends, Fraction(2, 3), Fraction(1, 3))
        else:
            player = max((0, 1), key=lambda player: trends[player].exponent(1 / 3).low)
            findings.append(grows_faster(pair.name, trends[player], player, Fraction(2, 3), Fraction(1, 3)))
        growth = (2 / 3, 1 / 3) if short in _SETTLING else ()
        series.append(series_of(short, trends, rank, *growth)[0])
    panel = Panel(
        "ExploreThenUCB, worst of all games",
        "horizon T (rounds)",
        "leader's regret against the tolerant benchmark",
        tuple(series),
    )
    return Evidence(tuple(findings), (Figure("unsettled", (panel,)),))


CLAIM = Claim(
    "unsettled",
    "Followers that break Explore-then-UCB",
    "The guarantee of ExploreThenUCB needs a follower whose regret in a single round is low: followers that"
    " still explore, or that may err in any round, lose it.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark.",
    _MODES,
    collect,
    limits="The paper names the condition and not who fails it; that all of these followers do is our"
    " expectation. Uniform play is drawn round by round and stops at shorter horizons.",
    tables=(games.etc_failure(),),
)
