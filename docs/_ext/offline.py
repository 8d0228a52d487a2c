"""Warnings about pages and style sheets of the site that load anything from another host.

Links for readers are allowed: a browser does not load their targets.
"""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

LOG = logging.getLogger("sphinx.offline")  # below Sphinx's own, which counts warnings
REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""", re.IGNORECASE)
LOADS = {"src", "srcset", "data", "poster", "background"}
LOADED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload"}


class Requests(HTMLParser):
    """Addresses on other hosts that a browser loads with a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the addresses that an element and its style load."""
        given = {name: value or "" for name, value in attrs}
        loads = [value for name, value in given.items() if name in LOADS]
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            loads.append(given.get("href", ""))
        self.found += [address for address in loads if REMOTE.match(address)]
        self.found += IN_STYLE.findall(given.get("style", ""))
        self.in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        """Collect the addresses of style sheets within the page."""
        if self.in_style:
            self.found += IN_STYLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        """End a style sheet."""
        self.in_style = self.in_style and tag != "style"


def requests(path: Path) -> list[str]:
    """Return the addresses on other hosts that a built file loads."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return IN_STYLE.findall(text)
    parser = Requests()
    parser.feed(text)
    return parser.found


def built_files(site: Path) -> Iterator[Path]:
    """Yield the pages and style sheets of a site."""
    yield from sorted(path for suffix in ("html", "css") for path in site.rglob(f"*.{suffix}"))


def check(app: Sphinx, exception: Exception | None) -> None:
    """Warn about every address on another host that a file of the site loads."""
    if exception is None and app.builder.format == "html":
        for path in built_files(Path(app.outdir)):
            for address in requests(path):
                LOG.warning("%s loads %s from another host", path.name, address)


def setup(app: Sphinx) -> dict[str, Any]:
    """Check the site after its build."""
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
