"""Linear programs for commitments, solved by SciPy's HiGHS."""

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
"""Constant added to both sides of every condition, which is allowed because probabilities add up to 1. It
moves coefficients to [1, 3]: HiGHS drops coefficients near 0, and rescales rows with other tolerances."""
_DIGITS = 15
"""Reliable decimals of a probability."""
_ATTEMPTS = (
    ("highs-ds", 1e-10, False),
    ("highs-ds", 1e-10, True),
    ("highs-ds", 1e-8, False),
    ("highs-ipm", 1e-7, True),
)
"""Method, tolerance and presolve. All except the first are for conditions that nearly contradict each other,
where a solver may fail."""


class Optimum(NamedTuple):
    """Largest level, with probabilities that attain it and the prices of the conditions.

    A price is the increase of the level for a relaxation of the condition, >= 0. A condition with a positive
    price holds with equality wherever the level is attained.
    """

    level: float
    mixture: npt.NDArray[np.float64]
    prices: npt.NDArray[np.float64]


def highest_level(
    rows: npt.NDArray[np.float64], weights: npt.ArrayLike, floors: npt.ArrayLike
) -> Optimum | None:
    """Maximise the level z <= 1 over mixtures x with ``rows @ x >= weights * z + floors``.

    Utilities in the rows, one for each condition, are in units of their range, so that no level is above 1.
    Weight 1 is for the level, weight 0 for the floor alone. None if no mixture meets the conditions; RunError
    if the solver fails, which is not expected at these sizes.
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
