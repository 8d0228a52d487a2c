"""Discarding what was seen while the follower explored restores T^(2/3).

The leader throws each action's first N0 = |B| E2 rewards away, which is as long as an
explore-then-commit follower explores. From then on what it averages is what it will get. Both
players pay for exploring, of order ``T^(2/3) (ln T)^(1/3)``, and for gaps too small to be seen,
which the tolerant benchmark forgives up to gamma_T, of the same order a horizon.

A fixed tolerance is a stronger benchmark until gamma_T falls below it, and a weaker one afterwards.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import ExploreThenCommit, ExploreThenCommitThrowOut
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, decades
from stackel.reproduce.experiments.families import play_families
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import background, grows_at_most, series_of, worst_trends

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

_MODES = {
    "quick": {"growth": Effort(decades(4, 8), 128)},
    "full": {"growth": Effort(decades(4, 10), 256)},
}
_PAIR = Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit())


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret over each family."""
    findings: list[Finding] = []
    panels: list[Panel] = []
    for name, curves in play_families(lab, _PAIR, settings["growth"]):
        trends = worst_trends(curves)
        findings += grows_at_most(f"{_PAIR.name}, worst of {name}", trends, Fraction(2, 3), Fraction(1, 3))
        panels.append(
            Panel(
                f"{_PAIR.name}, {name}",
                "horizon T (rounds)",
                "regret against the tolerant benchmark",
                (*series_of("worst case", trends, 0, 2 / 3, 1 / 3), *background(curves)),
            )
        )
    return Evidence(tuple(findings), (Figure("throw_out", tuple(panels)),))


CLAIM = Claim(
    "throw_out",
    "ThrowOut against ETC",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark, with gamma_T = 4 sqrt(2) (|A||B| ln T / T)^(1/3) and with a fixed gamma.",
    _MODES,
    collect,
    tables=(*games.lower_bound(0.05), *games.unachievable(0.05)),
)
