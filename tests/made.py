"""Results and regrets made by hand, for tests of what happens after a run."""

from __future__ import annotations

import dataclasses
import importlib
import math
from typing import TYPE_CHECKING

import numpy as np
import oracle

import stackel as sk

if TYPE_CHECKING:
    import pytest

LABELLED = sk.Game(
    [[0.6, 0.2, 0.1], [0.5, 0.4, 0.3]],
    [[0.4, 0.0, 0.1], [0.3, 0.2, 0.3]],
    noise=(sk.Bernoulli(), sk.Uniform(half_width=0.1)),
    name="naïve <b>",
    leader_labels=["up", "döwn"],
    follower_labels=["left", "middle", "right"],
)


def made(seed: int = 2**64 - 1, replications: int = 3) -> sk.Result:
    """Result whose numbers have no short decimal form, so that any rounding would show."""
    rng = np.random.default_rng(7)
    pulls = rng.multinomial(1000, [1 / 6] * 6, size=replications).reshape(replications, 2, 3)
    return sk.Result(
        game=LABELLED,
        leader=sk.ActiveArmElimination(phases=[1, 2, 4], sigma=0.1 + 0.2),
        follower=sk.ExploreThenCommit(exploration=5),
        rounds=np.array([1, 10, 999]),
        utility=np.nextafter(rng.random((2, replications, 3)) * [1, 10, 999], np.inf),
        pulls=pulls,
        seed=seed,
        engine="stepwise",
        error_bound=5e-324,
        version="0.1.0",
        stream_version=1,
        platform="x86_64-unknown-linux-gnu, Python 3.11.0, NumPy 2.0.0",
    )


def made_traced(replications: int = 3) -> sk.Result:
    """Result with a trace, of actions that were picked at random."""
    run, rng = made(), np.random.default_rng(8)
    paths = [rng.integers([2, 3], size=(run.horizon, 2)) for _ in range(replications)]
    pulls = np.stack([oracle.cell_counts(actions, LABELLED.shape) for actions in paths])
    counts = pulls[:, run.rounds - 1]
    utility = [
        [[math.fsum((cells * means).ravel()) for cells in marks] for marks in counts]
        for means in (LABELLED.leader, LABELLED.follower)
    ]
    trace = sk.Trace(
        cell_counts=counts,
        switches=np.transpose([oracle.switches(actions) for actions in paths]),
        last_exploration=np.transpose([oracle.last_exploration(actions) for actions in paths]),
    )
    return dataclasses.replace(run, utility=np.array(utility), pulls=pulls[:, -1].copy(), trace=trace)


def with_regret(regret: object, rounds: object) -> sk.Result:
    """Result whose regret against (0, 0) is `regret`, of shape (2, R, K)."""
    values, marks = np.array(regret, dtype=float), np.array(rounds)
    pulls = np.full((values.shape[1], 1, 1), marks[-1])
    fixed = sk.FixedAction(0)
    game = sk.Game([[1.0]], [[1.0]])
    return sk.Result(game, fixed, fixed, marks, -values, pulls, 1, "stepwise", 0.0, "0.1.0")


def hide_module(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    """Make `package` look as if it were not installed."""
    real = importlib.import_module

    def import_module(name: str, *options: str | None, **named: str | None) -> object:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=package)
        return real(name, *options, **named)

    monkeypatch.setattr(importlib, "import_module", import_module)
