"""A real browser, reports to look at with it, and pages that remember what happened to them."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
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
