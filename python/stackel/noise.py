"""Laws of rewards around their mean utility.

Each player of a `Game` has one law. The mean is the utility of the outcome that was played. A law that has
a scale has one for all outcomes, or one for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from stackel._core import check_noise
from stackel._utils.arrays import as_floats
from stackel._utils.numbers import as_plain
from stackel._utils.suggestions import hint
from stackel._utils.texts import summary
from stackel._utils.validation import shown
from stackel.errors import SpecError

_SCALE = "a number from 0 to 1e100, or a matrix of them, one for each cell"


class Noise:
    """Base class of the reward laws."""

    _laws: ClassVar[dict[str, type[Noise]]] = {}

    def __init_subclass__(cls) -> None:
        Noise._laws[cls.__name__] = cls

    def __post_init__(self) -> None:
        vars(self).update(check_noise(type(self).__name__, _plain(vars(self))))

    def as_core(self) -> tuple[str, dict[str, Any]]:
        """Return name and parameters in the form of the core."""
        return type(self).__name__, vars(self)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain description: ``{"law": name, parameter: value, ...}``."""
        name, parameters = self.as_core()
        return {"law": name, **{key: as_plain(value) for key, value in parameters.items()}}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Noise:
        """Rebuild a law from `to_dict`."""
        if not isinstance(data, dict) or data.get("law") not in list(Noise._laws):
            meant = hint(data.get("law"), Noise._laws) if isinstance(data, dict) else ""
            raise SpecError(
                "noise", f"a table with law = one of {', '.join(Noise._laws)}", shown(data) + meant
            )
        parameters = {key: value for key, value in data.items() if key != "law"}
        return Noise._laws[data["law"]](**check_noise(data["law"], _plain(parameters)))

    def __str__(self) -> str:
        """Return `repr`, in which many scales are shown as their number and range."""
        return summary(self)


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """Return parameters as the core checks them; matrices as lists in lists."""
    return {
        name: as_floats(name, _SCALE, value).tolist() if _is_array(value) else as_plain(value)
        for name, value in parameters.items()
    }


def _is_array(value: Any) -> bool:
    return not isinstance(value, str | bytes | dict | np.generic) and (
        hasattr(value, "__len__") or hasattr(value, "__array__")
    )


@dataclass(frozen=True)
class Gaussian(Noise):
    """Normal reward with standard deviation `sigma` around the mean.

    Parameters
    ----------
    sigma : float or array_like of shape (n_leader, n_follower), default 1.0
        Standard deviation, in units of utility; 0 makes rewards deterministic. A matrix has that of each
        outcome of the game, and is kept as a tuple of rows.

    Examples
    --------
    Answers that the leader can hardly judge:

    >>> import stackel as sk
    >>> noise = sk.Gaussian([[0.1, 2.0], [0.5, 0.5]]), sk.Gaussian(1.0)
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.4, 0.0], [0.3, 0.2]], noise=noise)
    >>> game.noise[0].sigma
    ((0.1, 2.0), (0.5, 0.5))
    >>> int(sk.simulate(game, sk.UCB(), sk.UCB(), 10**9, seed=1).pulls.sum())
    1000000000
    """

    sigma: Any = 1.0


@dataclass(frozen=True)
class Bernoulli(Noise):
    """Reward 1 with the mean as its probability, else 0; means must lie in [0, 1]."""


@dataclass(frozen=True)
class Uniform(Noise):
    """Reward uniform on ``[mean - half_width, mean + half_width)``.

    Parameters
    ----------
    half_width : float or array_like of shape (n_leader, n_follower)
        Half the width of the interval, in units of utility. The standard deviation is
        ``half_width / sqrt(3)``. A matrix has that of each outcome of the game, and is kept as a tuple of
        rows.
    """

    half_width: Any


@dataclass(frozen=True)
class StudentT(Noise):
    """Heavy-tailed reward: the mean plus `scale` times a number of Student's t law.

    Large rewards are far more likely than under a normal law: the variance is ``scale**2 * df / (df - 2)``
    for ``df > 2``, and infinite for less. As sums have no law from which they could be drawn, every engine
    draws these rewards one by one; ``leap`` leaps only where nobody reads them. Guarantees of learners that
    assume a `sigma` do not hold.

    Parameters
    ----------
    df : float
        Degrees of freedom, more than 1, so that there is a mean, and at most 1e100.
    scale : float or array_like of shape (n_leader, n_follower), default 1.0
        Factor, in units of utility; 0 makes rewards deterministic. A matrix has that of each outcome of the
        game, and is kept as a tuple of rows.

    Notes
    -----
    Numbers are drawn by the polar method of R. W. Bailey, "Polar generation of random variates with the
    t-distribution", Mathematics of Computation 62 (1994).

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure(noise=sk.StudentT(df=2.5, scale=0.5))
    >>> int(sk.simulate(game, sk.UCB(), sk.UCB(), 1000, seed=1).pulls.sum())
    1000
    """

    df: float
    scale: Any = 1.0


@dataclass(frozen=True)
class Deterministic(Noise):
    """Reward equal to the mean."""
