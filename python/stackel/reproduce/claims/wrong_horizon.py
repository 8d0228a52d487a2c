"""What a wrong horizon does to each guarantee.

Learners are told T' = T^p.

*Lengths of exploration* are of order T'^(2/3) (ln T')^(1/3). With p < 1 they are too short: the gaps that go
unseen as often as not are one over the root of the length, and cost ``T^(1 - p/3) (ln T)^(-1/6)``. With p > 1
they are too long and cost ``T^(2p/3) (ln T)^(1/3)``. A wrong factor, p = 1, costs a factor.

*Confidence radii* depend on ln T' = p ln T only, as if c were p. LipschitzUCB against AAE keeps its rate with
half of the logarithm or twice as much. AAE drops the best response with probability of order T^(-2p): with a
32nd of the logarithm the rate is lost in a game whose gaps do not shrink.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import (
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    LipschitzUCB,
)
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import fixed_slow_follower, hard_slow_followers, slow_follower
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, Series, about, decades
from stackel.reproduce.experiments.families import AT_GAMMA_T
from stackel.reproduce.experiments.instances import STACKELBERG, Instance, Power, etc_failure, twins
from stackel.reproduce.experiments.learner_pairs import Pair, learner_code
from stackel.reproduce.findings.growth import (
    SLACK,
    grows_at_most,
    grows_faster,
    has_exponent,
    regret_of,
    series_of,
    worst_trends,
)

if TYPE_CHECKING:
    from stackel.learners import Learner
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

_POWERS = (Fraction(3, 4), Fraction(1), Fraction(9, 8))
"""Powers p with which lengths of exploration are planned."""
_SHARES = (Fraction(1, 32), Fraction(1, 2), Fraction(2))
"""Powers p with which radii are computed; the first is too small."""
_HALF = Fraction(1, 2)
_MODES = {
    "quick": {
        "lengths": Effort(decades(4, 8), 256),
        "radii": Effort(decades(4, 6), 64),
        "slow followers": Effort(decades(4, 6), 4),
    },
    "full": {
        "lengths": Effort(decades(4, 10), 1024),
        "radii": Effort(decades(4, 10), 256),
        "slow followers": Effort(decades(4, 8), 6),
    },
}


@dataclass(frozen=True)
class Told:
    """A learner whose lengths are planned for T^p rounds instead of T."""

    learner: Learner
    role: str
    power: float

    def __call__(self, horizon: int) -> Learner:
        """Return the learner for a horizon."""
        return self.learner.resolve(self.role, round(horizon**self.power), 2, 2)

    @property
    def code(self) -> str:
        """The learner as an expression in T."""
        return f"{learner_code(self.learner)}.resolve({self.role!r}, round(T**{self.power!r}), 2, 2)"


def expected_growth(power: Fraction) -> tuple[Fraction, Fraction]:
    """Exponents of T and of ln T in the regret of lengths that are planned for T^p rounds."""
    if power < 1:
        return 1 - power / 3, Fraction(-1, 6)
    return 2 * power / 3, Fraction(1, 3)


def hard_games(power: float) -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps around the resolution of that exploration."""
    pairs = (
        instance
        for multiple in (1 / 4, 1 / 2, 1)
        for instance in twins(
            games.lower_bound,
            Power(multiple * (4 * power) ** (1 / 3), -power / 3, 1 / 3),
            f"{multiple:g} g(T')",
        )
    )
    return etc_failure(), *pairs


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Plan lengths and radii for other horizons than the one that is played."""
    lengths, by_length = _lengths(lab, settings["lengths"])
    radii, by_radius = _radii(lab, settings)
    return Evidence((*lengths, *radii), (Figure("wrong_horizon", (by_length, by_radius)),))


def _lengths(lab: Lab, effort: Effort) -> tuple[list[Finding], Panel]:
    findings: list[Finding] = []
    series: list[Series] = []
    for rank, power in enumerate(_POWERS):
        leader = Told(ExploreThenCommitThrowOut(), "leader", float(power))
        follower = Told(ExploreThenCommit(), "follower", float(power))
        pair = Pair(f"ThrowOut v ETC, told T^({power})", leader, follower)
        curves = lab.curves(pair, hard_games(float(power)), effort, AT_GAMMA_T)
        trends = worst_trends(curves)
        expected, log_power = expected_growth(power)
        prediction = about(float(expected), str(expected), SLACK)
        findings.append(has_exponent(pair.name, trends[0], regret_of(0), prediction, log_power))
        series += series_of(f"told T^({power})", trends, rank, float(expected), float(log_power))
    return findings, _panel("ThrowOut v ETC", "tolerant", series)


def _radii(lab: Lab, settings: Settings) -> tuple[list[Finding], Panel]:
    findings: list[Finding] = []
    series: list[Series] = []
    for rank, share in enumerate(_SHARES):
        # LipschitzUCB has no confidence multiplier; its radius grows with sigma as with sqrt(ln T).
        leader = LipschitzUCB(lipschitz=2.0, sigma=math.sqrt(share))
        follower = ActiveArmElimination(confidence=float(share))
        pair = Pair(f"LipschitzUCB v AAE, told T^({share})", leader, follower)
        if share == min(_SHARES):
            curve = lab.curve(pair, fixed_slow_follower(), settings["radii"], STACKELBERG)
            trends = worst_trends([curve])
            findings.append(grows_faster(f"{pair.name}, one game", trends[0], 0, _HALF, _HALF))
        else:
            curves = lab.curves(pair, hard_slow_followers(), settings["slow followers"], STACKELBERG)
            trends = worst_trends(curves)
            findings += grows_at_most(f"{pair.name}, worst of all units", trends, _HALF, _HALF)
        series += series_of(f"told T^({share})", trends, rank, 1 / 2, 1 / 2)
    return findings, _panel("LipschitzUCB v AAE", "Stackelberg", series)


def _panel(title: str, benchmark: str, series: list[Series]) -> Panel:
    return Panel(
        title, "horizon T (rounds)", f"worst regret against the {benchmark} benchmark", tuple(series)
    )


CLAIM = Claim(
    "wrong_horizon",
    "Wrong horizon",
    "Learners that are told T^p instead of T: lengths of exploration give regret of order T^(1 - p/3) for"
    " p < 1 and T^(2p/3) for p > 1, radii keep their rate unless p is small.",
    "etc_failure() and lower_bound(d) against the tolerant benchmark, slow followers against the Stackelberg"
    " benchmark.",
    _MODES,
    collect,
    limits="The paper assumes that T is known; what happens otherwise is our expectation.",
    tables=(*games.lower_bound(0.05), slow_follower(2.0)),
)
