"""Against a weaker benchmark sqrt(T) is possible, but not against the tolerant one.

PhasedUCB sees the follower's responses and is optimistic about every response an elimination
follower still has active. It stays with a good action however long the follower takes.

The self-tolerant benchmark forgives the players their own errors up to gamma_T, of order
``(ln T / T)^(1/4)``, and in the lower-bound pair every gap below gamma_T makes it trivial: a player is
then charged for the worst response. So the hard games have d just above gamma_T. AAE needs
``8 ln T / d^2`` rewards an arm to drop a response with gap d, here of order sqrt(T ln T), and each of
these rounds costs the leader half a unit: regret sqrt(T ln T). The family takes multiples of gamma_T
on both sides. A fixed gamma of 0.05 forgives less until gamma_T falls below it, at T = 10^7, and then more.

The tolerant benchmark forgives the leader nothing in this pair, whatever the tolerance. With
``d = sigma / (4 sqrt(T))`` AAE cannot drop a response in T rounds, the leader keeps coming back to an
action that pays half of what it should, and its regret is linear. Between the two, d of order
``(ln T / T)^(1/3)`` would already cost more than sqrt(T), as it costs every pair. In the very games
that are linear against the tolerant benchmark regret against the self-tolerant one is negative.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import ActiveArmElimination, PhasedUCB
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Panel, at_most, decades
from stackel.reproduce.experiments.families import AT_GAMMA_T, FIXED_GAMMA
from stackel.reproduce.experiments.instances import (
    Instance,
    Power,
    at_fixed_self_tolerance,
    at_self_tolerance,
    etc_failure,
    twins,
    with_gap,
)
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import (
    background,
    grows_at_most,
    is_linear,
    per_round,
    series_of,
    worst_trends,
)

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

AT_GAMMA = at_self_tolerance()
"""The self-tolerant benchmark at the tolerance usual for it."""
AT_FIXED_GAMMA = at_fixed_self_tolerance(FIXED_GAMMA)
"""The self-tolerant benchmark at one tolerance for all horizons."""
_HALF = Fraction(1, 2)
_GAMMA = Power(4**0.25, -1 / 4, 1 / 4)
"""That tolerance in a 2x2 game."""
_MULTIPLES = (0.5, 1.05, 1.5, 2.0)
"""Gaps of the family in units of gamma_T."""
_MODES = {
    "quick": {
        "self-tolerant": Effort(decades(3, 6), 8),
        "tolerant": Effort(decades(3, 5), 128),
        "forgiven": Effort((100_000,), 24),
    },
    "full": {
        "self-tolerant": Effort(decades(4, 8), 4),
        "tolerant": Effort(decades(4, 7), 16),
        "forgiven": Effort((10**7,), 16),
    },
}
_PAIR = Pair("PhasedUCB v AAE", PhasedUCB(), ActiveArmElimination())


def near_gamma() -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps around gamma_T."""
    pairs = (
        instance
        for multiple in _MULTIPLES
        for instance in twins(games.lower_bound, multiple * _GAMMA, f"{multiple:g} gamma_T")
    )
    return etc_failure(), *pairs


def unresolved() -> Instance:
    """Return the lower-bound game I with a gap that no follower sees in T rounds."""
    return with_gap(games.lower_bound, Power(1 / 4, -1 / 2), 0, "1/(4 sqrt(T))")


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Measure the same pair against both benchmarks, each in the games that are hard for it."""
    curves = lab.curves(_PAIR, near_gamma(), settings["self-tolerant"], AT_GAMMA)
    weak = worst_trends(curves)
    fixed = worst_trends([curve.measured_against(AT_FIXED_GAMMA) for curve in curves])
    linear = lab.curve(_PAIR, unresolved(), settings["tolerant"], AT_GAMMA_T)
    forgiven = lab.curve(_PAIR, unresolved(), settings["forgiven"], AT_GAMMA)
    strong = worst_trends([linear])
    findings = (
        *grows_at_most(f"{_PAIR.name}, self-tolerant, gamma_T, worst d", weak, _HALF, _HALF),
        *grows_at_most(f"{_PAIR.name}, self-tolerant, gamma = {FIXED_GAMMA:g}, worst d", fixed, _HALF, _HALF),
        is_linear(f"{_PAIR.name}, tolerant, {linear.instance.name}", strong[0], 0),
        per_round(f"{_PAIR.name}, self-tolerant, {forgiven.instance.name}", forgiven, 0, at_most(0.0, "0")),
    )
    panel = Panel(
        "PhasedUCB v AAE on the lower-bound pair",
        "horizon T (rounds)",
        "regret (units of utility)",
        (
            *series_of("self-tolerant, worst d", weak, 0, 1 / 2, 1 / 2),
            series_of("tolerant, d = 1/(4 sqrt(T))", strong, 1, 1.0)[0],
            *background(curves),
        ),
    )
    return Evidence(findings, (Figure("weaker_benchmark", (panel,)),))


CLAIM = Claim(
    "weaker_benchmark",
    "A weaker benchmark",
    "PhasedUCB v AAE: regret of order sqrt(T) against the self-tolerant benchmark, linear against the"
    " tolerant one.",
    "etc_failure() and lower_bound(d) with d around gamma_T = (|A||B| ln T / T)^(1/4), and with"
    " d = 1 / (4 sqrt(T)); regret against both benchmarks.",
    _MODES,
    collect,
    limits="PhasedUCB decides anew every round and is drawn round by round, so that horizons are shorter than"
    " those of the other claims.",
    tables=games.lower_bound(0.05),
)
