"""Turn evidence into tables, CSV files and pictures, each of which appears whole or not at all."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeAlias

from stackel._atomic import replacing
from stackel.reproduce.figures import draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from stackel.reproduce.claim import Claim, Evidence, Provenance

Found: TypeAlias = "Mapping[str, tuple[Claim, Evidence]]"
"""Evidence for every claim that was tried, by the claim's key."""

FINDINGS = "findings.csv"
NUMBERS = "numbers.csv"
PROVENANCE = "provenance.json"
_FINDINGS_HEAD = ("claim", "setting", "quantity", "predicted", "measured", "low", "high", "holds", "note")
_NUMBERS_HEAD = ("claim", "figure", "panel", "series", "player", "x_axis", "x", "y_axis", "y", "low", "high")


def save(found: Found, out: Path, provenance: Provenance) -> None:
    """Write findings, the numbers behind the figures and what repeats them, replacing earlier ones."""
    _write_csv(out / FINDINGS, _FINDINGS_HEAD, _finding_rows(found))
    _write_csv(out / NUMBERS, _NUMBERS_HEAD, _number_rows(found))
    with replacing(out / PROVENANCE) as file:
        file.write(json.dumps(asdict(provenance), indent=1).encode() + b"\n")


def save_figures(evidence: Evidence, out: Path) -> list[Path]:
    """Write one PNG for each figure and return their paths."""
    paths = []
    for figure in evidence.figures:
        path = out / f"{figure.name}.png"
        with replacing(path) as file:
            draw(figure).savefig(file, format="png")
        paths.append(path)
    return paths


def _finding_rows(found: Found) -> Iterator[tuple[object, ...]]:
    for key, (_, evidence) in found.items():
        for finding in evidence.findings:
            described = (key, finding.setting, finding.quantity, finding.prediction.text)
            yield (*described, *map(repr, finding.measured), finding.verdict, finding.note)


def _number_rows(found: Found) -> Iterator[tuple[object, ...]]:
    for key, (_, evidence) in found.items():
        for figure in evidence.figures:
            for panel in figure.panels:
                for series in panel.series:
                    named = (key, figure.name, panel.title, series.label, series.player)
                    for x, y in zip(series.x, series.y, strict=True):
                        yield (*named, panel.x, repr(x), panel.y, *map(repr, y))


def _write_csv(path: Path, head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    with replacing(path) as file:
        file.write(text.getvalue().encode())
