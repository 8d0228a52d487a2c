"""Games and benchmarks that change with the horizon, each with the Python that makes it again.

Learners are told the horizon, and so may the games be: the worst game for one horizon is not the
worst for another. The code of a scene uses the names ``T``, the horizon, and ``game``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from stackel import games
from stackel.benchmarks._benchmarks import self_tolerant, stackelberg, tolerance, tolerant
from stackel.games._game import Game
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stackel.benchmarks._benchmarks import Benchmark

PairFamily: TypeAlias = "Callable[..., tuple[Game, Game]]"
"""Function of ``stackel.games`` from a gap to two games, I and II."""


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

    def __call__(self, horizon: int) -> float:
        """Return the number at a horizon."""
        return float(self.factor * math.log(horizon) ** self.log_power * float(horizon) ** self.power)

    def __rmul__(self, multiple: float) -> Power:
        return replace(self, factor=multiple * self.factor)

    @property
    def code(self) -> str:
        """Python that gives the same number, to the bit."""
        logarithm = f" * math.log(T) ** {spelled(self.log_power)}" if self.log_power else ""
        return f"{self.factor!r}{logarithm}" + (f" * T ** {spelled(self.power)}" if self.power else "")


@dataclass(frozen=True)
class Instance:
    """A game at every horizon."""

    name: str
    game: Callable[[int], Game]
    code: str
    """Expression in T."""
    stream: str = ""
    """Instances with the same stream meet the same noise; by default those with the same code do."""


@dataclass(frozen=True)
class Against:
    """What regret is measured against."""

    name: str
    benchmark: Callable[[Game, int], Benchmark]
    code: str
    """Expression in game and T."""


STACKELBERG = Against("Stackelberg", lambda game, _: stackelberg(game), "sk.stackelberg(game)")


def at_fixed_gamma(gamma: float) -> Against:
    """Return the tolerant benchmark at one tolerance for all horizons."""
    return Against(
        f"tolerant, gamma = {gamma:g}",
        lambda game, _: tolerant(game, gamma),
        f"sk.tolerant(game, {gamma!r})",
    )


def at_gamma_of_horizon(c: float) -> Against:
    """Return the tolerant benchmark at ``gamma_T = c (|A||B| ln T / T)**(1/3)``."""
    return Against(
        "tolerant, gamma_T",
        lambda game, horizon: tolerant(game, tolerance(game, horizon, c=c)),
        f"sk.tolerant(game, sk.tolerance(game, T, c={c!r}))",
    )


def at_self_tolerance() -> Against:
    """Return the self-tolerant benchmark at ``gamma_T = (|A||B| ln T / T)**(1/4)``."""
    return Against(
        "self-tolerant, gamma_T",
        lambda game, horizon: self_tolerant(game, tolerance(game, horizon, exponent=0.25)),
        "sk.self_tolerant(game, sk.tolerance(game, T, exponent=0.25))",
    )


def at_fixed_self_tolerance(gamma: float) -> Against:
    """Return the self-tolerant benchmark at one tolerance for all horizons."""
    return Against(
        f"self-tolerant, gamma = {gamma:g}",
        lambda game, _: self_tolerant(game, gamma),
        f"sk.self_tolerant(game, {gamma!r})",
    )


def etc_failure() -> Instance:
    """Return the game etc_failure, the same at every horizon."""
    return Instance("etc_failure", lambda _: games.etc_failure(), "sk.games.etc_failure()")


def with_gap(family: PairFamily, gap: Power, part: int, label: str, **options: int) -> Instance:
    """Return one game of a pair with a gap that depends on the horizon.

    Parameters
    ----------
    family : function of stackel.games
        Makes the pair from a gap.
    gap : Power
        The gap.
    part : {0, 1}
        Game I or game II.
    label : str
        How to call the gap.
    options : int
        Further arguments of `family`.
    """
    given = "".join(f", {name}={value}" for name, value in options.items())
    return Instance(
        f"{family.__name__} {'I' * (part + 1)}{given}, d = {label}",
        lambda horizon: family(gap(horizon), **options)[part],
        f"sk.games.{family.__name__}({gap.code}{given})[{part}]",
    )


def twins(family: PairFamily, gap: Power, label: str, **options: int) -> Iterator[Instance]:
    """Both games of a pair with a gap that depends on the horizon."""
    return (with_gap(family, gap, part, label, **options) for part in (0, 1))


def in_units(name: str, base: Game, unit: Power) -> Instance:
    """Return a game whose utilities are those of `base` in units that depend on the horizon."""
    utilities = (f"{unit.code} * np.array({matrix.tolist()})" for matrix in (base.leader, base.follower))
    return Instance(
        name,
        lambda horizon: Game(unit(horizon) * base.leader, unit(horizon) * base.follower),
        f"sk.Game({', '.join(utilities)})",
    )


def noisier(instance: Instance, scale: float) -> Instance:
    """Return the same game with Gaussian noise of another scale for both players."""

    def game(horizon: int) -> Game:
        given = instance.game(horizon)
        return Game(given.leader, given.follower, noise=Gaussian(scale))

    made = f"sk.Game(game.leader, game.follower, noise=sk.Gaussian({scale!r}))"
    return Instance(f"{instance.name}, sigma = {scale:g}", game, f"(lambda game: {made})({instance.code})")
