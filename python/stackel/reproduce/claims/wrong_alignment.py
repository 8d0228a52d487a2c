"""What a wrong alignment constant does to LipschitzUCB.

A bonus for a constant larger than the game's L costs a factor. With a smaller one the leader leaves the
action on which the follower still learns: in the slow follower's game, in units u, AAE needs some
``16 ln T / u^2`` rounds to drop the response that costs the leader L u, and a bonus for less than about
L / 5 does not keep the leader there for so long. What it leaves too early it never learns about, and
regret is linear where gaps do not shrink.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel.learners import ActiveArmElimination, LipschitzUCB
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import hard_slow_followers, slow_follower
from stackel.reproduce.evidence import Effort, Evidence, Figure, Panel, Series, decades
from stackel.reproduce.experiments.instances import STACKELBERG
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import grows_at_most, grows_faster, in_short, worst_trends
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

TRUE = 16.0
"""Alignment constant of the game."""
_TOLD = (1.0, 2.0, 4.0, 16.0, 64.0)
"""Alignment constants that the leader is told."""
_TOO_SMALL = 2.0
_HALF = Fraction(1, 2)
_MULTIPLES = (40, 160)
"""Units of the family, hardest where the leader is told L = 16 and where it is told L = 64."""
_MODES = {
    "quick": {"one": Effort(decades(4, 7), 8), "worst": Effort(decades(4, 6), 4)},
    "full": {"one": Effort(decades(4, 10), 16), "worst": Effort(decades(4, 8), 6)},
}


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Tell the leader too small a constant, the right one, and too large a one."""
    fixed, *_ = family = hard_slow_followers(TRUE, *_MULTIPLES)
    in_one = {
        told: worst_trends([lab.curve(_pair(told), fixed, settings["one"], STACKELBERG)]) for told in _TOLD
    }
    findings = [grows_faster(f"{_pair(_TOO_SMALL).name}, one game", in_one[_TOO_SMALL][0], 0, _HALF, _HALF)]
    for told in (TRUE, _TOLD[-1]):
        trends = worst_trends(lab.curves(_pair(told), family, settings["worst"], STACKELBERG))
        findings += grows_at_most(f"{_pair(told).name}, worst of all units", trends, _HALF, _HALF)
    over = Trend.over(_TOLD, [both[0] for both in in_one.values()])
    panel = Panel(
        f"L = {TRUE:g}, one game, T = {in_short(settings['one'].horizons[-1])}",
        "alignment constant that the leader is told",
        "leader's regret (units of utility)",
        (Series("LipschitzUCB v AAE", _TOLD, over.estimates(), 0),),
        threshold=(TRUE, "true L"),
    )
    return Evidence(tuple(findings), (Figure("wrong_alignment", (panel,)),))


def _pair(told: float) -> Pair:
    name = f"LipschitzUCB v AAE, told L = {told:g} of {TRUE:g}"
    return Pair(name, LipschitzUCB(lipschitz=told), ActiveArmElimination())


CLAIM = Claim(
    "wrong_alignment",
    "Wrong alignment constant",
    "Overestimating L costs LipschitzUCB a factor; underestimating it far enough costs it its guarantee.",
    "Slow followers with L = 16, in units that do not shrink, that shrink like T^(-1/3), and like"
    " sqrt(ln T / T); regret against the Stackelberg benchmark.",
    _MODES,
    collect,
    limits="The paper assumes that L is known; what happens otherwise is our expectation.",
    tables=(slow_follower(TRUE),),
)
