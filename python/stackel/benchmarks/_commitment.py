"""Commitment to a mixture: the leader announces probabilities, the follower responds to them.

See section 2 of the definitions page. The follower sees the mixture and not the action that is drawn from
it. One linear program for each response finds the best mixture that induces it, after Conitzer and
Sandholm (2006); the treatment of ties against the leader is after von Stengel and Zamir (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.validation import as_choice, as_mixture, as_share, as_tolerance
from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.benchmarks._inducible import ROUNDING_ALLOWANCE, Inducing
from stackel.benchmarks._response import rounding
from stackel.errors import SpecError
from stackel.games._game import as_game

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.benchmarks._linear_program import Optimum
    from stackel.games._game import Game

__all__ = ["Commitment", "OptimalCommitment", "commit", "mixed_stackelberg"]

_SMALLEST_SHARE = 1e-6
_MOST_RESPONSES = 4096


@dataclass(frozen=True, eq=False)
class Commitment:
    """A mixture of the leader's actions, with its outcome.

    Parameters
    ----------
    strategy : ndarray, shape (n_leader,)
        Probability of each leader action; read-only.
    response : int
        The follower's response.
    leader, follower : float
        Expected utilities of both players.
    margin : float
        Follower's loss by the best response that is not equivalent to this one. With 0 the follower is
        indifferent, and a small error of either player can change its response; inf if all responses
        are equivalent.
    ties : {"strong", "weak"}
        Follower's ties broken for or against the leader.
    """

    strategy: npt.NDArray[np.float64]
    response: int
    leader: float
    follower: float
    margin: float
    ties: str

    def __post_init__(self) -> None:
        self.strategy.flags.writeable = False


@dataclass(frozen=True, eq=False)
class OptimalCommitment(Commitment):
    """Largest utility of a leader that commits to a mixture, with a mixture that (nearly) attains it.

    The pair ``(value, follower)`` can be used as a benchmark for games in which mixtures are seen.

    Parameters
    ----------
    strategy, response, leader, follower, margin, ties
        As in `Commitment`.
    value : float
        Supremum of the leader's utility over all mixtures.
    attained : bool
        True if ``leader`` is ``value``. With ties against the leader, mixtures may only come
        arbitrarily close to ``value``.
    """

    value: float
    attained: bool


def commit(game: Game, strategy: npt.ArrayLike, ties: str = "strong", epsilon: float = 0.0) -> Commitment:
    """Return the outcome of a commitment to a mixture.

    Parameters
    ----------
    game : Game
    strategy : array_like, shape (n_leader,)
        Probability of each leader action.
    ties : {"strong", "weak"}, default "strong"
        Follower's ties broken for or against the leader; remaining ties go to the lowest index.
        Expected utilities closer than 1e-9 of the follower's range count as tied.
    epsilon : float, default 0.0
        Expected utility that the follower may give up, >= 0 or inf: responses within it count as tied.

    Returns
    -------
    Commitment
        The follower's response and both players' expected utilities.

    See Also
    --------
    mixed_stackelberg : The best commitment.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> fair = sk.commit(game, [0.5, 0.5])
    >>> fair.response, fair.leader, fair.margin
    (1, 3.5, 0.0)
    """
    as_game(game)
    rule = as_choice("ties", ties, ("strong", "weak"))
    mixture = as_mixture("strategy", strategy, game.shape[0])
    epsilon = as_tolerance("epsilon", epsilon)
    inducing = Inducing(game)
    return _outcome(inducing, mixture, _best_responses(inducing, mixture, epsilon), rule)


def mixed_stackelberg(game: Game, ties: str = "strong", shortfall: float = 1e-3) -> OptimalCommitment:
    """Return the best commitment to a mixture of the leader's actions (extra ``stats``).

    Unlike in `stackelberg`, the follower sees the mixture and not the action that is drawn from it. The
    leader gets at least as much, because an action is a mixture too.

    With ``ties="strong"`` the value is a maximum. With ``ties="weak"`` it is a supremum: at the best
    mixture the follower is often indifferent. In general the leader can come arbitrarily close to the
    strong value without reaching it. The function then returns, of the mixtures within `shortfall` of the
    supremum, the one with the largest margin of the follower's preference.

    Parameters
    ----------
    game : Game
        The game; with several leader actions, of at most 4096 responses.
    ties : {"strong", "weak"}, default "strong"
        Follower's ties broken for or against the leader.
    shortfall : float, default 1e-3
        Distance of the returned commitment from a supremum that is not attained, as a share of the
        leader's range of utilities; from 1e-6 to 1.

    Returns
    -------
    OptimalCommitment
        One of the optimal commitments: the first pure one if there is any.

    Raises
    ------
    RunError
        If a linear program cannot be solved.

    See Also
    --------
    commit : The outcome of any other commitment.
    nash : Equilibria without commitment.

    Notes
    -----
    Strong: one linear program for each response finds the best mixture that induces it (V. Conitzer and T.
    Sandholm, EC 2006); responses whose bound is too low need none. Weak: a response counts only if it, with
    its *equivalents*, is the only best one to some mixture. Equivalent responses have equal utilities for the
    follower under every action; the worst of them for the leader counts (B. von Stengel and S. Zamir, Games
    and Economic Behavior 69, 2010). Values are exact up to 1e-9 of the leader's range. Utilities that differ
    by less than 1e-9 of a player's range count as equal; those that differ by up to 1e-6 of it may count as
    equal.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> strong = sk.mixed_stackelberg(game)
    >>> strong.value, strong.strategy, strong.margin
    (3.5, array([0.5, 0.5]), 0.0)

    There the follower is indifferent. To make its preference strict, the leader gives up a little:

    >>> weak = sk.mixed_stackelberg(game, ties="weak")
    >>> round(weak.leader, 6), round(weak.margin, 6)
    (3.497, 0.006)
    """
    as_game(game)
    rule = as_choice("ties", ties, ("strong", "weak"))
    shortfall = as_share("shortfall", shortfall, _SMALLEST_SHARE)
    if game.shape[0] > 1 and game.shape[1] > _MOST_RESPONSES:
        allowed = f"one of at most {_MOST_RESPONSES} responses, as each takes a linear program"
        raise SpecError("game", allowed, f"{game.shape[1]} responses")
    inducing, pure = Inducing(game), stackelberg(game, rule)
    candidates = _better_than(pure.leader, inducing, rule) if game.shape[0] > 1 else []
    if not candidates:
        action = np.where(np.arange(game.shape[0]) == pure.leader_action, 1.0, 0.0)
        return _attaining(_outcome(inducing, action, best_responses(game)[pure.leader_action], rule))
    b, best = max(candidates, key=_level)
    if rule == "strong":
        return _attaining(_outcome(inducing, best.mixture, _alone(inducing, b), rule))
    for response, optimum in candidates:
        mixture = inducing.secure(response, optimum)
        if mixture is not None:
            return _attaining(_outcome(inducing, mixture, _best_responses(inducing, mixture), rule))
    members = inducing.equivalent(b)
    clearest = inducing.widest_margin(b, members, floor=best.level - shortfall) or best
    outcome = _outcome(inducing, clearest.mixture, members, rule)
    return OptimalCommitment(**vars(outcome), value=inducing.as_utility(best.level), attained=False)


def _better_than(pure: float, inducing: Inducing, ties: str) -> list[tuple[int, Optimum]]:
    """Return the responses that are best to induce, with their optima; none if an action is as good."""
    n_follower = inducing.game.shape[1]
    tied = [inducing.equivalent(b) if ties == "weak" else _alone(inducing, b) for b in range(n_follower)]
    bounds = np.array([inducing.bound(b, tied[b]) for b in range(n_follower)])
    threshold = inducing.as_share(pure) + ROUNDING_ALLOWANCE
    found: list[tuple[int, Optimum]] = []
    for b in map(int, np.argsort(-bounds, kind="stable")):
        if bounds[b] <= threshold:
            break
        if b > np.argmax(tied[b]):  # an equivalent response has been tried
            continue
        optimum = inducing.best_value(b, tied[b])
        if optimum is None or optimum.level <= threshold:
            continue
        if ties == "strong" or inducing.can_be_unique(b):
            found.append((b, optimum))
            threshold = max(threshold, optimum.level - ROUNDING_ALLOWANCE)
    return [candidate for candidate in found if _level(candidate) > threshold]


def _level(candidate: tuple[int, Optimum]) -> float:
    return candidate[1].level


def _attaining(outcome: Commitment) -> OptimalCommitment:
    return OptimalCommitment(**vars(outcome), value=outcome.leader, attained=True)


def _alone(inducing: Inducing, b: int) -> npt.NDArray[np.bool_]:
    only: npt.NDArray[np.bool_] = np.arange(inducing.game.shape[1]) == b
    return only


def _best_responses(
    inducing: Inducing, mixture: npt.NDArray[np.float64], epsilon: float = 0.0
) -> npt.NDArray[np.bool_]:
    utilities: npt.NDArray[np.float64] = mixture @ inducing.game.follower
    near: npt.NDArray[np.bool_] = utilities >= utilities.max() - epsilon - inducing.indifference
    return near


def _outcome(
    inducing: Inducing,
    mixture: npt.NDArray[np.float64],
    responses: npt.NDArray[np.bool_],
    ties: str,
) -> Commitment:
    """Return the outcome of a mixture if the follower chooses from `responses`."""
    game, slack = inducing.game, rounding(inducing.game)
    leader, follower = mixture @ game.leader, mixture @ game.follower
    preferred = leader[responses].max() if ties == "strong" else leader[responses].min()
    response = int(np.argmax(responses & (np.abs(leader - preferred) <= slack)))
    others = follower[~inducing.equivalent(response)]
    margin = follower[response] - others.max(initial=-np.inf)
    return Commitment(
        mixture,
        response,
        float(leader[response]),
        float(follower[response]),
        0.0 if margin <= slack else float(margin),
        ties,
    )
