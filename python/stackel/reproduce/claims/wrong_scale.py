"""What noise of another scale than the learners assume does to each guarantee.

Learners assume sigma = 1; here the noise is s times as large.

Lengths of exploration do not depend on sigma. With more noise the gap that is just too small to be seen
is s times as large, and ThrowOut against ETC pays up to s times as much, at the same rate.

Confidence radii do. Less noise than assumed makes them wider than needed, which costs a factor and
no exponent. More noise takes the probability of an error from some ``T^-a`` to ``T^(-a / s^2)``: an
elimination drops the best response, or UCB leaves the best action, in a share of the runs that hardly
falls with T, and in a game whose gaps do not shrink regret is nearly linear.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import (
    ActiveArmElimination,
    ExploreThenCommit,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    LipschitzUCB,
)
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import fixed_slow_follower, hard_slow_followers, slow_follower
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, Series, decades
from stackel.reproduce.experiments.families import AT_GAMMA_T, hard_gap
from stackel.reproduce.experiments.instances import STACKELBERG, Instance, etc_failure, noisier, twins
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import grows_at_most, grows_faster, in_short, worst_trends
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.instances import Against
    from stackel.reproduce.experiments.lab import Lab
    from stackel.reproduce.findings.growth import Trends

_SCALES = (1 / 4, 1 / 2, 1.0, 2.0, 4.0)
"""True scale of the noise over the assumed one."""
_MODES = {
    "quick": {
        "LipschitzUCB v AAE": Effort(decades(4, 6), 64),
        "ExploreThenUCB v ETC": Effort(decades(4, 6), 64),
        "ThrowOut v ETC": Effort(decades(4, 6), 256),
        "slow followers": Effort(decades(4, 6), 4),
    },
    "full": {
        "LipschitzUCB v AAE": Effort(decades(4, 10), 128),
        "ExploreThenUCB v ETC": Effort(decades(4, 10), 32),
        "ThrowOut v ETC": Effort(decades(4, 10), 512),
        "slow followers": Effort(decades(4, 8), 6),
    },
}


def hard_games(scale: float) -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps that are hard for that noise."""
    pairs = (
        instance
        for multiple in (1, 3)
        for instance in twins(
            games.lower_bound, scale * multiple * hard_gap(), f"{scale * multiple:g} x the hard gap"
        )
    )
    return tuple(noisier(instance, scale) for instance in (etc_failure(), *pairs))


def slow_game(scale: float) -> tuple[Instance, ...]:
    """Return the slow follower that stays as it is."""
    return (noisier(fixed_slow_follower(), scale),)


def slow_games(scale: float) -> tuple[Instance, ...]:
    """Return slow followers in units that are hard for the radii, whatever the noise."""
    return tuple(noisier(instance, scale) for instance in hard_slow_followers())


@dataclass(frozen=True)
class Guarantee:
    """A pair, and the growth it is promised where the scale is right."""

    pair: Pair
    family: Callable[[float], tuple[Instance, ...]]
    against: Against
    power: Fraction
    log_power: Fraction
    has_radius: bool
    """Whether its rules depend on the assumed scale."""
    worst: Callable[[float], tuple[Instance, ...]] | None = None
    """Harder games, in which the promise is judged; they take long."""


GUARANTEES = (
    Guarantee(
        Pair("LipschitzUCB v AAE", LipschitzUCB(lipschitz=2.0), ActiveArmElimination()),
        slow_game,
        STACKELBERG,
        Fraction(1, 2),
        Fraction(1, 2),
        has_radius=True,
        worst=slow_games,
    ),
    Guarantee(
        Pair("ExploreThenUCB v ETC", ExploreThenUCB(), ExploreThenCommit()),
        hard_games,
        AT_GAMMA_T,
        Fraction(2, 3),
        Fraction(1, 3),
        has_radius=True,
    ),
    Guarantee(
        Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit()),
        hard_games,
        AT_GAMMA_T,
        Fraction(2, 3),
        Fraction(1, 3),
        has_radius=False,
    ),
)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth at the smallest and the largest scale, and draw the regret at all."""
    findings: list[Finding] = []
    series: list[Series] = []
    for rank, promised in enumerate(GUARANTEES):
        effort = settings[promised.pair.name]
        trends = {scale: _trends(lab, promised, scale, effort) for scale in _SCALES}
        least = trends[_SCALES[0]]
        if promised.worst:
            least = _trends(
                lab, replace(promised, family=promised.worst), _SCALES[0], settings["slow followers"]
            )
        findings += _survives(promised, least, _SCALES[0])
        if promised.has_radius:
            name = f"{promised.pair.name}, noise {_SCALES[-1]:g} x assumed"
            findings.append(grows_faster(name, trends[_SCALES[-1]][0], 0, promised.power, promised.log_power))
        else:
            findings += _survives(promised, trends[_SCALES[-1]], _SCALES[-1])
        over = Trend.over(_SCALES, [both[0] for both in trends.values()])
        series.append(Series(promised.pair.name, _SCALES, over.estimates(), rank))
    panel = Panel(
        f"T = {in_short(effort.horizons[-1])}",
        "noise, true / assumed scale",
        "leader's worst regret (units of utility)",
        tuple(series),
        threshold=(1.0, "as assumed"),
    )
    return Evidence(tuple(findings), (Figure("wrong_scale", (panel,)),))


def _trends(lab: Lab, promised: Guarantee, scale: float, effort: Effort) -> Trends:
    family = promised.family(scale)
    return worst_trends(lab.curves(promised.pair, family, effort, promised.against))


def _survives(promised: Guarantee, trends: Trends, scale: float) -> tuple[Finding, ...]:
    name = f"{promised.pair.name}, noise {scale:g} x assumed"
    return grows_at_most(name, trends, promised.power, promised.log_power)


CLAIM = Claim(
    "wrong_scale",
    "Wrong scale of the noise",
    "Overestimating sigma costs a factor; underestimating it breaks the guarantees of learners with"
    " confidence radii, and not those of learners that explore for fixed lengths.",
    "etc_failure() and lower_bound(d) against the tolerant benchmark, slow followers against the"
    " Stackelberg benchmark; Gaussian noise of sigma = 1/4 to 4, where learners assume 1.",
    _MODES,
    collect,
    limits="The paper assumes that sigma is known; what happens otherwise is our expectation.",
    tables=(games.etc_failure(), slow_follower(2.0)),
)
