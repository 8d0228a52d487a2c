"""Pages of the site that are files elsewhere in the repository, with working links.

The site includes files of the repository's root such as `COMPATIBILITY.md`. Relative links are written for
the repository; here a link to a page of the site is changed to the page, and any other to its text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
PAGES = {
    "README.md": "index",
    "COMPATIBILITY.md": "project/compatibility",
    "CHANGELOG.md": "project/changelog",
    "CONTRIBUTING.md": "project/contributing",
    "benches/README.md": "project/benchmarks",
    "benches/peers/README.md": "project/peers",
}
"""Files of the repository, with the pages that include them."""

LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<file>[^()\s:#]+)(?P<fragment>#[^()\s]*)?\)")


def site_links(text: str, file: str, page: str) -> str:
    """Return Markdown of a `file` of the repository with links for a `page` of the site."""

    def link(match: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file), match["file"]))
        if target in PAGES:
            there = PAGES[target] + ".md"
        elif target.startswith("docs/"):
            there = target.removeprefix("docs/")
        else:
            return match["text"] if (ROOT / target).exists() else match[0]
        address = posixpath.relpath(there, posixpath.dirname(page) or ".") + (match["fragment"] or "")
        return f"[{match['text']}]({address})"

    return LINK.sub(link, text)


def on_page(app: Sphinx, page: str, source: list[str]) -> None:
    """Change the links of a page that is itself a file of docs."""
    path = app.env.doc2path(page)
    if path.suffix == ".md":
        source[0] = site_links(source[0], path.relative_to(ROOT).as_posix(), page)


def on_include(app: Sphinx, path: Path, _: str, source: list[str]) -> None:
    """Change the links of a file that a page includes."""
    file = (Path(app.srcdir) / path).resolve()
    source[0] = site_links(source[0], file.relative_to(ROOT).as_posix(), app.env.docname)


def setup(app: Sphinx) -> dict[str, Any]:
    """Change links when pages are read."""
    app.connect("source-read", on_page)
    app.connect("include-read", on_include)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
