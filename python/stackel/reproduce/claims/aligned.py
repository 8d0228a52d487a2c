"""With aligned interests sqrt(T) is possible, against the Stackelberg benchmark itself.

Let a change of outcome move one player's utility by at most L times the other's. A follower that loses
little while it learns then costs the leader at most L times as much, and a bonus that covers this loss
keeps the leader from giving up a good action: LipschitzUCB. The follower's average regret must fall like
1/sqrt(n). That of AAE and UCB does.

A fixed game has logarithmic regret once T is large. The worst game for T has gaps of order
``sqrt(ln T / T)``. Multiplying all utilities by one factor does not change L. A family is therefore one game
in units that do not shrink, that shrink like T^(-1/3), and like ``sqrt(ln T / T)``. Two games are used: the
*slow follower*, ``u1 = L u2`` with u2 = 1, 0 at the first action and 0.8, 0.8 at the second, and a random
aligned one.

A slow follower in fixed units shows the contrast. A plain UCB leader leaves the better action while AAE
still explores, since L = 2 times the follower's losses exceed its confidence radius, and never returns. An
ETC follower explores for T^(2/3) rounds at any regret: no bonus of order 1/sqrt(n) keeps the leader there
for so long.
"""

from fractions import Fraction

import numpy as np

from stackel.games._game import Game
from stackel.learners import UCB, ActiveArmElimination, ExploreThenCommit, LipschitzUCB
from stackel.reproduce.claim import Claim
from stackel.reproduce.experiments import (
    STACKELBERG,
    Effort,
    Experiment,
    Instance,
    Pair,
    Power,
    Regrets,
    Settings,
    decades,
    in_units,
)
from stackel.reproduce.findings import (
    Evidence,
    Figure,
    Panel,
    Series,
    Trend,
    at_most,
    grows_at_most,
    grows_faster,
    in_short,
    over_horizons,
    series_of,
    size_exponent,
    worst,
    worst_trends,
)

_RATIOS = (1.0, 2.0, 4.0, 8.0)
"""Alignment constants L."""
_SLACK_IN_L = 0.1
"""Slack of the exponent of L: over a factor of eight the constant may drift by 23 per cent."""
_MULTIPLES = (10, 20, 40, 80)
_HALF = Fraction(1, 2)
_AAE, _LIPSCHITZ = ActiveArmElimination(), LipschitzUCB(lipschitz=2.0)
_PAIRS = {
    follower: Pair(f"LipschitzUCB v {follower}", _LIPSCHITZ, learner)
    for follower, learner in (("AAE", _AAE), ("UCB", UCB()))
}
_CONTRAST = {
    "settled": _PAIRS["AAE"],
    "plain": Pair("UCB v AAE", UCB(), _AAE),
    "exploring": Pair("LipschitzUCB v ETC", _LIPSCHITZ, ExploreThenCommit()),
}
_MODES = {
    "quick": {
        "AAE": Effort(decades(3, 6), 8),
        "UCB": Effort(decades(3, 6), 16),
        "contrast": Effort(decades(4, 8), 16),
        "alignment": Effort((10**6,), 8),
    },
    "full": {
        "AAE": Effort(decades(4, 9), 6),
        "UCB": Effort(decades(4, 10), 6),
        "contrast": Effort(decades(4, 10), 16),
        "alignment": Effort((10**7,), 16),
    },
}


def slow_follower(lipschitz: float) -> Game:
    """Return the game ``u1 = L u2`` with alignment constant L, u2 at most 1."""
    follower = np.array([[1.0, 0.0], [0.8, 0.8]])
    return Game(lipschitz * follower, follower, name=f"slow follower, L = {lipschitz:g}")


def slow_follower_in(lipschitz: float, unit: Power, label: str) -> Instance:
    """Return a slow follower in units that depend on the horizon."""
    game = slow_follower(lipschitz)
    utilities = (f"np.array({matrix.tolist()})" for matrix in (game.leader, game.follower))
    return in_units(f"slow follower, L = {lipschitz:g}, {label}", *utilities, unit)


def _aligned_in(lipschitz: float, unit: Power, label: str) -> Instance:
    game = f"sk.games.aligned(3, 3, {lipschitz!r}, seed=0)"
    return in_units(f"random aligned, L = {lipschitz:g}, {label}", f"{game}.leader", f"{game}.follower", unit)


