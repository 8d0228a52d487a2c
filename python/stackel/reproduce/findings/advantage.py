"""What a player gains by another learner, the other player's being the same."""

from __future__ import annotations

import math
from itertools import chain
from typing import TYPE_CHECKING

from stackel._utils.players import ROLES
from stackel.reproduce.evidence import Finding, Panel, Series, scaled
from stackel.reproduce.findings.calls import call_for
from stackel.reproduce.findings.growth import in_short, without_spread
from stackel.reproduce.findings.trend import Trend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.reproduce.evidence import Prediction
    from stackel.reproduce.experiments.lab import Regrets


def advantage(own: Sequence[Regrets], others: Sequence[Sequence[Regrets]], player: int) -> Trend:
    """Return how much more the best of other learners earns than the player's own, on average over games.

    `own` and each of the `others` are the regrets in the same games. The best is the best on average.
    """
    parts = [*own, *chain.from_iterable(others)]
    each = f"regret.reshape(*regret.shape[:-2], {len(others) + 1}, {len(own)}, 2)"
    mean = f"{each}.mean(axis=-2)[..., {player}]"
    return Trend.of(parts, f"{mean}[..., 0] - {mean}[..., 1:].min(axis=-1)")


def shortfall(own: Sequence[Regrets], others: Sequence[Sequence[Regrets]], player: int) -> Trend:
    """Return how much more the player's own learner earns than the best of others, on average over games."""
    trend = advantage(own, others, player)
    return Trend.of(trend.parts, f"-({trend.code})")


def gain_a_round(setting: str, trend: Trend, player: int, prediction: Prediction) -> Finding:
    """State what a player gains a round at the longest horizon."""
    last = [part.at(part.horizons[-1]) for part in trend.parts]
    horizon = last[0].horizons[0]
    return Finding(
        f"{setting}, T = {in_short(horizon)}",
        f"gain a round, {ROLES[player]}",
        prediction,
        scaled(trend.estimates()[-1], horizon),
        "; ".join(without_spread(last)),
        call_for(last, "number / horizons[0]", f"(number,) = {trend.code}\n"),
    )


def gain_series(label: str, trend: Trend, rank: int, player: int, parts: int = 1) -> Series:
    """Return the gain a round, in so many parts of a unit of utility, over the logarithm of the horizon."""
    horizons = trend.x_values()
    values = (scaled(each, T / parts) for T, each in zip(horizons, trend.estimates(), strict=True))
    return Series(label, tuple(map(math.log10, horizons)), tuple(values), rank, player)


def gain_panel(title: str, series: Sequence[Series], unit: str, level: str) -> Panel:
    """Draw such series, beside what they are gains over at the level 0."""
    return Panel(
        title,
        "log10 of the horizon T (rounds)",
        f"gain a round ({unit})",
        tuple(series),
        level=(0.0, level),
        log=False,
    )
