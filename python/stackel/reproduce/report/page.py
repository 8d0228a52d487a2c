"""The report as one HTML file that needs no server, no other file and no other host.

It can be read without JavaScript. The script only names the value under the pointer; it is the only
one that the page's own policy lets run, and the policy lets no file be loaded.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel.benchmarks._benchmarks import best_responses, stackelberg
from stackel.games._game import action_labels
from stackel.reproduce.report.figures import hidden
from stackel.reproduce.report.legend import legend
from stackel.reproduce.report.numbers import duration, formula, interval, number
from stackel.reproduce.report.panel_svg import describe, page_colour, picture

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stackel.reproduce.claim import Claim
    from stackel.reproduce.evidence import Evidence, Panel

VERDICTS = {"yes": ("holds", "✓"), "NO": ("fails", "✗"), "open": ("open", "?")}
"""Word and sign for each verdict."""

_DASHES = {"-": "", "--": "5 2.5", ":": "1.5 2.5", "-.": "6 2 1.5 2"}
"""Dashes of matplotlib's line styles in samples of 30 units."""


def page(
    found: Mapping[str, tuple[Claim, Evidence]],
    provenance: Mapping[str, Any],
    *,
    seconds: float,
    pending: Sequence[Claim] = (),
    files: Sequence[str] = (),
) -> str:
    """Return the report as HTML (extra ``report``), which points to files beside it."""
    environment = _environment()
    script = environment.loader.get_source(environment, "page.js")[0]
    verdicts = Counter(finding.verdict for _, evidence in found.values() for finding in evidence.findings)
    html: str = environment.get_template("page.html").render(
        found=found,
        provenance=provenance,
        verdicts=verdicts,
        seconds=seconds,
        pending=pending,
        files=files,
        script=script,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        groups=_all_groups(found),
    )
    return html


@cache
def _environment() -> Any:
    jinja2 = require("jinja2", "report")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("stackel.reproduce"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        each.__name__: each for each in (duration, formula, interval, number, page_colour)
    }
    environment.globals |= {
        each.__name__: each for each in (best_responses, describe, hidden, legend, stackelberg, zip)
    }
    environment.globals |= {
        "curves": _curves,
        "dashes": _DASHES,
        "labels": action_labels,
        "picture": _picture,
        "roles": ROLES,
        "words": VERDICTS,
    }
    return environment


def _picture(panel: Panel, key: str) -> Any:
    """Drawing of a panel, marked as safe: only escaped text goes into it."""
    return require("markupsafe", "report").Markup(picture(panel, key).svg)


def _curves(panel: Panel, key: str) -> list[Any]:
    """Names, groups and places of values for the script."""
    return [[curve.name, curve.groups, curve.points] for curve in picture(panel, key).curves]


def _all_groups(found: Mapping[str, tuple[Claim, Evidence]]) -> list[str]:
    """Groups of any panel, each of which needs a rule that hides it."""
    panels = (panel for _, evidence in found.values() for panel in evidence.panels)
    return sorted({entry.group for panel in panels for entry in legend(panel)})
