"""Vertices of best-response polytopes in whole numbers, by pivoting from each to its neighbours.

The polytope of a player has its mixtures x, with a utility of the other player that no response of that
player exceeds. After D. Avis and K. Fukuda (1992), but with a list of what was visited.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.benchmarks._equations import inverse_of, solver_of
from stackel.benchmarks._linear_program import Simplex, entries, mixture_of
from stackel.benchmarks._ties import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from stackel.benchmarks._equations import Whole

    State = tuple[frozenset[int], frozenset[int]]


def vertices(utility: Whole) -> list[Whole]:
    """Return the vertices, as mixtures of fractions.

    Parameters
    ----------
    utility : ndarray of int, shape (n_responses, n_actions)
        Utilities of the other player.
    """
    count, n_actions = utility.shape
    simplex = Simplex(partial(entries, -utility), np.ones(count, np.int64), n_actions, solver_of, 0)
    start = frozenset([0]), frozenset([int(utility[:, 0].argmax())])
    waiting, seen, found = [start], {start}, {}
    while waiting:
        actions, tight = map(sorted, waiting.pop())
        solved = inverse_of(simplex.matrix(actions, tight))
        if solved is None:
            raise RuntimeError("neighbouring bases are regular")
        inverse, size = solved
        mixture = mixture_of(inverse[:-1, -1], size, actions, n_actions)
        found[tuple(mixture)] = mixture
        new = [state for state in _neighbours(simplex, actions, tight, inverse, size) if state not in seen]
        seen.update(new)
        waiting += dict.fromkeys(new)
    return list(found.values())


def _neighbours(
    simplex: Simplex, actions: list[int], tight: list[int], inverse: Whole, size: int
) -> Iterator[State]:
    """Yield the bases of neighbours, several for one where more conditions are tight."""
    everything = list(range(len(simplex.weights)))
    block, point = simplex.block(everything, actions), inverse[:, -1]
    slack = block @ point[:-1] - point[-1]
    more = [a for a in range(simplex.n_actions) if a not in actions]
    for entering in (*((0, a) for a in more), *((1, row) for row in tight)):
        kind, which = entering
        if kind == 0:
            column = simplex.block(everything, [which])[:, 0]
            direction, own = -(inverse[:, :-1] @ column[tight] + inverse[:, -1]), column * size
        else:
            direction, own = inverse[:, tight.index(which)], 0
        moves = block @ direction[:-1] - direction[-1] + own
        ends = [(Fraction(point[i], -direction[i]), 0, a) for i, a in enumerate(actions) if direction[i] < 0]
        ends += [(Fraction(slack[j], -moves[j]), 1, j) for j in everything if j not in tight and moves[j] < 0]
        first = min((ratio for ratio, *_ in ends), default=None)
        for ratio, *leaving in ends:
            if ratio == first:
                yield _swapped(actions, tight, entering, tuple(leaving))


def _swapped(actions: list[int], tight: list[int], entering: Any, leaving: Any) -> State:
    played, conditions = set(actions), set(tight)
    played, conditions = (
        (played | {entering[1]}, conditions) if entering[0] == 0 else (played, conditions - {entering[1]})
    )
    return (
        (frozenset(played - {leaving[1]}), frozenset(conditions))
        if leaving[0] == 0
        else (frozenset(played), frozenset(conditions | {leaving[1]}))
    )


def best_of(utility: Whole, mixture: Whole) -> npt.NDArray[np.bool_]:
    """Return which responses are best against a mixture, up to rounding; arguments as in `vertices`."""
    expected = utility @ mixture
    top = int(expected.argmax())
    limits = Fraction(SHARE) * (np.maximum(abs(utility), abs(utility[top])) @ mixture)
    best: npt.NDArray[np.bool_] = (expected[top] - expected <= limits).astype(bool)
    return best
