"""Python that measures a number again, with the public face of stackel alone."""

from __future__ import annotations

from itertools import groupby
from textwrap import indent
from typing import TYPE_CHECKING

from stackel.reproduce.experiments.learner_pairs import learner_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.reproduce.experiments.lab import Regrets

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
        seed={seed},
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


def call_for(parts: Sequence[Regrets], expression: str, after: str = "") -> str:
    """Return Python that plays parts over the same horizons again and prints an expression in ``regret``."""
    rows = []
    for (pair, replications), alike in groupby(parts, lambda part: (part.pair, part.effort.replications)):
        games = indent("\n".join(f"{part.instance.code}," for part in alike), " " * 8)
        leader, follower = map(learner_code, (pair.leader, pair.follower))
        rows.append(f"(\n    {leader},\n    {follower},\n    {replications},\n    [\n{games}\n    ],\n),")
    listed = indent("\n".join(rows), " " * 8)
    loops = f"    for leader, follower, replications, games in [\n{listed}\n    ]\n    for game in games"
    return call_of(expression, parts[0], loops, after=after)
