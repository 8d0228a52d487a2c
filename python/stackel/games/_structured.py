"""Random games with the structure of applications.

Uniform utilities, independent between outcomes, are rare in practice. The games here have few outcomes that
pay, few hidden features, shared resources, or targets of unequal value.
Utilities are in [0, 1], so that every noise law fits. Equal seeds give equal games.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from stackel._utils.validation import as_count, as_real, as_share, shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.games._random import MAX_ACTIONS, as_rng, as_shape, titled
from stackel.noise import Gaussian

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.games._random import NoisePair

_MAX_RESOURCES = 2**16


def sparse(
    n_leader: int, n_follower: int, seed: Seed, density: float = 0.1, *, noise: NoisePair = Gaussian(1.0)
) -> Game:
    """Return a random game in which few outcomes pay: learners have to find them.

    Of all outcomes, ``ceil(density * n_leader * n_follower)`` are drawn without replacement. Their utilities
    are uniform on [0, 1], independent between the players; all others pay nothing to anybody.

    Parameters
    ----------
    density : float, default 0.1
        Share of the outcomes that pay, > 0 and at most 1.
    n_leader, n_follower, seed, noise
        As in `random`.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> int((sk.games.sparse(10, 10, seed=1, density=0.05).leader > 0).sum())
    5
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    density = as_share("density", density, low=0.0)
    if density == 0.0:
        raise SpecError("density", "a number above 0", shown(density))
    size = math.prod(shape)
    # A product such as 0.05 * 100 is a little more than 5, which is no further outcome.
    paying = rng.choice(size, math.ceil(density * size * (1.0 - 1e-12)), replace=False)
    utilities = np.zeros((2, size))
    utilities[:, paying] = rng.random((2, paying.size))
    leader, follower = utilities.reshape(2, *shape)
    return Game(leader, follower, noise=noise, name=titled("sparse", shape, seed, f"density {density:g}"))


def low_rank(
    n_leader: int, n_follower: int, rank: int, seed: Seed, *, noise: NoisePair = Gaussian(1.0)
) -> Game:
    """Return a random game whose actions are mixtures of a few topics: both matrices have a low rank.

    A leader action is a mixture of `rank` topics, uniform on the simplex, the same for both players. Every
    player has a utility for each topic and response, uniform on [0, 1]; the utility of an outcome is its mean
    over the action's topics. So ``u1`` and ``u2`` side by side have at most this rank, and a player that
    knows the mixtures can learn for all leader actions at once.

    Parameters
    ----------
    rank : int
        Number of topics.
    n_leader, n_follower, seed, noise
        As in `random`.

    Returns
    -------
    Game

    Examples
    --------
    >>> import numpy as np
    >>> import stackel as sk
    >>> game = sk.games.low_rank(20, 10, rank=3, seed=1)
    >>> int(np.linalg.matrix_rank(np.hstack([game.leader, game.follower])))
    3
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    rank = as_count("rank", rank, 1, min(MAX_ACTIONS, max(shape[0], 2 * shape[1])))
    mixtures = rng.dirichlet(np.ones(rank), shape[0])
    tables = rng.random((2, rank, shape[1]))
    # Rounding of a mean of numbers up to 1 can exceed 1.
    leader, follower = np.minimum(mixtures @ tables, 1.0)
    return Game(leader, follower, noise=noise, name=titled("low rank", shape, seed, f"rank {rank}"))


def congestion(
    n_leader: int,
    n_follower: int,
    seed: Seed,
    *,
    resources: int = 8,
    used: int = 3,
    noise: NoisePair = Gaussian(1.0),
) -> Game:
    """Return a random congestion game, such as two drivers that choose their ways (R. W. Rosenthal, 1973).

    Every action of both players is a way: `used` of the resources, drawn without replacement. A resource
    costs a player a number uniform on [0, 1/2] if it is alone there, and a further one if both are.
    The utility is 1 minus the mean cost of the way's resources. Such a game has an exact potential, and
    therefore a pure equilibrium.

    Parameters
    ----------
    resources : int, default 8
        Number of resources.
    used : int, default 3
        Number of resources of a way, at most `resources`.
    n_leader, n_follower, seed, noise
        As in `random`; two actions can be the same way.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> sk.games.congestion(3, 4, seed=1).shape
    (3, 4)
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    resources = as_count("resources", resources, 1, _MAX_RESOURCES)
    used = as_count("used", used, 1, resources)
    own, other = (_ways(rng, count, resources, used) for count in shape)
    alone, more = rng.uniform(0.0, 0.5, (2, resources))
    together = (own * more) @ other.T
    costs = (own @ alone)[:, np.newaxis] + together, other @ alone + together
    leader, follower = (np.clip(1.0 - cost / used, 0.0, 1.0) for cost in costs)
    name = titled("congestion", shape, seed, f"{used} of {resources} resources")
    return Game(leader, follower, noise=noise, name=name)


