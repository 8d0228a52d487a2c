"""Results as labelled arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._provenance import as_attributes
from stackel._utils.optional import require
from stackel.learners import ROLES

if TYPE_CHECKING:
    import xarray as xr

    from stackel.games._game import Game
    from stackel.results._result import Result


def action_names(game: Game) -> tuple[list[Any], list[Any]]:
    """Labels of the leader's and the follower's actions, or their numbers."""
    n_leader, n_follower = game.shape
    return list(game.leader_labels or range(n_leader)), list(game.follower_labels or range(n_follower))


def as_dataset(result: Result) -> xr.Dataset:
    """Return what a run recorded, with named dimensions (extra ``xarray``)."""
    actions = ("leader_action", "follower_action")
    games, rounds = ("player", "replication"), {"units": "rounds"}
    data: dict[str, tuple[Any, ...]] = {
        "utility": ((*games, "round"), result.utility, {"units": "utility"}),
        "pulls": (("replication", *actions), result.pulls, rounds),
    }
    if result.trace is not None:
        data |= {
            "cell_counts": (("replication", "round", *actions), result.trace.cell_counts, rounds),
            "switches": (games, result.trace.switches, rounds),
            "last_exploration": (games, result.trace.last_exploration, rounds),
        }
    coordinates: dict[str, Any] = {
        "player": list(ROLES),
        "replication": np.arange(result.replications),
        "round": result.rounds,
        **dict(zip(actions, action_names(result.game), strict=True)),
    }
    dataset: xr.Dataset = require("xarray", "xarray").Dataset(
        data, coordinates, as_attributes(result.provenance)
    )
    return dataset
