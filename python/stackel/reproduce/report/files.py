"""Write evidence as tables, pictures and a page. Each file appears whole or not at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeAlias

from stackel._files.atomic import replacing
from stackel._utils.optional import require
from stackel.reproduce.report.figures import draw
from stackel.reproduce.report.page import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from stackel.reproduce.claim import Claim
    from stackel.reproduce.evidence import Evidence

FINDINGS = "findings.csv"

NUMBERS = "numbers.csv"

PROVENANCE = "provenance.json"

PAGE = "index.html"

_TABLES = (FINDINGS, "findings.parquet", NUMBERS, "numbers.parquet")


def file_names(found: Found) -> list[str]:
    """Names of all files that a report consists of."""
    drawn = [key for key, (_, evidence) in found.items() if evidence.panels]
    return [PAGE, *_TABLES, PROVENANCE, *(f"{key}.{kind}" for key in drawn for kind in ("png", "svg"))]


def save(found: Found, out: Path, provenance: Mapping[str, Any]) -> None:
    """Write findings, the numbers behind the figures and what repeats them, replacing earlier ones."""
    csv, parquet = require("pyarrow.csv", "report"), require("pyarrow.parquet", "report")
    source = json.dumps(provenance, indent=1)
    for columns, rows, name in (
        (FINDING_COLUMNS, finding_rows(found), FINDINGS),
        (NUMBER_COLUMNS, number_rows(found), NUMBERS),
    ):
        table = as_table(columns, rows, {"provenance": source})
        for path, write in (
            (out / name, csv.write_csv),
            ((out / name).with_suffix(".parquet"), parquet.write_table),
        ):
            with replacing(path) as file:
                write(table, file)
    _write(out / PROVENANCE, source.encode() + b"\n")


def save_figure(key: str, evidence: Evidence, out: Path) -> None:
    """Write the figure of a claim as PNG and as SVG."""
    if not evidence.panels:
        return
    drawing = draw(evidence.panels)
    with require("matplotlib", "plot").rc_context({"svg.hashsalt": key}):
        for kind, metadata in (("png", {}), ("svg", {"Date": None})):
            with replacing(out / f"{key}.{kind}") as file:
                drawing.savefig(file, format=kind, metadata=metadata)


def save_page(
    found: Found, out: Path, provenance: Mapping[str, Any], seconds: float, pending: Sequence[Claim] = ()
) -> None:
    """Write the page, which points to the other files; `pending` claims are still to be tried."""
    others = [name for name in file_names(found) if name != PAGE]
    html = page(found, provenance, seconds=seconds, pending=pending, files=others)
    _write(out / PAGE, html.encode())


def _write(path: Path, content: bytes) -> None:
    with replacing(path) as file:
        file.write(content)


Found: TypeAlias = "Mapping[str, tuple[Claim, Evidence]]"
"""Evidence for every claim that was tried, by the claim's key."""

Schema: TypeAlias = "Mapping[str, str]"
"""Arrow's name of the type of every column."""

Row: TypeAlias = tuple[Any, ...]

FINDING_COLUMNS: Schema = {
    "claim": "string",
    "setting": "string",
    "quantity": "string",
    "predicted": "string",
    "predicted_low": "double",
    "predicted_high": "double",
    "measured": "double",
    "low": "double",
    "high": "double",
    "holds": "string",
    "note": "string",
    "call": "string",
}

NUMBER_COLUMNS: Schema = {
    "claim": "string",
    "figure": "string",
    "panel": "string",
    "series": "string",
    "player": "int8",
    "x_axis": "string",
    "x": "double",
    "y_axis": "string",
    "y": "double",
    "low": "double",
    "high": "double",
}


def finding_rows(found: Found) -> Iterator[Row]:
    """Yield one row for each finding."""
    for key, (_, evidence) in found.items():
        for finding in evidence.findings:
            prediction = finding.prediction
            described = (key, finding.setting, finding.quantity, prediction.text)
            numbers = (prediction.low, prediction.high, *finding.measured)
            yield (*described, *numbers, finding.verdict, finding.note, finding.call)


def number_rows(found: Found) -> Iterator[Row]:
    """Yield one row for each value in a figure."""
    for key, (_, evidence) in found.items():
        for panel in evidence.panels:
            for series in panel.series:
                for x, y in zip(series.x, series.y, strict=True):
                    yield (key, key, panel.title, series.label, series.player, panel.x, x, panel.y, *y)


def as_table(columns: Schema, rows: Iterable[Row], metadata: Mapping[str, str]) -> Any:
    """Return rows as a table of Arrow (extra ``report``) that carries `metadata` in its schema."""
    arrow = require("pyarrow", "report")
    types = [(name, arrow.type_for_alias(kind)) for name, kind in columns.items()]
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    return arrow.Table.from_pylist(named, schema=arrow.schema(types, metadata=metadata))
