"""Games, benchmarks and learners as Python text: the text that a report shows is the text that is run."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np

from stackel import benchmarks, games, learners, noise
from stackel.games._game import Game

_NAMES = {
    "np": np,
    "sk": SimpleNamespace(**vars(benchmarks) | vars(learners) | vars(noise), games=games, Game=Game),
}
"""What the texts may use: a user gets the same by ``import numpy as np`` and ``import stackel as sk``."""


@lru_cache(maxsize=4096)
def made_for(code: str, horizon: int) -> Any:
    """Evaluate an expression in ``T``, the horizon."""
    return evaluate(code, T=horizon)


def evaluate(code: str, **names: Any) -> Any:
    """Evaluate an expression in ``sk``, ``np`` and further names."""
    return eval(code, _NAMES | names)  # noqa: S307 the texts are those of this package
