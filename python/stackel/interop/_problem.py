"""What a policy of another library is going to play."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.noise import Noise


class Bandit(NamedTuple):
    """What a policy is going to play, for functions given to `register`.

    Parameters
    ----------
    means : ndarray of float64, shape (n,)
        Mean rewards.
    noise : Noise
        Law of the rewards of all arms.
    horizon : int
        Number of rounds T.
    changes : tuple of (int, ndarray), default ()
        Other means that come into force later, each with the number of rounds played by then.
    """

    means: npt.NDArray[np.float64]
    noise: Noise
    horizon: int
    changes: tuple[tuple[int, npt.NDArray[np.float64]], ...] = ()

    @property
    def all_means(self) -> npt.NDArray[np.float64]:
        """Mean rewards of all arms, those of later rounds included, shape (M, n)."""
        return np.array([self.means, *(means for _, means in self.changes)])
