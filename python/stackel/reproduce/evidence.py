"""Findings, series, panels: what an experiment shows, as plain data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

Verdict: TypeAlias = Literal["yes", "NO", "open"]


class Estimate(NamedTuple):
    """Measured value with its confidence interval."""

    value: float
    low: float
    high: float


def scaled(value: Estimate, unit: float) -> Estimate:
    """Return the value in another unit."""
    return Estimate(value.value / unit, value.low / unit, value.high / unit)


class Rate(NamedTuple):
    """Growth of order ``T**power (ln T)**log_power``."""

    power: Fraction
    log_power: Fraction = Fraction(0)


LINEAR = Rate(Fraction(1))
ROOT = Rate(Fraction(1, 2), Fraction(1, 2))
TWO_THIRDS = Rate(Fraction(2, 3), Fraction(1, 3))


@dataclass(frozen=True)
class Prediction:
    """Interval a measurement has to lie in, and how the theory states it."""

    text: str
    low: float = -math.inf
    high: float = math.inf

    def verdict(self, estimate: Estimate) -> Verdict:
        """Compare the whole measured interval with the predicted one; an undefined one leaves it open."""
        if self.low <= estimate.low and estimate.high <= self.high:
            return "yes"
        return "NO" if estimate.high < self.low or self.high < estimate.low else "open"


def at_most(bound: float, name: str, slack: float = 0.0) -> Prediction:
    """Predict no more than `bound`; `slack` is what a finite range may add to it."""
    return Prediction(f"≤ {name}" + (f" (+{slack:g})" if slack else ""), high=bound + slack)


def at_least(bound: float, name: str, slack: float = 0.0) -> Prediction:
    """Predict no less than `bound`; `slack` is what a finite range may take from it."""
    return Prediction(f"≥ {name}" + (f" (-{slack:g})" if slack else ""), low=bound - slack)


def about(target: float, name: str, slack: float) -> Prediction:
    """Predict `target`, give or take `slack`."""
    return Prediction(f"{name} (±{slack:g})", target - slack, target + slack)


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was predicted, what was measured."""

    setting: str
    """Who played what, and how long."""
    quantity: str
    prediction: Prediction
    measured: Estimate
    note: str = ""
    call: str = ""
    """Complete Python that prints the value, measured again. Empty where no game was played."""

    @property
    def verdict(self) -> Verdict:
        """Whether the measurement is as predicted, is not, or leaves it open."""
        return self.prediction.verdict(self.measured)


@dataclass(frozen=True)
class Series:
    """One curve: values with their intervals over x."""

    label: str
    x: tuple[float, ...]
    y: tuple[Estimate, ...]
    rank: int | None = 0
    """Place in the palette; None draws a thin grey line without an entry in the legend."""
    player: int | None = None
    """Whose curve it is: solid for the leader, 0, dashed for the follower, 1; None: of no player."""
    growth: Rate | None = None
    """Predicted growth, drawn as a dotted line beside the curve."""
    predicted: bool = False
    """The curve itself is what theory says and was not measured: dotted, without markers."""


@dataclass(frozen=True)
class Panel:
    """One pair of axes."""

    title: str
    x: str
    y: str
    series: tuple[Series, ...]
    level: tuple[float, str] | None = None
    """Height and name of a horizontal line: a proved constant, a predicted value."""
    threshold: tuple[float, str] | None = None
    """Place and name of a vertical line: where theory expects a change."""
    log: bool = True
    """Logarithmic axes; otherwise both are linear."""


@dataclass(frozen=True)
class Evidence:
    """Everything one claim's experiments gave; the panels are one figure."""

    findings: tuple[Finding, ...]
    panels: tuple[Panel, ...] = ()
