"""Commitment to a mixture: the leader announces probabilities, the follower responds to them.

See section 2 of the definitions page. The follower sees the mixture and not the action that is drawn from
it. One linear program for each response finds the best mixture that induces it, after Conitzer and
Sandholm (2006); the treatment of ties against the leader is after von Stengel and Zamir (2010).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stackel._utils.arrays import as_mixture
from stackel._utils.texts import probabilities_text
from stackel._utils.validation import as_choice, as_share, as_tolerance
from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.benchmarks._inducible import Inducing
from stackel.benchmarks._ties import rounding, same
from stackel.errors import SpecError
from stackel.games._game import as_game

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.benchmarks._linear_program import Optimum
    from stackel.games._game import Game

__all__ = ["Commitment", "OptimalCommitment", "commit", "mixed_stackelberg"]

_SMALLEST_SHARE = 1e-6
_MOST_RESPONSES = 4096
_PASSED_OVER = 16
"""Responses that cannot be better than the best by more than its rounding times this are passed over."""


@dataclass(frozen=True, eq=False, repr=False)
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

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({probabilities_text(self.strategy)}, response {self.response}; "
            f"{self._worth()}payoffs {self.leader:.6g}, {self.follower:.6g}; margin {self.margin:.4g}, "
            f"{self.ties} ties)"
        )

    def _worth(self) -> str:
        return ""


@dataclass(frozen=True, eq=False, repr=False)
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

    def _worth(self) -> str:
        return f"value {self.value:.6g}{'' if self.attained else ', not attained'}; "


def commit(game: Game, strategy: npt.ArrayLike, ties: str = "strong", epsilon: float = 0.0) -> Commitment:
    """Return the outcome of a commitment to a mixture.

    Parameters
    ----------
    game : Game
    strategy : array_like, shape (n_leader,)
        Probability of each leader action.
    ties : {"strong", "weak"}, default "strong"
        Follower's ties broken for or against the leader; remaining ties go to the lowest index.
        Expected utilities that differ by rounding only count as tied.
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
    mixture = as_mixture("strategy", strategy, game.shape[0], game.leader_labels)
    epsilon = as_tolerance("epsilon", epsilon)
    return _outcome(game, mixture, _best_responses(game, mixture, epsilon), rule)


def mixed_stackelberg(game: Game, ties: str = "strong", shortfall: float = 1e-3) -> OptimalCommitment:
    """Return the best commitment to a mixture of the leader's actions.

    Unlike in `stackelberg`, the follower sees the mixture and not the action that is drawn from it. The
    leader gets at least as much, because an action is a mixture too.

    With ``ties="strong"`` the value is a maximum. With ``ties="weak"`` it is a supremum: at the best
    mixture the follower is often indifferent. In general the leader can come arbitrarily close to the
    strong value without reaching it. The function then returns, of the mixtures within `shortfall` of the
    supremum, the one with the largest margin of the follower's preference; the best action if none has a
    margin above rounding.

    Parameters
    ----------
    game : Game
        The game; with several leader actions, of at most 4096 responses.
    ties : {"strong", "weak"}, default "strong"
        Follower's ties broken for or against the leader.
    shortfall : float, default 1e-3
        Distance of the returned commitment from a supremum that is not attained, as a share of what the
        supremum is above the utility of the best action; from 1e-6 to 1.

    Returns
    -------
    OptimalCommitment
        One of the optimal commitments: the first pure one if there is any.

    See Also
    --------
    commit : The outcome of any other commitment.
    nash : Equilibria without commitment.

    Notes
    -----
    Strong: one linear program for each response finds the best mixture that induces it (V. Conitzer and T.
    Sandholm, EC 2006). Responses whose bound, by the prices of any of these programs, is above the best
    value by no more than rounding need none. Weak: a response counts only if it, with its *equivalents*, is
    the only best one to some mixture. Equivalent responses have equal utilities for the follower under
    every action; the worst of them for the leader counts (B. von Stengel and S. Zamir, Games and Economic
    Behavior 69, 2010). The programs are solved in exact arithmetic, and the values are then rounded.
    Responses are tied if their expected utilities differ by no more than the rounding of the utilities that
    they are sums of.

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
    (3.4995, 0.001)
    """
    as_game(game)
    rule = as_choice("ties", ties, ("strong", "weak"))
    shortfall = as_share("shortfall", shortfall, _SMALLEST_SHARE)
    if game.shape[0] > 1 and game.shape[1] > _MOST_RESPONSES:
        allowed = f"one of at most {_MOST_RESPONSES} responses, as each takes a linear program"
        raise SpecError("game", allowed, f"{game.shape[1]} responses")
    inducing, pure = Inducing(game), stackelberg(game, rule)
    action = np.where(np.arange(game.shape[0]) == pure.leader_action, 1.0, 0.0)
    outcome = _outcome(game, action, best_responses(game)[pure.leader_action], rule)
    found = _better_than(pure.leader, inducing, rule) if game.shape[0] > 1 else None
    if found is None:
        return _attaining(outcome)
    b, best, attained = found
    if attained is not None:
        return _attaining(attained)
    members, unit = inducing.equivalent(b), inducing.leader.unit
    given_up = Fraction(shortfall) * (best.level - Fraction(pure.leader) / unit)
    clearest = inducing.widest_margin(b, members, floor=best.level - given_up)
    if clearest is not None and clearest.level > 0:
        outcome = _outcome(game, _rounded(clearest.mixture), members, rule)
    return OptimalCommitment(**vars(outcome), value=float(best.level * unit), attained=False)


