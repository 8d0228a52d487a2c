"""Exact benchmarks of regret.

Section 2 of the definitions page defines them, after Donahue et al. (2024). They are computed from
sorted gaps, without a grid, in O(n log n) for n outcomes.
Utilities and gaps that differ by rounding only count as equal, so that games with decimal utilities behave as
on paper, in any unit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.numbers import as_float, plain_parameters
from stackel._utils.players import ROLES
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, as_real, as_tolerance, shown
from stackel.benchmarks._alignment import alignment
from stackel.benchmarks._response import Guarantee, Rounded, follower_gaps, joining_tolerances
from stackel.benchmarks._ties import rounding, same
from stackel.errors import SpecError
from stackel.games._game import Game, as_game

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "Benchmark",
    "alignment",
    "best_responses",
    "near_optimal_actions",
    "self_tolerant",
    "stackelberg",
    "tolerance",
    "tolerant",
]

_MAX_ACTIONS = 2**31
_FLOATS = ("leader", "follower", "leader_epsilon", "follower_epsilon", "gamma")


@dataclass(frozen=True)
class Benchmark:
    """Utilities per round that the players' regrets are measured against.

    Parameters
    ----------
    kind : {"stackelberg", "tolerant", "self_tolerant"}
        Name of the definition.
    leader, follower : float
        The values ``alpha_1`` and ``alpha_2``, in units of utility.
    leader_epsilon, follower_epsilon : float
        Smallest tolerance e at which each player's infimum is attained; 0 for Stackelberg.
    gamma : float or None
        Largest allowed tolerance; None for Stackelberg.
    leader_action, follower_action : int or None
        The Stackelberg outcome. None for the tolerant benchmarks, whose two
        values have different tolerances and in general different outcomes.
    ambiguous : bool
        True if the Stackelberg value of a player depends on whether the follower breaks ties for or
        against the leader. False for tolerant benchmarks, which break no ties.
    """

    kind: str
    leader: float
    follower: float
    leader_epsilon: float = 0.0
    follower_epsilon: float = 0.0
    gamma: float | None = None
    leader_action: int | None = None
    follower_action: int | None = None
    ambiguous: bool = False

    def __post_init__(self) -> None:
        # Equal benchmarks have the same numbers: floats where the annotations say so.
        numbers = {name: as_float(getattr(self, name)) for name in _FLOATS}
        vars(self).update(plain_parameters(vars(self)) | {k: v for k, v in numbers.items() if v is not None})

    def __repr__(self) -> str:
        name = self.kind + ("" if self.gamma is None else f", gamma {self.gamma:.6g}")
        values = f"leader {self.leader:.6g}, follower {self.follower:.6g}"
        where = "tolerances" if self.leader_action is None else "actions"
        ties = "; ties of the follower matter" if self.ambiguous else ""
        return f"Benchmark({name}: {values}; {where} {', '.join(map(self._attained, ROLES))}{ties})"

    def _repr_html_(self) -> str:
        """Small table for notebooks."""
        name = self.kind.replace("_", "-") + ("" if self.gamma is None else f", gamma = {self.gamma:.4g}")
        where = f"<th>{'tolerance' if self.leader_action is None else 'action'}</th>"
        rows = "".join(
            f"<tr><th>{role}</th><td>{getattr(self, role):.6g}</td><td>{self._attained(role)}</td></tr>"
            for role in ROLES
        )
        note = "<tr><td colspan=3>ties of the follower matter</td></tr>" if self.ambiguous else ""
        head = f"<tr><th></th><th>utility a round</th>{where}</tr>"
        return f"<table><caption>{name} benchmark</caption>{head}{rows}{note}</table>"

    def _attained(self, role: str) -> str:
        """Return the index of the player's action, or the tolerance at which its value is attained."""
        action = getattr(self, f"{role}_action")
        return f"{getattr(self, f'{role}_epsilon'):.4g}" if action is None else str(action)


def best_responses(game: Game, epsilon: float = 0.0) -> npt.NDArray[np.bool_]:
    """Return the follower's near-best responses ``B_e(a)`` to every leader action.

    Parameters
    ----------
    game : Game
    epsilon : float, default 0.0
        Utility that the follower may give up, >= 0 or inf.

    Returns
    -------
    ndarray of bool, shape (n_leader, n_follower)
        True where ``d(a, b) <= epsilon``.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.1, 0.0], [0.6, 0.4]])
    >>> sk.best_responses(game, epsilon=0.1)
    array([[ True,  True],
           [ True, False]])
    """
    epsilon = as_tolerance("epsilon", epsilon)
    within: npt.NDArray[np.bool_] = follower_gaps(as_game(game)).clipped(epsilon) <= epsilon
    return within


