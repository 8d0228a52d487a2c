"""Against a weaker benchmark sqrt(T) is possible, but not against the tolerant one."""

from stackel import games, learners
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_GAMMA = ex.Power(4**0.25, -1 / 4, 1 / 4)
"""The tolerance of the self-tolerant benchmark in a 2x2 game."""
_MULTIPLES = (0.5, 1.05, 1.5, 2.0)
"""Gaps of the family in units of gamma_T."""
_MODES = ex.modes(
    ("self-tolerant", ex.Effort(ex.decades(3, 6), 8), ex.Effort(ex.decades(4, 8), 6)),
    ("tolerant", ex.Effort(ex.decades(3, 5), 128), ex.Effort(ex.decades(4, 7), 16)),
    ("forgiven", ex.Effort((100000,), 24), ex.Effort((10**7,), 16)),
)
_PAIR = ex.Pair("PhasedUCB v AAE", learners.PhasedUCB(), learners.ActiveArmElimination())


def near_gamma() -> tuple[ex.Instance, ...]:
    """etc_failure, and the lower-bound pair with gaps around gamma_T."""
    return ex.lower_bound_pairs((n * _GAMMA, f"{n:g} gamma_T") for n in _MULTIPLES)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play one pair against each benchmark in the games that are hard for it."""
    unresolved = [ex.with_gap("lower_bound", ex.Power(1 / 4, -1 / 2), 0, "1/(4 sqrt(T))")]
    fixed = f"sk.self_tolerant(game, {ex.FIXED_GAMMA!r})"
    return {
        "gamma_T": ex.Match(_PAIR, near_gamma(), ex.SELF_TOLERANT, settings["self-tolerant"]),
        "fixed gamma": ex.Match(_PAIR, near_gamma(), fixed, settings["self-tolerant"]),
        "tolerant": ex.Match(_PAIR, unresolved, ex.AT_GAMMA_T, settings["tolerant"]),
        "forgiven": ex.Match(_PAIR, unresolved, ex.SELF_TOLERANT, settings["forgiven"]),
    }


def evidence(found: ex.Played) -> fi.Evidence:
    """Compare the growth against both benchmarks."""
    weak, fixed, strong = (fi.worst_trends(found[key]) for key in ("gamma_T", "fixed gamma", "tolerant"))
    (forgiven,) = found["forgiven"]
    name, game = _PAIR.name, forgiven.instance.name
    findings = (
        *fi.grows_at_most(f"{name}, self-tolerant, gamma_T, worst d", weak, fi.ROOT),
        *fi.grows_at_most(f"{name}, self-tolerant, gamma = {ex.FIXED_GAMMA:g}, worst d", fixed, fi.ROOT),
        fi.is_linear(f"{name}, tolerant, {game}", strong[0], 0),
        fi.per_round(f"{name}, self-tolerant, {game}", forgiven, 0, fi.at_most(0.0, "0")),
    )
    series = (
        *fi.series_of("self-tolerant, worst d", weak, 0, fi.ROOT),
        fi.series_of("tolerant, d = 1/(4 sqrt(T))", strong, 1, fi.LINEAR)[0],
        *fi.background(found["gamma_T"]),
    )
    panel = fi.over_horizons("PhasedUCB v AAE on the lower-bound pair", "regret (units of utility)", series)
    return fi.Evidence(findings, (panel,))


CLAIM = Claim(
    "weaker_benchmark",
    "A weaker benchmark",
    "PhasedUCB v AAE: regret of order sqrt(T) against the self-tolerant benchmark, linear against the"
    " tolerant one.",
    "etc_failure() and lower_bound(d) with d around gamma_T = (|A||B| ln T / T)^(1/4), and with"
    " d = 1 / (4 sqrt(T)); regret against both benchmarks.",
    _MODES,
    experiments,
    evidence,
    limits="PhasedUCB decides anew every round and is drawn round by round: horizons are shorter than those"
    " of the other claims.",
    tables=games.lower_bound(0.05),
)
