"""The page of `stackel.explore` in a real browser: by keyboard, on phones, in the dark, in notebooks.

Every window checks by itself that no script fails and that nothing is asked of any other place.
"""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from explored import until

WIDTHS = {"desktop": 1300, "phone": 390}
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