def _units(*multiples: float) -> list[tuple[Power, str]]:
    """Units that stay, that shrink like T^(-1/3), and that shrink as fast as the bound allows.

    In the last ones alone nothing could fail: no regret is larger than a few units a round.
    """
    return [(Power(0.4), "fixed"), (Power(8.0, -1 / 3), "8 T^(-1/3)"), *_smallest_units(*multiples)]


def _smallest_units(*multiples: float) -> list[tuple[Power, str]]:
    return [(Power(n, -1 / 2, 1 / 2), f"{n} x sqrt(ln T / T)") for n in multiples]


def slow_followers(lipschitz: float) -> tuple[Instance, ...]:
    """Slow followers in ever smaller units."""
    return tuple(slow_follower_in(lipschitz, *unit) for unit in _smallest_units(*_MULTIPLES))


def hard_slow_followers(lipschitz: float = 2.0, *multiples: float) -> tuple[Instance, ...]:
    """Slow followers in units of all kinds, the fixed one first."""
    return tuple(slow_follower_in(lipschitz, *unit) for unit in _units(*(multiples or (40,))))


def hard_aligned(lipschitz: float) -> tuple[Instance, ...]:
    """One random 3x3 game with alignment constant L in units of all kinds."""
    return tuple(_aligned_in(lipschitz, *unit) for unit in _units(80))


def experiments(settings: Settings) -> dict[str | float, Experiment]:
    """Play both followers, vary L, and play two pairs that fail."""
    family = *hard_slow_followers(2.0), *hard_aligned(2.0)
    fixed = hard_slow_followers()[:1]
    found: dict[str | float, Experiment] = {
        name: Experiment(pair, family, STACKELBERG, settings[name]) for name, pair in _PAIRS.items()
    }
    found |= {
        key: Experiment(pair, fixed, STACKELBERG, settings["contrast"]) for key, pair in _CONTRAST.items()
    }
    for ratio in _RATIOS:
        pair = Pair(f"LipschitzUCB({ratio:g}) v AAE", LipschitzUCB(lipschitz=ratio), _AAE)
        found[ratio] = Experiment(pair, slow_followers(ratio), STACKELBERG, settings["alignment"])
    return found


def evidence(found: dict[str | float, tuple[Regrets, ...]]) -> Evidence:
    """Fit the growth for both followers, with L, and for the pairs that fail."""
    findings, series = [], []
    for rank, (name, pair) in enumerate(_PAIRS.items()):
        trends = worst_trends(found[name])
        findings += grows_at_most(f"{pair.name}, L = 2, worst of all units", trends, _HALF, _HALF)
        series += series_of(pair.name, trends, rank, 1 / 2, 1 / 2)
    y = "regret against the Stackelberg benchmark"
    growth = over_horizons("Worst of all units, L = 2", y, series)
    settled, plain, exploring = (worst_trends(found[key]) for key in _CONTRAST)
    whole, failing, unsettled = (pair.name for pair in _CONTRAST.values())
    shown = (
        *series_of(whole, settled, 0, 1 / 2, 1 / 2),
        *series_of(failing, plain, 1, 1.0),
        *series_of(unsettled, exploring, 2),
    )
    contrast = over_horizons("One game for all horizons, L = 2", y, shown)
    over = Trend.over(_RATIOS, [Trend.of(found[ratio], worst(0)) for ratio in _RATIOS])
    horizon = in_short(found[_RATIOS[0]][0].horizons[-1])
    by_alignment = Panel(
        f"Growth with L, T = {horizon}",
        "alignment constant L",
        "leader's worst regret (units of utility)",
        (Series("LipschitzUCB v AAE", _RATIOS, over.estimates(), 2, slope=1.0),),
    )
    setting = f"LipschitzUCB v AAE, T = {horizon}, L = 1 to {_RATIOS[-1]:g}"
    findings += (
        size_exponent(setting, over, "L in R, leader", at_most(1.0, "1", _SLACK_IN_L)),
        *grows_at_most(f"{whole}, one game, L = 2", settled, _HALF, _HALF),
        grows_faster(f"{failing}, the same game, for contrast", plain[0], 0, _HALF, _HALF),
        grows_faster(f"{unsettled}, the same game, for contrast", exploring[0], 0, _HALF, _HALF),
    )
    return Evidence(tuple(findings), (Figure("aligned", (growth, contrast, by_alignment)),))


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
