"""Whether the pairs of algorithms of the theory are choices that neither player would leave alone.

The rule, fixed before anything was played: at the longest horizon no deviation gains; and what the best one
gains over the whole game grows no faster than T^(2/3) (ln T)^(1/3), the regret of these pairs, which is all
that there is to gain if no deviation beats the benchmark.
"""

from stackel import games, learners
from stackel._utils.players import ROLES
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_LEADERS = {
    "ETC": learners.ExploreThenCommit(),
    "ThrowOut": learners.ExploreThenCommitThrowOut(),
    "ExploreThenUCB": learners.ExploreThenUCB(),
    "UCB": learners.UCB(),
}
_FOLLOWERS = {
    "ETC": learners.ExploreThenCommit(),
    "AAE": learners.ActiveArmElimination(),
    "UCB": learners.UCB(),
}
_PROFILES = (("ThrowOut", "ETC"), ("ExploreThenUCB", "AAE"))
_REALISTIC = ("contract", "cournot", "bertrand", "inspection", "security")
_MODES = ex.modes(
    ("worst-case games", ex.Effort(ex.decades(4, 6), 32), ex.Effort(ex.decades(4, 9), 256)),
    ("realistic games", ex.Effort(ex.decades(4, 6), 8), ex.Effort(ex.decades(4, 9), 64)),
)
_NO_GAIN = fi.at_most(0.0, "0")
_RATE = fi.TWO_THIRDS
_AS_REGRET = fi.at_most(float(_RATE.power), str(_RATE.power), fi.SLACK)


def arenas() -> dict[str, tuple[ex.Instance, ...]]:
    """etc_failure with the lower-bound pair at the gap that proves the bound; and games of applications."""
    return {
        "worst-case games": ex.lower_bound_pairs([(ex.hard_gap(), "the hard gap")]),
        "realistic games": tuple(map(ex.in_unit_range, _REALISTIC)),
    }


def deviations(profile: tuple[str, str], player: int) -> tuple[tuple[str, str], ...]:
    """Return the pairs that one player alone can turn a profile into."""
    first, second = profile
    if player == 0:
        return tuple((other, second) for other in _LEADERS if other != first)
    return tuple((first, other) for other in _FOLLOWERS if other != second)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play both profiles, and every deviation of one player from them."""
    wanted = {
        pair: None
        for profile in _PROFILES
        for pair in (profile, *deviations(profile, 0), *deviations(profile, 1))
    }
    return {
        (arena, x, y): ex.Match(
            ex.Pair(f"{x} v {y}", _LEADERS[x], _FOLLOWERS[y]), instances, ex.STACKELBERG, settings[arena]
        )
        for arena, instances in arenas().items()
        for x, y in wanted
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Measure what the best deviation of each player gains, and how that grows."""
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    for arena in arenas():
        series: list[fi.Series] = []
        for rank, profile in enumerate(_PROFILES):
            name = " v ".join(profile)
            for player, role in enumerate(ROLES):
                others = [found[arena, *pair] for pair in deviations(profile, player)]
                trend = fi.advantage(found[arena, *profile], others, player)
                setting = f"{arena}, {name}, {role} deviates"
                findings.append(fi.gain_a_round(setting, trend, player, _NO_GAIN))
                findings.append(
                    fi.has_exponent(setting, trend, player, _AS_REGRET, _RATE.log_power, formula="the gain")
                )
                estimates = zip(trend.x_values(), trend.estimates(), strict=True)
                values = tuple(fi.scaled(each, horizon) for horizon, each in estimates)
                series.append(fi.Series(name, trend.x_values(), values, rank, player))
        panels.append(
            fi.Panel(
                f"Gain by the best deviation, {arena}",
                "horizon T (rounds)",
                "gain a round (units of utility)",
                tuple(series),
            )
        )
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "choice",
    "Good together, or a choice of each",
    "Neither player gains by leaving ThrowOut v ETC, or ExploreThenUCB v AAE, for another of the theory's"
    " algorithms.",
    "etc_failure() and lower_bound(d) with the hard gap, each a third of the time; and the named games"
    " contract, cournot, bertrand, inspection and security in [0, 1]; utility.",
    _MODES,
    experiments,
    evidence,
    caveat="The theory bounds the regret of both players together. It does not say that either pair is an"
    " equilibrium of the game in which the players choose their algorithms.",
    limits="Four algorithms of the leader and three of the follower; others may gain more.",
    tables=(games.etc_failure(), *games.lower_bound(0.05)),
)
