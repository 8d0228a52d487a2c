"""With aligned interests sqrt(T) is possible, against the Stackelberg benchmark itself.

When a change of outcome moves one player's utility by at most L times the other's, a follower that
loses little while it learns costs the leader at most L times as much, and a bonus that covers it
keeps the leader from giving up a good action: LipschitzUCB. The follower's average regret must fall
like 1/sqrt(n); that of AAE and UCB does.

A fixed game has logarithmic regret once T is large; the worst game for T has gaps of order
``sqrt(ln T / T)``. Multiplying all utilities by one factor leaves L as it is, so a family is one
game in units that do not shrink, that shrink like T^(-1/3), and like ``sqrt(ln T / T)``. Two games are
used: the *slow follower*, ``u1 = L u2`` with u2 = 1, 0 at the first action and 0.8, 0.8 at the second, and
a random aligned one.

For contrast, a slow follower that stays as it is. A plain UCB leader leaves the better action
while AAE still explores, since L = 2 times the follower's losses exceed its confidence radius, and
never returns. An ETC follower explores for T^(2/3) rounds whatever its regret: no bonus of order 1/sqrt(n)
keeps the leader there for so long.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel.games._game import Game
from stackel.learners import UCB, ActiveArmElimination, ExploreThenCommit, Learner, LipschitzUCB
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, Series, at_most, decades
from stackel.reproduce.experiments.instances import STACKELBERG, Instance, Power, in_units
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import grows_at_most, grows_faster, in_short, series_of, worst_trends
from stackel.reproduce.findings.trend import Trend, Worst

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab

_RATIOS = (1.0, 2.0, 4.0, 8.0)
"""Alignment constants L."""
_SLACK_IN_L = 0.1
"""Slack of the exponent of L: over a factor of eight the constant may drift by 23 per cent."""
_MULTIPLES = (10, 20, 40, 80)
_FOLLOWERS: dict[str, Learner] = {"AAE": ActiveArmElimination(), "UCB": UCB()}
_HALF = Fraction(1, 2)
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


def fixed_slow_follower(lipschitz: float = 2.0) -> Instance:
    """Return a slow follower that stays as it is."""
    return hard_slow_followers(lipschitz)[0]


def shrinking(name: str, game: Game, multiples: tuple[float, ...] = _MULTIPLES) -> tuple[Instance, ...]:
    """Games in units around those that are the hardest for the horizon."""
    return tuple(
        in_units(f"{name}, {multiple} x sqrt(ln T / T)", game, Power(multiple, -1 / 2, 1 / 2))
        for multiple in multiples
    )


def of_all_units(name: str, game: Game, *multiples: float) -> tuple[Instance, ...]:
    """One game in units that stay, that shrink like T^(-1/3), and that shrink as fast as the bound allows.

    In the last ones alone nothing could fail: no regret is larger than a few units a round.
    """
    return (
        in_units(f"{name}, fixed", game, Power(0.4)),
        in_units(f"{name}, 8 T^(-1/3)", game, Power(8.0, -1 / 3)),
        *shrinking(name, game, multiples),
    )


def slow_followers(lipschitz: float) -> tuple[Instance, ...]:
    """Slow followers in ever smaller units."""
    return shrinking(f"slow follower, L = {lipschitz:g}", slow_follower(lipschitz))


def hard_slow_followers(lipschitz: float = 2.0, *multiples: float) -> tuple[Instance, ...]:
    """Slow followers in units of all kinds, the fixed one first."""
    return of_all_units(f"slow follower, L = {lipschitz:g}", slow_follower(lipschitz), *(multiples or (40,)))


def hard_aligned(lipschitz: float) -> tuple[Instance, ...]:
    """One random 3x3 game with alignment constant L in units of all kinds."""
    return of_all_units(f"random aligned, L = {lipschitz:g}", games.aligned(3, 3, lipschitz, seed=0), 80)


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth for both followers, vary L, and show two pairs that fail."""
    family = *hard_slow_followers(2.0), *hard_aligned(2.0)
    findings: list[Finding] = []
    series: list[Series] = []
    for rank, (name, follower) in enumerate(_FOLLOWERS.items()):
        pair = Pair(f"LipschitzUCB v {name}", LipschitzUCB(lipschitz=2.0), follower)
        curves = lab.curves(pair, family, settings[name], STACKELBERG)
        trends = worst_trends(curves)
        findings += grows_at_most(f"{pair.name}, L = 2, worst of all units", trends, _HALF, _HALF)
        series += series_of(pair.name, trends, rank, 1 / 2, 1 / 2)
    growth = _panel("Worst of all units, L = 2", series)
    contrast, fixed = _contrast(lab, settings["contrast"])
    by_alignment, with_alignment = _vary_alignment(lab, settings["alignment"])
    figure = Figure("aligned", (growth, contrast, by_alignment))
    return Evidence((*findings, with_alignment, *fixed), (figure,))


