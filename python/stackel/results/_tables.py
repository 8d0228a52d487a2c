"""Results in the forms of notebooks, pandas and xarray."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel.games._game import action_labels, action_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr

    from stackel.games._game import Game
    from stackel.results._trace import Trace


def as_html(rows: Mapping[str, str]) -> str:
    """Return a table with a row for each name and text."""
    cells = "".join(f"<tr><th>{name}</th><td>{html.escape(text)}</td></tr>" for name, text in rows.items())
    return f"<table>{cells}</table>"


def meta_game_html(
    game: Game, error: npt.NDArray[np.float64], pure: npt.NDArray[np.bool_], caption: str
) -> str:
    """Return a table of both players' payoffs with half-widths; pure equilibria are bold."""
    rows, columns = action_labels(game)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = []
    for x, name in enumerate(rows):
        cells = []
        for y in range(len(columns)):
            pairs = zip((game.leader[x, y], game.follower[x, y]), error[:, x, y], strict=True)
            text = "<br>".join(f"{value:.4g} ± {reach:.1g}" for value, reach in pairs)
            cells.append(f"<td><b>{text}</b></td>" if pure[x, y] else f"<td>{text}</td>")
        body.append(f"<tr><th>{html.escape(name)}</th>{''.join(cells)}</tr>")
    title = html.escape(caption).replace("\n", "<br>")
    return f"<table><caption>{title}</caption><tr><th></th>{head}</tr>{''.join(body)}</table>"


def as_attributes(provenance: dict[str, Any]) -> dict[str, Any]:
    """Return a provenance for file formats: with the spec as JSON and the seed as decimal digits."""
    return provenance | {"spec": json.dumps(provenance["spec"]), "seed": str(provenance["seed"])}


def as_table(columns: Mapping[str, npt.NDArray[Any]], provenance: dict[str, Any]) -> pd.DataFrame:
    """Return columns as a DataFrame with the provenance in its ``attrs`` (extra ``pandas``)."""
    table: pd.DataFrame = require("pandas", "pandas").DataFrame(columns)
    table.attrs.update(as_attributes(provenance))
    return table


def as_dataset(
    *,
    game: Game,
    rounds: npt.NDArray[np.int64],
    utility: npt.NDArray[np.float64],
    pulls: npt.NDArray[np.int64],
    trace: Trace | None,
    provenance: dict[str, Any],
) -> xr.Dataset:
    """Return the arrays of a run with named dimensions (extra ``xarray``)."""
    actions = ("leader_action", "follower_action")
    games, units = ("player", "replication"), {"units": "rounds"}
    data: dict[str, tuple[Any, ...]] = {
        "utility": ((*games, "round"), utility, {"units": "utility"}),
        "pulls": (("replication", *actions), pulls, units),
    }
    if trace is not None:
        data |= {
            "cell_counts": (("replication", "round", *actions), trace.cell_counts, units),
            "switches": (games, trace.switches, units),
            "last_exploration": (games, trace.last_exploration, units),
        }
    coordinates: dict[str, Any] = {
        "player": list(ROLES),
        "replication": np.arange(len(pulls)),
        "round": rounds,
        **dict(zip(actions, action_names(game), strict=True)),
    }
    dataset: xr.Dataset = require("xarray", "xarray").Dataset(data, coordinates, as_attributes(provenance))
    return dataset
