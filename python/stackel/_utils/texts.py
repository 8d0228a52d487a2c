"""Short texts for values with many numbers."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_FEW = 16
"""Most numbers of a parameter that are all shown."""
_SHORT = 8
"""Most numbers of a mixture that are all shown."""


def probabilities_text(probabilities: npt.NDArray[np.float64]) -> str:
    """Return a mixture as text: all numbers of a short one, else the actions that are played."""
    if len(probabilities) <= _SHORT:
        return f"[{', '.join(f'{p:.4g}' for p in probabilities.tolist())}]"
    played = np.flatnonzero(probabilities).tolist()
    some = [f"{action}: {probabilities[action]:.4g}" for action in played[:_SHORT]]
    return f"{{{', '.join(some + ['...'] * (len(played) > _SHORT))}}}"


def summary(thing: Any) -> str:
    """Return the `repr` of a dataclass, in which many numbers are shown as their shape and range."""
    parameters = {each.name: getattr(thing, each.name) for each in fields(thing) if each.repr}
    text = ", ".join(f"{name}={short_text(value)}" for name, value in parameters.items())
    return f"{type(thing).__name__}({text})"


def short_text(value: Any) -> str:
    """Return the `repr` of a parameter, or the shape and range of many numbers."""
    if not isinstance(value, tuple):
        return str(value) if is_dataclass(value) else repr(value)
    numbers = np.asarray(value)
    if numbers.size <= _FEW:
        return repr(value)
    return f"<{'x'.join(map(str, numbers.shape))}, {numbers.min():g} to {numbers.max():g}>"
