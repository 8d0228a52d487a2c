"""What noise of another scale than the learners assume does to each guarantee."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import hard_slow_followers, slow_follower

_SCALES = (1 / 4, 1 / 2, 1.0, 2.0, 4.0)
"""True scale of the noise over the assumed one."""
_MODES = ex.modes(
    ("LipschitzUCB v AAE", ex.Effort(ex.decades(4, 6), 64), ex.Effort(ex.decades(4, 10), 128)),
    ("ExploreThenUCB v ETC", ex.Effort(ex.decades(4, 6), 64), ex.Effort(ex.decades(4, 10), 32)),
    ("ThrowOut v ETC", ex.Effort(ex.decades(4, 6), 256), ex.Effort(ex.decades(4, 10), 512)),
    ("slow followers", ex.Effort(ex.decades(4, 6), 6), ex.Effort(ex.decades(4, 8), 6)),
)


def hard_games(scale: float) -> tuple[ex.Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps that are hard for that noise."""
    gaps = ((scale * n * ex.hard_gap(), f"{scale * n:g} x the hard gap") for n in (1, 3))
    return tuple(ex.with_noise(instance, scale) for instance in ex.lower_bound_pairs(gaps))


def slow_games(scale: float) -> tuple[ex.Instance, ...]:
    """Slow followers in units that are hard for the radii at any noise, the fixed one first."""
    return tuple(ex.with_noise(instance, scale) for instance in hard_slow_followers())


_LIPSCHITZ = ex.Pair(
    "LipschitzUCB v AAE", learners.LipschitzUCB(lipschitz=2.0), learners.ActiveArmElimination()
)
_THROW_OUT = ex.Pair("ThrowOut v ETC", learners.ExploreThenCommitThrowOut(), learners.ExploreThenCommit())
"""The one pair whose rules have no radius, so that they do not depend on the assumed scale."""
_PAIRS = (
    _LIPSCHITZ,
    ex.Pair("ExploreThenUCB v ETC", learners.ExploreThenUCB(), learners.ExploreThenCommit()),
    _THROW_OUT,
)
_SLOW = "slow followers"


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play every pair at all scales, and slow followers in all units, which take long, at the smallest."""
    found: ex.Matches = {}
    for pair in _PAIRS:
        for scale in _SCALES:
            against = (
                (slow_games(scale)[:1], ex.STACKELBERG)
                if pair is _LIPSCHITZ
                else (hard_games(scale), ex.AT_GAMMA_T)
            )
            found[pair.name, scale] = ex.Match(pair, *against, settings[pair.name])
    low = slow_games(_SCALES[0])
    return found | {(_LIPSCHITZ.name, _SLOW): ex.Match(_LIPSCHITZ, low, ex.STACKELBERG, settings[_SLOW])}


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth at the smallest and the largest scale, and draw the regret at all scales."""
    findings: list[fi.Finding] = []
    series: list[fi.Series] = []
    low, high = _SCALES[0], _SCALES[-1]
    for rank, pair in enumerate(_PAIRS):
        rate = fi.ROOT if pair is _LIPSCHITZ else fi.TWO_THIRDS
        trends = {scale: fi.worst_trends(found[pair.name, scale]) for scale in _SCALES}
        hardest = fi.worst_trends(found[pair.name, _SLOW if pair is _LIPSCHITZ else low])
        findings += fi.grows_at_most(f"{pair.name}, noise {low:g} x assumed", hardest, rate)
        setting = f"{pair.name}, noise {high:g} x assumed"
        if pair is _THROW_OUT:
            findings += fi.grows_at_most(setting, trends[high], rate)
        else:
            findings.append(fi.grows_faster(setting, trends[high][0], 0, rate))
        over = fi.Trend.over(_SCALES, [both[0] for both in trends.values()])
        series.append(fi.Series(pair.name, _SCALES, over.estimates(), rank))
    panel = fi.Panel(
        f"T = {fi.in_short(trends[low][0].x[-1])}",
        "noise, true / assumed scale",
        "leader's worst regret (units of utility)",
        tuple(series),
        threshold=(1.0, "as assumed"),
    )
    return fi.Evidence(tuple(findings), (panel,))


CLAIM = Claim(
    "wrong_scale",
    "Wrong scale of the noise",
    "Overestimating sigma costs a factor; underestimating it breaks the guarantees of learners with"
    " confidence radii, and not those of learners that explore for fixed lengths.",
    "etc_failure() and lower_bound(d) against the tolerant benchmark, slow followers against the"
    " Stackelberg benchmark; Gaussian noise of sigma = 1/4 to 4, where learners assume 1.",
    _MODES,
    experiments,
    evidence,
    limits="The paper assumes that sigma is known; what happens otherwise is our expectation.",
    tables=(games.etc_failure(), slow_follower(2.0)),
)
