"""A leader that explores, forgets and then follows UCB works with any follower that settles."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_FOLLOWERS: dict[str, learners.Learner] = {
    "ETC": learners.ExploreThenCommit(),
    "AAE": learners.ActiveArmElimination(),
    "AAE in phases": learners.ActiveArmElimination(phases=tuple(2**phase for phase in range(24))),
}
"""Followers of low instantaneous regret once the leader has explored.

The last one decides after its rounds of pulls 1, 3, 7, ...
"""
_MODES = ex.modes(
    ("ETC", ex.Effort(ex.decades(4, 8), 32), ex.Effort(ex.decades(4, 10), 64)),
    ("AAE", ex.Effort(ex.decades(4, 8), 16), ex.Effort(ex.decades(4, 10), 96)),
    ("AAE in phases", ex.Effort(ex.decades(4, 8), 16), ex.Effort(ex.decades(4, 10), 48)),
)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play all families with every follower."""
    return {
        (short, family): experiment
        for short, follower in _FOLLOWERS.items()
        for family, experiment in ex.all_families(
            ex.Pair(f"ExploreThenUCB v {short}", learners.ExploreThenUCB(), follower), settings[short]
        ).items()
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth of the worst regret in each family for every follower."""
    findings: list[fi.Finding] = []
    drawn: dict[str, list[fi.Series]] = {}
    for (short, family), regrets in found.items():
        name, trends = regrets[0].pair.name, fi.worst_trends(regrets)
        findings += fi.grows_at_most(f"{name}, worst of {family}", trends, fi.TWO_THIRDS)
        rank = list(_FOLLOWERS).index(short)
        drawn.setdefault(family, []).extend(fi.series_of(name, trends, rank, fi.TWO_THIRDS))
    panels = (
        fi.over_horizons(f"Worst case, {family}", "regret against the tolerant benchmark", series)
        for family, series in drawn.items()
    )
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "explore_then_ucb",
    "Explore-then-UCB against followers that settle",
    "Regret against the tolerant benchmark is O(T^(2/3) (ln T)^(1/3)) for both players, with ETC, AAE and"
    " every follower of low instantaneous regret.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark, with gamma_T = 4 sqrt(2) (|A||B| ln T / T)^(1/3) and with a fixed gamma.",
    _MODES,
    experiments,
    evidence,
    "ExploreThenUCB v AAE, in phases or not: with gaps near tolerance the constant settles only around"
    " T = 1,000,000, since the leader's last tries still help the follower below that.",
    "Followers of low instantaneous regret are a wide class; three of them are tried.",
    tables=(*games.lower_bound(0.05), *games.unachievable(0.05)),
)
