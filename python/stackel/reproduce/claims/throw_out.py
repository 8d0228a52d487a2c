"""Discarding what was seen while the follower explored restores T^(2/3).

The leader discards each action's first N0 = |B| E2 rewards: as many as an explore-then-commit follower
needs to explore. From then on the leader averages what it will go on to receive. Both players pay for
exploring, of order ``T^(2/3) (ln T)^(1/3)``, and for gaps too small to be seen. The tolerant benchmark
forgives such gaps up to gamma_T, which costs the same order.

A fixed tolerance is a stronger benchmark until gamma_T falls below it, and a weaker one afterwards.
"""

from fractions import Fraction

from stackel import games
from stackel.learners import ExploreThenCommit, ExploreThenCommitThrowOut
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import Effort, Experiment, Pair, Regrets, Settings, all_families, decades
from stackel.reproduce.findings import (
    Evidence,
    Figure,
    background,
    grows_at_most,
    over_horizons,
    series_of,
    worst_trends,
)

_MODES = {
    "quick": {"growth": Effort(decades(4, 8), 128)},
    "full": {"growth": Effort(decades(4, 10), 256)},
}
_PAIR = Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit())


def experiments(settings: Settings) -> dict[str, Experiment]:
    """Play all families."""
    return all_families(_PAIR, settings["growth"])


def evidence(found: dict[str, tuple[Regrets, ...]]) -> Evidence:
    """Fit the growth of the worst regret in each family."""
    findings, panels = [], []
    for name, regrets in found.items():
        trends = worst_trends(regrets)
        findings += grows_at_most(f"{_PAIR.name}, worst of {name}", trends, Fraction(2, 3), Fraction(1, 3))
        series = *series_of("worst case", trends, 0, 2 / 3, 1 / 3), *background(regrets)
        panels.append(over_horizons(f"{_PAIR.name}, {name}", "regret against the tolerant benchmark", series))
    return Evidence(tuple(findings), (Figure("throw_out", tuple(panels)),))


CLAIM = Claim(
    "throw_out",
    "ThrowOut against ETC",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark, with gamma_T = 4 sqrt(2) (|A||B| ln T / T)^(1/3) and with a fixed gamma.",
    _MODES,
    experiments,
    evidence,
    tables=(*games.lower_bound(0.05), *games.unachievable(0.05)),
)