def security(
    n_leader: int,
    n_follower: int,
    seed: Seed,
    *,
    covered: int = 1,
    spread: float = 1.0,
    agreement: float = 0.8,
    noise: NoisePair = Gaussian(1.0),
) -> Game:
    """Return a random security game: the leader guards some targets, the follower sees where and attacks one.

    Values of targets are lognormal, as sizes of cities are (J. Eeckhout, 2004): a few are worth far more than
    the rest. The largest is 1. An attack on a target of values v (leader) and w (follower) that is not
    guarded pays ``(1 - v) / 2`` to the leader and ``(1 + w) / 2`` to the follower. Guarded, it pays
    ``(1 + g v) / 2`` and ``(1 - f w) / 2``, where g and f are uniform on [0, 1] for every target.

    Parameters
    ----------
    n_leader : int
        Number of patrols. Patrol i guards target ``i % n_follower`` and further ones at random.
    n_follower : int
        Number of targets.
    covered : int, default 1
        Number of targets that a patrol guards, at most `n_follower`.
    spread : float, default 1.0
        Standard deviation of the logarithm of a value, >= 0; at most 100.
    agreement : float, default 0.8
        Correlation of the logarithms of v and w, from -1 to 1.
    seed, noise
        As in `random`.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.security(4, 4, seed=1)
    >>> bool((game.follower.diagonal() <= 0.5).all())  # every patrol guards one target
    True
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    covered = as_count("covered", covered, 1, shape[1])
    spread = as_real("spread", spread, low=0.0, high=100.0)
    agreement = as_real("agreement", agreement, low=-1.0, high=1.0)
    first, second = rng.standard_normal((2, shape[1]))
    logarithms = np.array([first, agreement * first + math.sqrt(1.0 - agreement**2) * second])
    v, w = np.exp(spread * (logarithms - logarithms.max(axis=1, keepdims=True)))
    gain, loss = rng.random((2, shape[1]))
    guarded = _patrols(rng, shape, covered)
    leader = np.where(guarded, 1.0 + gain * v, 1.0 - v) / 2.0
    follower = np.where(guarded, 1.0 - loss * w, 1.0 + w) / 2.0
    name = titled("security", shape, seed, f"{covered} guarded", f"spread {spread:g}")
    return Game(leader, follower, noise=noise, name=name)


def _ways(rng: np.random.Generator, count: int, resources: int, used: int) -> npt.NDArray[np.float64]:
    """Return which resources each of `count` ways has, as rows of 0 and 1 with `used` ones."""
    ranks: npt.NDArray[np.intp] = rng.random((count, resources)).argsort(axis=1).argsort(axis=1)
    return (ranks < used).astype(float)


def _patrols(rng: np.random.Generator, shape: tuple[int, int], covered: int) -> npt.NDArray[np.bool_]:
    """Return which targets each patrol guards: its own, and random ones besides."""
    order = rng.random(shape)
    order[np.arange(shape[0]), np.arange(shape[0]) % shape[1]] = -1.0
    guarded: npt.NDArray[np.bool_] = order.argsort(axis=1).argsort(axis=1) < covered
    return guarded
