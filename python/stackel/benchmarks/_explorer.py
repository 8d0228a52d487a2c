"""Central explorer: queries every outcome of a game, and finds a safe leader action.

After Y. Bai, C. Jin, H. Wang and C. Xiong, *Sample-Efficient Learning of Stackelberg Equilibria in
General-Sum Games*, NeurIPS 2021.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stackel._core import sample_outcomes
from stackel._utils.seeds import Seed, as_seed
from stackel._utils.validation import MAX_HORIZON, as_count, as_real, shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.noise import Bernoulli, Gaussian, Noise, StudentT, Uniform

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Exploration", "central_explorer"]


@dataclass(frozen=True, eq=False, repr=False)
class Exploration:
    """Result of `central_explorer`.

    Parameters
    ----------
    action : int
        The leader action with the largest estimated worst case.
    response : int
        The response with this worst case.
    value : float
        Estimate of the worst case: the leader's mean reward in (action, response).
    leader, follower : ndarray of float, shape (A, B)
        Mean rewards of both players.
    candidates : ndarray of bool, shape (A, B)
        Possible responses: within ``3 epsilon / 4`` of the follower's best mean reward.
    samples : int
        Number of queries of each outcome.
    total : int
        Total number of queries.
    """

    action: int
    response: int
    value: float
    leader: npt.NDArray[np.float64]
    follower: npt.NDArray[np.float64]
    candidates: npt.NDArray[np.bool_]
    samples: int
    total: int

    def __repr__(self) -> str:
        rows, columns = self.leader.shape
        return (
            f"Exploration(action {self.action}, response {self.response}, worst case {self.value:.6g}; "
            f"{self.samples} samples of each of {rows}x{columns} outcomes)"
        )


def central_explorer(
    game: Game,
    epsilon: float,
    delta: float = 0.05,
    *,
    samples: int | None = None,
    seed: Seed = None,
) -> Exploration:
    """Query every outcome equally often, and return the action with the best estimated worst case.

    With probability ``1 - delta`` the action's worst response among the follower's ``epsilon / 2``
    best is worth at least ``h(epsilon) - epsilon / 4`` to the leader: the largest utility that an action
    secures against responses within epsilon of best, minus a quarter of epsilon. The explorer is not a
    learner: it chooses outcomes freely and sees both players' rewards.

    Parameters
    ----------
    game : Game
        The game that is queried. Its noise is not `StudentT`, for which the guarantee does not hold.
    epsilon : float
        Accuracy, in units of utility, positive.
    delta : float, default 0.05
        Probability with which the guarantee may fail, between 0 and 1.
    samples : int, optional
        Queries of each outcome. By default ``ceil(128 s^2 ln(4 |A| |B| / delta) / epsilon^2)``, at most
        2**53, where s is the larger sub-Gaussian scale of the two noises, so that all means are within
        ``epsilon / 8`` (derived here: the paper gives only the order); fewer queries have no guarantee.
    seed : int, SeedSequence, Generator or None
        As in `stackel.simulate`.

    Returns
    -------
    Exploration

    Examples
    --------
    The follower's two responses to action 0 have nearly equal utilities for it, but not for the leader. The
    equilibrium is worth 1; at an accuracy of 0.1, action 0 may be worth nothing:

    >>> import stackel as sk
    >>> game = sk.Game([[1.0, 0.0], [0.5, 0.5]], [[0.51, 0.5], [0.5, 0.5]], noise=sk.Bernoulli())
    >>> found = sk.central_explorer(game, epsilon=0.1, seed=1)
    >>> found.action, round(found.value, 1), found.samples
    (1, 0.5, 18459)
    """
    if not isinstance(game, Game):
        raise SpecError("game", "a stackel.Game", shown(game))
    epsilon = as_real("epsilon", epsilon, above=0.0)
    delta = as_real("delta", delta, above=0.0)
    if delta >= 1:
        raise SpecError("delta", "less than 1", shown(delta))
    scale = max(_scale(noise) for noise in game.noise)
    samples = (
        _enough(game, scale, epsilon, delta)
        if samples is None
        else as_count("samples", samples, 1, MAX_HORIZON)
    )
    seed = as_seed(seed)
    spec = {"game": game, "epsilon": epsilon, "delta": delta, "samples": samples, "seed": seed}
    leader, follower = sample_outcomes(game.as_core(), samples, seed, spec)
    candidates = follower >= follower.max(axis=1, keepdims=True) - 0.75 * epsilon
    worst = np.where(candidates, leader, np.inf)
    action = int(worst.min(axis=1).argmax())
    response = int(worst[action].argmin())
    return Exploration(
        action=action,
        response=response,
        value=float(leader[action, response]),
        leader=leader,
        follower=follower,
        candidates=candidates,
        samples=samples,
        total=samples * game.leader.size,
    )


def _enough(game: Game, scale: float, epsilon: float, delta: float) -> int:
    """Return the queries after which all means are within epsilon / 8, with probability 1 - delta."""
    needed = 128 * (scale / epsilon) ** 2 * math.log(4 * game.leader.size / delta)
    if not needed <= MAX_HORIZON:
        raise SpecError("epsilon", "so large that 2**53 queries of each outcome suffice", shown(epsilon))
    return max(1, math.ceil(needed))


def _scale(noise: Noise) -> float:
    """Return the sub-Gaussian scale of a law, the largest of all outcomes."""
    match noise:
        case Gaussian(sigma=sigma):
            return float(np.max(sigma))
        case Uniform(half_width=half_width):
            return float(np.max(half_width)) / math.sqrt(3)
        case Bernoulli():
            return 0.5
        case StudentT():
            raise SpecError("game", "of light-tailed noise, for which the guarantee holds", str(noise))
        case _:
            return 0.0
