"""The page of `stackel.explore` in a real browser: every control, and what it shows.

Every window checks by itself that no script fails and that nothing is asked of any other place.
"""

from __future__ import annotations

import contextlib
import io
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from explored import LOUD, Window, until

import stackel as sk
from stackel._explorer._page import start

GAME = sk.games.etc_failure()
WIDTHS = {"desktop": 1300, "phone": 390}
GRID = "#controls .matrices input"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def started():
    """A running page that is quick to answer."""
    made = start(GAME, sk.UCB(), sk.UCB(), 0)
    made._server.initial.update(horizon=10**6, replications=8)
    return made


@pytest.fixture(scope="module")
def page():
    """The page that most tests open."""
    made = started()
    yield made
    made.close()


@pytest.fixture(scope="module")
def room(browser):
    """The browser window whose tabs most tests open."""
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    yield context
    context.close()


@pytest.fixture
def windows(browser, page, room):
    """Open tabs, and see that nothing goes wrong in them."""
    with contextlib.ExitStack() as stack:
        complaints, allowed = [], []

        def opened(page=page, *, expect=(), **options):
            allowed.extend(expect)
            context = (
                stack.enter_context(contextlib.closing(browser.new_context(**options))) if options else room
            )
            tab = stack.enter_context(contextlib.closing(context.new_page()))
            tab.on("console", lambda said: complaints.append(said.text) if said.type in LOUD else None)
            tab.on("pageerror", lambda error: complaints.append(str(error)))
            tab.on("request", lambda asked: note(asked.url))
            return Window(tab).open(page.url)

        def note(url):
            if not url.startswith(("http://127.0.0.1:", "data:", "blob:http://127.0.0.1:")):
                complaints.append(url)

        yield opened
    assert [said for said in complaints if not any(part in said for part in allowed)] == []


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


