"""The one kind of linear program that questions about commitments lead to, solved by SciPy's HiGHS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel._utils.optional import require
from stackel.errors import RunError

if TYPE_CHECKING:
    import numpy.typing as npt

_OPTIMAL, _INFEASIBLE = 0, 2
_LIFT = 2.0
"""Added to both sides of every condition, as probabilities add up to 1: coefficients are in [1, 3] then, and
HiGHS neither drops those near 0 nor rescales rows so that a tolerance in them means less than it says."""
_DIGITS = 15
"""Decimals of a probability that are not rounding."""
_ATTEMPTS = (
    ("highs-ds", 1e-10, False),
    ("highs-ds", 1e-10, True),
    ("highs-ds", 1e-8, False),
    ("highs-ipm", 1e-7, True),
)
"""Method, tolerance and whether to presolve. All but the first are for conditions that nearly contradict
each other, by so little that a solver is not sure."""


class Optimum(NamedTuple):
    """Largest level, where it is attained, and which conditions keep it from being larger.

    Parameters
    ----------
    level : float
        The largest level.
    mixture : ndarray, shape (n_actions,)
        Probabilities that attain it.
    prices : ndarray, shape (n_conditions,)
        What relaxing each condition would add to the level, >= 0. A condition that has a price holds
        with equality wherever the level is attained.
    """

    level: float
    mixture: npt.NDArray[np.float64]
    prices: npt.NDArray[np.float64]


def highest_level(
    rows: npt.NDArray[np.float64], weights: npt.ArrayLike, floors: npt.ArrayLike
) -> Optimum | None:
    """Maximise the level z <= 1 over mixtures x with ``rows @ x >= weights * z + floors``.

    Parameters
    ----------
    rows : ndarray, shape (n_conditions, n_actions)
        Utilities in units of their range, so that 1 is more than any level can be.
    weights, floors : array_like, shape (n_conditions,) or scalar
        What each condition demands: weight 1 the level itself, weight 0 the floor alone.

    Returns
    -------
    Optimum or None
        None where no mixture meets the conditions.

    Raises
    ------
    RunError
        If the solver gives up, which it has no reason to at such sizes.
    """
    n_conditions, n_actions = rows.shape
    solve = partial(
        require("scipy.optimize", "stats").linprog,
        np.append(np.zeros(n_actions), -1.0),
        A_ub=np.column_stack([-rows - _LIFT, np.broadcast_to(weights, n_conditions)]),
        b_ub=-np.broadcast_to(floors, n_conditions) - _LIFT,
        A_eq=np.append(np.ones(n_actions), 0.0)[np.newaxis],
        b_eq=[1.0],
        bounds=[(0.0, None)] * n_actions + [(None, 1.0)],
    )
    for method, tolerance, presolve in _ATTEMPTS:
        options = dict.fromkeys(("primal_feasibility_tolerance", "dual_feasibility_tolerance"), tolerance)
        solution = solve(method=method, options={**options, "presolve": presolve})
        if solution.status == _INFEASIBLE:
            return None
        if solution.status == _OPTIMAL:
            mixture = np.maximum(solution.x[:-1], 0.0).round(_DIGITS)
            return Optimum(float(solution.x[-1]), mixture / mixture.sum(), -solution.ineqlin.marginals)
    raise RunError(f"a linear program of {n_conditions} conditions was not solved: {solution.message}")
