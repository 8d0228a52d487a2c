"""Linear programs for commitments, solved exactly in whole numbers.

A solver in floating point has an absolute tolerance, which a large utility anywhere makes coarse for all
others. The simplex method here has none. Its state are the actions with a positive probability and as many
tight conditions, so that a step needs a small system of equations and few utilities. Floating
point guesses the last state, and the prices of any state give a bound of the level.
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from stackel.benchmarks._equations import Solver, solver_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from stackel.benchmarks._equations import Whole

    Basis: TypeAlias = tuple[list[int], list[int]]
    Block: TypeAlias = Callable[[list[int], list[int] | slice], Any]

_FLOAT_ZERO = 1e-9
_LARGE = 40
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


class Guess(NamedTuple):
    """Last basis in floating point, and prices of the conditions: any that are >= 0 give a bound."""

    basis: Basis
    prices: npt.NDArray[np.object_]


def highest_level(
    block: Block, weights: npt.NDArray[np.int64], n_actions: int, basis: Basis | None = None
) -> Optimum | None:
    """Maximise the level z over mixtures x with ``rows @ x >= weights * z``.

    Parameters
    ----------
    block : function
        Returns the coefficients of given conditions and actions as an array of Python's whole numbers.
    weights : ndarray of int, shape (n_conditions,)
        1 for conditions on the level, of which there must be one, and 0 for the others.
    n_actions : int
        Number of actions.
    basis : (list of int, list of int), default None
        Where to start; None is the last basis in floating point.

    Returns
    -------
    Optimum or None
        None if no mixture meets the conditions.
    """
    exact = Simplex(block, weights, n_actions, solver_of, 0)
    if basis is None:
        guess = last_in_floats(block, weights, n_actions)
        basis = guess and guess.basis
    last = exact.last(basis if basis and exact.prices_suit(basis) else _start(block, weights))
    return last and exact.optimum(last)


def last_in_floats(
    block: Block, weights: npt.NDArray[np.int64], n_actions: int, enough: Fraction | None = None
) -> Guess | None:
    """Return where floating point ends; None if it fails.

    It ends at the first prices whose bound of the level is below `enough`.
    """
    exact = block(list(range(len(weights))), slice(None))
    tops = [1 << int(top).bit_length() for top in np.abs(exact).max(axis=1)]
    level = max(top for top, weight in zip(tops, weights, strict=True) if weight)
    tops = [level if weight else top for top, weight in zip(tops, weights, strict=True)]
    rows = (exact / np.array(tops, object)[:, np.newaxis]).astype(float)
    floats = Simplex(partial(entries, rows), weights, n_actions, _float_solver, _FLOAT_ZERO)
    if enough is not None:
        floats.enough = float(enough / level) - _FLOAT_ZERO
    last = floats.last(_start(block, weights), 10 * sum(rows.shape))
    if last is None:
        return None
    prices = [Fraction(max(0.0, price)) * level / top for price, top in zip(floats.prices, tops, strict=True)]
    return Guess(last, np.array(prices, object))


def _start(block: Block, weights: npt.NDArray[np.int64]) -> Basis:
    first = int(weights.argmax())
    return [int(block([first], slice(None))[0].argmax())], [first]


def vertex(block: Block, weights: npt.NDArray[np.int64], n_actions: int, basis: Basis) -> Whole | None:
    """Return the mixture at which the conditions of a basis are tight; None if there is none."""
    solve = solver_of(Simplex(block, weights, n_actions, solver_of, 0).matrix(*basis))
    if solve is None:
        return None
    point, size = solve.right(unit_vector(len(basis[0]), -1))
    return None if (point[:-1] < 0).any() else mixture_of(point[:-1], size, basis[0], n_actions)


def entries(table: Any, rows: list[int], columns: list[int] | slice) -> Any:
    """Return the entries of an array in some rows and columns."""
    return table[rows] if isinstance(columns, slice) else table[np.ix_(rows, columns)]


_ACTION, _ROW = range(2)
"""What a step of the dual simplex method does: an action enters, or a row leaves."""


class _Fault(NamedTuple):
    """What a basis violates."""

    action: int | None
    """Place of an action with a negative probability."""
    row: int
    """Else a condition that is missed."""
    short: Any
    """By how much, a negative number."""
    combination: Any
    """What the tight conditions contribute to it."""
    own: Any
    """What the condition itself says of each action."""


class Simplex:
    """Dual simplex method with Bland's rule; numbers are whole, or floats with a size that counts as zero."""

    enough = -math.inf
    """Level below which a bound is all that is asked for, in floats."""

    def __init__(
        self, block: Block, weights: npt.NDArray[np.int64], n_actions: int, solver: Any, zero: float
    ) -> None:
        self.block, self.n_actions = block, n_actions
        self.weights = weights.astype(object if zero == 0 else float)
        self.solver, self.zero = solver, zero
        self.prices = 0 * self.weights
        self._last: tuple[Basis, Any] = (([], []), None)

    def matrix(self, actions: list[int], rows: list[int]) -> Any:
        """Return the equations: tight conditions, and probabilities that add up to 1."""
        block = self.block(rows, actions)
        below = np.append(np.ones_like(block[:1]), np.zeros_like(block[:1, :1]), axis=1)
        return np.vstack([np.column_stack([block, -self.weights[rows]]), below])

    def _solved(self, actions: list[int], rows: list[int]) -> Any:
        """Return the solver of the equations, the prices of its conditions, negative, and their denominator.

        Those of the last basis are kept.
        """
        if self._last[0] != (actions, rows):
            solve = self.solver(self.matrix(actions, rows))
            unit = self._unit(len(rows), -1)
            self._last = (list(actions), list(rows)), solve and (solve, *solve.left(unit))
        return self._last[1]

    def _unit(self, n: int, i: int) -> Any:
        return unit_vector(n, i) if self.zero == 0 else unit_vector(n, i).astype(float)

    def prices_suit(self, basis: Basis) -> bool:
        """Return whether the steps can start here: prices and losses of other actions are not negative."""
        solved = self._solved(*basis)
        if solved is None:
            return False
        duals = solved[1]
        return not ((duals[:-1] > 0).any() or (self._across(duals, basis[1]) < 0).any())

    def _across(self, duals: Any, rows: list[int]) -> Any:
        return duals[:-1] @ self.block(rows, slice(None)) + duals[-1]

    def last(self, basis: Basis, steps: int | None = None) -> Basis | None:
        """Return the last basis; None if no mixture meets the conditions."""
        actions, rows = map(list, basis)
        while steps is None or steps > 0:
            steps = None if steps is None else steps - 1
            solved = self._solved(actions, rows)
            if solved is None:
                return None
            solve, duals, _ = solved
            point, _ = solve.right(self._unit(len(rows), -1))
            fault = self._fault(solve, point, actions, rows)
            if fault is None:
                self.prices[rows] = -duals[:-1]
                return actions, rows
            ways = self._ways(fault, duals, actions, rows)
            if self._is_enough(fault, ways, point[-1], duals, rows):
                return actions, rows
            if not ways:
                return None
            *_, kind, entering = min(ways, key=self._ratio)
            if fault.action is not None:
                del actions[fault.action]
            else:
                rows.append(fault.row)
            if kind == _ACTION:
                actions.append(entering)
            else:
                rows.remove(entering)
        return None

    def _fault(self, solve: Any, point: Any, actions: list[int], rows: list[int]) -> _Fault | None:
        """Return an action with a negative probability, else a condition that is missed, if there is one."""
        low = [(action, i) for i, action in enumerate(actions) if point[i] < -self.zero]
        if low:
            leaving = min(low)[1] if self.zero == 0 else int(point[:-1].argmin())
            combination, _ = solve.left(self._unit(len(rows), leaving))
            return _Fault(leaving, -1, point[leaving], combination, 0)
        slack = self.block(list(range(len(self.weights))), actions) @ point[:-1] - self.weights * point[-1]
        slack[rows] = 0
        missed = np.flatnonzero(slack < -self.zero)
        if not len(missed):
            return None
        worst = int(missed[0] if self.zero == 0 else slack.argmin())
        given = np.append(self.block([worst], actions)[0], -self.weights[worst])
        combination, size = solve.left(given)
        return _Fault(None, worst, slack[worst], combination, self.block([worst], slice(None))[0] * size)

    def _ways(
        self, fault: _Fault, duals: Any, actions: list[int], rows: list[int]
    ) -> list[tuple[Any, Any, int, int]]:
        """Return what can mend a fault: loss, gain, kind, and the action or row that enters or leaves."""
        gains, losses = fault.own - self._across(fault.combination, rows), self._across(duals, rows)
        gains[actions] = 0
        entering = [(losses[c], gains[c], _ACTION, int(c)) for c in np.flatnonzero(gains > self.zero)]
        pairs = zip(rows, duals, fault.combination, strict=False)
        return entering + [(-dual, gain, _ROW, row) for row, dual, gain in pairs if gain > self.zero]

    def _is_enough(self, fault: _Fault, ways: list[Any], level: Any, duals: Any, rows: list[int]) -> bool:
        """Return whether the next step ends below the level that is enough; its prices are kept then."""
        if self.enough == -math.inf:
            return False
        shortest = (loss / gain for loss, gain, *_ in ways)
        step = min(shortest, default=2.0 * (self.enough - level) / fault.short)
        if not level + step * fault.short < self.enough:
            return False
        self.prices[rows] = -duals[:-1] - step * fault.combination[:-1]
        if fault.action is None:
            self.prices[fault.row] = step
        return True

    def _ratio(self, way: tuple[Any, Any, int, int]) -> tuple[Any, ...]:
        loss, gain, *which = way
        return (Fraction(loss, gain) if self.zero == 0 else loss / gain, *which)

    def optimum(self, basis: Basis) -> Optimum:
        """Return what an exact last basis stands for."""
        actions, rows = basis
        solve, duals, scale = self._solved(actions, rows)
        point, size = solve.right(self._unit(len(rows), -1))
        prices = np.full(len(self.weights), Fraction(0), object)
        prices[rows] = [Fraction(-each, scale) for each in duals[:-1]]
        mixture = mixture_of(point[:-1], size, actions, self.n_actions)
        return Optimum(Fraction(point[-1], size), mixture, prices, basis)


def _float_solver(matrix: npt.NDArray[np.float64]) -> Solver | None:
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return None
    return Solver(lambda right: (inverse @ right, 1.0), lambda left: (left @ inverse, 1.0))


def unit_vector(n: int, i: int) -> Whole:
    """Return n + 1 numbers, of which number i is 1 and all others are 0."""
    found = np.full(n + 1, 0, object)
    found[i] = 1
    return found


def mixture_of(numerators: Whole, size: int, actions: list[int], n_actions: int) -> Whole:
    mixture = np.full(n_actions, Fraction(0), object)
    mixture[actions] = [Fraction(each, size) for each in numerators]
    return mixture
