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

    def landmarks(self) -> Numbers:
        """Where the law changes its shape."""
        return self.mean + self.deviation * np.array([-6.0, -2.0, 0.0, 2.0, 6.0])


@dataclass(frozen=True)
class Beta:
    """The beta law, of the logarithm of the odds: draws that floats round to 0 or 1 are told apart.

    Beyond `FAR`, the law's tails are exponential, up to a part of ``exp(-FAR)``.
    """

    ones: float
    zeros: float
    deviation = 1.0
    FAR: ClassVar = 34.0

    def draw(self, rng: Random) -> float:
        won, lost = (
            math.log(rng.gammavariate(shape + 1, 1)) + math.log(1 - rng.random()) / shape
            for shape in (self.ones, self.zeros)
        )
        return won - lost

    def below(self, x: Numbers) -> Numbers:
        return np.where(x < 0, self._tail(x), 1 - Beta(self.zeros, self.ones)._tail(-x))

    def quantile(self, u: Numbers) -> Numbers:
        low = self._tail_quantile(u)
        return np.where(low < 0, low, -Beta(self.zeros, self.ones)._tail_quantile(1 - u))

    def _tail(self, x: Numbers) -> Numbers:
        """The law below x < 0."""
        with np.errstate(over="ignore"):
            far = np.exp(self.ones * x - self._scale)
        return np.where(x < -self.FAR, far, special.betainc(self.ones, self.zeros, special.expit(x)))

    def _tail_quantile(self, u: Numbers) -> Numbers:
        """The inverse of that, and anything above 0 beyond."""
        with np.errstate(divide="ignore"):
            far = (np.log(u) + self._scale) / self.ones
            near = special.logit(special.betaincinv(self.ones, self.zeros, u))
        return np.where(far < -self.FAR, far, near)

    @property
    def _scale(self) -> float:
        return math.log(self.ones) + float(special.betaln(self.ones, self.zeros))

    def landmarks(self) -> Numbers:
        """Where the law changes its shape."""
        sides = np.array([0.0, 3.0, 10.0, 34.0, 100.0, 1 / self.ones, 1 / self.zeros])
        normal = Normal(math.log(self.ones / self.zeros), math.sqrt(1 / self.ones + 1 / self.zeros))
        return np.concatenate([-sides, sides, normal.landmarks()])


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


NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


@cache
def chances_of_the_largest(laws: tuple[Law, ...]) -> tuple[float, ...]:
    """Probability of each place that its draw is the largest."""
    sure = [law.mean if isinstance(law, Normal) and not law.deviation else -math.inf for law in laws]
    if math.inf in sure or -math.inf not in sure:
        best = sure.index(max(sure))
        return tuple(float(place == best) for place in range(len(laws)))
    assert max(sure) == -math.inf, "laws with a density beside numbers"
    landmarks = np.concatenate([law.landmarks() for law in laws])
    chances = []
    for place, law in enumerate(laws):
        others = (*laws[:place], *laws[place + 1 :])
        ends = np.unique([0.0, *law.below(landmarks), 1.0])
        lengths = np.diff(ends)[:, None]
        x = law.quantile(ends[:-1, None] + lengths * (NODES + 1) / 2)
        below = np.prod([other.below(x) for other in others], axis=0)
        chances.append(float((lengths * WEIGHTS / 2 * below).sum()))
    assert abs(sum(chances) - 1) < 1e-6, f"{laws}: {chances}"
    return tuple(chance / sum(chances) for chance in chances)
