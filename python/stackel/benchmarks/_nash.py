"""Nash equilibria of the game with simultaneous moves, computed here or by Nashpy or Gambit.

They show the leader's loss without commitment; see section 2 of the definitions page.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from stackel._utils.optional import require
from stackel._utils.texts import probabilities_text
from stackel._utils.validation import as_choice
from stackel.benchmarks._inducible import Utilities
from stackel.benchmarks._ties import merged, same
from stackel.benchmarks._vertices import best_of, vertices
from stackel.errors import StackelWarning
from stackel.games._game import as_game

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from stackel.games._game import Game

    Array: TypeAlias = npt.NDArray[np.float64]
    Profile: TypeAlias = tuple[Array, Array]

__all__ = ["Equilibrium", "nash"]

_SAME = 1e-7
_ZERO_PROBABILITY = 1e-12
_NO_GAIN = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium:
    """A pair of mixtures from which no player gains by deviating alone.

    Parameters
    ----------
    leader_strategy : ndarray, shape (n_leader,)
        Probability of each leader action; read-only.
    follower_strategy : ndarray, shape (n_follower,)
        Probability of each follower action; read-only.
    leader, follower : float
        Expected utilities of both players.
    gain : float
        Largest gain of any deviation by either player: 0 up to rounding.
    """

    leader_strategy: npt.NDArray[np.float64]
    follower_strategy: npt.NDArray[np.float64]
    leader: float
    follower: float
    gain: float

    def __post_init__(self) -> None:
        for strategy in (self.leader_strategy, self.follower_strategy):
            strategy.flags.writeable = False

    def __repr__(self) -> str:
        mixtures = " v ".join(map(probabilities_text, (self.leader_strategy, self.follower_strategy)))
        return (
            f"Equilibrium({mixtures}; payoffs {self.leader:.6g}, {self.follower:.6g}; gain {self.gain:.2g})"
        )


def best_replies(game: Game) -> npt.NDArray[np.bool_]:
    """Return where each player's action is best against the other's, shape (2, n_leader, n_follower).

    Utilities that differ by rounding only are equal.
    """
    own, theirs = game.leader, game.follower
    return np.stack([same(own, own.max(axis=0)), same(theirs, theirs.max(axis=1, keepdims=True))])


def pure_equilibria(game: Game) -> npt.NDArray[np.bool_]:
    """Return where both players' actions are best against each other, shape (n_leader, n_follower)."""
    leader, follower = best_replies(game)
    pure: npt.NDArray[np.bool_] = leader & follower
    return pure


def nash(game: Game, method: str = "vertex_enumeration") -> tuple[Equilibrium, ...]:
    """Return Nash equilibria of the game in which the follower does not see the leader's action.

    A game can have infinitely many equilibria. Each is then a convex combination of *extreme* ones, which are
    finitely many, and which two of the methods find; not every combination is an equilibrium.

    Parameters
    ----------
    game : Game
    method : str, default "vertex_enumeration"
        - ``"vertex_enumeration"``: all extreme equilibria, exact; utilities that differ by rounding only are
          equal.

        Or a function of another library. Of Nashpy (extra ``nash``), in floating point:

        - ``"support_enumeration"``: some. Rounding, which depends on the processor, hides others, in 4 to 6%
          of random 4x3 games. Nashpy warns when it finds an even number, as it also does of degenerate games.

        Functions of Gambit (package ``pygambit``, extra ``interop``), exact, with the shortest decimal of
        each utility:

        - ``"enummixed"``: all extreme equilibria;
        - ``"enumpure"``: all without mixing;
        - ``"lcp"``: some, by the paths of Lemke and Howson.

        Times grow exponentially with the number of actions, most slowly for ``"lcp"``.

    Returns
    -------
    tuple of Equilibrium
        Different equilibria, those with more weight on early actions first.

    Warns
    -----
    StackelWarning
        If a library returns a pair that is no equilibrium up to 1e-9 of the utilities that decide it, which
        is left out.

    See Also
    --------
    mixed_stackelberg : The best commitment, worth at least as much to the leader as any equilibrium.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    >>> [(e.leader_strategy, e.follower_strategy, e.leader) for e in sk.nash(game)]
    [(array([1., 0.]), array([1., 0.]), 2.0)]
    >>> sk.mixed_stackelberg(game).value
    3.5
    """
    as_game(game)
    solve = METHODS[as_choice("method", method, tuple(METHODS))]
    exact = solve is _by_vertices
    pairs = _distinct(solve(game, method), 0.0 if exact else _ZERO_PROBABILITY)
    equilibria = [_equilibrium(game, *pair) for pair in pairs if exact or _is_equilibrium(game, pair)]
    if len(equilibria) < len(pairs):
        wrong = len(pairs) - len(equilibria)
        message = f"{method} found {len(pairs)} pairs; {wrong} are left out because they are not equilibria"
        warnings.warn(message, StackelWarning, stacklevel=2)
    return tuple(sorted(equilibria, key=_early_actions_first))


