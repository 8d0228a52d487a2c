"""Against a weaker benchmark sqrt(T) is possible, but not against the tolerant one.

PhasedUCB sees the follower's responses and is optimistic about every response an elimination
follower still has active. It stays with a good action however long the follower takes.

The self-tolerant benchmark forgives the players their own errors up to gamma_T, of order
``(ln T / T)^(1/4)``, and in the lower-bound pair every gap below gamma_T makes it trivial: a player is
then charged for the worst response. So the hard games have d just above gamma_T. AAE needs
``8 ln T / d^2`` rewards an arm to drop a response with gap d, here of order sqrt(T ln T), and each of
these rounds costs the leader half a unit: regret sqrt(T ln T). The family takes multiples of gamma_T
on both sides.

The tolerant benchmark forgives the leader nothing in this pair, whatever the tolerance. With
``d = sigma / (4 sqrt(T))`` AAE cannot drop a response in T rounds, the leader keeps coming back to an
action that pays half of what it should, and its regret is linear. Between the two, d of order
``(ln T / T)^(1/3)`` would already cost more than sqrt(T), as it costs every pair. In the very games
that are linear against the tolerant benchmark regret against the self-tolerant one is negative.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.benchmarks import self_tolerant, tolerance
from stackel.learners import ActiveArmElimination, PhasedUCB
from stackel.reproduce.claim import Claim, Evidence, Figure, Finding, Panel, at_most
from stackel.reproduce.families import at_tolerance
from stackel.reproduce.growth import background, grows_at_most, is_linear, series_of, worst_trends
from stackel.reproduce.least import scaled
from stackel.reproduce.measure import Instance
from stackel.reproduce.portfolio import Pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.benchmarks import Benchmark
    from stackel.game import Game
    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab

_MULTIPLES = (0.5, 1.05, 1.5, 2.0)
"""Gaps of the family in units of gamma_T."""
_MODES = {
    "quick": {
        "self-tolerant": {1_000: 64, 10_000: 48, 100_000: 24, 1_000_000: 4},
        "tolerant": {1_000: 256, 10_000: 256, 100_000: 128},
        "forgiven": {100_000: 24},
    }
}
_PAIR = Pair("PhasedUCB v AAE", PhasedUCB(), ActiveArmElimination())


def gamma(horizon: int) -> float:
    """Return the tolerance usual for the self-tolerant benchmark in a 2x2 game."""
    return tolerance((2, 2), horizon, exponent=1 / 4)


def at_gamma(game: Game, horizon: int) -> Benchmark:
    """Return the self-tolerant benchmark at that tolerance."""
    return self_tolerant(game, gamma(horizon))


def near_gamma() -> tuple[Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps around gamma_T."""

    def instance(multiple: float, which: int) -> Instance:
        return Instance(
            f"lower_bound {'I' * (which + 1)}, d = {multiple:g} gamma_T",
            lambda horizon: games.lower_bound(multiple * gamma(horizon))[which],
            at_gamma,
        )

    pairs = (instance(multiple, which) for multiple in _MULTIPLES for which in (0, 1))
    return Instance("etc_failure", lambda _: games.etc_failure(), at_gamma), *pairs


def unresolved(benchmark: Callable[[Game, int], Benchmark]) -> Instance:
    """Return the lower-bound game I with a gap that no follower sees in T rounds."""
    name = "lower_bound I, d = 1/(4 sqrt(T))"
    return Instance(name, lambda horizon: games.lower_bound(1 / (4 * math.sqrt(horizon)))[0], benchmark)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Measure the same pair against both benchmarks, each in the games that are hard for it."""
    curves = [lab.curve(_PAIR, instance, settings["self-tolerant"]) for instance in near_gamma()]
    weak = worst_trends(lab, curves)
    linear = lab.curve(_PAIR, unresolved(at_tolerance), settings["tolerant"])
    forgiven = lab.curve(_PAIR, unresolved(at_gamma), settings["forgiven"])
    strong = worst_trends(lab, [linear])
    last = forgiven.horizons[-1]
    findings = (
        grows_at_most(f"{_PAIR.name}, self-tolerant, worst d", weak, Fraction(1, 2), Fraction(1, 2)),
        is_linear(f"{_PAIR.name}, tolerant, {linear.instance}", strong[0], 0),
        Finding(
            f"{_PAIR.name}, self-tolerant, {forgiven.instance}, T = {last:,}",
            "R / T, leader",
            at_most(0.0, "0"),
            scaled(forgiven.estimates(0)[-1], last),
        ),
    )
    panel = Panel(
        "PhasedUCB v AAE on the lower-bound pair",
        "horizon T (rounds)",
        "regret (units of utility)",
        (
            *series_of("self-tolerant, worst d", weak, 0, slope=1 / 2),
            series_of("tolerant, d = 1/(4 sqrt(T))", strong, 1, slope=1.0)[0],
            *background(curves),
        ),
    )
    return Evidence(findings, (Figure("weaker_benchmark", (panel,)),))


CLAIM = Claim(
    "weaker_benchmark",
    "A weaker benchmark",
    "PhasedUCB v AAE: sqrt(T) against the self-tolerant benchmark, linear against the tolerant one.",
    _MODES,
    collect,
)
