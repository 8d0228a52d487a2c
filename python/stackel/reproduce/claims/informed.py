"""Whether a follower earns more by knowing the game than by learning it."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_LEADERS = {
    "ThrowOut": learners.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": learners.ExploreThenUCB(),
    "UCB": learners.UCB(),
}
_UNINFORMED = {
    "ETC": learners.ExploreThenCommit(),
    "AAE": learners.ActiveArmElimination(),
    "UCB": learners.UCB(),
}
_INFORMED = {
    "knows its own utilities": learners.BestResponse(),
    "knows the game": learners.BestManipulation(),
}
_MODES = ex.modes(("informed", ex.Effort(ex.decades(4, 6), 32), ex.Effort(ex.decades(4, 9), 256)))
_PAYS = fi.at_least(0.0, "0")


def arena() -> tuple[ex.Instance, ...]:
    """etc_failure, and the unachievable pair with a gap that stays."""
    return ex.etc_failure(), *ex.twins("unachievable", ex.Power(0.05), "0.05")


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play every leader with every follower."""
    return {
        (x, y): ex.Match(
            ex.Pair(f"{x} v {y}", leader, follower), arena(), ex.STACKELBERG, settings["informed"]
        )
        for x, leader in _LEADERS.items()
        for y, follower in {**_UNINFORMED, **_INFORMED}.items()
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Measure what each kind of knowledge adds to the best follower without it."""
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    for known in _INFORMED:
        series: list[fi.Series] = []
        for rank, leader in enumerate(_LEADERS):
            own = [found[leader, other] for other in _UNINFORMED]
            trend = fi.shortfall(found[leader, known], own, 1)
            findings.append(fi.gain_a_round(f"{leader}, follower {known}", trend, 1, _PAYS))
            series.append(fi.gain_series(leader, trend, rank, 1, 100))
        level = "the best uninformed follower"
        panels.append(fi.gain_panel(f"The follower {known}", series, "hundredths of a unit", level))
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "informed",
    "Does knowing more pay?",
    "Against a leader that learns, a follower that knows its utilities, or the whole game, earns at least as"
    " much as the best one that learns them.",
    "etc_failure() and unachievable(0.05), each game a third of the time; utility.",
    _MODES,
    experiments,
    evidence,
    caveat="With full information an informed player always has an equilibrium with its Stackelberg value;"
    " for a player that knows a part only, nothing is promised.",
    limits="Followers only: a leader that knows the game plays one action.",
    tables=(games.etc_failure(), *games.unachievable(0.05)),
)
