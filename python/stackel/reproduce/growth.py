"""Findings about exponents of regret, and the curves that show them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from stackel.learners import ROLES
from stackel.reproduce.claim import Finding, Series, about, at_most
from stackel.reproduce.rates import Trend, worst_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from stackel.reproduce.measure import Curve, Lab

Trends: TypeAlias = tuple[Trend, Trend]
"""Of the leader and of the follower."""

SLACK = 0.03
"""How far a fitted exponent may be off the predicted one.

Over three decades it lets the constant in front of the power law drift by 23 per cent.
"""


def worst_trends(lab: Lab, curves: Sequence[Curve]) -> Trends:
    """Worst-case regret of each player over instances; with a single curve, its regret."""
    return Trend.of(lab, curves, worst_for(0)), Trend.of(lab, curves, worst_for(1))


def grows_at_most(setting: str, trends: Trends, power: Fraction, log_power: Fraction) -> Finding:
    """State that neither player's regret outgrows ``T**power (ln T)**log_power``.

    The player with the larger exponent is the one reported; an undefined exponent counts as larger.
    """
    exponents = [trend.exponent(float(log_power)) for trend in trends]
    player = max((0, 1), key=lambda i: math.inf if math.isnan(exponents[i].high) else exponents[i].high)
    other = exponents[1 - player]
    return Finding(
        setting,
        f"exponent of R / (ln T)^({log_power}), {ROLES[player]}",
        at_most(float(power), str(power), SLACK),
        exponents[player],
        f"raw {trends[player].exponent().value:.3f}; {ROLES[1 - player]} {other.value:.3f}",
    )


def is_linear(setting: str, trend: Trend, player: int) -> Finding:
    """State that a player's regret grows like T."""
    return Finding(setting, f"exponent of R, {ROLES[player]}", about(1.0, "1", SLACK), trend.exponent())


def series_of(label: str, trends: Trends, rank: int, slope: float | None = None) -> tuple[Series, Series]:
    """Both players' curves in one colour, and the predicted slope beside the leader's."""
    leader, follower = (
        Series(label, tuple(map(float, trend.horizons)), trend.estimates(), rank, player)
        for player, trend in enumerate(trends)
    )
    return replace(leader, slope=slope), follower


def background(curves: Sequence[Curve]) -> tuple[Series, ...]:
    """Thin lines for the single instances behind an envelope, for both players."""
    return tuple(
        Series(curve.instance, tuple(map(float, curve.horizons)), curve.estimates(player), None, player)
        for player in (0, 1)
        for curve in curves
    )
