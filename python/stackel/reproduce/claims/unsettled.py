"""Which followers break Explore-then-UCB: those that do not settle."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_SETTLING: dict[str, learners.Learner] = {
    "ETC": learners.ExploreThenCommit(),
    "AAE": learners.ActiveArmElimination(),
}
_UNSETTLED: dict[str, learners.Learner] = {
    "ThrowOut": learners.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": learners.ExploreThenUCB(),
    "UCB": learners.UCB(),
    "anytime UCB": learners.UCB(anytime=True),
    "uniform": learners.UniformLearner(),
}
_MODES = ex.modes(
    ("followers", ex.Effort(ex.decades(4, 6), 16), ex.Effort(ex.decades(4, 8), 32)),
    ("stepped", ex.Effort(ex.decades(4, 5), 8), ex.Effort(ex.decades(4, 6), 16)),
)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play every follower in the games that are hard for T."""
    family = *ex.lower_bound_family(), *ex.tolerance_family()
    pairs = {
        short: ex.Pair(f"ExploreThenUCB v {short}", learners.ExploreThenUCB(), follower)
        for short, follower in (_SETTLING | _UNSETTLED).items()
    }
    return {
        short: ex.Match(pair, family, ex.AT_GAMMA_T, settings["stepped" if pair.is_stepped else "followers"])
        for short, pair in pairs.items()
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth of the worst regret for every follower."""
    findings: list[fi.Finding] = []
    series: list[fi.Series] = []
    for rank, (short, regrets) in enumerate(found.items()):
        name, trends = regrets[0].pair.name, fi.worst_trends(regrets)
        if short in _SETTLING:
            findings += fi.grows_at_most(name, trends, fi.TWO_THIRDS)
        else:
            player = max((0, 1), key=lambda player: trends[player].exponent(1 / 3).low)
            findings.append(fi.grows_faster(name, trends[player], player, fi.TWO_THIRDS))
        growth = fi.TWO_THIRDS if short in _SETTLING else None
        series.append(fi.series_of(short, trends, rank, growth)[0])
    panel = fi.over_horizons(
        "ExploreThenUCB, worst of all games", "leader's regret against the tolerant benchmark", series
    )
    return fi.Evidence(tuple(findings), (panel,))


CLAIM = Claim(
    "unsettled",
    "Followers that break Explore-then-UCB",
    "The guarantee of ExploreThenUCB needs a follower whose regret in a single round is low: followers that"
    " still explore, or that may err in any round, lose it.",
    "etc_failure(), lower_bound(d) and unachievable(d) with gaps d that are hard for T; regret against"
    " the tolerant benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="The paper names the condition and not the followers that fail it. That all of these followers"
    " fail it is our expectation. Uniform play is drawn round by round and stops at shorter horizons.",
    tables=(games.etc_failure(),),
)
