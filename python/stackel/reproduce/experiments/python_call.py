"""The Python that measures a number again, with nothing but the public face of stackel."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.reproduce.experiments.lab import seed_at
from stackel.reproduce.experiments.learner_pairs import player_code
from stackel.reproduce.layout import laid_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stackel.reproduce.experiments.lab import Curve


class _Who(NamedTuple):
    """Code of what curves may have in common."""

    leader: str
    follower: str
    replications: str


def call_for(curves: Sequence[Curve], expression: str) -> str:
    """Return Python that plays `curves` again and prints `expression`.

    Parameters
    ----------
    curves : sequence of Curve
        All over the same horizons.
    expression : str
        Made of ``regret``, a list with the mean regrets of each curve, shape (2, H), and of ``T``, the
        horizon, where there is one only, or ``horizons``, an array, where there are more.
    """
    horizons = [f"{horizon:_}" for horizon in curves[0].horizons]
    several = len(horizons) > 1
    played = [(who, list(alike)) for who, alike in groupby(curves, _who)]
    varied = [name for name in _Who._fields if len({getattr(who, name) for who, _ in played}) > 1]
    fixed = {name: code for name, code in played[0][0]._asdict().items() if name not in varied}
    lines = [
        f"horizons = np.array([{', '.join(horizons)}])" if several else f"T = {horizons[0]}",
        *(f"{name} = {code}" for name, code in fixed.items()),
        "regret = []",
        *_loops(played, varied),
    ]
    body = (laid_out(line, 4 * (1 + bool(varied))) for line in _run(curves[0]))
    text = "\n".join([*map(laid_out, lines), *body, laid_out(f"print({expression})")]) + "\n"
    return "import math\n\n" * ("math." in text) + "import numpy as np\nimport stackel as sk\n\n" + text


def _loops(played: list[tuple[_Who, list[Curve]]], varied: list[str]) -> Iterator[str]:
    """Loop over games, and around it over who plays them, if that is not always the same."""
    games = [f"[{', '.join(map(_row, curves))}]" for _, curves in played]
    if not varied:
        yield f"for game, seed in {games[0]}:"
        return
    rows = (
        f"({', '.join(getattr(who, name) for name in varied)}, {code})"
        for (who, _), code in zip(played, games, strict=True)
    )
    yield f"for {', '.join(varied)}, games in [{', '.join(rows)}]:"
    yield "    for game, seed in games:"


def _row(curve: Curve) -> str:
    """A game and its seed."""
    if len(curve.horizons) > 1:
        return f"(lambda T: {curve.instance.code}, {curve.seed})"
    # The seed that ``simulate`` takes from the sequence at the only horizon.
    word = int(seed_at(curve.seed, curve.horizons[0]).generate_state(1, np.uint64)[0])
    return f"({curve.instance.code}, {word})"


def _run(curve: Curve) -> tuple[str, str]:
    """Play one game, and keep the mean regrets."""
    played = f'replications=replications, seed=seed, engine="{curve.engine}"'
    if len(curve.horizons) > 1:
        against = f"lambda game, T: {curve.against.code}"
        return (
            f"fit = sk.scaling(game, leader, follower, horizons, {against}, {played})",
            "regret.append(fit.regret.mean(axis=1))",
        )
    return (
        f"run = sk.simulate(game, leader, follower, T, checkpoints=[T], {played})",
        f"regret.append(run.regret({curve.against.code}).mean(axis=1))",
    )


def _who(curve: Curve) -> _Who:
    several = len(curve.horizons) > 1
    leader, follower = (
        player_code(player, of_horizon=several) for player in (curve.pair.leader, curve.pair.follower)
    )
    return _Who(leader, follower, str(curve.effort.replications))
