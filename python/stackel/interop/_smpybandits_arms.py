"""Arms of SMPyBandits as means and laws of noise."""

from __future__ import annotations

import math
from typing import Any

from stackel._utils.carriers import as_items
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, Uniform

_SIGMAS = 8.0
"""Rewards are cut off further away than this with a probability below 1e-14."""
_SAME = 1e-12
"""Relative difference of scales that is rounding."""


def arms_of(arms: Any) -> list[tuple[float, Noise]] | None:
    """Return pairs of mean and noise of arms of SMPyBandits; None for anything else.

    Raises
    ------
    SpecError
        If a law is none of stackel's, or laws differ in scale.
    """
    items = as_items(arms)
    if not items or not all(type(item).__module__.startswith("SMPyBandits.Arms") for item in items):
        return None
    pairs = [(float(arm.mean), _law(arm)) for arm in items]
    first = next((law for _, law in pairs if not isinstance(law, Deterministic)), pairs[0][1])
    for arm, (mean, law) in enumerate(pairs):
        is_coin = isinstance(law, Deterministic) and isinstance(first, Bernoulli) and mean in {0.0, 1.0}
        if not is_coin and not _is_same(law, first):
            raise SpecError("arms", f"of one law and scale, such as {first}", f"{law} for arm {arm}")
    return [(mean, first) for mean, _ in pairs]


def _law(arm: Any) -> Noise:
    match type(arm).__name__:
        case "Bernoulli":
            return Bernoulli()
        case "Constant":
            return Deterministic()
        case "UniformArm":
            return Uniform(arm.amplitude / 2)
        case name if "Gaussian" in name:
            room = min(arm.mu - arm.min, arm.max - arm.mu)
            if room >= _SIGMAS * arm.sigma:
                return Gaussian(arm.sigma)
            cut = f"rewards cut off at {arm.min:g} and {arm.max:g}"
            raise SpecError("arms", "Gaussian arms that are not cut off, such as UnboundedGaussian", cut)
        case _:
            raise SpecError("arms", "Bernoulli, UniformArm, Constant or Gaussian arms", shown(arm))


def _is_same(law: Noise, first: Noise) -> bool:
    if type(law) is not type(first):
        return False
    return all(math.isclose(x, vars(first)[name], rel_tol=_SAME) for name, x in vars(law).items())
