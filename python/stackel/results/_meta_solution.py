"""Solutions of a meta-game, each with a certificate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_SHOWN = 5e-4
"""Probabilities below this are not shown."""


@dataclass(frozen=True, eq=False, repr=False)
class MetaSolution:
    """A way to choose algorithms, with what each player could gain by another choice.

    Parameters
    ----------
    kind : {"pure", "nash", "stackelberg", "commitment", "cce", "profile"}
        What it solves; "profile" is one that was given.
    leaders, followers : tuple of str
        Names of the algorithms of each seat.
    joint : ndarray, shape (m, n)
        Probability of each pair of algorithms.
    leader_mix, follower_mix : ndarray, shapes (m,) and (n,), or None
        Probability of each algorithm where the players choose independently; None for "cce".
    payoff, low, high : ndarray, shape (2,)
        Expected payoffs of leader and follower, with simultaneous limits.
    gain : ndarray, shape (2,)
        What each player would gain by its best other choice in the estimated game, at least 0.
    epsilon : ndarray, shape (2,)
        Upper limits of these gains in the true game.
    certified : bool
        True if `epsilon` holds for every law of the samples (``interval="betting"``) and, where a precision
        was asked for, is at most the precision.
    """

    kind: str
    leaders: tuple[str, ...]
    followers: tuple[str, ...]
    joint: Floats
    leader_mix: Floats | None
    follower_mix: Floats | None
    payoff: Floats
    low: Floats
    high: Floats
    gain: Floats
    epsilon: Floats
    certified: bool

    def __post_init__(self) -> None:
        for array in vars(self).values():
            if isinstance(array, np.ndarray):
                array.flags.writeable = False

    def __repr__(self) -> str:
        if self.leader_mix is None or self.follower_mix is None:
            names = [f"{x} v {y}" for x in self.leaders for y in self.followers]
            who = _mixture(names, self.joint.ravel())
        else:
            mixes = ((self.leaders, self.leader_mix), (self.followers, self.follower_mix))
            who = " v ".join(_mixture(*each) for each in mixes)
        first, second = (f"{payoff:.4g}" for payoff in self.payoff)
        limit = f"{self.epsilon.max():.2g}"
        said = f"certified to epsilon {limit}" if self.certified else f"epsilon {limit}, not certified"
        return f"MetaSolution({self.kind}: {who}; payoffs {first}, {second}; {said})"


@dataclass(frozen=True)
class PriceOfAnarchy:
    """Best joint welfare of a meta-game beside that of its worst equilibrium.

    Welfare is the sum of both players' payoffs.

    Parameters
    ----------
    best, best_low, best_high : float
        Largest welfare of a pair of algorithms, with limits.
    worst, worst_low, worst_high : float
        Smallest welfare of the equilibria, with limits.
    certified : bool
        True if the equilibrium is certified.
    """

    best: float
    best_low: float
    best_high: float
    worst: float
    worst_low: float
    worst_high: float
    certified: bool

    @property
    def loss(self) -> float:
        """Welfare that the worst equilibrium loses."""
        return self.best - self.worst

    @property
    def ratio(self) -> float:
        """The price ``best / worst``; nan unless both are positive, as payoffs such as regrets are not."""
        return self.best / self.worst if self.worst > 0 else float("nan")


def _mixture(names: tuple[str, ...] | list[str], probabilities: Floats) -> str:
    shown = [(name, p) for name, p in zip(names, probabilities.tolist(), strict=True) if p >= _SHOWN]
    if len(shown) == 1:
        return shown[0][0]
    return "(" + " + ".join(f"{p:.3g} {name}" for name, p in shown) + ")"
