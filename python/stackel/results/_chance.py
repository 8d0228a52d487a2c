"""Whether chance takes part in a run, and where its replications are alike all the same."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.benchmarks._ties import rounding, same
from stackel.games._changing import games_of
from stackel.learners import FixedAction, learner_schema
from stackel.learners._made import innermost
from stackel.noise import Bernoulli, Deterministic, Gaussian, StudentT, Uniform

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.games._game import Game
    from stackel.learners import Learner
    from stackel.noise import Noise


def alike_by_chance(
    values: npt.NDArray[np.float64],
    game: AnyGame,
    learners: Sequence[Learner],
    rounds: npt.NDArray[np.int64],
) -> npt.NDArray[np.bool_]:
    """Return where all of several replications of a run are alike although chance takes part in it.

    Such replications do not show a spread: other outcomes may be rare.

    Parameters
    ----------
    values : ndarray of float64, shape (2, R, K)
        Regrets of both players after `rounds` rounds, or deviations of their utilities.
    game : Game or ChangingGame
        The game.
    learners : pair of Learner
        Leader and follower.
    rounds : ndarray of int64, shape (K,)
        Checkpoints.

    Returns
    -------
    ndarray of bool, shape (2, K)

    Examples
    --------
    >>> import stackel as sk
    >>> game, rounds = sk.games.etc_failure(), np.array([10])
    >>> alike = np.ones((2, 5, 1))
    >>> alike_by_chance(alike, game, (sk.UCB(), sk.UCB()), rounds).tolist()
    [[True], [True]]
    >>> alike_by_chance(alike, game, (sk.FixedAction(0), sk.BestResponse()), rounds).tolist()
    [[False], [False]]
    """
    limits = np.max([_limits(each, rounds) for each in games_of(game)], axis=0)
    alike = np.ptp(values, axis=1) <= limits
    return alike if values.shape[1] > 1 and takes_part(game, learners) else np.zeros_like(alike)


def _limits(game: Game, rounds: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the spreads that ties make for both players, shape (2, K)."""
    return np.array([_rounding(utility, rounds) for utility in (game.leader, game.follower)])


def _rounding(utility: npt.NDArray[np.float64], rounds: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the spread that ties make after `rounds` rounds; -1 if all utilities tie: nothing can vary."""
    values = np.unique(utility)
    gaps = np.diff(values)[~same(values[1:], values[:-1])]
    if not gaps.size:
        return np.full(len(rounds), -1.0)
    ties = rounding(np.abs(values).max()) * rounds
    limits: npt.NDArray[np.float64] = np.minimum(ties, gaps.min() / 2)
    return limits


def takes_part(game: AnyGame, learners: Sequence[Learner]) -> bool:
    """Return whether chance can change a decision: by rewards that a learner sees, or in the learner itself.

    A learner that the registry does not know may be random.
    """
    means = [
        np.stack(several)
        for several in zip(*((each.leader, each.follower) for each in games_of(game)), strict=True)
    ]
    noisy = [_is_random(law, own) for law, own in zip(game.noise, means, strict=True)]
    return any(
        randomised or any(noisy[seat] for seat in seats)
        for randomised, seats in (_habits(learner, player) for player, learner in enumerate(learners))
    )


def _is_random(law: Noise, means: npt.NDArray[np.float64]) -> bool:
    match law:
        case Deterministic():
            return False
        case Gaussian(scale) | Uniform(scale) | StudentT(_, scale):
            return bool(np.any(scale))
        case Bernoulli():
            return not np.isin(means, (0, 1)).all()
    return True


def _habits(learner: Learner, player: int) -> tuple[bool, tuple[int, ...]]:
    """Return whether a learner randomises, and the players whose rewards it uses."""
    learner = innermost(learner)
    entry = _schema().get(type(learner).__name__)
    if entry is None:
        return True, ()
    at_random = "random" in {vars(learner).get(name) for name in ("ties", "first")}
    randomised = entry["randomised"] or at_random
    if isinstance(learner, FixedAction) or entry["sees"] in {"own means", "game"}:
        return randomised, ()
    return randomised, (0, 1) if entry["sees"] == "leader rewards" else (player,)


@cache
def _schema() -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in learner_schema()}
