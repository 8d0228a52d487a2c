"""Random games with a known correlation or alignment between the players.

Utilities are in [0, 1], so that every noise law fits. Equal seeds give equal games. The name of a game has
its size, its parameter and its seed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.memory import check_fits
from stackel._utils.validation import as_count, as_flag, as_real, shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.noise import Gaussian

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.noise import Noise

    NoisePair = Noise | tuple[Noise, Noise]

MAX_ACTIONS = 2**31
"""Largest number of actions of a player, beyond any matrix that fits in memory."""

_LARGEST_NAMED_SEED = 2**64 - 1
"""Larger ones are not shown in names."""
_GRID_BITS = 40
_BYTES_AN_OUTCOME = 64
"""Approximate memory for making a game."""


def random(
    n_leader: int, n_follower: int, seed: Seed, correlation: float = 0.0, *, noise: NoisePair = Gaussian(1.0)
) -> Game:
    """Return a game whose utilities are uniform on [0, 1], correlated between the players.

    Outcomes are independent of each other. The two utilities of an outcome are joined by the
    Gaussian copula with parameter ``2 sin(pi correlation / 6)``, for which the Pearson correlation
    of the uniforms is exactly `correlation` (K. Pearson, 1907).

    Parameters
    ----------
    n_leader, n_follower : int
        Numbers of actions.
    seed : int, SeedSequence, Generator or None
        Source of randomness.
    correlation : float, default 0.0
        From -1 (zero-sum up to a constant) to 1 (equal utilities).
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.random(3, 4, seed=1, correlation=1.0)
    >>> bool((game.leader == game.follower).all())
    True
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    correlation = as_real("correlation", correlation, low=-1.0)
    if correlation > 1.0:
        raise SpecError("correlation", "a number from -1 to 1", shown(correlation))
    # The ends are exact: rounding of the sine would add a little noise there.
    normal = correlation if abs(correlation) == 1.0 else 2.0 * math.sin(math.pi * correlation / 6.0)
    own, other = rng.standard_normal((2, *shape))
    mixed = normal * own + math.sqrt(1.0 - normal * normal) * other
    return Game(
        _normal_cdf(own),
        _normal_cdf(mixed),
        noise=noise,
        name=titled("random", shape, seed, f"correlation {correlation:g}" * bool(correlation)),
    )


def aligned(
    n_leader: int,
    n_follower: int,
    lipschitz: float,
    seed: Seed,
    flip: bool = False,  # noqa: FBT001, FBT002 the public signature is fixed
    *,
    noise: NoisePair = Gaussian(1.0),
) -> Game:
    """Return a random game with a given alignment constant L.

    In the order of the leader's utilities, those of the follower rise by a random fraction, from
    1 / L to 1, of the leader's rise; for one step this fraction is exactly 1 / L.

    Parameters
    ----------
    lipschitz : float
        L, finite and >= 1; a single outcome allows only 1. `alignment` returns it with a relative
        rounding error of about ``1e-15 * L * n_leader * n_follower``.
    flip : bool, default False
        True if the follower's utilities fall where the leader's rise.
    n_leader, n_follower, seed, noise
        As in `random`.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> round(sk.alignment(sk.games.aligned(3, 4, lipschitz=5.0, seed=1)), 9)
    5.0
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    lipschitz = as_real("lipschitz", lipschitz, low=1.0)
    if math.prod(shape) == 1 and lipschitz > 1.0:
        raise SpecError("lipschitz", "1 for a game with a single outcome", shown(lipschitz))
    rises = _rises(rng, shape)
    slopes = rng.uniform(1.0 / lipschitz, 1.0, rises.size)
    slopes[1:][_any_step(rng, rises)] = 1.0 / lipschitz
    rising = np.cumsum(slopes * rises)
    u1, u2 = _shuffled(rng, shape, np.cumsum(rises), 1.0 - rising if as_flag("flip", flip) else rising)
    return Game(u1, u2, noise=noise, name=titled("aligned", shape, seed, f"L = {lipschitz:g}"))


def affine(
    n_leader: int,
    n_follower: int,
    seed: Seed,
    slope: float = 1.0,
    intercept: float = 0.0,
    *,
    noise: NoisePair = Gaussian(1.0),
) -> Game:
    """Return a random game with ``u2 = slope * u1 + intercept``.

    Parameters
    ----------
    slope : float, default 1.0
        Slope; L is the larger of ``|slope|`` and ``1 / |slope|``. With 0 the follower is indifferent.
    intercept : float, default 0.0
        Intercept in units of utility; the follower's utilities may be outside [0, 1].
    n_leader, n_follower, seed, noise
        As in `random`.

    Returns
    -------
    Game

    Examples
    --------
    >>> import stackel as sk
    >>> sk.alignment(sk.games.affine(3, 4, seed=1, slope=-0.25, intercept=1.0))
    4.0
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    slope, intercept = as_real("slope", slope), as_real("intercept", intercept)
    (u1,) = _shuffled(rng, shape, np.cumsum(_rises(rng, shape)))
    return Game(
        u1, slope * u1 + intercept, noise=noise, name=titled("affine", shape, seed, f"slope {slope:g}")
    )