def near_optimal_actions(game: Game, epsilon: float) -> npt.NDArray[np.bool_]:
    """Return the leader actions ``A_e`` that can look optimal at tolerance e.

    Parameters
    ----------
    game : Game
    epsilon : float
        Tolerance of both players, in units of utility, >= 0 or inf.

    Returns
    -------
    ndarray of bool, shape (n_leader,)
        True where ``M_e(a) >= h(e) - e``: with the best response in ``B_e``, the action is within e
        of the utility that the leader can secure.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.1, 0.0], [0.6, 0.4]])
    >>> sk.near_optimal_actions(game, 0.05), sk.near_optimal_actions(game, 0.1)
    (array([ True, False]), array([ True,  True]))
    """
    epsilon = as_tolerance("epsilon", epsilon)
    responses = best_responses(game, epsilon)
    worst = np.where(responses, game.leader, np.inf).min(axis=1)
    best = np.where(responses, game.leader, -np.inf).max(axis=1)
    secured = worst.max()
    needed = Rounded(np.where(same(secured, best), 0.0, secured - best), rounding(secured, best))
    near_optimal: npt.NDArray[np.bool_] = needed.clipped(epsilon) <= epsilon
    return near_optimal


def stackelberg(game: Game, ties: str = "strong") -> Benchmark:
    """Return the Stackelberg benchmark: the leader commits, the follower plays a best response.

    Ties between leader actions, and between responses with equal utilities for both players, go
    to the lowest index.

    Parameters
    ----------
    game : Game
    ties : {"strong", "weak"}, default "strong"
        Follower's ties broken for or against the leader.

    Returns
    -------
    Benchmark
        Values ``alpha_i = u_i(a*, b*(a*))``.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.stackelberg(sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.1, 0.0], [0.6, 0.4]])).leader
    0.6
    """
    as_game(game)
    rule = as_choice("ties", ties, ("strong", "weak"))
    strong, weak = stackelberg_outcome(game, "strong"), stackelberg_outcome(game, "weak")
    a, b = strong if rule == "strong" else weak
    return Benchmark(
        "stackelberg",
        float(game.leader[a, b]),
        float(game.follower[a, b]),
        leader_action=a,
        follower_action=b,
        ambiguous=not all(same(utility[strong], utility[weak]) for utility in (game.leader, game.follower)),
    )


def tolerant(game: Game, gamma: float) -> Benchmark:
    """Return the gamma-tolerant benchmark, which allows both players errors up to gamma.

    Parameters
    ----------
    game : Game
    gamma : float
        Largest tolerance, in units of utility, >= 0 or inf; see `tolerance` for the usual schedule.

    Returns
    -------
    Benchmark
        Values ``alpha_1 = inf h(e) + e`` and ``alpha_2 = inf (min_{a in A_e} max_b u2(a, b)) + e``,
        both over ``0 <= e <= gamma``. They are exact: the infima are attained.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.125, 0.0], [0.75, 0.5]])
    >>> benchmark = sk.tolerant(game, gamma=0.25)
    >>> benchmark.leader, benchmark.follower
    (0.6, 0.125)
    """
    gamma = as_tolerance("gamma", gamma)
    gaps = follower_gaps(as_game(game))
    guarantee = Guarantee.of(game.leader, gaps)
    joining = joining_tolerances(game.leader, gaps, guarantee).tolerances
    steps, best = Rounded(guarantee.starts, guarantee.rounding), game.follower.max(axis=1)
    leader, leader_epsilon = _infimum(steps.added_to(guarantee.values), steps, gamma)
    follower, follower_epsilon = _infimum(joining.added_to(best), joining, gamma)
    return Benchmark("tolerant", leader, follower, leader_epsilon, follower_epsilon, gamma)