def _by_vertices(game: Game, _: str) -> list[Profile]:
    """Return the pairs of vertices in which each player plays best responses only."""
    leader, follower = (Utilities.of(merged(utility)).whole for utility in (game.leader, game.follower))
    mine, theirs = (
        [(each, each > 0, best_of(utility, each)) for each in vertices(utility)]
        for utility in (follower, leader.T)
    )
    return [
        (x.astype(float), y.astype(float))
        for x, played, responses in mine
        for y, answered, actions in theirs
        if not (played & ~actions).any() and not (answered & ~responses).any()
    ]


def _with_nashpy(game: Game, method: str) -> list[Profile]:
    rows, columns = game.shape
    source = require("nashpy", "nash").Game(_for_nashpy(game.leader), _for_nashpy(game.follower.T).T)
    return [(x[:rows], y[:columns]) for x, y in getattr(source, method)()]


def _for_nashpy(utility: Array) -> Array:
    """Return the row player's utilities, scaled to [1, 2], with at least two actions of each player.

    Nashpy assumes bounded polytopes, which zeros make unbounded, and at least two dimensions. An added
    action is worth 0 to its player, who never plays it, and changes nothing for the other.
    """
    rows, columns = utility.shape
    scaled = 1.0 + (utility - utility.min()) / (np.ptp(utility) or 1.0)
    dominated = np.pad(scaled, ((0, max(0, 2 - rows)), (0, 0)))
    return np.pad(dominated, ((0, 0), (0, max(0, 2 - columns))), mode="edge")


def _with_gambit(game: Game, method: str) -> list[Profile]:
    gambit = require("pygambit", "interop")
    exact = np.vectorize(lambda utility: Fraction(repr(float(utility))), otypes=[object])
    table = getattr(gambit, "StrategicGame", gambit.Game)  # in pygambit 17, and in 16
    source = table.from_arrays(exact(game.leader), exact(game.follower))
    profiles = getattr(gambit.nash, f"{method}_solve")(source).equilibria
    x, y = (
        [np.array([float(probability) for _, probability in profile[player]]) for profile in profiles]
        for player in source.players
    )
    return list(zip(x, y, strict=True))


METHODS: dict[str, Callable[[Game, str], list[Profile]]] = {
    "vertex_enumeration": _by_vertices,
    "support_enumeration": _with_nashpy,
    # Nashpy's lemke_howson is left out: in floating point it may not terminate.
    "enummixed": _with_gambit,
    "enumpure": _with_gambit,
    "lcp": _with_gambit,
}


def _distinct(pairs: list[Profile], zero: float) -> list[Profile]:
    """Return the different pairs, with probabilities up to `zero` set to 0."""
    distinct: list[Profile] = []
    for pair in pairs:
        x, y = (np.where(strategy > zero, strategy, 0.0) for strategy in pair)
        clean = x / x.sum(), y / y.sum()
        if not any(all(map(_same, clean, other)) for other in distinct):
            distinct.append(clean)
    return distinct


def _same(one: Array, other: Array) -> bool:
    return bool(np.abs(one - other).max() <= _SAME)


def _gains(game: Game, pair: Profile) -> Array:
    """Return each player's gain by its best deviation."""
    x, y = pair
    responses = game.leader @ y, x @ game.follower
    return np.array([responses[0].max() - x @ responses[0], responses[1].max() - responses[1] @ y])


def _is_equilibrium(game: Game, pair: Profile) -> bool:
    x, y = pair
    sizes = np.array([x @ np.abs(utility) @ y for utility in (game.leader, game.follower)])
    rows, columns = np.abs(game.leader) @ y, x @ np.abs(game.follower)
    sizes += rows[(game.leader @ y).argmax()], columns[(x @ game.follower).argmax()]
    return bool((_gains(game, pair) <= _NO_GAIN * sizes).all())


def _equilibrium(game: Game, x: Array, y: Array) -> Equilibrium:
    leader, follower = (float(x @ utility @ y) for utility in (game.leader, game.follower))
    return Equilibrium(x, y, leader, follower, max(0.0, float(_gains(game, (x, y)).max())))


def _early_actions_first(equilibrium: Equilibrium) -> tuple[float, ...]:
    return tuple(-np.append(equilibrium.leader_strategy, equilibrium.follower_strategy))
