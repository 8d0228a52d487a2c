"""The server of the page: for this machine only, and only for who knows its token."""

from __future__ import annotations

import json
import secrets
import sys
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from stackel._explorer._catalogue import catalogue, make_games
from stackel._explorer._python import as_python
from stackel._explorer._requests import Requests, described, encoded
from stackel._explorer._running import answer, fits, horizons_of
from stackel._explorer._state import read_state
from stackel._utils.optional import require
from stackel.errors import StackelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stackel._explorer._state import State
    from stackel.learners import Learner

HOST = "127.0.0.1"
_NAMES = (HOST, "localhost")
_MAX_BYTES = 2**20
_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self' http://localhost:* http://127.0.0.1:* https://localhost:* vscode-webview:"
)
_PLOTLY = "plotly.min.js"


class Server(ThreadingHTTPServer):
    """Serves the page, its files and its runs on one port of the loopback interface."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, initial: dict[str, Any], own: Mapping[str, Learner]) -> None:
        self.files = _files()
        self.token = secrets.token_urlsafe(24)
        self.initial, self.own = initial, own
        self.played = initial
        self.requests = Requests()
        super().__init__((HOST, port), _Handler)

    @property
    def url(self) -> str:
        """Address of the page, with the token."""
        return f"http://{HOST}:{self.server_port}/?token={self.token}"

    def server_close(self) -> None:
        """Stop all runs as well."""
        self.requests.cancel_all()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a browser that went away."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


def _files() -> dict[str, tuple[str, bytes]]:
    """Return type and content of every file of the page, by its path."""
    require("plotly", "explore")
    files = {
        f"/{file.name}": (_TYPES[file.name.rpartition(".")[2]], file.read_bytes())
        for file in resources.files("stackel._explorer").joinpath("static").iterdir()
        if file.name.rpartition(".")[2] in _TYPES
    }
    library = resources.files("plotly").joinpath("package_data", _PLOTLY)
    return files | {f"/{_PLOTLY}": (_TYPES["js"], library.read_bytes()), "/": files.pop("/index.html")}


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 60

    def do_GET(self) -> None:
        self._answered(self._file)

    def do_POST(self) -> None:
        self._answered(self._act)

    def _answered(self, answer: Callable[[], None]) -> None:
        """Answer a request of this page; an error that nobody expected is told as well."""
        try:
            if self._is_ours():
                answer()
        except Exception as error:  # noqa: BLE001 the page waits for an answer, whatever it is
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, described(error)["message"])

    def _file(self) -> None:
        path = urlsplit(self.path).path
        if path in self.server.files:
            self._send(HTTPStatus.OK, *self.server.files[path])
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such file")

    def _act(self) -> None:
        given = self.headers.get("X-Stackel-Token", "")
        if not secrets.compare_digest(given.encode(), self.server.token.encode()):
            self._refuse(
                HTTPStatus.FORBIDDEN, "open the address that stackel printed: this token is not valid"
            )
            return
        action = _ACTIONS.get(self.path)
        length = self.headers.get("Content-Length", "")
        is_number = length.isdecimal() and len(length) <= len(str(_MAX_BYTES))
        if action is None or not is_number or int(length) > _MAX_BYTES:
            self._refuse(HTTPStatus.BAD_REQUEST, f"this is no request of at most {_MAX_BYTES} bytes")
            return
        try:
            data = json.loads(self.rfile.read(int(length)), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            self._refuse(HTTPStatus.BAD_REQUEST, f"this is not JSON: {error}")
            return
        action(self, data if isinstance(data, dict) else {})

    def _is_ours(self) -> bool:
        """Refuse requests that reach this server under another name, or come from another page."""
        host = self.headers.get("Host", "")
        origin = self.headers.get("Origin", f"http://{host}")
        if _name(host) in _NAMES and origin == f"http://{host}":
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "this page is for this machine only")
        return False

    def choices(self, _data: dict[str, Any]) -> None:
        """Send what the page offers, and what it begins with."""
        self._json({"catalogue": catalogue(self.server.own), "initial": self.server.initial})

    def games(self, data: dict[str, Any]) -> None:
        """Send the games of a family."""
        self._checked(lambda: {"games": [game.to_dict() for game in make_games(data)]})

    def python(self, data: dict[str, Any]) -> None:
        """Send the program that makes the runs of a state."""

        def program() -> dict[str, Any]:
            state = read_state(data.get("state"), self.server.own)
            horizons = horizons_of(state.experiments[0].horizon) if data.get("exponents") else None
            return {"python": as_python(state, horizons)}

        self._checked(program)

    def play(self, data: dict[str, Any]) -> None:
        """Send line by line what a state brings, until it is done or the page goes away."""

        def state() -> State:
            read = read_state(data.get("state"), self.server.own)
            self.server.played = data["state"]
            return read

        make = fits if data.get("exponents") else partial(answer, memory=self.server.requests.memory)
        self._begin(HTTPStatus.OK, "application/x-ndjson")
        self.server.requests.serve(
            str(data.get("slot")),
            lambda report, cancel: make(state(), report=report, cancel=cancel),
            self.connection,
            self._line,
        )

    def _line(self, line: bytes) -> None:
        self.wfile.write(line + b"\n")
        self.wfile.flush()

    def _checked(self, make: Callable[[], dict[str, Any]]) -> None:
        try:
            found = make()
        except StackelError as error:
            found = described(error)
        self._json(found)

    def _json(self, data: dict[str, Any]) -> None:
        self._send(HTTPStatus.OK, "application/json", encoded(data))

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(status, "text/plain; charset=utf-8", why.encode(errors="backslashreplace"))

    def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
        self._begin(status, kind, len(body))
        self.wfile.write(body)

    def _begin(self, status: HTTPStatus, kind: str, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "max-age=3600" if self.path == f"/{_PLOTLY}" else "no-store")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing: a terminal or a notebook is no place for a log of requests."""


_ACTIONS: dict[str, Callable[[_Handler, dict[str, Any]], None]] = {
    "/api/choices": _Handler.choices,
    "/api/games": _Handler.games,
    "/api/python": _Handler.python,
    "/api/play": _Handler.play,
}


def _name(host: str) -> str | None:
    """Return the name in a header Host, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")
