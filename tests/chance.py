"""What the oracle leaves to chance: drawn, or every way in which it can come out, with its probability."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias, TypeVar

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

    import numpy.typing as npt

    Numbers: TypeAlias = npt.NDArray[np.float64]

_T = TypeVar("_T")


@dataclass(frozen=True)
class Normal:
    """The normal law; with the deviation 0, which may be that of an infinite mean, the mean for sure."""

    mean: float
    deviation: float

    def draw(self, rng: Random) -> float:
        return rng.gauss(self.mean, self.deviation) if self.deviation else self.mean

    def below(self, x: Numbers) -> Numbers:
        return special.ndtr((x - self.mean) / self.deviation)

    def quantile(self, u: Numbers) -> Numbers:
        return self.mean + self.deviation * special.ndtri(u)


@dataclass(frozen=True)
class Beta:
    """The beta law, of the logarithm of the odds: draws that floats round to 0 or 1 are told apart.

    Beyond odds of `FAR` to one, the law's tails are powers of the odds, up to a part of `1 / FAR`.
    """

    ones: float
    zeros: float
    deviation = 1.0
    FAR: ClassVar = math.exp(34)

    def draw(self, rng: Random) -> float:
        won, lost = (
            math.log(rng.gammavariate(shape + 1, 1)) + math.log(1 - rng.random()) / shape
            for shape in (self.ones, self.zeros)
        )
        return won - lost

    def below(self, x: Numbers) -> Numbers:
        inside = special.betainc(self.ones, self.zeros, special.expit(x))
        with np.errstate(over="ignore"):
            low = np.exp(self.ones * x - math.log(self.ones) - special.betaln(self.ones, self.zeros))
            high = np.exp(-self.zeros * x - math.log(self.zeros) - special.betaln(self.ones, self.zeros))
        far = math.log(self.FAR)
        return np.where(x < -far, low, np.where(x > far, 1 - high, inside))

    def quantile(self, u: Numbers) -> Numbers:
        far = math.log(self.FAR)
        with np.errstate(divide="ignore"):
            inside = special.logit(special.betaincinv(self.ones, self.zeros, u))
        scale = special.betaln(self.ones, self.zeros)
        low = (np.log(u) + math.log(self.ones) + scale) / self.ones
        high = -(np.log1p(-u) + math.log(self.zeros) + scale) / self.zeros
        return np.where(low < -far, low, np.where(high > far, high, inside))


Law: TypeAlias = Normal | Beta


class Chance(Protocol):
    """What decides where a definition does not."""

    def draw(self, weights: Sequence[float]) -> int:
        """A place, with probability in proportion to its weight."""
        ...

    def largest(self, laws: Sequence[Law]) -> int:
        """The place of the largest of independent draws, the lowest one of ties."""
        ...


class Sure:
    """The chance of what is not random."""

    def draw(self, weights: Sequence[float]) -> int:
        raise AssertionError(f"a rule that should not be random draws a place by the weights {weights}")

    def largest(self, laws: Sequence[Law]) -> int:
        raise AssertionError(f"a rule that should not be random draws from {laws}")


class Drawn:
    """Chance from a generator."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def draw(self, weights: Sequence[float]) -> int:
        return self._rng.choices(range(len(weights)), weights)[0]

    def largest(self, laws: Sequence[Law]) -> int:
        drawn = [law.draw(self._rng) for law in laws]
        return drawn.index(max(drawn))


class Course:
    """One way in which everything comes out: as a script says, then the first of what is possible."""

    def __init__(self, script: tuple[int, ...]) -> None:
        self._script = script
        self.probability = 1.0
        self.taken: tuple[int, ...] = ()
        self.others: list[tuple[int, ...]] = []
        """Scripts of what else was possible after the end of this one."""

    def draw(self, weights: Sequence[float]) -> int:
        first, *others = [place for place, weight in enumerate(weights) if weight > 0]
        if len(self.taken) < len(self._script):
            place = self._script[len(self.taken)]
        else:
            place = first
            self.others += [(*self.taken, other) for other in others]
        self.taken += (place,)
        self.probability *= weights[place] / math.fsum(weights)
        return place

    def largest(self, laws: Sequence[Law]) -> int:
        return self.draw(chances_of_the_largest(tuple(laws)))


def every_course(play: Callable[[Course], _T]) -> Iterator[tuple[_T, float]]:
    """What `play` returns in each way in which its chance can come out, and the probability of that."""
    scripts: list[tuple[int, ...]] = [()]
    while scripts:
        course = Course(scripts.pop())
        yield play(course), course.probability
        scripts += course.others


NODES, WEIGHTS = np.polynomial.legendre.leggauss(300)


@cache
def chances_of_the_largest(laws: tuple[Law, ...]) -> tuple[float, ...]:
    """Probability of each place that its draw is the largest."""
    sure = [law.mean if isinstance(law, Normal) and not law.deviation else -math.inf for law in laws]
    if math.inf in sure or -math.inf not in sure:
        best = sure.index(max(sure))
        return tuple(float(place == best) for place in range(len(laws)))
    assert max(sure) == -math.inf, "laws with a density beside numbers"
    u = (NODES + 1) / 2
    chances = []
    for place, law in enumerate(laws):
        others = (*laws[:place], *laws[place + 1 :])
        x = law.quantile(u)
        chances.append(float((WEIGHTS / 2 * np.prod([other.below(x) for other in others], axis=0)).sum()))
    assert abs(sum(chances) - 1) < 1e-6, f"{laws}: {chances}"
    return tuple(chance / sum(chances) for chance in chances)