def _better_than(pure: float, inducing: Inducing, ties: str) -> _Found | None:
    """Return the response that is best to induce; None if an action is as good.

    The response with the highest bound is next. Prices that bound its value bound those of the others too: if
    utilities are opposed, one program decides nearly all.
    """
    game, unit = inducing.game, inducing.leader.unit
    tied = [inducing.equivalent(b) if ties == "weak" else _alone(inducing, b) for b in range(game.shape[1])]
    waiting = {b: np.flatnonzero(tied[b]) for b in range(game.shape[1]) if b == tied[b].argmax()}
    bounds = inducing.leader.whole.max(axis=1)
    best, slack = Fraction(pure) / unit, Fraction(float(rounding(pure))) / unit
    found: list[_Found] = []
    last: tuple[npt.NDArray[np.object_], int] | None = None
    while waiting:
        b = max(waiting, key=lambda b: min(bounds[waiting[b]]))
        settled = not found or any(each.outcome for each in found)
        limit = best + _PASSED_OVER * slack if settled else best - slack
        if min(bounds[waiting[b]]) <= limit:
            break
        members = waiting.pop(b)
        if last is not None:
            bounds = np.minimum(bounds, inducing.bounds(inducing.repriced(*last, b)))
        if min(bounds[members]) <= limit:
            continue
        guess = inducing.guess(b, tied[b], limit)
        if guess is not None:
            bounds = np.minimum(bounds, inducing.bounds(guess.prices))
        if min(bounds[members]) <= limit:
            continue
        optimum = inducing.best_value(b, tied[b], guess and guess.basis)
        if optimum is None:
            continue
        bounds, last = np.minimum(bounds, inducing.bounds(optimum.prices)), (optimum.prices, b)
        if optimum.level <= (best + slack if not found else best - optimum.rounding):
            continue
        if ties == "strong" or inducing.can_be_unique(b):
            best, slack = max((best, slack), (optimum.level, optimum.rounding))
            found.append(_Found(b, optimum, _attained(inducing, b, optimum, ties)))
            found = [each for each in found if each.optimum.level >= best - max(slack, each.optimum.rounding)]
    return max(found, key=lambda each: (each.outcome is not None, each.optimum.level), default=None)


class _Found(NamedTuple):
    """A response, the best way to induce it, and the outcome of a mixture that attains it, if any."""

    response: int
    optimum: Optimum
    outcome: Commitment | None


def _attained(inducing: Inducing, b: int, optimum: Optimum, ties: str) -> Commitment | None:
    game, played = inducing.game, _rounded(optimum.mixture)
    if ties == "strong":
        return _outcome(game, played, _alone(inducing, b), ties)
    outcome = _outcome(game, played, _best_responses(game, played, 0.0), ties)
    if Fraction(outcome.leader) / inducing.leader.unit >= optimum.level - optimum.rounding:
        return outcome
    mixture = inducing.secure(b, optimum)
    if mixture is None:
        return None
    played = _rounded(mixture)
    return _outcome(game, played, _best_responses(game, played, 0.0), ties)


def _rounded(mixture: npt.NDArray[np.object_]) -> npt.NDArray[np.float64]:
    return mixture.astype(float)


def _attaining(outcome: Commitment) -> OptimalCommitment:
    return OptimalCommitment(**vars(outcome), value=outcome.leader, attained=True)


def _alone(inducing: Inducing, b: int) -> npt.NDArray[np.bool_]:
    only: npt.NDArray[np.bool_] = np.arange(inducing.game.shape[1]) == b
    return only


def _best_responses(game: Game, mixture: npt.NDArray[np.float64], epsilon: float) -> npt.NDArray[np.bool_]:
    best = _expected(mixture, game.follower).argmax()
    lost, limits = _lost(mixture, game.follower, best)
    near: npt.NDArray[np.bool_] = lost - epsilon <= limits + rounding(
        epsilon if np.isfinite(epsilon) else 0.0
    )
    return near


def _outcome(
    game: Game,
    mixture: npt.NDArray[np.float64],
    responses: npt.NDArray[np.bool_],
    ties: str,
) -> Commitment:
    """Return the outcome of a mixture if the follower chooses from `responses`."""
    leader = _expected(mixture, game.leader)
    allowed = np.flatnonzero(responses)
    preferred = allowed[leader[allowed].argmax() if ties == "strong" else leader[allowed].argmin()]
    lost, limits = _lost(mixture, game.leader, preferred)
    response = int(np.argmax(responses & (np.abs(lost) <= limits)))
    equivalent = same(game.follower[:, [response]], game.follower).all(axis=0)
    lost, limits = _lost(mixture, game.follower, response)
    margin = lost[~equivalent].min(initial=np.inf)
    return Commitment(
        mixture,
        response,
        float(leader[response]),
        float(_expected(mixture, game.follower[:, [response]])[0]),
        float(margin) if (lost > limits)[~equivalent].all() else 0.0,
        ties,
    )


def _expected(mixture: npt.NDArray[np.float64], utility: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return expected utilities; sums of the rounded products are exact."""
    played = mixture > 0.0
    products = mixture[played, np.newaxis] * utility[played]
    return np.array([math.fsum(column) for column in products.T.tolist()])


def _lost(
    mixture: npt.NDArray[np.float64], utility: npt.NDArray[np.float64], b: Any
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the loss of expected utility by every response instead of b, with its rounding."""
    own = utility[:, [b]]
    return _expected(mixture, own - utility), mixture @ rounding(own, utility)
