"""Linear programs for commitments, solved exactly in whole numbers.

A solver in floating point has an absolute tolerance, which a large utility anywhere makes coarse for all
others. The simplex method here has none. Its state are the actions with a positive probability and as many
tight conditions, so that a step needs a small system of equations and few utilities.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Whole: TypeAlias = npt.NDArray[np.object_]
    Basis: TypeAlias = tuple[list[int], list[int]]
    Block: TypeAlias = Callable[[list[int], list[int] | slice], Any]

_FLOAT_ZERO = 1e-9
_LARGE = 400
"""Number of coefficients from which on floating point guesses where the exact method starts."""


class Optimum(NamedTuple):
    """Largest level, with probabilities that attain it and the prices of the conditions.

    Parameters
    ----------
    level : Fraction
        The largest level.
    mixture : ndarray of Fraction, shape (n_actions,)
        Probabilities that attain it.
    prices : ndarray of Fraction, shape (n_conditions,)
        Increase of the level for a relaxation of each condition, >= 0. A condition with a positive price
        holds with equality wherever the level is attained.
    basis : (list of int, list of int)
        Actions with a positive probability, and conditions that hold with equality.
    rounding : Fraction
        Rounding of the utilities that the level is a mean of.
    """

    level: Fraction
    mixture: npt.NDArray[np.object_]
    prices: npt.NDArray[np.object_]
    basis: Basis
    rounding: Fraction = Fraction(0)


def highest_level(block: Block, weights: npt.NDArray[np.int64], n_actions: int) -> Optimum | None:
    """Maximise the level z over mixtures x with ``rows @ x >= weights * z``.

    Parameters
    ----------
    block : function
        Returns the coefficients of given conditions and actions as an array of Python's whole numbers.
    weights : ndarray of int, shape (n_conditions,)
        1 for conditions on the level, of which there must be one, and 0 for the others.
    n_actions : int
        Number of actions.

    Returns
    -------
    Optimum or None
        None if no mixture meets the conditions.
    """
    first = int(weights.argmax())
    start = [int(block([first], slice(None))[0].argmax())], [first]
    everything = len(weights) * n_actions
    guess = _guess(block, weights, start) if everything >= _LARGE else None
    exact = Simplex(block, weights, n_actions, inverse_of, 0)
    basis = guess if guess is not None and exact.prices_suit(guess) else start
    found = exact.solve(basis)
    return None if found is None else _optimum(exact, *found)


def vertex(block: Block, weights: npt.NDArray[np.int64], n_actions: int, basis: Basis) -> Whole | None:
    """Return the mixture at which the conditions of a basis are tight; None if there is none."""
    matrix = Simplex(block, weights, n_actions, inverse_of, 0).matrix(*basis)
    solved = inverse_of(matrix, _unit(len(matrix))[:, -1:])
    if solved is None or (solved[0][:-1, 0] < 0).any():
        return None
    return mixture_of(solved[0][:-1, 0], solved[1], basis[0], n_actions)


def entries(table: Any, rows: list[int], columns: list[int] | slice) -> Any:
    """Return the entries of an array in some rows and columns."""
    return table[rows] if isinstance(columns, slice) else table[np.ix_(rows, columns)]


class Simplex:
    """Dual simplex method with Bland's rule; numbers are whole, or floats with a size that counts as zero."""

    def __init__(
        self, block: Block, weights: npt.NDArray[np.int64], n_actions: int, inverse: Any, zero: float
    ) -> None:
        self.block, self.n_actions = block, n_actions
        self.weights = weights.astype(object if zero == 0 else float)
        self.inverse, self.zero = inverse, zero
        self._last: tuple[Basis, Any] = (([], []), None)

    def matrix(self, actions: list[int], rows: list[int]) -> Any:
        """Return the equations: tight conditions, and probabilities that add up to 1."""
        block = self.block(rows, actions)
        below = np.append(np.ones_like(block[:1]), np.zeros_like(block[:1, :1]), axis=1)
        return np.vstack([np.column_stack([block, -self.weights[rows]]), below])

    def _solved(self, actions: list[int], rows: list[int]) -> Any:
        """Return the inverse of the equations and its denominator; that of the last basis is kept."""
        if self._last[0] != (actions, rows):
            self._last = (list(actions), list(rows)), self.inverse(self.matrix(actions, rows))
        return self._last[1]

    def prices_suit(self, basis: Basis) -> bool:
        """Return whether the steps can start here: prices and losses of other actions are not negative."""
        solved = self._solved(*basis)
        if solved is None:
            return False
        duals = solved[0][-1]
        return not ((duals[:-1] > 0).any() or (self._across(duals, basis[1]) < 0).any())

    def _across(self, duals: Any, rows: list[int]) -> Any:
        return duals[:-1] @ self.block(rows, slice(None)) + duals[-1]

    def solve(self, basis: Basis, steps: int | None = None) -> tuple[Basis, Any, Any] | None:
        """Return the last basis with its inverse and denominator; None if no mixture meets the conditions."""
        actions, rows = map(list, basis)
        everything = list(range(len(self.weights)))
        while steps is None or steps > 0:
            steps = None if steps is None else steps - 1
            solved = self._solved(actions, rows)
            if solved is None:
                return None
            inverse, size = solved
            duals, point = inverse[-1], inverse[:, -1]
            low = [(action, i) for i, action in enumerate(actions) if point[i] < -self.zero]
            if low:
                combination, own = inverse[min(low)[1]], 0
            else:
                slack = self.block(everything, actions) @ point[:-1] - self.weights * point[-1]
                slack[rows] = 0
                short = np.flatnonzero(slack < -self.zero)
                if not len(short):
                    return (actions, rows), inverse, size
                worst = int(short[0] if self.zero == 0 else slack.argmin())
                combination = np.append(self.block([worst], actions)[0], -self.weights[worst]) @ inverse
                own = self.block([worst], slice(None))[0] * size
            gains, losses = own - self._across(combination, rows), self._across(duals, rows)
            gains[actions] = 0
            ways = [(losses[c], gains[c], 0, int(c)) for c in np.flatnonzero(gains > self.zero)]
            ways += [
                (-duals[i], combination[i], 1, row)
                for i, row in enumerate(rows)
                if combination[i] > self.zero
            ]
            if not ways:
                return None
            *_, kind, entering = min(ways, key=self._ratio)
            if low:
                actions.remove(min(low)[0])
            else:
                rows.append(worst)
            if kind == 0:
                actions.append(entering)
            else:
                rows.remove(entering)
        return None

    def _ratio(self, way: tuple[Any, Any, int, int]) -> tuple[Any, ...]:
        loss, gain, *which = way
        return (Fraction(loss, gain) if self.zero == 0 else loss / gain, *which)


