"""Let pages of the site be files that live elsewhere in the repository, and links lead to the right one.

`COMPATIBILITY.md` and its like stand at the root, where readers of the repository look for them, and
the site includes them. Relative links are written for the repository; here they are turned into links
of the site where the file that they lead to is a page of it, and into their text where it is not.
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
"""Files of the repository, and the pages that include them."""

LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]*)\]\((?P<file>[^()\s:#]+)(?P<fragment>#[^()\s]*)?\)")


def site_links(text: str, file: str, page: str) -> str:
    """Return Markdown of a `file` of the repository with links as they have to be on a `page` of the site."""

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
    """Turn the links of a page that is a file of docs itself."""
    path = app.env.doc2path(page)
    if path.suffix == ".md":
        source[0] = site_links(source[0], path.relative_to(ROOT).as_posix(), page)


def on_include(app: Sphinx, path: Path, _: str, source: list[str]) -> None:
    """Turn the links of a file that a page includes; of the page the event tells only the stem."""
    file = (Path(app.srcdir) / path).resolve()
    source[0] = site_links(source[0], file.relative_to(ROOT).as_posix(), app.env.docname)


def setup(app: Sphinx) -> dict[str, Any]:
    """Turn links when pages are read, before anything looks at them."""
    app.connect("source-read", on_page)
    app.connect("include-read", on_include)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
