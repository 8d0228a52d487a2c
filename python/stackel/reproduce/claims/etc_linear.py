"""Exploring at the same time costs both players a constant a round.

In the game etc_failure the leader's first action is better once the follower has learned, but worse
while the follower explores. A leader that explores each action E times averages over both: a share
``w = |B| E2 / E`` of its data comes from the follower's exploration, and the first action looks
worse exactly when ``0.6 - 0.2 w < 0.5 - 0.05 w``, that is when w > 2/3. With the default lengths
w = 1: both players lose 0.1 a round for ever after.

The contrast varies E around the threshold E = 1.5 |B| E2, longer than the default.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from stackel import games
from stackel.learners import ROLES, ExploreThenCommit
from stackel.reproduce.claim import Claim, Evidence, Figure, Finding, Panel, Series, about, at_most
from stackel.reproduce.growth import is_linear, series_of, worst_trends
from stackel.reproduce.least import scaled
from stackel.reproduce.measure import Instance
from stackel.reproduce.portfolio import Pair

if TYPE_CHECKING:
    from stackel.reproduce.claim import Effort, Settings
    from stackel.reproduce.measure import Lab

LOSS = 0.1
"""Regret a round of either player once both have committed to the wrong outcome."""
RATIOS = (1.0, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 2.0)
"""E / (|B| E2) in the contrast."""

_MODES = {
    "quick": {
        "growth": {10_000: 256, 100_000: 128, 1_000_000: 64, 10_000_000: 32, 100_000_000: 16},
        "threshold": {100_000_000: 8},
    }
}
_GAME = Instance("etc_failure", lambda _: games.etc_failure())


def collect(lab: Lab, settings: Settings) -> Evidence:
    """Play the failing pair over horizons, then vary the length of the leader's exploration."""
    curve = lab.curve(Pair("ETC v ETC", ExploreThenCommit(), ExploreThenCommit()), _GAME, settings["growth"])
    trends = worst_trends(lab, [curve])
    last = curve.horizons[-1]
    rates = tuple(
        Finding(
            f"etc_failure, T = {last:,}",
            f"R / T, {role}",
            about(LOSS, f"{LOSS:g}", LOSS / 20),
            scaled(curve.estimates(player)[-1], last),
        )
        for player, role in enumerate(ROLES)
    )
    slopes = tuple(is_linear("etc_failure", trend, player) for player, trend in enumerate(trends))
    growth = Panel(
        "etc_failure",
        "horizon T (rounds)",
        "regret (units of utility)",
        series_of("ETC v ETC", trends, 0, slope=1.0),
    )
    threshold, beyond = _vary_exploration(lab, settings["threshold"])
    return Evidence((*rates, *slopes, beyond), (Figure("etc_linear", (growth, threshold)),))


def _vary_exploration(lab: Lab, effort: Effort) -> tuple[Panel, Finding]:
    """Regret a round at the longest horizon for leaders that explore longer."""
    curves = [lab.curve(_longer(ratio, max(effort)), _GAME, effort) for ratio in RATIOS]
    per_round = [[scaled(curve.estimates(player)[-1], max(effort)) for curve in curves] for player in (0, 1)]
    series = tuple(Series("ETC v ETC", RATIOS, tuple(per_round[i]), 0, i) for i in (0, 1))
    panel = Panel(
        f"Longer exploration, T = {max(effort):,}",
        "leader's exploration E / (|B| E2); linear up to 1.5",
        "regret / T (units of utility)",
        series,
        level=(LOSS, "0.1 a round"),
        log=False,
    )
    beyond = Finding(
        f"etc_failure, T = {max(effort):,}, E = {RATIOS[-1]:g} |B| E2, for contrast",
        "R / T, leader",
        at_most(LOSS / 4, f"{LOSS / 4:g}"),
        per_round[0][-1],
    )
    return panel, beyond


def _longer(ratio: float, horizon: int) -> Pair:
    """ETC v ETC whose leader explores `ratio` times the default length."""
    default = ExploreThenCommit().resolve("leader", horizon, 2, 2)
    leader = replace(default, exploration=round(ratio * (default.exploration or 0)))
    return Pair(f"ETC, {ratio:g} times as long, v ETC", leader, ExploreThenCommit())


CLAIM = Claim(
    "etc_linear",
    "ETC against ETC is linear",
    "When both explore at the same time, both regrets tend to 0.1 a round.",
    _MODES,
    collect,
)