def near_miss(n_leader: int, n_follower: int, seed: Seed, *, noise: NoisePair = Gaussian(1.0)) -> Game:
    """Return a random game that is aligned except for one tie in the follower's utilities: L is inf.

    All other steps between neighbours have a slope from 1/2 to 1. Arguments are as in `random`; there must be
    at least two outcomes.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.alignment(sk.games.near_miss(3, 4, seed=1))
    inf
    """
    shape, rng = as_shape(n_leader, n_follower), as_rng(seed)
    if math.prod(shape) == 1:
        raise SpecError("n_follower", "at least 2 when there is one leader action", "1")
    rises = _rises(rng, shape)
    slopes = rng.uniform(0.5, 1.0, rises.size)
    slopes[1:][_any_step(rng, rises)] = 0.0
    u1, u2 = _shuffled(rng, shape, np.cumsum(rises), np.cumsum(slopes * rises))
    return Game(u1, u2, noise=noise, name=titled("near miss", shape, seed))


def _rises(rng: np.random.Generator, shape: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Return the increments of distinct utilities in (0, 1) in ascending order.

    They are on a dyadic grid, where sums and differences are exact: equal slopes stay equal in the game.
    Every increment is at least half the mean, so that rounding is small even in large games.
    """
    spacings = rng.exponential(size=math.prod(shape) + 1)
    spacings += spacings.mean()
    cells = np.floor(np.ldexp(spacings[:-1] / spacings.sum(), _GRID_BITS))
    rises: npt.NDArray[np.float64] = np.ldexp(cells, -_GRID_BITS)
    return rises


def _any_step(rng: np.random.Generator, rises: npt.NDArray[np.float64]) -> slice:
    """Return a random step between neighbours, as a slice; an empty one for a single outcome."""
    steps = rises.size - 1
    chosen = int(rng.integers(steps)) if steps else 0
    return slice(chosen, chosen + 1)


def _shuffled(
    rng: np.random.Generator, shape: tuple[int, int], *utilities: npt.NDArray[np.float64]
) -> list[npt.NDArray[np.float64]]:
    """Return matrices of this shape, with the pairs of utilities in random cells."""
    order = rng.permutation(math.prod(shape)).reshape(shape)
    return [utility[order] for utility in utilities]


def _normal_cdf(z: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return Phi elementwise; NumPy has no error function and SciPy is not a dependency."""
    tails = map(math.erfc, (-z / math.sqrt(2.0)).flat)
    return np.fromiter((0.5 * tail for tail in tails), np.float64, z.size).reshape(z.shape)


def as_shape(n_leader: int, n_follower: int) -> tuple[int, int]:
    rows = as_count("n_leader", n_leader, 1, MAX_ACTIONS)
    columns = as_count("n_follower", n_follower, 1, MAX_ACTIONS)
    check_game_fits(rows, columns)
    return rows, columns


def titled(kind: str, shape: tuple[int, int], seed: Any, *parameters: str) -> str:
    """Return the name of a random game: kind, size, parameters, and its seed if that is below 2**64."""
    source = seed.entropy if isinstance(seed, np.random.SeedSequence) and not seed.spawn_key else seed
    numbered = isinstance(source, int | np.integer) and int(source) <= _LARGEST_NAMED_SEED
    said = [f"{kind} {shape[0]}x{shape[1]}", *parameters, f"seed {source}" if numbered else ""]
    return ", ".join(filter(None, said))


def check_game_fits(n_leader: int, n_follower: int) -> None:
    """Raise SpecError if physical memory is too small to make a game of this size."""
    needed = _BYTES_AN_OUTCOME * n_leader * n_follower
    check_fits("n_leader", f"{n_leader} x {n_follower} actions", needed)


def as_rng(seed: Any) -> np.random.Generator:
    allowed = "an int >= 0, a numpy SeedSequence, a numpy Generator or None"
    sources = int | np.integer | np.random.SeedSequence | np.random.Generator | None
    # NumPy takes lists too, and crashes for a list that contains itself.
    if not isinstance(seed, sources) or (isinstance(seed, int | np.integer) and seed < 0):
        raise SpecError("seed", allowed, shown(seed))
    return np.random.default_rng(seed)
