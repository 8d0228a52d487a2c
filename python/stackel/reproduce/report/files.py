"""Turn evidence into tables, pictures and a page, each of which appears whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from stackel._files.atomic import replacing
from stackel._utils.optional import require
from stackel.reproduce.report.figures import draw
from stackel.reproduce.report.page import page
from stackel.reproduce.report_tables import (
    FINDING_COLUMNS,
    NUMBER_COLUMNS,
    Found,
    as_csv,
    as_parquet,
    finding_rows,
    number_rows,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stackel.reproduce.claim import Claim, Evidence, Provenance

FINDINGS = "findings.csv"
NUMBERS = "numbers.csv"
PROVENANCE = "provenance.json"
PAGE = "index.html"
_TABLES = (FINDINGS, "findings.parquet", NUMBERS, "numbers.parquet")


def file_names(found: Found) -> list[str]:
    """Names of all files that a report consists of."""
    figures = [figure for _, evidence in found.values() for figure in evidence.figures]
    pictures = [f"{figure.name}.{kind}" for figure in figures for kind in ("png", "svg")]
    return [PAGE, *_TABLES, PROVENANCE, *pictures]


def save(found: Found, out: Path, provenance: Provenance) -> None:
    """Write findings, the numbers behind the figures and what repeats them, replacing earlier ones."""
    source = json.dumps(asdict(provenance), indent=1)
    for columns, rows, name in (
        (FINDING_COLUMNS, list(finding_rows(found)), FINDINGS),
        (NUMBER_COLUMNS, list(number_rows(found)), NUMBERS),
    ):
        _write(out / name, as_csv(columns, rows))
        table = as_parquet(columns, rows, {"provenance": source})
        _write((out / name).with_suffix(".parquet"), table)
    _write(out / PROVENANCE, source.encode() + b"\n")


def save_figures(evidence: Evidence, out: Path) -> None:
    """Write each figure as PNG and as SVG."""
    for figure in evidence.figures:
        drawing = draw(figure)
        with require("matplotlib", "plot").rc_context({"svg.hashsalt": figure.name}):
            with replacing(out / f"{figure.name}.png") as file:
                drawing.savefig(file, format="png")
            with replacing(out / f"{figure.name}.svg") as file:
                drawing.savefig(file, format="svg", metadata={"Date": None})


def save_page(
    found: Found, out: Path, provenance: Provenance, seconds: float, pending: Sequence[Claim] = ()
) -> None:
    """Write the page, which points to the other files; `pending` claims are still to be tried."""
    others = [name for name in file_names(found) if name != PAGE]
    html = page(found, provenance, seconds=seconds, pending=pending, files=others)
    _write(out / PAGE, html.encode())


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)
