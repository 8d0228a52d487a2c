"""Warn about every page, script or style sheet of the site that would ask another host for something.

Links that a reader may follow are no requests and are welcome.
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
    """Addresses on other hosts that a browser would ask for on its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at what an element loads, and at its style."""
        given = {name: value or "" for name, value in attrs}
        loads = [value for name, value in given.items() if name in LOADS]
        if tag == "link" and LOADED_LINKS & set(given.get("rel", "").split()):
            loads.append(given.get("href", ""))
        self.found += [address for address in loads if REMOTE.match(address)]
        self.found += IN_STYLE.findall(given.get("style", ""))
        self.in_style = tag == "style"

    def handle_data(self, data: str) -> None:
        """Look at style sheets within the page."""
        if self.in_style:
            self.found += IN_STYLE.findall(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        self.in_style = self.in_style and tag != "style"


def requests(path: Path) -> list[str]:
    """Return the addresses on other hosts that a built file asks for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".css":
        return IN_STYLE.findall(text)
    parser = Requests()
    parser.feed(text)
    return parser.found


def built_files(site: Path) -> Iterator[Path]:
    """Pages and style sheets of a site."""
    yield from sorted(path for suffix in ("html", "css") for path in site.rglob(f"*.{suffix}"))


def check(app: Sphinx, exception: Exception | None) -> None:
    """Warn about every request that a file of the finished site would make."""
    if exception is None and app.builder.format == "html":
        for path in built_files(Path(app.outdir)):
            for address in requests(path):
                LOG.warning("%s asks another host for %s", path.name, address)


def setup(app: Sphinx) -> dict[str, Any]:
    """Check what was built."""
    app.connect("build-finished", check)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
