"""Games of the literature by name, with the payoffs of their source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from stackel._utils.validation import as_choice
from stackel.games._game import Game, as_noise_pair
from stackel.noise import Gaussian

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stackel.noise import Noise

    Matrix = Sequence[Sequence[float]]

_DEMAND = 12
"""Price at which nobody buys, in the duopolies."""
_UNIT_COST = 2
"""Cost of one unit, in the Bertrand duopoly."""
_FIELDS, _SOLDIERS = 3, 5
"""Size of Colonel Blotto's battle."""
_BONUS = 2
"""What the lower claim gains and the higher one loses, in the traveler's dilemma."""


@dataclass(frozen=True)
class _Described:
    """Utilities and labels of a game; without labels of the follower, both players have the same."""

    leader: Matrix
    follower: Matrix
    leader_labels: Sequence[str]
    follower_labels: Sequence[str] | None = None

    def named(self, name: str, noise: Noise | tuple[Noise, Noise]) -> Game:
        return Game(
            self.leader,
            self.follower,
            noise=noise,
            name=name,
            leader_labels=self.leader_labels,
            follower_labels=self.follower_labels or self.leader_labels,
        )


def _symmetric(leader: Matrix, labels: Sequence[str]) -> _Described:
    """Return a game in which the players can change places."""
    return _Described(leader, np.transpose(leader).tolist(), labels)


def _zero_sum(leader: Matrix, labels: Sequence[str]) -> _Described:
    return _Described(leader, (-np.array(leader)).tolist(), labels)


def _common(leader: Matrix) -> _Described:
    """Return a game in which both players receive the same."""
    rows, columns = (tuple(f"{player}{k + 1}" for k in range(len(leader))) for player in "ab")
    return _Described(leader, leader, rows, columns)


