"""Laws of rewards around their mean utility.

Each player of a `Game` has one law. The mean is the utility of the outcome that was played.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from stackel._core import check_noise
from stackel._utils.numbers import plain_parameters
from stackel._utils.validation import shown
from stackel.errors import SpecError


class Noise:
    """Base class of the reward laws."""

    _laws: ClassVar[dict[str, type[Noise]]] = {}

    def __init_subclass__(cls) -> None:
        Noise._laws[cls.__name__] = cls

    def __post_init__(self) -> None:
        vars(self).update(check_noise(type(self).__name__, plain_parameters(vars(self))))

    def as_core(self) -> tuple[str, dict[str, float]]:
        """Return name and parameters in the form of the core."""
        return type(self).__name__, vars(self)

    def to_dict(self) -> dict[str, Any]:
        """Return a plain description: ``{"law": name, parameter: value, ...}``."""
        name, parameters = self.as_core()
        return {"law": name, **parameters}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Noise:
        """Rebuild a law from `to_dict`."""
        if not isinstance(data, dict) or data.get("law") not in list(Noise._laws):
            raise SpecError("noise", f"a table with law = one of {', '.join(Noise._laws)}", shown(data))
        parameters = {key: value for key, value in data.items() if key != "law"}
        return Noise._laws[data["law"]](**check_noise(data["law"], plain_parameters(parameters)))


@dataclass(frozen=True)
class Gaussian(Noise):
    """Normal reward with standard deviation `sigma` around the mean.

    Parameters
    ----------
    sigma : float, default 1.0
        Standard deviation, in units of utility; 0 makes rewards deterministic.
    """

    sigma: float = 1.0


@dataclass(frozen=True)
class Bernoulli(Noise):
    """Reward 1 with the mean as its probability, else 0; means must lie in [0, 1]."""


@dataclass(frozen=True)
class Uniform(Noise):
    """Reward uniform on ``[mean - half_width, mean + half_width)``.

    Parameters
    ----------
    half_width : float
        Half the width of the interval, in units of utility. The standard deviation is
        ``half_width / sqrt(3)``.
    """

    half_width: float


@dataclass(frozen=True)
class Deterministic(Noise):
    """Reward equal to the mean."""
