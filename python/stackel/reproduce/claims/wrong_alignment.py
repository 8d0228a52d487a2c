"""What a wrong alignment constant does to LipschitzUCB."""

from stackel import learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import hard_slow_followers, slow_follower

TRUE = 16.0
"""Alignment constant of the game."""
_ASSUMED = (1.0, 2.0, 4.0, 16.0, 64.0)
"""Alignment constants that the leader assumes."""
_TOO_SMALL = 2.0
_MULTIPLES = (40, 160)
"""Units of the family, hardest where the leader assumes L = 16 and where it assumes L = 64."""
_MODES = ex.modes(
    ("one", ex.Effort(ex.decades(4, 7), 8), ex.Effort(ex.decades(4, 10), 16)),
    ("worst", ex.Effort(ex.decades(4, 6), 6), ex.Effort(ex.decades(4, 8), 6)),
)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Give the leader too small a constant, the right one, and too large a one."""
    family = hard_slow_followers(TRUE, *_MULTIPLES)
    found = {
        ("one", assumed): ex.Match(_pair(assumed), family[:1], ex.STACKELBERG, settings["one"])
        for assumed in _ASSUMED
    }
    worst = {
        ("worst", assumed): ex.Match(_pair(assumed), family, ex.STACKELBERG, settings["worst"])
        for assumed in (TRUE, _ASSUMED[-1])
    }
    return found | worst


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth in one game and in the worst, and draw the regret over the constant."""
    in_one = {assumed: fi.worst_trends(found["one", assumed])[0] for assumed in _ASSUMED}
    findings = [fi.grows_faster(f"{_pair(_TOO_SMALL).name}, one game", in_one[_TOO_SMALL], 0, fi.ROOT)]
    for assumed in (TRUE, _ASSUMED[-1]):
        trends = fi.worst_trends(found["worst", assumed])
        findings += fi.grows_at_most(f"{_pair(assumed).name}, worst of all units", trends, fi.ROOT)
    panel = fi.Panel(
        f"L = {TRUE:g}, one game, T = {fi.in_short(in_one[TRUE].x[-1])}",
        "alignment constant that the leader assumes",
        "leader's regret (units of utility)",
        (
            fi.Series(
                "LipschitzUCB v AAE", _ASSUMED, fi.Trend.over(_ASSUMED, list(in_one.values())).estimates(), 0
            ),
        ),
        threshold=(TRUE, "true L"),
    )
    return fi.Evidence(tuple(findings), (panel,))


def _pair(assumed: float) -> ex.Pair:
    name = f"LipschitzUCB v AAE, assuming L = {assumed:g} of {TRUE:g}"
    return ex.Pair(name, learners.LipschitzUCB(lipschitz=assumed), learners.ActiveArmElimination())


CLAIM = Claim(
    "wrong_alignment",
    "Wrong alignment constant",
    "Overestimating L costs LipschitzUCB a factor; underestimating it far enough costs it its guarantee.",
    "Slow followers with L = 16, in units that do not shrink, that shrink like T^(-1/3), and like"
    " sqrt(ln T / T); regret against the Stackelberg benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="The paper assumes that L is known; what happens otherwise is our expectation.",
    tables=(slow_follower(TRUE),),
)
