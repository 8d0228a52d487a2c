"""Results as notebooks show them."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import standard_error
from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel.games._game import action_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr

    from stackel.results._result import Result


def as_html(result: Result) -> str:
    """Return a short table of what was run, and of what the players earned."""
    final = result.utility[:, :, -1] / result.rounds[-1]
    rows = {
        "game": repr(result.game),
        "leader": repr(result.leader),
        "follower": repr(result.follower),
        "horizon": f"{result.horizon} rounds",
        "replications": str(result.replications),
        "seed": str(result.seed),
        "engine": f"{result.engine}, stackel {result.version}",
    } | {
        f"{role}'s utility per round": f"{mean:.6g} ± {error:.2g}"
        for role, mean, error in zip(ROLES, final.mean(axis=1), standard_error(final, 1), strict=True)
    }
    cells = "".join(f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>" for name, text in rows.items())
    return f"<table>{cells}</table>"


def as_attributes(provenance: dict[str, Any]) -> dict[str, Any]:
    """Return a provenance as file formats take it: the spec as JSON, the seed as decimal digits."""
    return provenance | {"spec": json.dumps(provenance["spec"]), "seed": str(provenance["seed"])}


def as_table(columns: Mapping[str, npt.NDArray[Any]], provenance: dict[str, Any]) -> pd.DataFrame:
    """Return columns as a DataFrame that knows where it comes from (extra ``pandas``)."""
    table: pd.DataFrame = require("pandas", "pandas").DataFrame(columns)
    table.attrs.update(as_attributes(provenance))
    return table


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
