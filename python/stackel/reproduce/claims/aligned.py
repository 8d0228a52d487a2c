"""With aligned interests sqrt(T) is possible, against the Stackelberg benchmark itself.

When a change of outcome moves one player's utility by at most L times the other's, a follower that
loses little while it learns costs the leader at most L times as much, and a bonus that covers it
keeps the leader from giving up a good action: LipschitzUCB. The follower's average regret must fall
like 1/sqrt(n); that of AAE and UCB does.

A fixed game has logarithmic regret once T is large; the worst game for T has gaps of order
``sqrt(ln T / T)``. Multiplying all utilities by one factor leaves L as it is, so a family is one
game in ever smaller units, ``m sqrt(ln T / T)``. Two games are used: the *slow follower*,
``u1 = L u2`` with u2 = 1, 0 at the first action and 0.8, 0.8 at the second, and a random aligned one.

For contrast, a slow follower that stays as it is. A plain UCB leader leaves the better action
while AAE still explores, since L = 2 times the follower's losses exceed its confidence radius, and
never returns. An ETC follower explores for T^(2/3) rounds whatever the leader does.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel.game import Game
from stackel.learners import UCB, ActiveArmElimination, ExploreThenCommit, Learner, LipschitzUCB
from stackel.reproduce.claim import (
    Claim,
    Evidence,
    Figure,
    Finding,
    Panel,
    Series,
    at_least,
    at_most,
)
from stackel.reproduce.growth import SLACK, Trends, grows_at_most, series_of, worst_trends
from stackel.reproduce.measure import Instance
from stackel.reproduce.portfolio import Pair
from stackel.reproduce.rates import Trend, worst_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.reproduce.claim import Effort, Settings
    from stackel.reproduce.measure import Lab

_RATIOS = (1.0, 2.0, 4.0)
"""Alignment constants L."""
_SLACK_IN_L = 0.1
"""Slack of the exponent of L: over a factor of four a drift of 15 per cent, as `SLACK` over two decades."""
_MULTIPLES = (10, 20, 40, 80)
_FOLLOWERS: dict[str, Learner] = {"AAE": ActiveArmElimination(), "UCB": UCB()}
_MODES = {
    "quick": {
        "growth": {1_000: 96, 10_000: 64, 100_000: 32, 1_000_000: 8},
        "contrast": {10_000: 48, 100_000: 24, 1_000_000: 12},
        "alignment": {10_000: 128},
    }
}


def slow_follower(lipschitz: float, unit: float) -> Game:
    """Return the game ``u1 = L u2`` with alignment constant L, its utilities in units of `unit`."""
    follower = unit * np.array([[1.0, 0.0], [0.8, 0.8]])
    return Game(lipschitz * follower, follower, name=f"slow follower, L = {lipschitz:g}")


def shrinking(name: str, game: Callable[[float], Game]) -> tuple[Instance, ...]:
    """Games whose units are the hardest for the horizon, and some around that."""

    def instance(multiple: float) -> Instance:
        return Instance(
            f"{name}, {multiple} x", lambda horizon: game(multiple * math.sqrt(math.log(horizon) / horizon))
        )

    return tuple(map(instance, _MULTIPLES))


def slow_followers(lipschitz: float) -> tuple[Instance, ...]:
    """Slow followers in ever smaller units."""
    return shrinking(f"slow follower, L = {lipschitz:g}", lambda unit: slow_follower(lipschitz, unit))


def random_aligned(lipschitz: float) -> tuple[Instance, ...]:
    """One random 3x3 game with alignment constant L in ever smaller units."""
    base = games.aligned(3, 3, lipschitz, seed=0)
    return shrinking(
        f"random aligned, L = {lipschitz:g}", lambda unit: Game(unit * base.leader, unit * base.follower)
    )


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth for both followers, vary L, and show two pairs that fail."""
    family = *slow_followers(2.0), *random_aligned(2.0)
    findings: list[Finding] = []
    series: list[Series] = []
    for rank, (name, follower) in enumerate(_FOLLOWERS.items()):
        pair = Pair(f"LipschitzUCB v {name}", LipschitzUCB(lipschitz=2.0), follower)
        trends = worst_trends(lab, [lab.curve(pair, instance, settings["growth"]) for instance in family])
        findings.append(
            grows_at_most(f"{pair.name}, L = 2, worst gaps", trends, Fraction(1, 2), Fraction(1, 2))
        )
        series += series_of(pair.name, trends, rank, slope=1 / 2)
    growth = Panel(
        "Worst gaps for the horizon, L = 2",
        "horizon T (rounds)",
        "regret against the Stackelberg benchmark",
        tuple(series),
    )
    contrast, fixed = _contrast(lab, settings["contrast"])
    by_alignment, with_alignment = _vary_alignment(lab, settings["alignment"])
    figure = Figure("aligned", (growth, contrast, by_alignment))
    return Evidence((*findings, with_alignment, *fixed), (figure,))


