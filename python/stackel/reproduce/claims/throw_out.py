"""Discarding what was seen while the follower explored restores T^(2/3)."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_MODES = ex.modes(("growth", ex.Effort(ex.decades(4, 8), 128), ex.Effort(ex.decades(4, 10), 256)))
_PAIR = ex.Pair("ThrowOut v ETC", learners.ExploreThenCommitThrowOut(), learners.ExploreThenCommit())


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play all families."""
    return ex.all_families(_PAIR, settings["growth"])


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth of the worst regret in each family."""
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    for name, regrets in found.items():
        trends = fi.worst_trends(regrets)
        findings += fi.grows_at_most(f"{_PAIR.name}, worst of {name}", trends, fi.TWO_THIRDS)
        series = *fi.series_of("worst case", trends, 0, fi.TWO_THIRDS), *fi.background(regrets)
        panels.append(
            fi.over_horizons(f"{_PAIR.name}, {name}", "regret against the tolerant benchmark", series)
        )
    return fi.Evidence(tuple(findings), tuple(panels))


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
