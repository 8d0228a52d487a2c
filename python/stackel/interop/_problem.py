"""What a policy of another library is going to play."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
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
    """

    means: npt.NDArray[np.float64]
    noise: Noise
    horizon: int
