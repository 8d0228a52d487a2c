"""What the documents show runs and prints what they say; what they point to is there.

A ```python block is a session (``>>>``, outputs inline) or a program, whose output is the ```text block
that follows it with at most a paragraph in between. The blocks of a document share their names.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib
import inspect
import io
import itertools
import pkgutil
import re
import textwrap
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

import stackel as sk

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/**/*.md", "benches/*.md") for path in ROOT.glob(pattern)
)
MODULES = ["stackel", *(module.name for module in pkgutil.walk_packages(sk.__path__, "stackel."))]

FENCED = re.compile(
    r"^ *(?P<fence>`{3,})(?P<language>\w*)[^\n]*\n(?P<text>.*?)^ *(?P=fence) *$", re.MULTILINE | re.DOTALL
)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(
    r"\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s*(\S+)|<(?:img|a)\b[^>]*?(?:src|href)=\"([^\"]+)\"", re.MULTILINE
)
HEADING = re.compile(r"^#+ +(.*?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Block(NamedTuple):
    """A fenced block; `line` is that of its first line of text, `gap` the prose since the last block."""

    language: str
    text: str
    line: int
    gap: str


def blocks(document):
    found, end = [], 0
    for match in FENCED.finditer(document):
        line = document.count("\n", 0, match.start("text")) + 1
        text, gap = textwrap.dedent(match["text"]), document[end : match.start()]
        found.append(Block(match["language"], text, line, gap))
        end = match.end()
    return found


def wrong_examples(session, name, line, names):
    """Report of the examples of a doctest session that print something else than they show."""
    report = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    test = doctest.DocTestParser().get_doctest(session, names, name, name, line - 1)
    runner.run(test, out=report.write, clear_globs=False)
    names.update(test.globs)
    return report.getvalue()


def wrong_output(program, shown, name, line, names):
    """Difference between what a program prints and what is shown, if anything is."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile("\n" * (line - 1) + program, name, "exec"), names)  # noqa: S102
    if shown is None:
        return ""
    got, want = (
        "\n".join(map(str.rstrip, text.strip().splitlines())) + "\n" for text in (output.getvalue(), shown)
    )
    checker, example = doctest.OutputChecker(), doctest.Example(program, want)
    matches = checker.check_output(want, got, doctest.ELLIPSIS)
    return "" if matches else checker.output_difference(example, got, doctest.ELLIPSIS)


def output_shown_after(block):
    """Text of the block that shows an output, None for any other block."""
    return block.text if block.language == "text" and block.gap.strip().count("\n\n") == 0 else None


def faults(document, name="document"):
    """Everything that the Python blocks of a document get wrong."""
    names = {"__name__": name}
    sequence = blocks(document)
    found = []
    for block, after in itertools.pairwise([*sequence, Block("", "", 0, "")]):
        if block.language in {"python", "pycon"}:
            if re.search(r"^\s*>>>", block.text, re.MULTILINE):
                fault = wrong_examples(block.text, name, block.line, names)
            else:
                fault = wrong_output(block.text, output_shown_after(after), name, block.line, names)
            found += [fault] if fault else []
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_python_blocks(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not faults(path.read_text(encoding="utf-8"), str(path))


@pytest.mark.parametrize(
    ("document", "wrong"),
    [
        ("```python\n>>> 1 + 1\n2\n\n```\n", 0),
        ("```python\n>>> 1 + 1\n3\n\n```\n", 1),
        ("```python\nx = 2\n```\nand\n```python\n>>> x\n2\n\n```\n", 0),
        ("- item\n\n  ```python\n  x = 1\n  print(x)\n  ```\n  ```text\n  2\n  ```\n", 1),
        ("```python\nprint(1)\n```\nprints\n\n```text\n1\n```\n", 0),
        ("```python\nprint(1)\n```\n```text\n2\n```\n", 1),
        ("```python\nprint(1)\n```\n\nOne.\n\nTwo.\n\n```text\n2\n```\n", 0),
        ("````text\n```python\n1 / 0\n```\n````\n", 0),
    ],
)
def test_faults_are_found(document, wrong):
    assert len(faults(document)) == wrong


def test_programs_that_fail_are_found():
    with pytest.raises(ZeroDivisionError):
        faults("# Title\n\n```python\n1 / 0\n```\n")


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = io.StringIO()
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(importlib.import_module(name)):
        runner.run(test, out=report.write)
    assert not runner.summarize(verbose=False).failed, report.getvalue()


@pytest.mark.parametrize("name", [name for name in sk.__all__ if inspect.isfunction(getattr(sk, name))])
def test_public_functions_show_an_example(name):
    assert ">>> " in (getattr(sk, name).__doc__ or "")


def anchors(document):
    """Fragments that GitHub makes of the headings."""
    headings = HEADING.findall(FENCED.sub("", document))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def dead_links(document, path):
    """Relative links to files, or headings in them, that are not there."""
    prose = CODE.sub("", FENCED.sub("", document))
    links = [next(filter(None, groups)) for groups in LINK.findall(prose)]
    dead = []
    for link in links:
        if ELSEWHERE.match(link):
            continue
        file, _, fragment = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        text = document if target == path else target.read_text("utf-8") if target.suffix == ".md" else ""
        if (
            not target.is_relative_to(ROOT)
            or not target.exists()
            or (fragment and fragment not in anchors(text))
        ):
            dead.append(link)
    return dead


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links(path):
    assert not dead_links(path.read_text(encoding="utf-8"), path)


def test_dead_links_are_found():
    page = "# A title\n[x](README.md) [y](nowhere.txt) [z](#a-title) [z](#b) ![](no.png) [w](https://b.org)\n"
    assert dead_links(page, ROOT / "README.md") == ["nowhere.txt", "#b", "no.png"]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_toml_blocks_parse(path):
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.language == "toml":
            tomllib.loads(block.text)


def test_changelog_names_this_version_and_its_streams():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    version, stream = sk.build_info()["version"], sk.build_info()["stream_version"]
    assert f"## [{version}]" in changelog
    assert f"Stream version {stream}." in changelog.partition(f"## [{version}]")[2].partition("\n## ")[0]