def _bertrand() -> _Described:
    """Return the duopoly in prices: the cheaper firm sells all, equal prices share the demand."""
    prices = np.arange(_UNIT_COST, (_DEMAND + _UNIT_COST) // 2 + 1, dtype=float)
    own, other = prices[:, np.newaxis], prices
    share = np.where(own < other, 1.0, np.where(own == other, 0.5, 0.0))
    return _symmetric(
        (share * (own - _UNIT_COST) * (_DEMAND - own)).tolist(), [f"price {price:g}" for price in prices]
    )


def _cournot() -> _Described:
    """Return the duopoly in quantities.

    The leader's grid is twice as wide as the follower's, so that the follower's best response to every
    quantity, half of what is left of the demand, is on the grid and is the only one.
    """
    own, other = np.arange(0.0, _DEMAND + 1, 2)[:, np.newaxis], np.arange(0.0, _DEMAND / 2 + 1)
    price = _DEMAND - own - other
    labels = [[f"quantity {quantity:g}" for quantity in grid.ravel()] for grid in (own, other)]
    return _Described((own * price).tolist(), (other * price).tolist(), *labels)


def _contract() -> _Described:
    """Return a principal that offers a share of the output to an agent that chooses its effort."""
    tenths = np.arange(11)[:, np.newaxis]
    share, output, cost = tenths / 10, np.array([2.0, 6.0, 10.0]), np.array([0.0, 1.0, 3.2])
    return _Described(
        ((1 - share) * output).tolist(),
        (share * output - cost).tolist(),
        [f"share {tenth}/10" for tenth in tenths.ravel()],
        ("no effort", "low effort", "high effort"),
    )


def _blotto() -> _Described:
    """Return the battle in which each field goes to the larger army; the payoff is fields won minus lost."""
    places = range(_SOLDIERS + 1)
    armies = [(a, b, _SOLDIERS - a - b) for a in places for b in places if a + b <= _SOLDIERS]
    own = np.array(armies)
    won = np.sign(own[:, np.newaxis] - own).sum(axis=2, dtype=float)
    return _zero_sum(won.tolist(), ["-".join(map(str, army)) for army in armies])


def _travelers() -> _Described:
    """Return the game of two claims of 2 to 100: both receive the lower one, and the lower a bonus."""
    own = np.arange(2.0, 101.0)[:, np.newaxis]
    received = np.minimum(own, own.T) + _BONUS * np.sign(own.T - own)
    return _symmetric(received.tolist(), [f"claim {claim:g}" for claim in own.ravel()])


_MADE: dict[str, Callable[[], _Described]] = {
    "prisoners_dilemma": lambda: _symmetric([[3, 0], [5, 1]], ("cooperate", "defect")),
    "stag_hunt": lambda: _symmetric([[4, 0], [3, 3]], ("stag", "hare")),
    "chicken": lambda: _symmetric([[6, 2], [7, 0]], ("swerve", "straight")),
    "battle_of_the_sexes": lambda: _Described(
        [[2, -1], [-1, 1]], [[1, -1], [-1, 2]], ("prize fight", "ballet")
    ),
    "matching_pennies": lambda: _zero_sum([[1, -1], [-1, 1]], ("heads", "tails")),
    "rock_paper_scissors": lambda: _zero_sum(
        [[0, -1, 1], [1, 0, -1], [-1, 1, 0]], ("rock", "paper", "scissors")
    ),
    "bagwell": lambda: _Described([[5, 3], [6, 4]], [[2, 1], [3, 4]], ("S", "C")),
    "conitzer_sandholm": lambda: _Described(
        [[2, 4], [1, 3]], [[1, 0], [0, 1]], ("up", "down"), ("left", "right")
    ),
    "von_stengel_zamir": lambda: _Described(
        [[2, 4, 1], [1, 3, 0]], [[1, 0, 0], [0, 1, 1]], ("up", "down"), ("left", "right", "right'")
    ),
    "climbing": lambda: _common([[11, -30, 0], [-30, 7, 6], [0, 0, 5]]),
    "penalty": lambda: _common([[10, 0, -100], [0, 2, 0], [-100, 0, 10]]),
    "bertrand": _bertrand,
    "cournot": _cournot,
    "inspection": lambda: _Described(
        [[-0.25, -0.5], [0, -1]], [[0, -1], [0, 1]], ("inspect", "do not inspect"), ("comply", "violate")
    ),
    "security": lambda: _Described(
        [[5, -1], [-5, 2]], [[-3, 1], [5, -1]], ("cover 1", "cover 2"), ("attack 1", "attack 2")
    ),
    "contract": _contract,
    "colonel_blotto": _blotto,
    "travelers_dilemma": _travelers,
}


@overload
def named(name: None = None, *, noise: Noise | tuple[Noise, Noise] = ...) -> tuple[str, ...]: ...
@overload
def named(name: str, *, noise: Noise | tuple[Noise, Noise] = ...) -> Game: ...
def named(
    name: str | None = None, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0)
) -> Game | tuple[str, ...]:
    """Return a game of the literature, or without an argument the names of all.

    The definitions page lists the games with their sources, equilibria and values. The players are those of
    the Stackelberg game: the row player of the source leads. Utilities are those of the source, not scaled to
    [0, 1].

    Parameters
    ----------
    name : str, optional
        Name of a game, such as ``"prisoners_dilemma"``.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        Reward laws; `Bernoulli` does not fit utilities outside [0, 1].

    Returns
    -------
    Game or tuple of str
        The game, with labels of the actions, or all names.

    Raises
    ------
    SpecError
        If there is no game of this name; the message says which names are close.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.named("prisoners_dilemma")
    >>> game.leader_labels, sk.stackelberg(game).leader
    (('cooperate', 'defect'), 1.0)
    >>> len(sk.games.named())
    18
    """
    laws = as_noise_pair(noise)
    if name is None:
        return tuple(_MADE)
    found = as_choice("name", name, tuple(_MADE))
    return _MADE[found]().named(found, laws)
