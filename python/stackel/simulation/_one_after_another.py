"""Games of a batch in which a learner is a Python object, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.simulation._columns import game_of_stacks, of_game
from stackel.simulation._simulate import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel._core import CancelToken
    from stackel.simulation._experiment import Experiment


def one_after_another(
    shared: Experiment,
    asked: dict[str, Any],
    report: Callable[[float], None] | None,
    cancel: CancelToken | None,
) -> tuple[Any, ...]:
    """Run the games of a batch in which a learner is a Python object; a progress bar moves with each."""
    results = []
    for i, seed in enumerate(asked["seed"].tolist()):
        experiment = shared._replace(
            game=game_of_stacks(
                (asked["leader_stack"][i], asked["follower_stack"][i]),
                shared.game.noise,
                asked["starts"],
                asked["newcomer"],
            ),
            leader=of_game(asked["leader"], asked["leader_parameters"], i),
            follower=of_game(asked["follower"], asked["follower_parameters"], i),
            seed=seed,
        )
        try:
            results.append(run(experiment, cancel=cancel))
        except Exception as error:
            error.add_note(f"in game {i}")
            raise
        if report is not None:
            report((i + 1) / len(asked["seed"]))
    return (
        results[0].rounds,
        np.concatenate(
            [np.stack([getattr(each, name) for each in results], axis=1) for name in ("utility", "remainder")]
        ),
        np.stack([result.pulls for result in results]),
        results[0].engine,
        np.array([result.error_bound for result in results]),
    )
