"""A real browser, reports to look at with it, and pages that remember what happened to them."""

import contextlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from explored import LOUD, Window, started
from made_report import FOUND, SOURCE
from playwright.sync_api import sync_playwright
from tiny import tiny

from stackel.reproduce import CLAIMS, run
from stackel.reproduce.report import files as report

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="session")
def browser():
    path = os.environ.get("STACKEL_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.fail(
            "these tests need Chromium: install it (on Debian: apt-get install chromium), "
            "or put the path of a browser of its kind into STACKEL_BROWSER"
        )
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path)
        yield started
        started.close()


@pytest.fixture(scope="session", params=["made up", "of every claim"])
def written(request, tmp_path_factory):
    """Evidence, and the page made of it: with everything a page can hold, and of tiny experiments."""
    out = tmp_path_factory.mktemp("report")
    if request.param == "made up":
        report.save_page(FOUND, out, SOURCE, 1.0)
        return FOUND, out / report.PAGE
    return run(out, claims=[tiny(claim) for claim in CLAIMS]), out / report.PAGE


@pytest.fixture
def made(tmp_path_factory):
    """Page of the evidence that is made up."""
    out = tmp_path_factory.mktemp("made")
    report.save_page(FOUND, out, SOURCE, 1.0)
    return out / report.PAGE


@pytest.fixture
def opened(browser):
    """Open a page in a window of its own, and see that nothing goes wrong in it or gets out of it."""

    @contextmanager
    def window(path: Path, **options):
        context = browser.new_context(**options)
        wrong, asked = [], []
        context.route("**/*", lambda route: (asked.append(route.request.url), route.continue_()))
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(path.as_uri())
        yield page
        context.close()
        assert wrong == []
        assert asked == [path.as_uri()]

    return window


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
