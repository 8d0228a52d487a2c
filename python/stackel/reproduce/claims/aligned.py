"""With aligned interests sqrt(T) is possible, against the Stackelberg benchmark itself.

Multiplying all utilities by one factor does not change L. A family is one game in units that stay, that
shrink like T^(-1/3), and like ``sqrt(ln T / T)``: a *slow follower*, ``u1 = L u2``, or a random aligned game.
"""

import numpy as np

from stackel import learners
from stackel.games._game import Game
from stackel.reproduce import experiments as ex
from stackel.reproduce import findings as fi
from stackel.reproduce.claim import Claim

_RATIOS = (1.0, 2.0, 4.0, 8.0)
"""Alignment constants L."""
_SLACK_IN_L = 0.1
"""Slack of the exponent of L: over a factor of eight the constant may drift by 23 per cent."""
_MULTIPLES = (10, 20, 40, 80)
_AAE, _LIPSCHITZ = learners.ActiveArmElimination(), learners.LipschitzUCB(lipschitz=2.0)
_PAIRS = {
    follower: ex.Pair(f"LipschitzUCB v {follower}", _LIPSCHITZ, learner)
    for follower, learner in (("AAE", _AAE), ("UCB", learners.UCB()))
}
_CONTRAST = {
    "settled": _PAIRS["AAE"],
    "plain": ex.Pair("UCB v AAE", learners.UCB(), _AAE),
    "exploring": ex.Pair("LipschitzUCB v ETC", _LIPSCHITZ, learners.ExploreThenCommit()),
}
_MODES = ex.modes(
    ("AAE", ex.Effort(ex.decades(3, 6), 8), ex.Effort(ex.decades(4, 9), 6)),
    ("UCB", ex.Effort(ex.decades(3, 6), 16), ex.Effort(ex.decades(4, 10), 6)),
    ("contrast", ex.Effort(ex.decades(4, 8), 16), ex.Effort(ex.decades(4, 10), 16)),
    ("alignment", ex.Effort((10**6,), 8), ex.Effort((10**7,), 16)),
)


def slow_follower(lipschitz: float) -> Game:
    """Return the game ``u1 = L u2`` with alignment constant L, u2 at most 1."""
    follower = np.array([[1.0, 0.0], [0.8, 0.8]])
    return Game(lipschitz * follower, follower, name=f"slow follower, L = {lipschitz:g}")


def slow_follower_in(lipschitz: float, unit: ex.Power, label: str) -> ex.Instance:
    """Return a slow follower in units that depend on the horizon."""
    game = slow_follower(lipschitz)
    leader, follower = (f"np.array({matrix.tolist()})" for matrix in (game.leader, game.follower))
    return ex.in_units(f"slow follower, L = {lipschitz:g}, {label}", leader, follower, unit)


def _aligned_in(lipschitz: float, unit: ex.Power, label: str) -> ex.Instance:
    game = f"sk.games.aligned(3, 3, {lipschitz!r}, seed=0)"
    return ex.in_units(
        f"random aligned, L = {lipschitz:g}, {label}", f"{game}.leader", f"{game}.follower", unit
    )


def _units(*multiples: float) -> list[tuple[ex.Power, str]]:
    """Units that stay, that shrink like T^(-1/3), and that shrink as fast as the bound allows.

    In the last ones alone nothing could fail: no regret is larger than a few units a round.
    """
    return [(ex.Power(0.4), "fixed"), (ex.Power(8.0, -1 / 3), "8 T^(-1/3)"), *_smallest_units(*multiples)]


def _smallest_units(*multiples: float) -> list[tuple[ex.Power, str]]:
    return [(ex.Power(n, -1 / 2, 1 / 2), f"{n} x sqrt(ln T / T)") for n in multiples]


def slow_followers(lipschitz: float) -> tuple[ex.Instance, ...]:
    """Slow followers in ever smaller units."""
    return tuple(slow_follower_in(lipschitz, *unit) for unit in _smallest_units(*_MULTIPLES))


def hard_slow_followers(lipschitz: float = 2.0, *multiples: float) -> tuple[ex.Instance, ...]:
    """Slow followers in units of all kinds, the fixed one first."""
    return tuple(slow_follower_in(lipschitz, *unit) for unit in _units(*(multiples or (40,))))


