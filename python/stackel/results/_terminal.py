"""Tables of results for a terminal (extra ``cli``)."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel.benchmarks._nash import pure_equilibria

if TYPE_CHECKING:
    from stackel.results._meta_game import MetaGame


def meta_game_table(found: MetaGame) -> Any:
    """Return a table of rich with a row for each pair of algorithms."""
    table = require("rich.table", "cli").Table(title="gain: by the best deviation; * pure equilibrium")
    text = require("rich.text", "cli").Text
    for name in (*ROLES, "replications", "leader's payoff", "its gain", "follower's payoff", "its gain"):
        table.add_column(name)
    pure = pure_equilibria(found.game)
    gains = [found.gains(role).mean.max(axis=0) for role in ROLES]
    for (x, first), (y, second) in product(enumerate(found.leaders), enumerate(found.followers)):
        cells = [f"{found.replications[x, y]}"]
        for i in range(2):
            cells.append(f"{found.payoff[i, x, y]:.4g} ± {found.error[i, x, y]:.2g}")
            cells.append(f"{max(gains[i][x, y], 0.0):.2g}")
        star = " *" if pure[x, y] else ""
        table.add_row(*map(text, (first, second + star, *cells)))
    return table
