"""How regret grows with the numbers of actions.

The leader has to explore each of |A| actions, and below each of them the follower |B| responses; the
best length of both explorations balances that against gaps too small to be seen, and the regret that is
left grows like ``(|A||B|)^(1/3)``.

The bound is about utilities of order one, and the family has to hold games that are bad for either
player: the lower-bound pair, in which the follower's utilities are of the order of the gap, and a game
in which one outcome pays half a unit to both and all others nothing.

Sizes start at 16, where the one action that is not explored in vain no longer matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel import games
from stackel._utils.players import ROLES
from stackel.games._game import Game
from stackel.learners import ExploreThenCommit, ExploreThenCommitThrowOut, ExploreThenUCB
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Effort, Evidence, Figure, Finding, Panel, Series, at_most
from stackel.reproduce.experiments.families import AT_GAMMA_T, hard_gap, resolution
from stackel.reproduce.experiments.instances import Instance, twins
from stackel.reproduce.experiments.learner_pairs import Pair
from stackel.reproduce.findings.growth import in_short, worst_trends
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from stackel.reproduce.evidence import Settings
    from stackel.reproduce.experiments.lab import Lab
    from stackel.reproduce.findings.growth import Trends

_SIZES = (16, 32, 64, 128)
_SLACK = 0.1
"""Slack of an exponent of a size: over a factor of eight the constant may drift by 23 per cent."""
_PAIRS = (
    Pair("ThrowOut v ETC", ExploreThenCommitThrowOut(), ExploreThenCommit()),
    Pair("ExploreThenUCB v ETC", ExploreThenUCB(), ExploreThenCommit()),
)
_MODES = {
    "quick": {"sizes": Effort((10**8,), 16)},
    "full": {"sizes": Effort((10**10,), 32)},
}


def one_good_outcome(n_leader: int, n_follower: int) -> Instance:
    """Return the game in which only the first outcome pays, half a unit to both."""
    code = (
        f"sk.Game(*2 * [0.5 * (np.arange({n_leader * n_follower}) == 0).reshape({n_leader}, {n_follower})])"
    )
    utility = 0.5 * (np.arange(n_leader * n_follower) == 0).reshape(n_leader, n_follower)
    return Instance(f"one good outcome, {n_leader}x{n_follower}", lambda _: Game(utility, utility), code)


def family(n_leader: int, n_follower: int) -> tuple[Instance, ...]:
    """Return the lower-bound pair with the gaps that are hard for its size."""
    gaps = (
        (hard_gap(n_follower), "the hard gap"),
        (resolution(n_leader, n_follower), "g"),
        (2 * resolution(n_leader, n_follower), "2 g"),
    )
    pairs = (
        instance
        for gap, label in gaps
        for instance in twins(games.lower_bound, gap, label, n_follower=n_follower, n_leader=n_leader)
    )
    return one_good_outcome(n_leader, n_follower), *pairs


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Fit the growth of the worst regret with the number of either player's actions."""
    effort = settings["sizes"]
    horizon = in_short(effort.horizons[-1])
    findings: list[Finding] = []
    panels: list[Panel] = []
    for symbol, shape in (("|A|", lambda size: (size, 2)), ("|B|", lambda size: (2, size))):
        series: list[Series] = []
        for rank, pair in enumerate(_PAIRS):
            sized = [_trends(lab, pair, shape(size), effort) for size in _SIZES]
            for player, role in enumerate(ROLES):
                trend = Trend.over(_SIZES, [trends[player] for trends in sized])
                findings.append(
                    Finding(
                        f"{pair.name}, {symbol} = {_SIZES[0]} to {_SIZES[-1]}, T = {horizon}",
                        f"exponent of {symbol} in R, {role}",
                        at_most(1 / 3, "1/3", _SLACK),
                        trend.exponent(),
                        call=trend.exponent_call(),
                    )
                )
                slope = 1 / 3 if player == 0 else None
                series.append(Series(pair.name, trend.x_values(), trend.estimates(), rank, player, slope))
        panels.append(
            Panel(
                f"Growth with {symbol}, T = {horizon}",
                f"number of actions {symbol}",
                "worst regret against the tolerant benchmark",
                tuple(series),
            )
        )
    return Evidence(tuple(findings), (Figure("sizes", tuple(panels)),))


def _trends(lab: Lab, pair: Pair, shape: tuple[int, int], effort: Effort) -> Trends:
    return worst_trends(lab.curves(pair, family(*shape), effort, AT_GAMMA_T))


CLAIM = Claim(
    "sizes",
    "Growth with the numbers of actions",
    "Regret of ThrowOut v ETC and ExploreThenUCB v ETC is O((|A||B|)^(1/3) T^(2/3) (ln T)^(1/3)).",
    "lower_bound(d), and a game with one good outcome, with |A| or |B| from 16 to 128, the other 2; regret"
    " against the tolerant benchmark.",
    _MODES,
    collect,
    tables=games.lower_bound(0.05, n_follower=3, n_leader=3),
)
