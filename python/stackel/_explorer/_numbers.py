"""What the page shows of runs, as plain numbers: None where there is none."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import mean_interval
from stackel._utils.players import ROLES
from stackel.games._game import action_labels

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel._figures.curves import Regrets
    from stackel.games._game import Game
    from stackel.results import Result

CONFIDENCE = 0.95
MOST_ROWS = 16
"""Outcomes with a row of their own where rounds are shown over time."""


def plain(values: npt.NDArray[np.float64]) -> Any:
    """Return an array as nested lists, with None where it is not finite."""
    numbers = values.tolist()
    return numbers if np.isfinite(values).all() else _finite(numbers)


def _finite(value: Any) -> Any:
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return value if math.isfinite(value) else None


def numbers_of(run: Result, regrets: Regrets) -> dict[str, Any]:
    """Return the regret over time, and the shares of outcomes in the whole game."""
    interval = regrets.interval(CONFIDENCE)
    final = run.utility[:, :, -1].mean(axis=1) / run.horizon
    return {
        "players": [
            {"role": role, "learner": learner.label, "alpha": float(alpha), "utility": float(utility)}
            for role, learner, alpha, utility in zip(
                ROLES, (run.leader, run.follower), regrets.alpha, final, strict=True
            )
        ],
        "benchmark": regrets.benchmark or "given pair",
        "rounds": run.rounds.tolist(),
        "mean": plain(interval.mean),
        "low": plain(interval.low),
        "high": plain(interval.high),
        "engine": run.engine,
        "error_bound": run.error_bound,
    }


def course_of(game: Game, rounds: list[int], counts: npt.NDArray[np.int64]) -> dict[str, Any]:
    """Return the share of each outcome between checkpoints; `counts` has shape (R, K, n_leader, n_follower).

    Outcomes beyond `MOST_ROWS` are put together, those with the fewest rounds.
    """
    mean = counts.mean(axis=0).reshape(len(rounds), -1)
    shares = np.diff(mean, axis=0, prepend=0.0) / np.diff(rounds, prepend=0)[:, np.newaxis]
    names = [f"{a}, {b}" for a in action_labels(game)[0] for b in action_labels(game)[1]]
    rows = list(range(len(names)))
    if len(rows) > MOST_ROWS:
        most = np.argsort(-mean[-1], kind="stable")
        rows = sorted(most[: MOST_ROWS - 1].tolist())
    others = sorted(set(range(len(names))) - set(rows))
    shown = [shares[:, row] for row in rows] + ([shares[:, others].sum(axis=1)] if others else [])
    return {
        "rounds": rounds,
        "outcomes": [names[row] for row in rows] + ([f"{len(others)} others"] if others else []),
        "shares": [row.tolist() for row in shown],
        "replications": len(counts),
    }


def difference_of(one: Regrets, other: Regrets) -> dict[str, Any]:
    """Return how much larger the regret at the end is in the second run, paired by replication."""
    difference = other.regret[:, :, -1] - one.regret[:, :, -1]
    unknown = (one.alike | other.alike)[:, -1] & (np.ptp(difference, axis=1) == 0)
    interval = mean_interval(difference, 1, CONFIDENCE, unknown)
    return {name: plain(getattr(interval, name)) for name in ("mean", "low", "high")}
