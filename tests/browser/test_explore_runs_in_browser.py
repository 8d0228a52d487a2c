"""The page of `stackel.explore` in a real browser: two set-ups, links, bad input, and what happens to runs.

Every window checks by itself that no script fails and that nothing is asked of any other place.
"""

from __future__ import annotations

import contextlib
import io

import pytest
from explored import GAME, final, simulated, started, until

import stackel as sk
from stackel._explorer._initial import initial_state
from stackel._explorer._page import start


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

    def test_the_link_in_python_opens_what_was_played(self, windows, page):
        window = windows(page)
        with window.answered():
            window.at("horizon").fill("1000")
        with window.answered():
            window.tab.click("#compare")
        with window.answered():
            window.at("setups.1.leader").select_option("MOSS")
        link = page.link
        assert link.startswith(page.url)
        other = windows(page)
        other.tab.goto("about:blank")
        other.open(link)
        assert other.at("horizon").input_value() == "1000"
        assert final(other, "Save regret of set-up B as CSV") == final(
            window, "Save regret of set-up B as CSV"
        )

    def test_a_page_begins_prepared(self, windows):
        page = sk.explore(
            GAME,
            sk.UCB(),
            horizon=3000,
            replications=5,
            seed=2**64 - 1,
            benchmark=sk.tolerant(GAME, 0.125),
            compare={"follower": sk.MOSS()},
        )
        window = windows(page)
        assert window.at("horizon").input_value() == "3000"
        assert window.at("seed").input_value() == str(2**64 - 1)
        assert window.at("benchmark.gamma").input_value() == "0.125"
        run = sk.simulate(GAME, sk.UCB(), sk.MOSS(), 3000, replications=5, seed=2**64 - 1)
        regret = run.regret(sk.tolerant(GAME, 0.125)).mean(axis=1)[:, -1]
        assert final(window, "Save regret of set-up B as CSV") == regret.tolist()
        page.close()

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

    def test_labels_are_texts(self, windows):
        labels = ["<b>x</b>", "a & b"], ["<img src=x onerror=alert(1)>", "y"]
        utilities = [[1.0, 0.0], [0.0, 1.0]]
        page = sk.explore(sk.Game(utilities, utilities, leader_labels=labels[0], follower_labels=labels[1]))
        window = windows(page)
        shown = window.tab.locator(".ytick text").all_text_contents()
        assert {f"{a}, {b}" for a in labels[0] for b in labels[1]} <= set(shown)
        heads = window.tab.locator(".matrices th").all_text_contents()
        assert set(heads) == {*labels[0], *labels[1]}
        page.close()


class TestRunning:
    def test_a_long_run_shows_progress_and_can_be_stopped(self, windows, page):
        window = windows(page)
        window.at("setups.0.leader").select_option("EXP3")
        window.at("horizon").fill("1000000000")
        until(lambda: "Playing:" in window.status, lambda: window.status)
        assert window.tab.is_visible("#progress")
        window.tab.click("#stop")
        until(lambda: window.status == "Stopped.")
        assert not window.tab.is_visible("#progress")
        until(lambda: page._server.requests._tokens == {})

    def test_a_change_cancels_the_run_before_it(self, windows, page):
        window = windows(page)
        window.at("setups.0.leader").select_option("EXP3")
        window.at("horizon").fill("1000000000")
        until(lambda: "Playing:" in window.status)
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
        until(lambda: "Playing:" in two.status)
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
        again = start(*initial_state(GAME, sk.UCB(), sk.UCB()), page._server.server_port)
        until(lambda: "open the address that stackel printed" in window.trouble)
        windows(again)
        again.close()

    def test_a_tab_without_the_token_says_what_to_do(self, windows, page, browser):
        window = windows(page, expect=["403"])
        stranger = browser.new_context().new_page()
        stranger.goto(window.tab.url)
        until(lambda: "open the address that stackel printed" in stranger.inner_text("#trouble"))
        stranger.context.close()
