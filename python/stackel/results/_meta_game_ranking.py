"""Alpha-rank of a meta-game, by OpenSpiel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_LARGEST_EXPONENT = 700.0


def alpharank(payoff: Floats, alpha: float | None, population: int) -> Floats:
    """Return the share of time in each pair in the long run, shape (m * n,); None: alpha is large."""
    if payoff[0].size == 1:
        return np.ones(1)
    ranking = require("open_spiel.python.egt.alpharank", "interop")
    settings: dict[str, Any] = {"use_inf_alpha": True}
    if alpha is not None:
        largest = _LARGEST_EXPONENT / (population * max(float(np.ptp(own)) for own in payoff) or 1.0)
        if alpha > largest:
            raise SpecError("alpha", f"at most {largest:.6g} for these payoffs, or None", shown(alpha))
        settings = {"alpha": alpha}
    mass: Floats = ranking.compute(list(payoff), m=population, **settings)[2]
    return mass
