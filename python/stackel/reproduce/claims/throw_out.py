"""Discarding what was seen while the follower explored restores T^(2/3).

The leader throws each action's first N0 = |B| E2 rewards away, which is as long as an
explore-then-commit follower explores. From then on what it averages is what it will get. Both
players pay for exploring, of order ``T^(2/3) (ln T)^(1/3)``, and for gaps too small to be seen,
which the tolerant benchmark forgives up to gamma_T, of the same order a horizon.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stackel.learners import ExploreThenCommit, ExploreThenCommitThrowOut
from stackel.reproduce.claim import Claim, Evidence, Figure, Panel
from stackel.reproduce.families import lower_bound_family, tolerance_family
from stackel.reproduce.growth import background, grows_at_most, series_of, worst_trends
from stackel.reproduce.portfolio import Pair

if TYPE_CHECKING:
    from stackel.reproduce.claim import Settings
    from stackel.reproduce.measure import Lab

_MODES = {"quick": {"growth": {10_000: 384, 100_000: 256, 1_000_000: 128, 10_000_000: 48}}}
_PAIR = Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit())


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret over each family."""
    findings, panels = [], []
    for name, family in (
        ("lower-bound gaps", lower_bound_family()),
        ("gaps near tolerance", tolerance_family()),
    ):
        curves = [lab.curve(_PAIR, instance, settings["growth"]) for instance in family]
        trends = worst_trends(lab, curves)
        findings.append(
            grows_at_most(f"{_PAIR.name}, worst of {name}", trends, Fraction(2, 3), Fraction(1, 3))
        )
        panels.append(
            Panel(
                f"{_PAIR.name}, {name}",
                "horizon T (rounds)",
                "regret against the tolerant benchmark",
                (*series_of("worst case", trends, 0, slope=2 / 3), *background(curves)),
            )
        )
    return Evidence(tuple(findings), (Figure("throw_out", tuple(panels)),))


CLAIM = Claim(
    "throw_out",
    "ThrowOut against ETC",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players.",
    _MODES,
    collect,
)
