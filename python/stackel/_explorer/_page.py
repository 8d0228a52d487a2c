"""The page as a running thing: started, opened, shown in a notebook, stopped."""

from __future__ import annotations

import html
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

from stackel._explorer._server import Server
from stackel._explorer._state import fragment
from stackel._utils.validation import shown
from stackel.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stackel.learners import Learner

_HEIGHT = 900


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

    @property
    def link(self) -> str:
        """Address that holds what was played last, or, before that, what the page begins with.

        Its part from ``#`` on, put behind the `url` of another page, opens that page in this state. Learners
        of your own are in it by name only.
        """
        return f"{self.url}#{fragment(self._server.played)}"

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


def start(state: dict[str, Any], own: Mapping[str, Learner], port: int) -> Page:
    """Start a page at a port, 0 for a free one, with what `initial_state` makes."""
    try:
        return Page(Server(port, state, own))
    except OverflowError:
        raise SpecError("port", "a whole number from 0 to 65535", shown(port)) from None