def _guess(block: Block, weights: npt.NDArray[np.int64], start: Basis) -> Basis | None:
    """Return the basis that floating point finds optimal, if it finds any."""
    exact = block(list(range(len(weights))), slice(None))
    tops = np.abs(exact).max(axis=1)
    tops[weights == 1] = tops[weights == 1].max()
    tops[tops == 0] = 1
    rows = (exact / tops[:, np.newaxis]).astype(float)
    approximate = Simplex(partial(entries, rows), weights, rows.shape[1], _float_inverse, _FLOAT_ZERO)
    found = approximate.solve(start, 10 * sum(rows.shape))
    return None if found is None else found[0]


def _float_inverse(matrix: npt.NDArray[np.float64]) -> tuple[npt.NDArray[Any], float] | None:
    try:
        return np.linalg.inv(matrix), 1.0
    except np.linalg.LinAlgError:
        return None


def _unit(n: int) -> Whole:
    return np.array([[int(i == j) for j in range(n)] for i in range(n)], object)


def inverse_of(matrix: Whole, right: Whole | None = None) -> tuple[Whole, int] | None:
    """Return whole numbers and a positive denominator of the inverse, by Bareiss's elimination.

    With `right`, the inverse times it.
    """
    n = len(matrix)
    table, last = np.column_stack([matrix, _unit(n) if right is None else right]), 1
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


def mixture_of(numerators: Whole, size: int, actions: list[int], n_actions: int) -> Whole:
    mixture = np.full(n_actions, Fraction(0), object)
    mixture[actions] = [Fraction(each, size) for each in numerators]
    return mixture


def _optimum(simplex: Simplex, basis: Basis, inverse: Whole, size: int) -> Optimum:
    actions, rows = basis
    prices = np.full(len(simplex.weights), Fraction(0), object)
    prices[rows] = [Fraction(-each, size) for each in inverse[-1, :-1]]
    mixture = mixture_of(inverse[:-1, -1], size, actions, simplex.n_actions)
    return Optimum(Fraction(inverse[-1, -1], size), mixture, prices, basis)
