"""Games, benchmarks and learners as Python text: the text that a report shows is the text that is run."""

from __future__ import annotations

from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel import benchmarks, games, learners, noise
from stackel.games._game import Game

if TYPE_CHECKING:
    from stackel.reproduce.experiments.lab import Regrets

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


_CALL = """\
import numpy as np
import stackel as sk
{imports}
horizons = np.array([{horizons}])
{before}tasks = [
    sk.Task(
        game,
        leader,
        follower,
        T,
        replications=replications,
        seed=np.random.SeedSequence({seed}, spawn_key=(0, T)),
        engine="{engine}",
    )
    for T in horizons.tolist()
{loops}
]
table = sk.sweep(tasks).summary(lambda game, T: {benchmark})
regret = table["regret"].to_numpy().reshape(len(horizons), {shape}, 2)
{after}print({expression})
"""


def call_of(expression: str, like: Regrets, loops: str, **more: str) -> str:
    """Return Python that plays games again and prints a number, with the public face of stackel alone.

    The number is an expression in ``horizons`` and ``regret``: mean regrets over horizons, games and players.
    The loops are lines of a comprehension that name ``leader``, ``follower``, ``replications`` and ``game``.
    Horizons, benchmark, seed and engine are those of `like`. More lines are ``imports``, and those ``before``
    the tasks and ``after`` them; ``shape`` is that of all games at one horizon.
    """
    return _CALL.format(
        horizons=", ".join(f"{horizon:_}" for horizon in like.horizons),
        seed=like.seed,
        engine=like.engine,
        loops=loops,
        benchmark=like.benchmark,
        expression=expression,
        **{"imports": "", "before": "", "after": "", "shape": "-1"} | more,
    )