def _vary_alignment(lab: Lab, effort: Effort) -> tuple[Panel, Finding]:
    """Leader's worst regret against AAE at one horizon, for several L."""
    horizon = max(effort)
    worst = []
    for lipschitz in _RATIOS:
        pair = Pair(
            f"LipschitzUCB({lipschitz:g}) v AAE", LipschitzUCB(lipschitz=lipschitz), ActiveArmElimination()
        )
        curves = [lab.curve(pair, instance, effort) for instance in slow_followers(lipschitz)]
        worst.append(Trend.of(lab, curves, worst_for(0)))
    over = Trend(
        np.array(_RATIOS),
        np.array([trend.mean[-1] for trend in worst]),
        np.stack([trend.resampled[:, -1] for trend in worst], axis=1),
        worst[0].tails,
    )
    panel = Panel(
        f"Growth with L, T = {horizon:,}",
        "alignment constant L",
        "leader's worst regret (units of utility)",
        (Series("LipschitzUCB v AAE", _RATIOS, over.estimates(), slope=1.0),),
    )
    finding = Finding(
        f"LipschitzUCB v AAE, T = {horizon:,}, L = 1 to {_RATIOS[-1]:g}",
        "exponent of L in R, leader",
        at_most(1.0, "1", _SLACK_IN_L),
        over.exponent(),
    )
    return panel, finding


def _contrast(lab: Lab, effort: Effort) -> tuple[Panel, tuple[Finding, ...]]:
    """Take away the bonus, or the follower that settles, in a game that stays as it is."""
    fixed = Instance("slow follower, L = 2, fixed", lambda _: slow_follower(2.0, 0.4))

    def trends(pair: Pair) -> Trends:
        return worst_trends(lab, [lab.curve(pair, fixed, effort)])

    whole = Pair("LipschitzUCB v AAE", LipschitzUCB(lipschitz=2.0), ActiveArmElimination())
    plain = Pair("UCB v AAE", UCB(), ActiveArmElimination())
    unsettled = Pair("LipschitzUCB v ETC", LipschitzUCB(lipschitz=2.0), ExploreThenCommit())
    settled, failing, exploring = trends(whole), trends(plain), trends(unsettled)
    panel = Panel(
        "One game for all horizons, L = 2",
        "horizon T (rounds)",
        "regret against the Stackelberg benchmark",
        (
            *series_of(whole.name, settled, 0, slope=1 / 2),
            *series_of(plain.name, failing, 1, slope=1.0),
            *series_of(unsettled.name, exploring, 2),
        ),
    )
    return panel, (
        grows_at_most(f"{whole.name}, one game, L = 2", settled, Fraction(1, 2), Fraction(1, 2)),
        _grows_faster(plain, failing[0]),
        _grows_faster(unsettled, exploring[0]),
    )


def _grows_faster(pair: Pair, trend: Trend) -> Finding:
    return Finding(
        f"{pair.name}, the same game, for contrast",
        "exponent of R, leader",
        at_least(1 / 2 + SLACK, f"1/2 + {SLACK:g}"),
        trend.exponent(),
    )


CLAIM = Claim(
    "aligned",
    "Partially aligned interests",
    "Regret against the Stackelberg benchmark is O(L sqrt(T ln T)) for both players.",
    _MODES,
    collect,
)
