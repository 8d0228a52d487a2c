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


def call_of(
    expression: str,
    horizons: tuple[int, ...],
    loops: str,
    *,
    benchmark: str,
    seed: int,
    engine: str,
    imports: str = "",
    before: str = "",
    after: str = "",
    shape: str = "-1",
) -> str:
    """Return Python that plays games again and prints a number, with the public face of stackel alone.

    Parameters
    ----------
    expression : str
        The number, made of ``horizons`` and ``regret``: mean regrets over horizons, games and players.
    horizons : tuple of int
        Horizons T.
    loops : str
        Lines of a comprehension that name ``leader``, ``follower``, ``replications`` and ``game``.
    benchmark : str
        What regret is measured against, made of ``game`` and ``T``.
    seed, engine
        As in `Lab`.
    imports, before, after : str
        Further lines: imports, and those before the tasks and before the number is printed.
    shape : str
        Shape of all games at one horizon.
    """
    return _CALL.format(
        horizons=", ".join(f"{horizon:_}" for horizon in horizons),
        imports=imports,
        before=before,
        after=after,
        seed=seed,
        engine=engine,
        loops=loops,
        benchmark=benchmark,
        shape=shape,
        expression=expression,
    )