def self_tolerant(game: Game, gamma: float) -> Benchmark:
    """Return the gamma-self-tolerant benchmark, which allows a player's own errors as well.

    It is weaker than `tolerant`: for each player, the outcome of an action in ``A_e`` and a response
    in ``B_e`` with the smallest utility counts.

    Parameters
    ----------
    game, gamma
        As in `tolerant`; the usual schedule has exponent 1/4.

    Returns
    -------
    Benchmark
        Values ``alpha_i = inf (min_{a in A_e} min_{b in B_e(a)} u_i(a, b)) + e`` over
        ``0 <= e <= gamma``. They are exact: the infima are attained.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.125, 0.0], [0.75, 0.5]])
    >>> benchmark = sk.self_tolerant(game, gamma=0.25)
    >>> benchmark.leader, benchmark.leader_epsilon
    (0.325, 0.125)
    """
    gamma = as_tolerance("gamma", gamma)
    gaps = follower_gaps(as_game(game))
    joining = joining_tolerances(game.leader, gaps, Guarantee.of(game.leader, gaps))
    # The outcome (a, b) counts from the smallest tolerance with a in A_e and b in B_e(a).
    entering = gaps.or_later(Rounded(*(each[:, np.newaxis] for each in joining.tolerances)))
    # Where e is the difference of a number and the utility itself, their sum is that number. Adding them
    # would lose it beside a large penalty.
    secured, utility = joining.secured[:, np.newaxis], joining.utility[:, np.newaxis]
    is_own = (entering.values == secured - game.leader) & (game.leader == utility)
    leader_totals = entering.added_to(game.leader, np.where(is_own, secured, np.nan))
    best = game.follower.max(axis=1, keepdims=True)
    is_gap = gaps.values >= joining.tolerances.values[:, np.newaxis]
    follower_totals = entering.added_to(game.follower, np.where(is_gap, best, np.nan))
    leader, leader_epsilon = _infimum(leader_totals, entering, gamma)
    follower, follower_epsilon = _infimum(follower_totals, entering, gamma)
    return Benchmark("self_tolerant", leader, follower, leader_epsilon, follower_epsilon, gamma)


def tolerance(
    game_or_shape: Game | tuple[int, int], horizon: int, exponent: float = 1 / 3, c: float = 1.0
) -> float:
    """Return the usual tolerance at horizon T, in utility: ``gamma_T = c (|A||B| ln T / T)**exponent``.

    Parameters
    ----------
    game_or_shape : Game or (n_leader, n_follower)
        Game, or its numbers of actions.
    horizon : int
        Number of rounds T, from 1, where the tolerance is 0, to 2**53.
    exponent : float, default 1/3
        Exponent: 1/3 for `tolerant`, 1/4 for `self_tolerant`.
    c : float, default 1.0
        Multiplier, in units of utility, >= 0.

    Examples
    --------
    >>> import stackel as sk
    >>> round(sk.tolerance((2, 2), 10_000), 4)
    0.1544
    """
    n_leader, n_follower = _as_shape(game_or_shape)
    horizon = as_count("horizon", horizon, 1, MAX_HORIZON)
    exponent = as_real("exponent", exponent, above=0.0)
    c = as_real("c", c, low=0.0)
    return float(c * (n_leader * n_follower * math.log(horizon) / horizon) ** exponent)


def stackelberg_outcome(game: Game, ties: str) -> tuple[int, int]:
    """Return the leader action and response of the outcome; ties go to the lowest index."""
    responses = best_responses(game)
    if ties == "strong":
        values = np.where(responses, game.leader, -np.inf).max(axis=1)
    else:
        values = np.where(responses, game.leader, np.inf).min(axis=1)
    a = int(np.argmax(same(values, values.max())))
    b = int(np.argmax(responses[a] & same(game.leader[a], values[a])))
    return a, b


def _infimum(totals: Rounded, epsilons: Rounded, gamma: float) -> tuple[float, float]:
    """Return the smallest total of those with ``epsilon <= gamma``, and the smallest such epsilon."""
    clipped = epsilons.clipped(gamma)
    allowed = clipped <= gamma
    candidates, (values, limits) = clipped[allowed], (each[allowed] for each in totals)
    least = values.argmin()
    attaining = np.flatnonzero(values - values[least] <= np.maximum(limits, limits[least]))
    chosen = attaining[np.argmin(candidates[attaining])]
    return float(values[chosen]), float(candidates[chosen])


def _as_shape(game_or_shape: object) -> tuple[int, int]:
    if isinstance(game_or_shape, Game):
        return game_or_shape.shape
    if not isinstance(game_or_shape, tuple | list) or len(game_or_shape) != 2:
        allowed = "a stackel.Game or a pair (n_leader, n_follower)"
        raise SpecError("game_or_shape", allowed, shown(game_or_shape))
    n_leader, n_follower = (as_count("game_or_shape", size, 1, _MAX_ACTIONS) for size in game_or_shape)
    return n_leader, n_follower
