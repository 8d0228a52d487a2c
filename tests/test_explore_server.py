"""The server of `stackel.explore`: who is answered, what is refused, and what stops a run."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from made import hide_module
from typer.testing import CliRunner

import stackel as sk
from stackel import cli
from stackel._explorer import _requests

GAME = sk.games.etc_failure()
WAIT = 30.0
MAIN = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit SIG_IGN
sys.stdout.reconfigure(line_buffering=True)
from stackel.__main__ import main
main()
"""


class Counting:
    """A policy that says in which round it is, and takes its time."""

    rounds = 0

    def choose(self, rng):
        Counting.rounds += 1
        time.sleep(0.0005)
        return 0

    def observe(self, arm, reward):
        pass


@pytest.fixture
def page():
    page = sk.explore(GAME, Counting, sk.UCB())
    yield page
    page.close()


def token(page):
    return parse_qs(urlsplit(page.url).query)["token"][0]


def ask(page, method="POST", path="/api/choices", body=b"{}", **headers):
    """Ask the server something; names of headers have ``_`` for ``-``."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(page.url).port, timeout=WAIT)
    given = {"X-Stackel-Token": token(page), **{name.replace("_", "-"): v for name, v in headers.items()}}
    connection.request(
        method, path, body, {name: value for name, value in given.items() if value is not None}
    )
    answer = connection.getresponse()
    return answer, answer.read()


def state(leader=None, horizon=100):
    table = leader or {"learner": "UCB"}
    return {
        "setups": [{"game": GAME.to_dict(), "leader": table, "follower": {"learner": "UCB"}}],
        "horizon": horizon,
        "replications": 1,
        "seed": "1",
        "benchmark": {"kind": "stackelberg"},
    }


def begin(page, data):
    """Begin a run, and return its connection."""
    body = json.dumps(data).encode()
    connection = socket.create_connection(("127.0.0.1", urlsplit(page.url).port), WAIT)
    head = f"POST /api/play HTTP/1.0\r\nHost: localhost\r\nX-Stackel-Token: {token(page)}\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def until(is_so):
    """Wait until something is so."""
    end = time.monotonic() + WAIT
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def until_played(rounds):
    """Wait until a run has gone on for a number of rounds."""
    before = Counting.rounds
    until(lambda: Counting.rounds >= before + rounds)


def nobody_plays():
    """Whether no thread is left in which a page plays."""
    return not any(thread.name.endswith(f"({_requests._work.__name__})") for thread in threading.enumerate())


class TestWhoIsAnswered:
    def test_the_page_is(self, page):
        answer, body = ask(page, "GET", "/?token=whatever", None)
        assert answer.status == 200
        assert b"<title>stackel explore</title>" in body
        assert token(page).encode() not in body
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe-eval" not in answer.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("file", ["main.js", "style.css", "icon.svg", "plotly.min.js"])
    def test_files_are(self, page, file):
        answer, body = ask(page, "GET", f"/{file}", None)
        assert answer.status == 200
        assert len(body) > 100

    @pytest.mark.parametrize("path", ["/index.html", "/../_server.py", "/%2e%2e/_server.py", "/_page.py"])
    def test_other_files_are_not(self, page, path):
        assert ask(page, "GET", path, None)[0].status == 404

    @pytest.mark.parametrize("wrong", [None, "", "x", "é"])
    def test_who_has_no_token_is_not(self, page, wrong):
        answer, body = ask(page, X_Stackel_Token=wrong if wrong is None else wrong.encode())
        assert answer.status == 403
        assert b"open the address that stackel printed" in body

    @pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "", "10.0.0.1:80", "[::"])
    def test_other_names_are_not(self, page, host):
        assert ask(page, "GET", "/", None, Host=host)[0].status == 403

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9999", "127.0.0.1:1"])
    def test_names_of_this_machine_are(self, page, host):
        assert ask(page, "GET", "/", None, Host=host)[0].status == 200

    @pytest.mark.parametrize("origin", ["http://example.org", "null", "https://127.0.0.1"])
    def test_other_pages_are_not(self, page, origin):
        assert ask(page, Origin=origin)[0].status == 403

    def test_its_own_page_is(self, page):
        assert ask(page, Host="localhost:7", Origin="http://localhost:7")[0].status == 200

    def test_it_listens_on_the_loopback_interface_only(self, page):
        assert page._server.socket.getsockname()[0] == "127.0.0.1"


class TestBadRequests:
    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"NaN", b"[" * 100_000, b'{"a": Infinity}'])
    def test_what_is_not_json(self, page, body):
        answer, said = ask(page, body=body)
        assert answer.status == 400
        assert b"JSON" in said

    @pytest.mark.parametrize("body", [b"[]", b"1", b"{}", b'{"state": 1}'])
    @pytest.mark.parametrize("action", ["play", "python", "games"])
    def test_what_holds_nothing(self, page, body, action):
        answer, said = ask(page, path=f"/api/{action}", body=body)
        assert answer.status == 200
        (line,) = said.splitlines()
        assert json.loads(line)["kind"] == "error"

    @pytest.mark.parametrize("action", ["choices", "games", "python"])
    @pytest.mark.parametrize(
        "fault", [ZeroDivisionError("why"), OSError("why"), KeyError("why \ud800")], ids=repr
    )
    def test_errors_that_nobody_expected_are_told(self, page, monkeypatch, capfd, action, fault):
        def fail(*_):
            raise fault

        for name in ("catalogue", "make_games", "as_python"):
            monkeypatch.setattr(f"stackel._explorer._server.{name}", fail)
        answer, said = ask(page, path=f"/api/{action}", body=json.dumps({"state": state()}).encode())
        assert answer.status == 500
        assert said.startswith(type(fault).__name__.encode())
        assert b"why" in said
        assert capfd.readouterr().err == ""

    def test_addresses_that_are_none(self, page):
        with socket.create_connection(("127.0.0.1", urlsplit(page.url).port), WAIT) as connection:
            connection.sendall(b"GET http://[ HTTP/1.0\r\nHost: localhost\r\n\r\n")
            head, said = connection.makefile("rb").read().split(b"\r\n\r\n")
        assert b" 500 " in head.splitlines()[0]
        assert said.startswith(b"ValueError: ")

    @pytest.mark.parametrize("length", ["-1", "1e3", "9999999999", "9" * 5000, "x", None])
    def test_lengths(self, page, length):
        assert ask(page, body=None, Content_Length=length)[0].status == 400

    def test_unknown_actions(self, page):
        assert ask(page, path="/api/no")[0].status == 400
        assert ask(page, "DELETE", "/", None)[0].status == 501


class TestRuns:
    def test_messages_come_line_by_line(self, page):
        answer, said = ask(page, path="/api/play", body=json.dumps({"state": state(), "slot": "a"}).encode())
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        kinds = [json.loads(line)["kind"] for line in said.splitlines()]
        assert [kind for kind in kinds if kind != "progress"] == ["marks", "result", "course", "done"]

    def test_a_newer_run_of_a_tab_stops_the_one_before(self, page):
        endless = state({"learner": "Counting"}, 10**9)
        first = begin(page, {"state": endless, "slot": "a"})
        until_played(10)
        _, said = ask(page, path="/api/play", body=json.dumps({"state": state(), "slot": "a"}).encode())
        assert json.loads(said.splitlines()[-1])["kind"] == "done"
        heard = b""
        while more := first.recv(65536):
            heard += more
        first.close()
        assert json.loads(heard.splitlines()[-1])["kind"] == "cancelled"
        until(nobody_plays)

    def test_another_tab_stops_nothing(self, page):
        endless = state({"learner": "Counting"}, 10**9)
        first = begin(page, {"state": endless, "slot": "a"})
        until_played(10)
        ask(page, path="/api/play", body=json.dumps({"state": state(), "slot": "b"}).encode())
        until_played(200)
        first.close()
        until(nobody_plays)

    def test_a_page_that_goes_away_stops_its_run(self, page):
        connection = begin(page, {"state": state({"learner": "Counting"}, 10**9), "slot": "a"})
        until_played(10)
        connection.close()
        until(nobody_plays)
        until(lambda: page._server.requests._tokens == {})

    def test_closing_stops_all_runs(self):
        page = sk.explore(GAME, Counting, sk.UCB())
        connection = begin(page, {"state": state({"learner": "Counting"}, 10**9), "slot": "a"})
        until_played(10)
        page.close()
        until(nobody_plays)
        connection.close()

    @pytest.mark.parametrize("fault", [ZeroDivisionError, SystemExit])
    def test_faults_of_learners_of_ones_own_are_told(self, fault):
        class Faulty(Counting):
            def choose(self, rng):
                raise fault("no arm")

        page = sk.explore(GAME, Faulty, sk.UCB())
        _, said = ask(page, path="/api/play", body=json.dumps({"state": page._server.initial}).encode())
        page.close()
        assert "no arm" in json.loads(said.splitlines()[-1])["message"]

    def test_what_json_does_not_have_is_told(self, page, monkeypatch):
        monkeypatch.setattr("stackel._explorer._running.numbers_of", lambda *_: {"mean": float("nan")})
        _, said = ask(page, path="/api/play", body=json.dumps({"state": state()}).encode())
        last = json.loads(said.splitlines()[-1])
        assert last["kind"] == "error"
        assert last["message"].startswith("ValueError: ")

    def test_runs_at_the_same_time(self, page):
        def play(slot, told):
            body = {"state": state(horizon=2000 + slot), "slot": str(slot)}
            _, said = ask(page, path="/api/play", body=json.dumps(body).encode())
            told[slot] = [json.loads(line) for line in said.splitlines()]

        told = {}
        threads = [threading.Thread(target=play, args=(slot, told)) for slot in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for slot in range(8):
            (result,) = [each for each in told[slot] if each["kind"] == "result"]
            run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 2000 + slot, seed=1)
            assert result["mean"] == run.regret(sk.stackelberg)[:, 0].tolist()


class TestStarting:
    def test_plotly_is_named_if_it_is_missing(self, monkeypatch):
        hide_module(monkeypatch, "plotly")
        with pytest.raises(sk.MissingExtraError, match=r"stackel\[explore\]"):
            sk.explore()

    def test_tokens_are_fresh(self):
        pages = [sk.explore() for _ in range(2)]
        assert len({token(page) for page in pages}) == 2
        for page in pages:
            page.close()

    def test_a_port_that_is_taken_is_an_error(self, page):
        answer = CliRunner().invoke(
            cli.app, ["explore", "--no-browser", "--port", str(urlsplit(page.url).port)]
        )
        assert answer.exit_code == 1
        assert answer.stderr.startswith("stackel: ")

    def test_a_file_that_is_no_game_is_an_error(self, tmp_path):
        path = tmp_path / "game.toml"
        path.write_text("leader = 1\n")
        answer = CliRunner().invoke(cli.app, ["explore", str(path), "--no-browser"])
        assert answer.exit_code == 2
        assert "game.toml" in answer.stderr

    def test_the_browser_is_opened(self, monkeypatch):
        opened = []
        monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or False)
        monkeypatch.setattr("stackel._explorer._page.Page.wait", lambda _: None)
        answer = CliRunner().invoke(cli.app, ["explore"])
        assert answer.exit_code == 0
        assert opened[0] in answer.stdout
        assert "No browser was found" in answer.stdout

    def test_the_command_serves_until_ctrl_c(self, tmp_path):
        path = tmp_path / "game.json"
        path.write_text(json.dumps(GAME.to_dict()))
        command = [sys.executable, "-c", MAIN, "explore", str(path), "--no-browser"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = process.stdout.readline()
        url = next(word for word in line.split() if word.startswith("http://127.0.0.1:"))
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=WAIT)
        connection.request("GET", "/", headers={})
        assert connection.getresponse().status == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=WAIT)
        assert process.returncode == 0
        assert errors == ""
