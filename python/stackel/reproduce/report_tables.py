"""Findings and the numbers behind the figures as tables: CSV to look at, Parquet to compute with."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, TypeAlias

from stackel._utils.optional import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from stackel.reproduce.claim import Claim, Evidence

Found: TypeAlias = "Mapping[str, tuple[Claim, Evidence]]"
"""Evidence for every claim that was tried, by the claim's key."""
Columns: TypeAlias = "Mapping[str, str]"
"""Arrow's name of the type of every column."""
Row: TypeAlias = tuple[Any, ...]

FINDING_COLUMNS: Columns = {
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
NUMBER_COLUMNS: Columns = {
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
        for figure in evidence.figures:
            for panel in figure.panels:
                for series in panel.series:
                    named = (key, figure.name, panel.title, series.label, series.player)
                    for x, y in zip(series.x, series.y, strict=True):
                        yield (*named, panel.x, x, panel.y, *y)


def as_csv(columns: Columns, rows: Iterable[Row]) -> bytes:
    """Return rows as CSV with a head; numbers with all their digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


def as_parquet(columns: Columns, rows: Iterable[Row], metadata: Mapping[str, str]) -> bytes:
    """Return rows as a Parquet file (extra ``report``) that carries `metadata` in its schema."""
    arrow, parquet = require("pyarrow", "report"), require("pyarrow.parquet", "report")
    schema = arrow.schema(
        [(name, arrow.type_for_alias(kind)) for name, kind in columns.items()], metadata=metadata
    )
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    file = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(named, schema=schema), file)
    return file.getvalue()
