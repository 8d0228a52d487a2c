"""What noise of another scale than the learners assume does to each guarantee."""

from collections.abc import Callable
from dataclasses import dataclass

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
    ("slow followers", ex.Effort(ex.decades(4, 6), 4), ex.Effort(ex.decades(4, 8), 6)),
)


def hard_games(scale: float) -> tuple[ex.Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps that are hard for that noise."""
    gaps = ((scale * n * ex.hard_gap(), f"{scale * n:g} x the hard gap") for n in (1, 3))
    return tuple(ex.with_noise(instance, scale) for instance in ex.lower_bound_pairs(gaps))


def slow_games(scale: float) -> tuple[ex.Instance, ...]:
    """Slow followers in units that are hard for the radii at any noise, the fixed one first."""
    return tuple(ex.with_noise(instance, scale) for instance in hard_slow_followers())


def slow_game(scale: float) -> tuple[ex.Instance, ...]:
    """Return the slow follower in fixed units."""
    return slow_games(scale)[:1]


@dataclass(frozen=True)
class Guarantee:
    """A pair, and the growth it is promised where the scale is right."""

    pair: ex.Pair
    family: Callable[[float], tuple[ex.Instance, ...]]
    benchmark: str
    rate: fi.Rate
    has_radius: bool
    """Whether its rules depend on the assumed scale."""
    worst: Callable[[float], tuple[ex.Instance, ...]] | None = None
    """Harder games, in which the promise is judged; they take long."""


GUARANTEES = (
    Guarantee(
        ex.Pair("LipschitzUCB v AAE", learners.LipschitzUCB(lipschitz=2.0), learners.ActiveArmElimination()),
        slow_game,
        ex.STACKELBERG,
        fi.ROOT,
        has_radius=True,
        worst=slow_games,
    ),
    Guarantee(
        ex.Pair("ExploreThenUCB v ETC", learners.ExploreThenUCB(), learners.ExploreThenCommit()),
        hard_games,
        ex.AT_GAMMA_T,
        fi.TWO_THIRDS,
        has_radius=True,
    ),
    Guarantee(
        ex.Pair("ThrowOut v ETC", learners.ExploreThenCommitThrowOut(), learners.ExploreThenCommit()),
        hard_games,
        ex.AT_GAMMA_T,
        fi.TWO_THIRDS,
        has_radius=False,
    ),
)


_Key = tuple[str, float | str]
"""Pair, and scale of the noise or "slow followers" at the smallest scale."""


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play every pair at all scales, and slow followers at the smallest scale."""
    found: ex.Matches = {}
    for promised in GUARANTEES:
        pair, benchmark = promised.pair, promised.benchmark
        for scale in _SCALES:
            found[pair.name, scale] = ex.Match(pair, promised.family(scale), benchmark, settings[pair.name])
        if promised.worst:
            hardest, effort = promised.worst(_SCALES[0]), settings["slow followers"]
            found[pair.name, "slow followers"] = ex.Match(pair, hardest, benchmark, effort)
    return found


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth at the smallest and the largest scale, and draw the regret at all scales."""
    findings: list[fi.Finding] = []
    series: list[fi.Series] = []
    low, high = _SCALES[0], _SCALES[-1]
    for rank, promised in enumerate(GUARANTEES):
        name = promised.pair.name
        trends = {scale: fi.worst_trends(found[name, scale]) for scale in _SCALES}
        hardest = fi.worst_trends(found[name, "slow followers"]) if promised.worst else trends[low]
        findings += _survives(promised, hardest, low)
        if promised.has_radius:
            setting = f"{name}, noise {high:g} x assumed"
            findings.append(fi.grows_faster(setting, trends[high][0], 0, promised.rate))
        else:
            findings += _survives(promised, trends[high], high)
        over = fi.Trend.over(_SCALES, [both[0] for both in trends.values()])
        series.append(fi.Series(name, _SCALES, over.estimates(), rank))
    horizon = trends[low][0].x[-1]
    panel = fi.Panel(
        f"T = {fi.in_short(horizon)}",
        "noise, true / assumed scale",
        "leader's worst regret (units of utility)",
        tuple(series),
        threshold=(1.0, "as assumed"),
    )
    return fi.Evidence(tuple(findings), (panel,))


def _survives(promised: Guarantee, trends: fi.Trends, scale: float) -> tuple[fi.Finding, ...]:
    name = f"{promised.pair.name}, noise {scale:g} x assumed"
    return fi.grows_at_most(name, trends, promised.rate)


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
