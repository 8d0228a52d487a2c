"""Benchmarks in exact rational arithmetic, straight from their definitions and without any cleverness.

A game is a pair of lists of rows of Fractions. Between two neighbouring gaps all sets are constant except
``A_e``, which an action a can enter where ``e = h(e) - M_e(a)``. Every infimum is therefore attained at
0, at a gap or at a difference ``h_k - M_k(a)``; trying all of them at ``O(|A||B|)`` each is the whole method.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

Matrix = list[list[Fraction]]
Attained = tuple[Fraction, Fraction]


class RationalGame:
    def __init__(self, u1: Matrix, u2: Matrix) -> None:
        self.u1, self.u2 = u1, u2
        self.actions = range(len(u1))
        self.responses = range(len(u1[0]))

    def d(self, a: int, b: int) -> Fraction:
        return max(self.u2[a]) - self.u2[a][b]

    def best(self, a: int, e: Fraction) -> list[int]:
        """B_e(a)."""
        return [b for b in self.responses if self.d(a, b) <= e]

    def worst_value(self, a: int, e: Fraction) -> Fraction:
        """m_e(a)."""
        return min(self.u1[a][b] for b in self.best(a, e))

    def best_value(self, a: int, e: Fraction) -> Fraction:
        """M_e(a)."""
        return max(self.u1[a][b] for b in self.best(a, e))

    def h(self, e: Fraction) -> Fraction:
        return max(self.worst_value(a, e) for a in self.actions)

    def near_optimal(self, e: Fraction) -> list[int]:
        """A_e."""
        secured = self.h(e)
        return [a for a in self.actions if self.best_value(a, e) >= secured - e]

    def candidates(self, gamma: Fraction | None = None) -> list[Fraction]:
        """Where an infimum over ``0 <= e <= gamma`` can be attained; None is no bound on e."""
        gaps = {Fraction(0)} | {self.d(a, b) for a in self.actions for b in self.responses}
        crossings = {self.h(gap) - self.best_value(a, gap) for gap in gaps for a in self.actions}
        return sorted(e for e in gaps | crossings if e >= 0 and (gamma is None or e <= gamma))

    def tolerant(self, gamma: Fraction | None) -> list[Attained]:
        """(alpha_1, alpha_2), each with the smallest e that attains it."""
        candidates = self.candidates(gamma)
        return [
            min((self.h(e) + e, e) for e in candidates),
            min((min(max(self.u2[a]) for a in self.near_optimal(e)) + e, e) for e in candidates),
        ]

    def self_tolerant(self, gamma: Fraction | None) -> list[Attained]:
        """(alpha_1, alpha_2), each with the smallest e that attains it."""
        sets = [
            (e, [(a, b) for a in self.near_optimal(e) for b in self.best(a, e)])
            for e in self.candidates(gamma)
        ]
        return [
            min((min(u[a][b] for a, b in outcomes) + e, e) for e, outcomes in sets)
            for u in (self.u1, self.u2)
        ]

    def stackelberg(self, ties: str) -> tuple[int, int]:
        """Outcome (a*, b*(a*)), every tie that is left to the lowest index."""
        zero = Fraction(0)
        value = self.best_value if ties == "strong" else self.worst_value
        values = [value(a, zero) for a in self.actions]
        a = values.index(max(values))
        return a, next(b for b in self.best(a, zero) if self.u1[a][b] == values[a])

    def alignment(self) -> Fraction | None:
        """L over all pairs of outcomes; None stands for inf."""
        outcomes = [(self.u1[a][b], self.u2[a][b]) for a in self.actions for b in self.responses]
        steps = [(abs(x - u), abs(y - v)) for (x, y), (u, v) in combinations(outcomes, 2)]
        informative = [(dx, dy) for dx, dy in steps if dx or dy]
        if any(dx == 0 or dy == 0 for dx, dy in informative):
            return None
        return max((max(dx / dy, dy / dx) for dx, dy in informative), default=Fraction(1))