def _panel(title: str, series: list[Series]) -> Panel:
    return Panel(title, "horizon T (rounds)", "regret against the Stackelberg benchmark", tuple(series))


def _vary_alignment(lab: Lab, effort: Effort) -> tuple[Panel, Finding]:
    """Leader's worst regret against AAE at one horizon, for several L."""
    trends = []
    for lipschitz in _RATIOS:
        pair = Pair(
            f"LipschitzUCB({lipschitz:g}) v AAE", LipschitzUCB(lipschitz=lipschitz), ActiveArmElimination()
        )
        curves = lab.curves(pair, slow_followers(lipschitz), effort, STACKELBERG)
        trends.append(Trend.of(curves, Worst(0)))
    over = Trend.over(_RATIOS, trends)
    horizon = in_short(effort.horizons[-1])
    panel = Panel(
        f"Growth with L, T = {horizon}",
        "alignment constant L",
        "leader's worst regret (units of utility)",
        (Series("LipschitzUCB v AAE", _RATIOS, over.estimates(), 2, slope=1.0),),
    )
    finding = Finding(
        f"LipschitzUCB v AAE, T = {horizon}, L = 1 to {_RATIOS[-1]:g}",
        "exponent of L in R, leader",
        at_most(1.0, "1", _SLACK_IN_L),
        over.exponent(),
        call=over.exponent_call(),
    )
    return panel, finding


def _contrast(lab: Lab, effort: Effort) -> tuple[Panel, tuple[Finding, ...]]:
    """Take away the bonus, or the follower that settles, in a game that stays as it is."""
    fixed = fixed_slow_follower()
    aae = ActiveArmElimination()
    whole = Pair("LipschitzUCB v AAE", LipschitzUCB(lipschitz=2.0), aae)
    plain = Pair("UCB v AAE", UCB(), aae)
    unsettled = Pair("LipschitzUCB v ETC", LipschitzUCB(lipschitz=2.0), ExploreThenCommit())
    settled, failing, exploring = (
        worst_trends([lab.curve(pair, fixed, effort, STACKELBERG)]) for pair in (whole, plain, unsettled)
    )
    panel = _panel(
        "One game for all horizons, L = 2",
        [
            *series_of(whole.name, settled, 0, 1 / 2, 1 / 2),
            *series_of(plain.name, failing, 1, 1.0),
            *series_of(unsettled.name, exploring, 2),
        ],
    )
    return panel, (
        *grows_at_most(f"{whole.name}, one game, L = 2", settled, _HALF, _HALF),
        grows_faster(f"{plain.name}, the same game, for contrast", failing[0], 0, _HALF, _HALF),
        grows_faster(f"{unsettled.name}, the same game, for contrast", exploring[0], 0, _HALF, _HALF),
    )


CLAIM = Claim(
    "aligned",
    "Partially aligned interests",
    "With LipschitzUCB against AAE or UCB, regret against the Stackelberg benchmark is O(L sqrt(T ln T)) for"
    " both players.",
    "Aligned games, L = 2 and others, in units that do not shrink, that shrink like T^(-1/3), and like"
    " sqrt(ln T / T); regret against the Stackelberg benchmark.",
    _MODES,
    collect,
    limits="In the smallest units games are ties until the end, which takes long to play; with AAE they stop"
    " at T = 10^9.",
    tables=(slow_follower(2.0),),
)
