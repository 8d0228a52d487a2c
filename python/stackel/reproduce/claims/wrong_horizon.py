"""What planning for ``T' = T^p`` rounds instead of T does to each guarantee."""

import math
from fractions import Fraction

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.aligned import hard_slow_followers, slow_follower

_POWERS = (Fraction(3, 4), Fraction(1), Fraction(9, 8))
"""Powers p with which lengths of exploration are planned."""
_SHARES = (Fraction(1, 32), Fraction(1, 2), Fraction(2))
"""Powers p with which radii are computed; the first is too small."""
_MODES = ex.modes(
    ("lengths", ex.Effort(ex.decades(4, 8), 256), ex.Effort(ex.decades(4, 10), 1024)),
    ("radii", ex.Effort(ex.decades(4, 6), 64), ex.Effort(ex.decades(4, 10), 256)),
    ("slow followers", ex.Effort(ex.decades(4, 6), 6), ex.Effort(ex.decades(4, 8), 6)),
)


def planned_for(power: Fraction, learner: learners.Learner, role: str) -> str:
    """Return a learner whose lengths are planned for T^p rounds instead of T, as an expression in T."""
    return f"{ex.learner_code(learner)}.resolve({role!r}, round(T**{float(power)!r}), 2, 2)"


def expected_growth(power: Fraction) -> fi.Rate:
    """Growth of the regret of lengths that are planned for T^p rounds."""
    if power < 1:
        return fi.Rate(1 - power / 3, Fraction(-1, 6))
    return fi.Rate(2 * power / 3, Fraction(1, 3))


def hard_games(power: Fraction) -> tuple[ex.Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps around the resolution of that exploration."""
    resolution = ex.Power((4 * float(power)) ** (1 / 3), -float(power) / 3, 1 / 3)
    return ex.lower_bound_pairs((n * resolution, f"{n:g} g(T')") for n in (1 / 4, 1 / 2, 1))


def experiments(settings: ex.Settings) -> ex.Matches:
    """Plan lengths and radii for other horizons than the one that is played."""
    found = {}
    for power in _POWERS:
        leader = planned_for(power, learners.ExploreThenCommitThrowOut(), "leader")
        follower = planned_for(power, learners.ExploreThenCommit(), "follower")
        pair = ex.Pair(f"ThrowOut v ETC, planned for T^({power})", leader, follower)
        found["lengths", power] = ex.Match(pair, hard_games(power), ex.AT_GAMMA_T, settings["lengths"])
    for share in _SHARES:
        # LipschitzUCB has no confidence multiplier; its radius grows with sigma as with sqrt(ln T).
        radii = learners.LipschitzUCB(lipschitz=2.0, sigma=math.sqrt(share))
        pair = ex.Pair(
            f"LipschitzUCB v AAE, planned for T^({share})",
            radii,
            learners.ActiveArmElimination(confidence=float(share)),
        )
        slow, too_small = hard_slow_followers(), share == min(_SHARES)
        family = slow[:1] if too_small else slow
        effort = settings["radii" if too_small else "slow followers"]
        found["radii", share] = ex.Match(pair, family, ex.STACKELBERG, effort)
    return found


def evidence(found: ex.Played) -> fi.Evidence:
    """Compare the growth with what plans for another horizon are expected to cost."""
    findings: list[fi.Finding] = []
    drawn: dict[str, list[fi.Series]] = {"lengths": [], "radii": []}
    for (kind, power), regrets in found.items():
        name, trends = regrets[0].pair.name, fi.worst_trends(regrets)
        growth = fi.ROOT if kind == "radii" else expected_growth(power)
        rank = len(drawn[kind]) // 2
        drawn[kind] += fi.series_of(f"planned for T^({power})", trends, rank, growth)
        if kind == "lengths":
            prediction = fi.about(float(growth.power), str(growth.power), fi.SLACK)
            findings.append(fi.has_exponent(name, trends[0], 0, prediction, growth.log_power))
        elif len(regrets) == 1:
            findings.append(fi.grows_faster(f"{name}, one game", trends[0], 0, growth))
        else:
            findings += fi.grows_at_most(f"{name}, worst of all units", trends, growth)
    panels = (
        fi.over_horizons(title, f"worst regret against the {benchmark} benchmark", series)
        for title, benchmark, series in (
            ("ThrowOut v ETC", "tolerant", drawn["lengths"]),
            ("LipschitzUCB v AAE", "Stackelberg", drawn["radii"]),
        )
    )
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "wrong_horizon",
    "Wrong horizon",
    "Learners that plan for T^p rounds instead of T: lengths of exploration give regret of order T^(1 - p/3)"
    " for p < 1 and T^(2p/3) for p > 1, radii keep their rate unless p is small.",
    "etc_failure() and lower_bound(d) against the tolerant benchmark, slow followers against the Stackelberg"
    " benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="The paper assumes that T is known; what happens otherwise is our expectation.",
    tables=(*games.lower_bound(0.05), slow_follower(2.0)),
)
