"""The Python that measures a number again, with nothing but the public face of stackel."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stackel.reproduce.experiments.lab import seed_at
from stackel.reproduce.experiments.learner_pairs import player_code

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


WIDTH = 88
"""Characters in a line."""

_STEP = 4

_TOKEN = re.compile(r"'[^']*'|\"[^\"]*\"|\blambda\b|\bfor\b|[()\[\]{},:]")

_OPEN, _CLOSE = "([{", ")]}"


def laid_out(line: str, indent: int = 0) -> str:
    """Return a line of code, or the lines that it is broken into.

    Examples
    --------
    >>> print(laid_out(f"print(max({', '.join(f'regret[{i}][0, 0]' for i in range(9))}))"))
    print(
        max(
            regret[0][0, 0],
            regret[1][0, 0],
            regret[2][0, 0],
            regret[3][0, 0],
            regret[4][0, 0],
            regret[5][0, 0],
            regret[6][0, 0],
            regret[7][0, 0],
            regret[8][0, 0],
        )
    )
    """
    margin = " " * indent
    start, stop = max(_brackets(line), key=lambda span: span[1] - span[0], default=(0, 0))
    inside = line[start + 1 : stop]
    if indent + len(line) <= WIDTH or not inside:
        return margin + line
    items = _items(inside)
    if len(items) > 1 and indent + _STEP + len(inside) > WIDTH:
        rows = [laid_out(f"{item},", indent + _STEP) for item in items]
    else:
        rows = [laid_out(inside, indent + _STEP)]
    return "\n".join([laid_out(line[: start + 1], indent), *rows, laid_out(line[stop:], indent)])


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Places of the pairs of brackets that are in no others."""
    depth = start = 0
    for token in _TOKEN.finditer(text):
        if token[0] in _OPEN:
            start = start if depth else token.start()
            depth += 1
        elif token[0] in _CLOSE and depth:
            depth -= 1
            if not depth:
                yield start, token.start()


def _items(text: str) -> list[str]:
    """Parts between commas that are in no brackets and belong to no lambda; a comprehension is one part."""
    depth = names = start = 0
    items = []
    for token in _TOKEN.finditer(text):
        if token[0] in _OPEN:
            depth += 1
        elif token[0] in _CLOSE:
            depth -= 1
        elif depth:
            continue
        elif token[0] == "for":
            return [text]
        elif token[0] == "lambda":
            names += 1
        elif token[0] == ":" and names:
            names -= 1
        elif token[0] == "," and not names:
            items.append(text[start : token.start()])
            start = token.end()
    return [item.strip() for item in (*items, text[start:]) if item.strip()]