class TestControls:
    """Each control changes the state as it says, and the numbers are those of the state."""

    def changed(self, windows, page, act, is_so):
        window = windows(page)
        with window.answered():
            act(window)
        window.kept(is_so)
        assert window.tab.locator("[aria-invalid=true]").count() == 0
        return window

    @pytest.mark.parametrize("role", ["leader", "follower"])
    def test_cells(self, windows, page, role):
        window = self.changed(
            windows,
            page,
            lambda w: w.at(f"setups.0.game.{role}.1.0").fill("0.75"),
            lambda s: s["setups"][0]["game"][role][1][0] == 0.75,
        )
        assert window.state["setups"][0]["game"]["name"] is None
        assert window.tab.inner_text("#game-name") == "Game"
        assert final(window) == simulated(window.state)

    def test_marks_follow_the_cells(self, windows, page):
        window = windows(page)
        cell = window.tab.locator('td[data-cell="0-0"]')
        assert "★" in cell.inner_text()
        with window.answered():
            window.at("setups.0.game.leader.0.0").fill("0.25")
        assert "★" not in cell.inner_text()
        assert "★" in window.tab.inner_text('td[data-cell="1-0"]')
        about = window.at("setups.0.game.leader.1.0").get_attribute("aria-describedby")
        assert "Stackelberg outcome" in window.tab.text_content(f"#{about}")

    def test_dragging(self, windows, page):
        window = windows(page)
        window.at("setups.0.game.follower.0.1").focus()
        assert window.tab.inner_text("#dragged") == "drag: utility of the follower at a1, b2"
        with window.answered():
            window.tab.locator("#drag").fill("0.5")
        window.kept(lambda s: s["setups"][0]["game"]["follower"][0][1] == 0.5)
        assert window.at("setups.0.game.follower.0.1").input_value() == "0.5"
        assert final(window) == simulated(window.state)

    @pytest.mark.parametrize(("control", "shape"), [("#rows", (3, 2)), ("#columns", (2, 3))])
    def test_sizes(self, windows, page, control, shape):
        window = self.changed(
            windows,
            page,
            lambda w: w.tab.select_option(control, "3"),
            lambda s: np.shape(s["setups"][0]["game"]["leader"]) == shape,
        )
        assert window.tab.locator(GRID).count() == 12
        assert final(window) == simulated(window.state)

    def test_games_of_the_theory(self, windows, page):
        def load(window):
            window.tab.select_option("#games", "family:unachievable")
            window.tab.get_by_label("delta").fill("0.02")
            window.tab.get_by_label("game of the pair").select_option("1")
            window.tab.get_by_role("button", name="Load").click()

        window = self.changed(
            windows, page, load, lambda s: s["setups"][0]["game"]["name"] == "unachievable II"
        )
        game = sk.Game.from_dict(window.state["setups"][0]["game"])
        assert game == sk.games.unachievable(0.02)[1]
        assert window.tab.inner_text("#game-name") == "Game: unachievable II"

    def test_every_game_can_be_loaded(self, windows, page):
        window = windows(page)
        for value in window.tab.locator("#games option").evaluate_all("all => all.map(o => o.value)"):
            if value:
                window.tab.select_option("#games", value)
                with window.answered():
                    window.tab.get_by_role("button", name="Load").click()
                assert window.trouble == ""

    def test_games_that_cannot_be_are_refused(self, windows, page):
        window = windows(page)
        window.tab.select_option("#games", "family:unachievable")
        window.tab.get_by_label("delta").fill("-1")
        window.tab.get_by_role("button", name="Load").click()
        until(lambda: "delta: must be" in window.trouble)

    @pytest.mark.parametrize("player", [0, 1])
    def test_noise(self, windows, page, player):
        def choose(window):
            window.at(f"setups.0.game.noise.{player}").select_option("Uniform")
            window.at(f"setups.0.game.noise.{player}.half_width").fill("0.5")

        wanted = {"law": "Uniform", "half_width": 0.5}
        window = self.changed(
            windows, page, choose, lambda s: s["setups"][0]["game"]["noise"][player] == wanted
        )
        until(lambda: final(window) == simulated(window.state))

    @pytest.mark.parametrize("role", ["leader", "follower"])
    def test_every_learner(self, windows, page, role):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("300")
        menu = window.at(f"setups.0.{role}")
        names = menu.locator("option").evaluate_all("all => all.map(o => o.value)")
        known = {entry["name"] for entry in sk.learner_schema() if role in entry["roles"]}
        assert known - set(names) <= {"LinUCB"}  # its features are a matrix
        for name in names:
            with window.answered():
                menu.select_option(name)
            window.kept(lambda s, name=name: s["setups"][0][role]["learner"] == name)
            until(lambda: final(window) == simulated(window.state), lambda: f"{window.state}")
            for entry in sk.learner_schema():
                for parameter in entry["parameters"] if entry["name"] == name else ():
                    assert window.at(f"setups.0.{role}.{parameter['name']}").count() >= 1

    @pytest.mark.parametrize(
        "case",
        [
            ("UCB", "sigma", "0.5", 0.5),
            ("UCB", "anytime", True, True),
            ("UCB", "ties", "random", "random"),
            ("ExploreThenCommit", "exploration", "17", 17),
            ("ActiveArmElimination", "phases", "1, 2, 4", [1, 2, 4]),
        ],
        ids=str,
    )
    def test_parameters(self, windows, page, case):
        name, parameter, given, value = case
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("1000")
        if name != "UCB":
            with window.answered():
                window.at("setups.0.leader").select_option(name)
        control = window.at(f"setups.0.leader.{parameter}")
        with window.answered():
            if given is True:
                control.check()
            elif parameter == "ties":
                control.select_option(given)
            else:
                control.fill(given)
        window.kept(lambda s: s["setups"][0]["leader"][parameter] == value)
        until(lambda: final(window) == simulated(window.state))

    def test_learners_made_of_learners(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("1000")
        for path, name in (("setups.0.follower", "Blind"), ("setups.0.follower.of", "UCB")):
            with window.answered():
                window.at(path).select_option(name)
        with window.answered():
            window.at("setups.0.follower.of.sigma").fill("0.5")
        wanted = {"learner": "Blind", "of": {"learner": "UCB", "sigma": 0.5}}
        window.kept(lambda s: s["setups"][0]["follower"] == wanted)
        assert final(window) == simulated(window.state)
        assert "sk.Blind(of=sk.UCB(sigma=0.5))" in window.program()

    def test_defaults_of_the_seat_are_shown(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("setups.0.follower").select_option("ExploreThenCommit")
        resolved = sk.ExploreThenCommit().resolve("follower", 10**6, 2, 2)
        shown = window.at("setups.0.follower.exploration").get_attribute("placeholder")
        assert shown == str(resolved.exploration)

    def test_horizon(self, windows, page):
        window = self.changed(
            windows, page, lambda w: w.at("horizon").fill("12345"), lambda s: s["horizon"] == 12345
        )
        assert float(window.tab.locator("#horizon").input_value()) == pytest.approx(np.log10(12345), abs=0.05)
        with window.answered():
            window.tab.locator("#horizon").fill("12")
        window.kept(lambda s: s["horizon"] == 10**12)
        assert window.at("horizon").input_value() == "1000000000000"
        assert window.tab.locator("#horizon").get_attribute("aria-valuetext") == "10¹² rounds"
        assert final(window) == simulated(window.state)

    def test_replications_and_seed(self, windows, page):
        window = self.changed(
            windows, page, lambda w: w.at("replications").fill("3"), lambda s: s["replications"] == 3
        )
        with window.answered():
            window.at("seed").fill("18446744073709551615")
        window.kept(lambda s: s["seed"] == "18446744073709551615")
        assert final(window) == simulated(window.state)
        with window.answered():
            window.tab.click("#new-seed")
        window.kept(lambda s: s["seed"] != "18446744073709551615")
        assert final(window) == simulated(window.state)

    def test_benchmarks(self, windows, page):
        window = windows(page)
        for kind in ("weak", "tolerant", "self_tolerant", "pair"):
            with window.answered():
                window.at("benchmark.kind").select_option(kind)
        with window.answered():
            window.at("benchmark.leader").fill("0.7")
        window.kept(lambda s: s["benchmark"] == {"kind": "pair", "leader": 0.7, "follower": 0.5})
        with window.answered():
            window.at("benchmark.kind").select_option("tolerant")
        with window.answered():
            window.at("benchmark.gamma").fill("0.125")
        window.kept(lambda s: s["benchmark"] == {"kind": "tolerant", "gamma": 0.125})
        run = sk.simulate(GAME, sk.UCB(), sk.UCB(), 10**6, replications=8, seed=1)
        expected = run.regret(sk.tolerant(GAME, 0.125)).mean(axis=1)[:, -1]
        assert final(window) == pytest.approx(expected.tolist(), rel=1e-12)
        assert "gamma = 0.125" in window.tab.inner_text(".legend")

    def test_scales(self, windows, page):
        window = windows(page)
        types = {}
        for scale in ("auto", "linear", "log", "symlog", "per_round"):
            window.tab.select_option("#scale", scale)
            axis = window.tab.locator(".plot").first.evaluate("plot => plot.layout.yaxis")
            types[scale] = axis.get("type"), axis["title"]["text"]
        assert types["auto"] == types["log"] == ("log", "regret (units of utility)")
        assert types["linear"][0] == "linear"
        assert types["per_round"][1] == "regret per round"

    def test_negative_regret_is_drawn(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("benchmark.kind").select_option("pair")
        with window.answered():
            window.at("benchmark.leader").fill("0.4")
        plot = window.tab.locator(".plot").first
        axis = plot.evaluate("plot => plot.layout.yaxis")
        assert axis["type"] == "linear"  # of values that are transformed
        assert any(text.startswith("−") for text in axis["ticktext"])
        assert plot.evaluate("plot => plot.data.at(-2).y.every(y => y !== null)")

    def test_numbers_over_time_unfold(self, windows, page):
        window = windows(page)
        window.tab.get_by_text("Regret over time as numbers").click()
        rows = window.tab.locator("details tbody tr")
        assert rows.count() == len(window.csv("Save regret as CSV")) // 2
        assert rows.last.locator("th").inner_text() == "10⁶"

    def test_exponents(self, windows, page):
        window = windows(page)
        window.tab.get_by_role("button", name="Fit exponents").click()
        table = window.tab.locator(".fits table")
        until(lambda: table.count() == 1)
        fit = sk.scaling(GAME, sk.UCB(), sk.UCB(), _horizons(10**6), sk.stackelberg, replications=8, seed=1)
        assert f"{fit.exponent[0]:.3g}" in table.inner_text()
        assert "sk.scaling(" in window.program()
        with window.answered():
            window.at("seed").fill("2")
        assert table.count() == 0  # they were those of another seed

    def test_pictures_are_saved(self, windows, page):
        window = windows(page)
        for title in ("regret", "where the rounds went"):
            for kind, begin in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
                with window.tab.expect_download() as saved:
                    window.tab.get_by_role("button", name=f"Save {title} as {kind}", exact=True).click()
                content = saved.value.path().read_bytes()
                assert content.startswith(begin)
                assert len(content) > 2000
        lines = window.csv("Save where the rounds went as CSV")
        shares = np.array([float(line[-1]) for line in lines]).reshape(4, -1)
        np.testing.assert_allclose(shares.sum(axis=0), 1.0)

    def test_every_control_has_been_tried(self, windows, page):
        window = windows(page)
        with window.answered():
            window.tab.click("#compare")
        buttons = set(window.tab.locator("button:visible").evaluate_all("all => all.map(b => b.textContent)"))
        assert buttons == {
            "Show set-up A only", "Copy as Python", "Copy link", "Load", "New seed", "Set-up A", "Set-up B",
            "PNG", "SVG", "CSV", "Fit exponents", "Go to the results",
        }  # fmt: skip
        others = window.tab.locator("input:visible, select:visible, summary:visible")
        names = others.evaluate_all(
            "all => all.map(e => e.dataset.path?.replace(/\\.\\d+/g, '.#') ?? (e.id || e.tagName))"
        )
        schema = {each["name"] for entry in sk.learner_schema() for each in entry["parameters"]}
        tried = {
            "games", "setups.#.game.leader.#.#", "setups.#.game.follower.#.#", "drag", "rows", "columns",
            "setups.#.game.noise.#", "setups.#.game.noise.#.sigma", "setups.#.leader", "setups.#.follower",
            "horizon", "replications", "seed", "benchmark.kind", "scale", "SUMMARY",
            *(f"setups.#.{role}.{name}" for role in ("leader", "follower") for name in schema),
        }  # fmt: skip
        assert set(names) <= tried


def _horizons(last):
    return sorted({round(each) for each in np.geomspace(max(last / 10**4, 10), last, 7).tolist()})


class TestTwoSetups:
    def test_they_have_the_same_noise(self, windows, page):
        window = windows(page)
        with window.answered():
            window.tab.click("#compare")
        assert final(window, "Save regret of set-up A as CSV") == final(
            window, "Save regret of set-up B as CSV"
        )
        assert "leader 0, follower 0" in window.tab.inner_text(".difference").replace(" [0, 0]", "")
        with window.answered():
            window.at("setups.1.follower").select_option("MOSS")
        for place, letter in enumerate("AB"):
            assert final(window, f"Save regret of set-up {letter} as CSV") == simulated(
                window.kept(bool) and window.state, place
            )
        ranges = window.tab.locator(".plot").evaluate_all(
            "all => all.filter(p => p.data[0].type !== 'heatmap').map(p => p.layout.yaxis.range)"
        )
        assert ranges[0] == ranges[1]

    def test_each_has_its_form(self, windows, page):
        window = windows(page)
        with window.answered():
            window.tab.click("#compare")
        with window.answered():
            window.at("setups.1.game.leader.0.0").fill("0.9")
        window.tab.click("#setup-A")
        assert window.at("setups.0.game.leader.0.0").input_value() == "0.6"
        window.tab.click("#setup-B")
        assert window.at("setups.1.game.leader.0.0").input_value() == "0.9"
        with window.answered():
            window.tab.click("#compare")
        assert window.tab.locator(".column").count() == 1
        window.kept(lambda s: len(s["setups"]) == 1)


class TestSharing:
    def test_the_program_makes_the_same_numbers(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("setups.0.game.leader.0.0").fill("0.65")
        with window.answered():
            window.at("setups.0.leader").select_option("EpsilonGreedy")
        names, out = {}, io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(window.program(), "program", "exec"), names)  # noqa: S102 it is what is tested
        assert names["regret"].mean(axis=1)[:, -1].tolist() == final(window)

    def test_the_program_is_in_the_clipboard(self, windows, page):
        window = windows(page, permissions=["clipboard-read", "clipboard-write"])
        text = window.program()
        assert window.tab.evaluate("navigator.clipboard.readText()").strip() == text.strip()
        window.tab.click("#link")
        until(lambda: window.status == "The link is copied.")
        assert window.tab.evaluate("navigator.clipboard.readText()") == window.tab.url

    def test_a_link_holds_everything(self, windows, page):
        window = windows(page)
        with window.answered():
            window.tab.click("#compare")
        with window.answered():
            window.at("setups.1.leader").select_option("ExploreThenCommit")
        with window.answered():
            window.at("setups.1.game.follower.1.1").fill("0.35")
        window.tab.select_option("#scale", "linear")
        state = window.kept(lambda s: s["view"]["scale"] == "linear" and s)
        assert "token" not in window.tab.url
        other = windows(page)
        other.tab.goto("about:blank")
        other.tab.goto(window.tab.url)  # the same browser knows the token
        until(lambda: other.answers > 0)
        assert other.tab.locator("#scale").input_value() == "linear"
        assert other.at("setups.1.game.follower.1.1").input_value() == "0.35"
        assert final(other, "Save regret of set-up B as CSV") == simulated(state, 1)

    def test_a_link_can_be_put_into_an_open_page(self, windows, page):
        window = windows(page)
        before = window.kept(bool) and window.tab.evaluate("location.hash") if window.state else None
        with window.answered():
            window.at("horizon").fill("1000")
        window.kept(lambda s: s["horizon"] == 1000)
        link = window.tab.evaluate("location.hash")
        with window.answered():
            window.at("horizon").fill("2000")
        window.kept(lambda s: s["horizon"] == 2000)
        with window.answered():
            window.tab.evaluate(f"location.hash = {link!r}")
        assert window.at("horizon").input_value() == "1000"
        assert before is None

    @pytest.mark.parametrize("junk", ["#x", "#e30", "#eyJzZXR1cHMiOltdfQ", "#%00", "#" + "A" * 1000])
    def test_links_that_hold_nothing_are_said_to(self, windows, page, junk):
        window = windows(page)
        with window.answered():
            window.tab.evaluate(f"location.hash = {junk!r}")
        assert "The link does not hold what this page needs" in window.trouble
        assert window.at("horizon").input_value() == "1000000"


class TestBadInput:
    @pytest.mark.parametrize(
        ("path", "bad", "why"),
        [
            ("setups.0.game.leader.0.0", "x", "must be a number, got “x”"),
            ("setups.0.game.leader.0.0", "", "must be a number, got nothing"),
            ("setups.0.game.follower.1.1", "1e999", "must be a number"),
            ("setups.0.game.noise.0.sigma", "-1", "sigma: must be"),
            ("setups.0.leader.sigma", "-1", "sigma: must be"),
            ("setups.0.leader.sigma", "one", "must be a number"),
            ("horizon", "0", "horizon: must be a whole number from 1"),
            ("horizon", "2.5", "must be a whole number"),
            ("replications", "1000000", "replications: must be"),
            ("seed", "-1", "seed: must be"),
        ],
    )
    def test_it_is_named_and_marked_where_it_is(self, windows, page, path, bad, why):
        window = windows(page)
        control = window.at(path)
        good = control.input_value()
        control.fill(bad)
        until(lambda: why in window.status, lambda: window.status)
        until(lambda: control.get_attribute("aria-invalid") == "true")
        assert why in control.get_attribute("title")
        assert "stale" in window.tab.locator("#results").get_attribute("class")
        with window.answered():
            control.fill(good)
        assert control.get_attribute("aria-invalid") is None
        assert "stale" not in window.tab.locator("#results").get_attribute("class")

    def test_a_law_that_does_not_fit_is_marked(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("setups.0.game.leader.0.0").fill("2")
        window.at("setups.0.game.noise.0").select_option("Bernoulli")
        until(lambda: window.status.startswith("Not played:"))
        assert window.tab.locator(".game.refused, [aria-invalid=true]").count() == 1


class TestRunning:
    def test_a_long_run_shows_progress_and_can_be_stopped(self, windows, page):
        window = windows(page)
        window.at("setups.0.leader").select_option("EXP3")
        window.at("horizon").fill("1000000000")
        until(lambda: "Playing round by round" in window.status, lambda: window.status)
        assert window.tab.is_visible("#progress")
        window.tab.click("#stop")
        until(lambda: window.status == "Stopped.")
        assert not window.tab.is_visible("#progress")
        until(lambda: page._server.requests._tokens == {})

    def test_a_change_cancels_the_run_before_it(self, windows, page):
        window = windows(page)
        window.at("setups.0.leader").select_option("EXP3")
        window.at("horizon").fill("1000000000")
        until(lambda: "Playing round by round" in window.status)
        with window.answered():
            window.at("setups.0.leader").select_option("UCB")
        assert window.status.startswith("Played 10⁹ rounds, 8 times")
        until(lambda: page._server.requests._tokens == {})
        assert final(window) == simulated(
            window.kept(lambda s: s["setups"][0]["leader"]["learner"] == "UCB" and s)
        )

    def test_two_tabs_at_once(self, windows, page):
        one = windows(page)
        two = windows(page)
        two.at("setups.0.leader").select_option("EXP3")
        two.at("horizon").fill("1000000000")
        until(lambda: "Playing round by round" in two.status)
        with one.answered():
            one.at("seed").fill("5")
        assert final(one) == simulated(one.kept(lambda s: s["seed"] == "5" and s))
        assert two.tab.is_visible("#stop")  # it still plays
        two.tab.click("#stop")
        until(lambda: two.status == "Stopped.")

    def test_a_dropped_connection_is_said_and_mended(self, windows, page):
        window = windows(page, expect=["ERR_INTERNET_DISCONNECTED"], color_scheme="light")
        window.tab.context.set_offline(True)
        window.at("seed").fill("3")
        until(lambda: "connection to stackel is lost" in window.trouble)
        with window.answered():
            window.tab.context.set_offline(False)
        until(lambda: window.trouble == "")
        assert final(window) == simulated(window.kept(lambda s: s["seed"] == "3" and s))

    def test_a_server_that_ended_is_said(self, windows):
        page = started()
        window = windows(page, expect=["ERR_CONNECTION_REFUSED", "403"])
        page.close()
        window.at("seed").fill("3")
        until(lambda: "connection to stackel is lost" in window.trouble)
        again = start(GAME, sk.UCB(), sk.UCB(), page._server.server_port)
        until(lambda: "open the address that stackel printed" in window.trouble)
        windows(again)
        again.close()

    def test_a_tab_without_the_token_says_what_to_do(self, windows, page, browser):
        window = windows(page, expect=["403"])
        stranger = browser.new_context().new_page()
        stranger.goto(window.tab.url)
        until(lambda: "open the address that stackel printed" in stranger.inner_text("#trouble"))
        stranger.context.close()


class TestForEverybody:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
    def test_it_is_accessible(self, windows, page, scheme, width):
        window = windows(page, color_scheme=scheme, viewport={"width": width, "height": 900})
        with window.answered():
            window.tab.click("#compare")
        window.at("replications").fill("x")
        window.tab.locator("summary").first.click()
        found = Axe().run(window.tab)
        assert found.violations_count == 0, found.generate_report()
        with window.answered():
            window.at("replications").fill("8")
        window.tab.click("#python")
        until(lambda: window.tab.is_visible("#program pre"))
        found = Axe().run(window.tab)
        assert found.violations_count == 0, found.generate_report()

    @pytest.mark.parametrize("width", [320, 390, 820, 1300])
    def test_nothing_is_wider_than_the_window(self, windows, page, width):
        window = windows(page, viewport={"width": width, "height": 800})
        with window.answered():
            window.tab.select_option("#columns", "5")
        with window.answered():
            window.tab.click("#compare")
        assert window.tab.evaluate(TOO_WIDE) <= 0

    def test_it_works_by_keyboard(self, windows, page):
        window = windows(page)
        reached = set()
        for _ in range(80):
            window.tab.keyboard.press("Tab")
            reached.add(
                window.tab.evaluate("document.activeElement.dataset.path ?? document.activeElement.id")
            )
        inputs = window.tab.locator("#controls input[data-path], #controls select[data-path]")
        paths = inputs.evaluate_all("all => all.map(e => e.dataset.path)")
        assert set(paths) <= reached
        assert {"compare", "python", "link", "skip", "drag", "horizon", "new-seed", "scale"} <= reached
        window.tab.locator("#horizon").focus()
        with window.answered():
            window.tab.keyboard.press("ArrowRight")
        window.kept(lambda s: s["horizon"] == 1_100_000)
        window.at("setups.0.leader").focus()
        with window.answered():
            window.tab.keyboard.type("MOSS")
        assert window.tab.evaluate("document.activeElement.dataset.path") == "setups.0.leader"

    def test_colours_are_not_all_that_differs(self, windows, page):
        window = windows(page)
        lines = window.tab.locator(".plot").first.evaluate(
            "plot => plot.data.slice(-2).map(t => [t.line.dash, t.marker.symbol])"
        )
        assert lines == [["solid", "circle"], ["dash", "square-open"]]

    def test_dark_figures_follow_the_scheme(self, windows, page):
        window = windows(page, color_scheme="light")
        colour = "plot => plot.layout.font.color"
        light = window.tab.locator(".plot").first.evaluate(colour)
        window.tab.emulate_media(color_scheme="dark")
        until(lambda: window.tab.locator(".plot").first.evaluate(colour) != light)

    def test_captions_are_words(self, windows, page):
        window = windows(page)
        said = window.tab.inner_text(".caption")
        assert said.startswith("A person (the leader, UCB) has 2 ways to ask, a chatbot (the follower, UCB)")
        label = window.tab.locator(".plot").first.get_attribute("aria-label")
        assert label.startswith("Regret of both players over 10⁶ rounds")


def test_a_notebook_shows_it_in_a_frame(browser, page, tmp_path):
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html><title>notebook</title>{page._repr_html_()}", encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    tab = browser.new_page()
    tab.goto(f"http://localhost:{server.server_port}/notebook.html")
    frame = until(lambda: next((f for f in tab.frames if f.url.startswith("http://127.0.0.1")), None))
    until(lambda: "Played" in frame.inner_text("#status"))
    assert frame.evaluate("performance.getEntriesByName('answer').length") == 1
    tab.close()
    server.shutdown()
    server.server_close()
