"""The page of `stackel.explore` in a window: what it is told, and what it shows."""

from __future__ import annotations

import base64
import contextlib
import json
import time

import pytest

import stackel as sk

GAME = sk.games.etc_failure()
WAIT = 60.0
COUNT = "performance.getEntriesByName('answer').length"
LOUD = {"error", "warning"}


def until(is_so, what="what is waited for"):
    """Wait until something is so; rules of the page forbid the scripts by which Playwright itself waits."""
    end = time.monotonic() + WAIT
    while not (found := is_so()):
        assert time.monotonic() < end, what() if callable(what) else what
        time.sleep(0.02)
    return found


class Window:
    """One tab with the page."""

    def __init__(self, tab):
        self.tab = tab

    def open(self, url):
        """Open the page and wait for its first answer."""
        self.tab.goto(url)
        until(lambda: self.answers > 0, lambda: f"{self.status} {self.trouble}")
        return self

    @property
    def answers(self):
        """How often it has been answered."""
        return self.tab.evaluate(COUNT)

    @property
    def status(self):
        return self.tab.inner_text("#status")

    @property
    def trouble(self):
        return self.tab.inner_text("#trouble") if self.tab.is_visible("#trouble") else ""

    @property
    def state(self):
        """What the link holds."""
        text = self.tab.evaluate("location.hash").removeprefix("#")
        return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) if text else None

    def at(self, path):
        """The control for a place in the state."""
        return self.tab.locator(f'#controls [data-path="{path}"]')

    @contextlib.contextmanager
    def answered(self):
        """Do something that is answered by a run, and wait for it."""
        before = self.answers
        yield
        until(lambda: self.answers > before, lambda: f"{self.status} {self.trouble}")

    def kept(self, is_so):
        """Wait until the link holds a state of which something is so."""
        return until(lambda: (state := self.state) and is_so(state), lambda: f"{self.state}")

    def csv(self, name):
        """Lines of a file of numbers that a button saves."""
        with self.tab.expect_download() as saved:
            self.tab.get_by_role("button", name=name, exact=True).click()
        lines = saved.value.path().read_text(encoding="utf-8").splitlines()
        return [line.split(",") for line in lines[1:]]

    def program(self):
        """Program that "Copy as Python" shows."""
        self.tab.click("#python")
        until(lambda: self.tab.is_visible("#program pre"))
        text = self.tab.inner_text("#program pre")
        self.tab.click("#close-program")
        return text


def final(window, name="Save regret as CSV"):
    """Mean regret of both players at the end, from the saved numbers."""
    lines = window.csv(name)
    return [
        float(next(line for line in reversed(lines) if line[0] == role)[2]) for role in ("leader", "follower")
    ]


def simulated(state, place=0):
    """The same from `stackel.simulate`, with the Stackelberg benchmark."""
    setup = state["setups"][place]
    run = sk.simulate(
        sk.Game.from_dict(setup["game"]),
        *(sk.Learner.from_dict(setup[role]) for role in ("leader", "follower")),
        state["horizon"],
        replications=state["replications"],
        seed=int(state["seed"]),
    )
    return pytest.approx(run.regret(sk.stackelberg).mean(axis=1)[:, -1].tolist(), rel=1e-12)


def started():
    """A running page that is quick to answer."""
    made = sk.explore(GAME, sk.UCB(), sk.UCB())
    made._server.initial.update(horizon=10**6, replications=8)
    return made