def hard_aligned(lipschitz: float) -> tuple[ex.Instance, ...]:
    """One random 3x3 game with alignment constant L in units of all kinds."""
    return tuple(_aligned_in(lipschitz, *unit) for unit in _units(80))


def experiments(settings: ex.Settings) -> ex.Matches:
    """Play both followers, vary L, and play two pairs that fail."""
    family = *hard_slow_followers(2.0), *hard_aligned(2.0)
    fixed = hard_slow_followers()[:1]
    found: ex.Matches = {
        name: ex.Match(pair, family, ex.STACKELBERG, settings[name]) for name, pair in _PAIRS.items()
    }
    found |= {
        key: ex.Match(pair, fixed, ex.STACKELBERG, settings["contrast"]) for key, pair in _CONTRAST.items()
    }
    for ratio in _RATIOS:
        pair = ex.Pair(f"LipschitzUCB({ratio:g}) v AAE", learners.LipschitzUCB(lipschitz=ratio), _AAE)
        found[ratio] = ex.Match(pair, slow_followers(ratio), ex.STACKELBERG, settings["alignment"])
    return found


def evidence(found: ex.Played) -> fi.Evidence:
    """Fit the growth for both followers, with L, and for the pairs that fail."""
    findings: list[fi.Finding] = []
    series: list[fi.Series] = []
    for rank, (name, pair) in enumerate(_PAIRS.items()):
        trends = fi.worst_trends(found[name])
        findings += fi.grows_at_most(f"{pair.name}, L = 2, worst of all units", trends, fi.ROOT)
        series += fi.series_of(pair.name, trends, rank, fi.ROOT)
    y = "regret against the Stackelberg benchmark"
    growth = fi.over_horizons("Worst of all units, L = 2", y, series)
    settled, plain, exploring = (fi.worst_trends(found[key]) for key in _CONTRAST)
    whole, failing, unsettled = (pair.name for pair in _CONTRAST.values())
    shown = (
        *fi.series_of(whole, settled, 0, fi.ROOT),
        *fi.series_of(failing, plain, 1, fi.LINEAR),
        *fi.series_of(unsettled, exploring, 2),
    )
    contrast = fi.over_horizons("One game for all horizons, L = 2", y, shown)
    over = fi.Trend.over(_RATIOS, [fi.Trend.of(found[ratio], fi.worst(0)) for ratio in _RATIOS])
    horizon = fi.in_short(found[_RATIOS[0]][0].horizons[-1])
    by_alignment = fi.Panel(
        f"Growth with L, T = {horizon}",
        "alignment constant L",
        "leader's worst regret (units of utility)",
        (fi.Series("LipschitzUCB v AAE", _RATIOS, over.estimates(), 2, growth=fi.LINEAR),),
    )
    setting = f"LipschitzUCB v AAE, T = {horizon}, L = 1 to {_RATIOS[-1]:g}"
    findings += (
        fi.size_exponent(setting, over, "L in R, leader", fi.at_most(1.0, "1", _SLACK_IN_L)),
        *fi.grows_at_most(f"{whole}, one game, L = 2", settled, fi.ROOT),
        fi.grows_faster(f"{failing}, the same game, for contrast", plain[0], 0, fi.ROOT),
        fi.grows_faster(f"{unsettled}, the same game, for contrast", exploring[0], 0, fi.ROOT),
    )
    return fi.Evidence(tuple(findings), (growth, contrast, by_alignment))


CLAIM = Claim(
    "aligned",
    "Partially aligned interests",
    "With LipschitzUCB against AAE or UCB, regret against the Stackelberg benchmark is O(L sqrt(T ln T)) for"
    " both players.",
    "Aligned games, L = 2 and others, in units that do not shrink, that shrink like T^(-1/3), and like"
    " sqrt(ln T / T); regret against the Stackelberg benchmark.",
    _MODES,
    experiments,
    evidence,
    limits="In the smallest units games are ties until the end and take long to play: with AAE they stop at"
    " T = 10^9.",
    tables=(slow_follower(2.0),),
)
