"""The documentation site: what its build cannot see by itself.

The build (`sphinx-build -W`) runs the cells of the pages and finds broken links; `test_documents.py` runs
all other Python in them.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import runpy
import textwrap
from pathlib import Path

import numpy as np
import pytest
from test_documents import ROOT, blocks

import stackel as sk
from stackel.reproduce import CLAIMS

DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n|(?::[^\n]*\n)*)(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
EXECUTED = "---\nfile_format: mystnb\n"
MAGIC = re.compile(r"^[%!]", re.MULTILINE)


@pytest.fixture
def extension(monkeypatch):
    """Import modules of docs/_ext that need no Sphinx."""
    monkeypatch.syspath_prepend(DOCS / "_ext")
    return importlib.import_module


def by_name(path):
    return str(path.relative_to(DOCS))


def cells(page):
    return [match["code"] for match in CELL.finditer(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_pages_with_cells_are_executed(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(EXECUTED) == ("{code-cell}" in text)
    assert text.count("```{code-cell}") == len(cells(page))


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_cells_are_programs_that_fit_the_page(page):
    for code in cells(page):
        assert max(map(len, code.splitlines())) <= 88
        if not MAGIC.search(code):
            ast.parse(code)


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_python_that_is_shown_and_not_run_is_python(page):
    for block in blocks(page.read_text(encoding="utf-8")):
        if block.language == "py":
            ast.parse(textwrap.dedent(block.text))


def test_the_loop_beside_stackel_is_the_same_game(tmp_path):
    page = (DOCS / "guide" / "migration.md").read_text(encoding="utf-8")
    (loop,) = (block.text for block in blocks(page) if block.text.startswith("@njit"))
    program = tmp_path / "loop.py"
    program.write_text(loop, encoding="utf-8")
    play = runpy.run_path(str(program), {"np": np, "njit": lambda function: function})["play"]
    game, horizon = sk.games.random(2, 3, seed=5), 300
    utility, counts = play(game.leader, game.follower, horizon, 1)
    assert counts.sum() == horizon
    np.testing.assert_allclose(utility, [(means * counts).sum() for means in (game.leader, game.follower)])
    # Means of 200 runs on either side; 5 standard errors have a false-alarm rate of 6e-7 for each of two.
    played = np.array([play(game.leader, game.follower, horizon, seed)[0] for seed in range(200)])
    run = sk.simulate(game, sk.UCB(), sk.UCB(), horizon, replications=200, seed=1).utility[:, :, -1].T
    error = np.sqrt((played.var(axis=0) + run.var(axis=0)) / 200)
    assert (np.abs(played.mean(axis=0) - run.mean(axis=0)) < 5 * error).all()


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.key)
def test_every_claim_has_a_page_in_the_gallery(claim):
    page = (DOCS / "gallery" / f"{claim.key}.md").read_text(encoding="utf-8")
    assert f"stackel reproduce --only {claim.key}" in page
    assert f":link: {claim.key}\n" in (DOCS / "gallery" / "index.md").read_text(encoding="utf-8")


def test_the_reference_has_every_public_name(extension):
    public = extension("public_names")
    listed = [entry.path for entries in public.sections().values() for entry in entries]
    assert len(listed) == len(set(listed))
    modules = {name for name in sk.__all__ if inspect.ismodule(getattr(sk, name))}
    shown = {module for section in public.SECTIONS for module in section.modules}
    assert set(sk.__all__) - modules <= set(listed)
    assert modules <= shown
    assert {f"games.{name}" for name in sk.games.__all__} <= set(listed)


def test_every_public_module_is_in_a_section(extension):
    sections = extension("public_names").SECTIONS
    rooms = {module.partition(".")[0] for section in sections for module in section.modules}
    shown = {room for room in rooms if room[0] != "_"}  # names of a private room are shown without it
    package = Path(sk.__file__).parent
    modules = {path.stem for path in package.glob("[!_]*.py")}
    packages = {path.parent.name for path in package.glob("[!_]*/__init__.py")}
    assert modules | packages == shown | {"cli"}  # which has a page of its own, guide/command-line.md


def test_pages_of_the_reference_are_linked(extension):
    reference = (DOCS / "reference.md").read_text(encoding="utf-8")
    for section in extension("public_names").SECTIONS:
        assert f"\napi/{section.page}\n" in reference


@pytest.mark.parametrize(
    ("text", "file", "page", "expected"),
    [
        ("[a](../COMPATIBILITY.md#bits)", "docs/leap.md", "leap", "[a](project/compatibility.md#bits)"),
        ("[a](docs/leap.md)", "CONTRIBUTING.md", "project/contributing", "[a](../leap.md)"),
        ("[a](CHANGELOG.md)", "COMPATIBILITY.md", "project/compatibility", "[a](changelog.md)"),
        ("[a](learners.md)", "docs/guide/games.md", "guide/games", "[a](learners.md)"),
        (
            "[a `b`](rust/x.rs) [c](run.py)",
            "benches/peers/README.md",
            "project/peers",
            "[a `b`](rust/x.rs) c",
        ),
        ("[a](#here) [b](https://c.d/e)", "README.md", "index", "[a](#here) [b](https://c.d/e)"),
    ],
)
def test_links_of_the_repository_become_links_of_the_site(extension, text, file, page, expected):
    assert extension("repository").site_links(text, file, page) == expected


def test_included_files_are_there(extension):
    for file, page in extension("repository").PAGES.items():
        text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
        assert (ROOT / file).is_file()
        assert page == "index" or f"```{{include}} ../../{file}\n" in text


@pytest.mark.parametrize(
    ("text", "suffix", "asked"),
    [
        ('<script src="https://a.b/c.js"></script>', "html", 1),
        ('<link rel="preconnect stylesheet" href="//a.b">', "html", 1),
        ('<p style="background: url(https://a.b/c.png)">', "html", 1),
        ("<style>@import 'https://a.b/c.css';</style>", "html", 1),
        ("p { background: url(http://a.b/c.png) }", "css", 1),
        ('<a href="https://a.b">read</a> <script src="c.js"></script>', "html", 0),
        ('<link rel="canonical" href="https://a.b"> <p>url(https://a.b)</p>', "html", 0),
        ("p { background: url(c.png) }", "css", 0),
    ],
)
def test_requests_to_other_hosts_are_found(extension, text, suffix, asked, tmp_path):
    path = tmp_path / f"page.{suffix}"
    path.write_text(text, encoding="utf-8")
    assert len(extension("offline").requests(path)) == asked


def test_contributing_shows_the_command_that_is_checked():
    command = re.search(r"sphinx-build .*", (ROOT / ".ci" / "run").read_text(encoding="utf-8"))[0]
    assert f"\n{command} " in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
