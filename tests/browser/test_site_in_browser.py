"""The documentation as a reader finds it, wide and narrow: the site has to be built before."""

import pytest
from test_documents import ROOT

SITE = ROOT / "docs" / "_build" / "html"
PAGES = sorted(
    path.relative_to(ROOT / "docs").with_suffix(".html").as_posix()
    for path in (ROOT / "docs").rglob("*.md")
    if "_build" not in path.parts
)
REFERENCE = ["api/running.html", "api/stackel.simulate.html", "api/stackel.Game.html"]
LOUD = {"error", "warning"}
OWN = ("file:", "data:")
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
EMPTY = "[...document.images].filter(image => image.naturalWidth === 0).map(image => image.src)"


@pytest.fixture(scope="module", params=[1300, 400])
def window(request, browser):
    """Page of some width that notes what goes wrong in it and what it asks of any other place."""
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type in LOUD else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(OWN) else page.complaints.append(asked.url))
    yield page
    context.close()


@pytest.mark.parametrize("name", [*PAGES, *REFERENCE])
def test_pages_are_whole_and_keep_to_themselves(window, name):
    assert (SITE / name).is_file(), "build the documentation first: see CONTRIBUTING.md"
    window.complaints.clear()
    window.goto((SITE / name).as_uri())
    assert window.complaints == []
    assert window.evaluate(TOO_WIDE) <= 0
    assert window.evaluate(EMPTY) == []
    assert window.locator("h1").count() == 1


def test_search_finds(window):
    window.goto((SITE / "search.html").as_uri() + "?q=tolerant")
    window.locator("ul.search li a", has_text="Games and benchmarks").first.wait_for()
