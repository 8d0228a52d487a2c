"""The Python that measures a number again, with nothing but the public face of stackel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stackel.learners import Learner
from stackel.reproduce.measure import seed_at
from stackel.reproduce.portfolio import learner_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.reproduce.measure import Curve
    from stackel.reproduce.portfolio import Player


def call_for(curves: Sequence[Curve], expression: str, imports: str = "") -> str:
    """Return Python that plays `curves` again and prints `expression`.

    Parameters
    ----------
    curves : sequence of Curve
        All over the same horizons.
    expression : str
        Made of ``regret``, a list with the mean regrets of each curve, shape (2, H), and of ``T``, the
        horizon, where there is one only, or ``horizons``, an array, where there are more.
    imports : str
        What it needs besides NumPy and stackel: one line.
    """
    first = curves[0]
    several = len(first.horizons) > 1
    options = {
        "leader": [_code(curve.pair.leader, several=several) for curve in curves],
        "follower": [_code(curve.pair.follower, several=several) for curve in curves],
        "replications": [str(curve.effort.replications) for curve in curves],
    }
    rows = _scalings(curves) if several else _simulations(curves)
    names = ["game", "seed"]
    fixed = []
    for name, codes in options.items():
        if len(set(codes)) == 1:
            fixed.append(f"{name} = {codes[0]}")
        else:
            names.append(name)
            rows = [f"{row}, {code}" for row, code in zip(rows, codes, strict=True)]
    played = f"replications=replications, seed=seed, engine={first.engine!r}"
    body = [
        *(
            [f"horizons = np.array({_spelled(first.horizons)})"]
            if several
            else [f"T = {first.horizons[0]:_}"]
        ),
        *fixed,
        "regret = []",
        f"for {', '.join(names)} in [",
        *(f"    ({row})," for row in rows),
        "]:",
        *(_SCALING if several else _SIMULATION),
        f"print({expression})",
    ]
    text = "\n".join(body).replace("PLAYED", played).replace("BENCHMARK", first.against.code) + "\n"
    usual = "import math\n\n" * ("math." in text) + "import numpy as np\nimport stackel as sk\n"
    return usual + (f"{imports}\n" if imports else "") + f"\n{text}"


_SCALING = (
    "    fit = sk.scaling(",
    "        game, leader, follower, horizons, lambda game, T: BENCHMARK,",
    "        PLAYED,",
    "    )",
    "    regret.append(fit.regret.mean(axis=1))",
)
_SIMULATION = (
    "    run = sk.simulate(",
    "        game, leader, follower, T, checkpoints=[T],",
    "        PLAYED,",
    "    )",
    "    regret.append(run.regret(BENCHMARK).mean(axis=1))",
)


def _code(player: Player, *, several: bool) -> str:
    """Learner, or the function of T where one is needed."""
    return learner_code(player) if several or isinstance(player, Learner) else player.code


def _scalings(curves: Sequence[Curve]) -> list[str]:
    return [f"lambda T: {curve.instance.code}, {curve.seed}" for curve in curves]


def _simulations(curves: Sequence[Curve]) -> list[str]:
    return [f"{curve.instance.code}, {_word(curve)}" for curve in curves]


def _word(curve: Curve) -> int:
    """Seed that ``simulate`` takes from the sequence at the only horizon."""
    return int(seed_at(curve.seed, curve.horizons[0]).generate_state(1, np.uint64)[0])


def _spelled(horizons: Sequence[int]) -> str:
    return "[" + ", ".join(f"{horizon:_}" for horizon in horizons) + "]"
