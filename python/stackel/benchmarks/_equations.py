"""Systems of linear equations, solved exactly in whole numbers."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Whole: TypeAlias = npt.NDArray[np.object_]

_PRIME = 2**26 - 5
"""Sums of 2^10 products of two remainders fit 63 bits."""
_MANY = 12
"""Number of equations from which on solving them digit by digit is faster than elimination."""


class Solver(NamedTuple):
    """Solutions x of ``matrix @ x = right`` and of ``x @ matrix = left``, with a denominator."""

    right: Callable[[Any], tuple[Any, Any]]
    left: Callable[[Any], tuple[Any, Any]]


def solver_of(matrix: Whole) -> Solver | None:
    """Return what solves equations with a square matrix exactly; None if it is singular."""
    if _MANY <= len(matrix) < 2**10:
        inverse = _inverse_of_remainders(np.array(matrix % _PRIME, np.int64))
        if inverse is not None:
            return Solver(partial(_lifted, matrix, inverse), partial(_lifted, matrix.T, inverse.T))
    solved = inverse_of(matrix)
    if solved is None:
        return None
    whole, size = solved
    return Solver(lambda right: (whole @ right, size), lambda left: (left @ whole, size))


def inverse_of(matrix: Whole) -> tuple[Whole, int] | None:
    """Return whole numbers and a positive denominator of the inverse, by Bareiss's elimination."""
    n = len(matrix)
    table, last = np.column_stack([matrix, np.eye(n, dtype=np.int64).astype(object)]), 1
    for i in range(n):
        pivot = next((row for row in range(i, n) if table[row, i]), None)
        if pivot is None:
            return None
        table[[i, pivot]] = table[[pivot, i]]
        others = np.arange(n) != i
        table[others] = (table[others] * table[i, i] - table[others, i][:, np.newaxis] * table[i]) // last
        last = table[i, i]
    inverse = table[:, n:]
    return (inverse, last) if last > 0 else (-inverse, -last)


def _inverse_of_remainders(matrix: npt.NDArray[np.int64]) -> npt.NDArray[np.int64] | None:
    """Return the inverse modulo the prime, by elimination; None if there is none."""
    n = len(matrix)
    table = np.column_stack([matrix, np.eye(n, dtype=np.int64)])
    for i in range(n):
        pivot = i + int((table[i:, i] != 0).argmax())
        if not table[pivot, i]:
            return None
        table[[i, pivot]] = table[[pivot, i]]
        table[i] = table[i] * pow(int(table[i, i]), -1, _PRIME) % _PRIME
        factors = table[:, i].copy()
        factors[i] = 0
        table = (table - factors[:, np.newaxis] * table[i]) % _PRIME
    return table[:, n:]


def _lifted(matrix: Whole, inverse: npt.NDArray[np.int64], right: Whole) -> tuple[Whole, int]:
    """Return the solution from its digits in base of the prime, after J. D. Dixon (1982).

    By Cramer's rule and Hadamard's bound there are fractions of limited size only, so that enough digits
    tell them apart.
    """
    columns = math.prod(math.isqrt(norm) + 1 for norm in (matrix * matrix).sum(axis=0))
    limit = columns * (math.isqrt(int(right @ right)) + 1)
    digits, modulus, rest = [], 1, right
    while modulus <= 2 * limit * columns:
        digit = inverse @ (rest % _PRIME).astype(np.int64) % _PRIME
        digits.append(digit.astype(object))
        rest = (rest - matrix @ digits[-1]) // _PRIME
        modulus *= _PRIME
    solution, size = _joined(digits), 1
    for residue in solution:
        size *= _denominator(residue * size % modulus, modulus, limit)
    numerators = solution * size % modulus
    return np.where(numerators > limit, numerators - modulus, numerators), size


def _joined(digits: list[Whole]) -> Whole:
    """Return the numbers with these digits, the lowest first."""
    base = _PRIME
    while len(digits) > 1:
        upper = [*digits[1::2], *[0 * digits[0]] * (len(digits) % 2)]
        digits = [low + base * high for low, high in zip(digits[::2], upper, strict=True)]
        base *= base
    return digits[0]


def _denominator(residue: int, modulus: int, limit: int) -> int:
    """Return the denominator of the fraction with this residue and a numerator of at most `limit`."""
    if min(residue, modulus - residue) <= limit:
        return 1
    before, now, last, factor = modulus, residue, 0, 1
    while now > limit:
        quotient = before // now
        before, now = now, before - quotient * now
        last, factor = factor, last - quotient * factor
    return abs(factor)
