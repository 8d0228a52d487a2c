"""Whether a learner with a stronger guarantee earns more in finite time.

The rule, fixed before anything was played: in every setting, at the longest horizon, the learner without swap
regret earns at least as much a round as the one without regret, and that one at least as much as uniform
play. The free fall earns at most the Stackelberg value and a bound that is proved for the horizon against the
one without swap regret, and at least the Stackelberg value against the one without regret.
"""

import math
from itertools import pairwise

from stackel import games
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim
from stackel.reproduce.claims.informed import arena

_ROOT_GAMMA = 0.3
FALLING = "sk.Batched(sk.ExploreThenCommit(exploration=1), T // 2)"
"""The free fall as a learner: the first action for half of the game, then the second one."""
GUARANTEES = {
    "no swap regret": "sk.NoSwapRegret({})",
    "no regret": "sk.EXP3({})",
    "uniform": "sk.UniformLearner()",
}
"""Learners from the strongest guarantee to none; of the first two with the same exponential weights."""
_CLASSICS = ("stag_hunt", "chicken", "battle_of_the_sexes", "rock_paper_scissors")
_OPPONENTS = {"EXP3": "sk.EXP3()", "NoSwapRegret": "sk.NoSwapRegret()", "UCB": "sk.UCB(sigma=0.5)"}
_FALLS, IN_ORDER = "free fall", "leader, UCB answers"
_MODES = ex.modes(
    ("free fall", ex.Effort(ex.decades(3, 5), 16), ex.Effort(ex.decades(3, 6), 64)),
    ("classics", ex.Effort(ex.decades(2, 4), 32), ex.Effort(ex.decades(2, 6), 24)),
    ("in order", ex.Effort(ex.decades(2, 4), 32), ex.Effort(ex.decades(2, 6), 24)),
)
_NO_LESS = fi.at_least(0.0, "0")


def proved_gain(horizon: float) -> float:
    """Most that an opponent earns a round above 0 in the game of the free fall, if there is no swap regret.

    A follower that plays response 2 while the leader plays its second action for a share p > 1/2 of those
    rounds would have had 2p - 1 more by response 1, and the leader has 2 (2p - 1): the leader earns at most
    twice the swap regret, which is at most K sqrt(2 T ln K) in units of the range, 2, for K = 3.
    """
    return 2 * 2 * 3 * math.sqrt(2 * math.log(3) / horizon)


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play each of the learners against the free fall, in classic games, and as a leader."""
    classics = [ex.with_coins(ex.in_unit_range(name)) for name in _CLASSICS]
    found: ex.Matches = {}
    for kind, code in GUARANTEES.items():
        blind = f"sk.Blind({code})"
        pair = ex.Pair(f"free fall v {kind}", FALLING, blind.format("low=-1.0"))
        found[_FALLS, kind] = ex.Match(pair, [free_fall()], ex.STACKELBERG, settings["free fall"])
        for name, opponent in _OPPONENTS.items():
            pair = ex.Pair(f"{name} v {kind}", opponent, blind.format(""))
            found[f"classics, {name}", kind] = ex.Match(pair, classics, ex.STACKELBERG, settings["classics"])
        pair = ex.Pair(f"{kind} v UCB", code.format(""), "sk.UCB(sigma=0.5)")
        found[IN_ORDER, kind] = ex.Match(pair, in_order(), ex.STACKELBERG, settings["in order"])
    return found


def free_fall() -> ex.Instance:
    """Return a game of Deng, Schneider and Sivan (2019), in which to commit is worth 0 to the leader."""
    leader, follower = "[[0, -2, -2], [0, -2, 2]]", f"[[{_ROOT_GAMMA}, -1, 0], [-1, 1, 0]]"
    return ex.Instance("free fall", "sk.Game", (leader, follower, "noise=sk.Deterministic()"))


def in_order() -> tuple[ex.Instance, ...]:
    """etc_failure, and the unachievable pair with a gap that stays; rewards are 0 or 1."""
    return tuple(map(ex.with_coins, arena()))


def evidence(found: ex.Played) -> fi.Evidence:
    """Measure what each guarantee adds to the next weaker one, and what the free fall gets out of both."""
    strongest, without_regret, _ = GUARANTEES
    findings: list[fi.Finding] = []
    panels: list[fi.Panel] = []
    settings = list(dict.fromkeys(setting for setting, _ in found))
    for strong, weak in pairwise(GUARANTEES):
        series: list[fi.Series] = []
        for rank, setting in enumerate(settings):
            player = 0 if setting == IN_ORDER else 1
            trend = fi.shortfall(found[setting, strong], [found[setting, weak]], player)
            findings.append(fi.gain_a_round(f"{setting}: {strong} over {weak}", trend, player, _NO_LESS))
            series.append(fi.gain_series(setting, trend, rank, player))
        panels.append(fi.gain_panel(f"{strong} over {weak}", series, "units of utility", weak))
    (safe,), (exploited,) = found[_FALLS, strongest], found[_FALLS, without_regret]
    bound = proved_gain(safe.horizons[-1])
    proved = fi.at_least(-bound, f"-{bound:.3f}, proved")
    findings.append(fi.per_round(f"{_FALLS}: {strongest}", safe, 0, proved))
    findings.append(fi.per_round(f"{_FALLS}: {without_regret}", exploited, 0, fi.at_most(0.0, "0")))
    return fi.Evidence(tuple(findings), tuple(panels))


CLAIM = Claim(
    "guarantees",
    "Does a stronger guarantee earn more?",
    "A learner without swap regret earns at least as much as one without regret, and that one at least as"
    " much as uniform play; only the first keeps an opponent to its Stackelberg value.",
    "The game of the free fall; classic games in [0, 1] in which both move at once; etc_failure() and"
    " unachievable(0.05), where the learner leads; utility.",
    _MODES,
    experiments,
    evidence,
    caveat="The theory bounds what an opponent gets out of a learner without swap regret. It does not say"
    " that the learner earns more against opponents that do not exploit it.",
    limits="Exponential weights for both guarantees, with the rates of their proofs.",
    tables=(games.named("chicken"), games.etc_failure()),
)
