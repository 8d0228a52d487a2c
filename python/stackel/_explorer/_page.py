"""The page as a running thing: started, opened, shown in a notebook, stopped."""

from __future__ import annotations

import html
import threading
import webbrowser
from typing import Any

from stackel._explorer._server import Server
from stackel._explorer._state import check_size
from stackel._utils.players import ROLES
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import as_game
from stackel.games._theory import etc_failure
from stackel.learners import ExploreThenCommit, Learner
from stackel.learners._base import REGISTERED
from stackel.learners._custom import as_learner
from stackel.learners._examples import leaps

_HEIGHT = 900
_HORIZON, _STEPPED = 10**9, 10**5
"""Horizons to begin with: of learners that leap, and of those that are stepped."""


class Page:
    """A running page; `stackel.explore` makes it. A notebook shows it in place."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Address of the page, which works on this machine as long as this process runs."""
        return self._server.url

    def open(self) -> bool:
        """Open the page in a browser; return whether one was found."""
        return webbrowser.open(self.url)

    def wait(self) -> None:
        """Serve until the page is closed, or Ctrl-C."""
        while self._thread.is_alive():
            self._thread.join(0.2)

    def close(self) -> None:
        """Stop the page and its runs."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __repr__(self) -> str:
        return f"the page is at {self.url}" if self._thread.is_alive() else "a page that was closed"

    def _repr_html_(self) -> str:
        """Return the page in a frame."""
        if not self._thread.is_alive():
            return html.escape(repr(self))
        address = html.escape(self.url)
        return (
            f'<iframe src="{address}" title="stackel explore" width="100%" height="{_HEIGHT}" '
            f'style="border:0" allow="clipboard-write"></iframe>'
        )


def start(game: Any, leader: Any, follower: Any, port: int) -> Page:
    """Start a page at a port, 0 for a free one; the other arguments are those of `explore`."""
    chosen = etc_failure() if game is None else check_size(as_game(game))
    own: dict[str, Learner] = {}
    players = {}
    horizon = _HORIZON
    for role, given in zip(ROLES, (leader, follower), strict=True):
        learner = ExploreThenCommit() if given is None else as_learner(role, given)
        players[role] = _table(learner, own)
        learner.resolve(role, _STEPPED, *chosen.shape)
        horizon = min(horizon, _STEPPED if leaps(learner) == "no" else _HORIZON)
    initial = {
        "setups": [{"game": chosen.to_dict(), **players}],
        "horizon": horizon,
        "replications": 32,
        "seed": "1",
        "benchmark": {"kind": "stackelberg"},
    }
    try:
        return Page(Server(port, initial, own))
    except OverflowError:
        raise SpecError("port", "a whole number from 0 to 65535", shown(port)) from None


def _table(learner: Learner, own: dict[str, Learner]) -> dict[str, Any]:
    """Return the description of a learner; of one that plain data does not hold, a name in `own`."""
    table = learner.to_dict()
    try:
        if table["learner"] in REGISTERED and Learner.from_dict(table) == learner:
            return table
    except SpecError:
        pass
    taken = {*REGISTERED, *(name for name, other in own.items() if other is not learner)}
    name = learner.label
    while name in taken:
        name += " (own)"
    own[name] = learner
    return {"learner": name}
