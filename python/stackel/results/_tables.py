"""Results as notebooks show them."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from stackel._stats.intervals import standard_error
from stackel.learners import ROLES

if TYPE_CHECKING:
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
