"""Findings about exponents of regret, and the curves that show them."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from stackel._utils.players import ROLES
from stackel.reproduce.evidence import Finding, Panel, Rate, Series, about, at_least, at_most, scaled
from stackel.reproduce.findings.calls import call_for
from stackel.reproduce.findings.trend import Trend, worst

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from stackel.reproduce.evidence import Prediction
    from stackel.reproduce.experiments.lab import Regrets

Trends: TypeAlias = tuple[Trend, Trend]
"""Of the leader and of the follower."""

SLACK = 0.03
"""How far a fitted exponent may be off the predicted one.

Over three decades it lets the constant in front of the power law drift by 23 per cent.
"""
TOP_DECADES = 4
"""Exponents are fitted over all horizons, and again over this many last decades."""


def worst_trends(parts: Sequence[Regrets]) -> Trends:
    """Worst-case regret of each player over instances; with a single instance, the regret in it."""
    return Trend.of(parts, worst(0)), Trend.of(parts, worst(1))


def windows(trend: Trend) -> Iterator[float]:
    """First horizons of the windows that exponents are fitted over: fixed before anything is played."""
    yield trend.x[0]
    top = trend.x[-1] / 10**TOP_DECADES
    if top > trend.x[0]:
        yield top


def grows_at_most(setting: str, trends: Trends, rate: Rate) -> tuple[Finding, ...]:
    """State that neither player's regret outgrows a rate, once a window."""
    return tuple(
        _larger(setting, (trends[0].since(first), trends[1].since(first)), rate)
        for first in windows(trends[0])
    )


def _larger(setting: str, trends: Trends, rate: Rate) -> Finding:
    """Report the player with the larger exponent; an undefined exponent counts as larger."""
    exponents = [trend.exponent(float(rate.log_power)) for trend in trends]
    player = max((0, 1), key=lambda i: math.inf if math.isnan(exponents[i].high) else exponents[i].high)
    other = exponents[1 - player]
    bound = at_most(float(rate.power), str(rate.power), SLACK)
    finding = has_exponent(setting, trends[player], player, bound, rate.log_power)
    return replace(finding, note=f"{finding.note}; {ROLES[1 - player]} {other.value:.3f}")


def is_linear(setting: str, trend: Trend, player: int) -> Finding:
    """State that a player's regret grows like T."""
    return has_exponent(setting, trend, player, about(1.0, "1", SLACK))


def grows_faster(setting: str, trend: Trend, player: int, rate: Rate) -> Finding:
    """State that a player's regret visibly outgrows a rate, in contrast to a claim.

    The logarithm counts here too: a regret of just that order has a raw exponent well above its power.
    """
    bound = at_least(float(rate.power) + SLACK, f"{rate.power} + {SLACK:g}")
    return has_exponent(setting, trend, player, bound, rate.log_power)


def has_exponent(
    setting: str,
    trend: Trend,
    player: int | None,
    prediction: Prediction,
    log_power: Fraction | int = 0,
    *,
    formula: str = "R",
) -> Finding:
    """State where the exponent of a trend, divided by ``(ln T)**log_power``, lies over its horizons."""
    logarithm = f" / (ln T)^({log_power})" if log_power else ""
    whose = "" if player is None else f", {ROLES[player]}"
    return Finding(
        f"{setting}, {span(trend)}",
        f"exponent of {formula}{logarithm}{whose}",
        prediction,
        trend.exponent(float(log_power)),
        "; ".join(
            [*([f"raw {trend.exponent().value:.3f}"] if log_power else []), *without_spread(trend.parts)]
        ),
        trend.exponent_call(float(log_power)),
    )


def size_exponent(setting: str, trend: Trend, quantity: str, prediction: Prediction) -> Finding:
    """State where the exponent of a size in a trend over sizes lies."""
    exponent, call = trend.exponent(), trend.exponent_call()
    return Finding(setting, f"exponent of {quantity}", prediction, exponent, call=call)


def per_round(setting: str, part: Regrets, player: int, prediction: Prediction) -> Finding:
    """State a player's regret a round at the longest horizon."""
    last = part.at(part.horizons[-1])
    return Finding(
        f"{setting}, T = {in_short(last.horizons[0])}",
        f"R / T, {ROLES[player]}",
        prediction,
        scaled(last.estimates(player)[0], last.horizons[0]),
        "; ".join(without_spread([last])),
        call=call_for([last], f"regret[0, 0, {player}] / horizons[0]"),
    )


def without_spread(parts: Sequence[Regrets]) -> Iterator[str]:
    """Say where all replications are alike by chance, so that intervals do not cover rare events."""
    horizons = sorted({horizon for part in parts for horizon in part.alike()})
    if horizons:
        yield f"replications alike at T = {', '.join(map(in_short, horizons))}: rare events may be missing"


def series_of(label: str, trends: Trends, rank: int, growth: Rate | None = None) -> tuple[Series, Series]:
    """Both players' curves in one colour, and the predicted growth beside the leader's."""
    leader, follower = (
        Series(label, trend.x_values(), trend.estimates(), rank, player)
        for player, trend in enumerate(trends)
    )
    return replace(leader, growth=growth), follower


def background(parts: Sequence[Regrets]) -> tuple[Series, ...]:
    """Thin lines for the single instances behind an envelope, for both players."""
    return tuple(
        Series(part.instance.name, tuple(map(float, part.horizons)), part.estimates(player), None, player)
        for player in (0, 1)
        for part in parts
    )


def over_horizons(title: str, y: str, series: Sequence[Series]) -> Panel:
    """Return a panel over horizons."""
    return Panel(title, "horizon T (rounds)", y, tuple(series))


def span(trend: Trend) -> str:
    """Name the horizons of a trend."""
    return f"T = {in_short(trend.x[0])} to {in_short(trend.x[-1])}"


def in_short(number: float) -> str:
    """Write 10,000 and more as 1e4 where one digit will do, and other numbers in full."""
    power = f"{number:.0e}".replace("e+0", "e").replace("e+", "e")
    return power if number >= 10_000 and float(power) == number else f"{number:,.15g}"
