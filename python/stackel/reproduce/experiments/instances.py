"""Games and benchmarks that change with the horizon.

Learners know the horizon, and the worst game for one horizon is not the worst for another. Games and
benchmarks are Python text: expressions in ``T``, the horizon, and for benchmarks in ``game``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.players import ROLES
from stackel.games import named
from stackel.reproduce.experiments.source import made_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stackel.games._game import Game

_WIDTH = 80
"""Most characters of a game in one line."""


def spelled(number: float) -> str:
    """Python for a number, as a simple fraction where that is the same number to the bit."""
    fraction = Fraction(number).limit_denominator(100)
    if float(fraction) != number or fraction.denominator == 1:
        return repr(number)
    return f"({fraction.numerator} / {fraction.denominator})"


@dataclass(frozen=True)
class Power:
    """The number ``factor (ln T)**log_power T**power`` at every horizon T."""

    factor: float
    power: float = 0.0
    log_power: float = 0.0

    def __rmul__(self, multiple: float) -> Power:
        return replace(self, factor=multiple * self.factor)

    @property
    def code(self) -> str:
        """The number as an expression in T."""
        logarithm = f" * np.log(T) ** {spelled(self.log_power)}" if self.log_power else ""
        return f"{self.factor!r}{logarithm}" + (f" * T ** {spelled(self.power)}" if self.power else "")


@dataclass(frozen=True)
class Instance:
    """A game at every horizon, made by calling a function of stackel."""

    name: str
    function: str
    arguments: tuple[str, ...] = ()
    """Expressions in T."""
    part: int | None = None
    """Place of the game where the function makes several."""

    @property
    def code(self) -> str:
        """The game as an expression in T; each argument on a line of its own where one line is too long."""
        part = "" if self.part is None else f"[{self.part}]"
        line = f"{self.function}({', '.join(self.arguments)}){part}"
        if len(line) <= _WIDTH:
            return line
        return "\n".join([f"{self.function}(", *(f"    {each}," for each in self.arguments), f"){part}"])

    def game(self, horizon: int) -> Game:
        """Return the game at a horizon."""
        game: Game = made_for(self.code, horizon)
        return game


STACKELBERG = "sk.stackelberg(game)"
SELF_TOLERANT = "sk.self_tolerant(game, sk.tolerance(game, T, exponent=0.25))"
"""The self-tolerant benchmark at ``gamma_T = (|A||B| ln T / T)^(1/4)``."""


def etc_failure() -> Instance:
    """Return the game etc_failure, the same at every horizon."""
    return Instance("etc_failure", "sk.games.etc_failure")


def with_gap(family: str, gap: Power, part: int, label: str, **options: int) -> Instance:
    """Return game I or II, `part` 0 or 1, of a pair with a gap that depends on the horizon.

    The family is a function of ``stackel.games`` of a gap and `options`.
    """
    given = tuple(f"{name}={value}" for name, value in options.items())
    name = ", ".join((f"{family} {'I' * (part + 1)}", *given, f"d = {label}"))
    return Instance(name, f"sk.games.{family}", (gap.code, *given), part)


def twins(family: str, gap: Power, label: str, **options: int) -> tuple[Instance, Instance]:
    """Return both games of a pair with a gap that depends on the horizon."""
    return with_gap(family, gap, 0, label, **options), with_gap(family, gap, 1, label, **options)


def lower_bound_pairs(gaps: Iterable[tuple[Power, str]]) -> tuple[Instance, ...]:
    """etc_failure, and both games of the lower-bound pair with each of several named gaps."""
    pairs = (twins("lower_bound", gap, label) for gap, label in gaps)
    return etc_failure(), *(instance for pair in pairs for instance in pair)


def in_units(name: str, leader: str, follower: str, unit: Power) -> Instance:
    """Return a game whose utilities are expressions times a unit that depends on the horizon."""
    return Instance(name, "sk.Game", (f"{unit.code} * {leader}", f"{unit.code} * {follower}"))


def with_noise(instance: Instance, scale: float) -> Instance:
    """Return the same game with Gaussian noise of another scale for both players."""
    noise = f"noise=sk.Gaussian({scale!r})"
    name = f"{instance.name}, sigma = {scale:g}"
    return replace(instance, name=name, arguments=(*instance.arguments, noise))


def with_coins(instance: Instance) -> Instance:
    """Return the same game with rewards that are 0 or 1; its utilities lie in [0, 1]."""
    name = f"{instance.name}, rewards 0 or 1"
    return replace(instance, name=name, arguments=(*instance.arguments, "noise=sk.Bernoulli()"))


def in_unit_range(name: str) -> Instance:
    """Return a named game with each player's utilities scaled to [0, 1]."""
    game = named(name)
    scaled = (
        f"(sk.games.named({name!r}).{role} - {float(utility.min())!r}) / {float(np.ptp(utility))!r}"
        for role, utility in zip(ROLES, (game.leader, game.follower), strict=True)
    )
    return Instance(f"{name} in [0, 1]", "sk.Game", tuple(scaled))
