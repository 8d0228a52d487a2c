"""The report on the terminal (extra ``cli``)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from stackel.reproduce.evidence import Finding
    from stackel.reproduce.report.files import Found


_STYLES = {"yes": "green", "NO": "bold red", "open": "yellow"}


def as_table(found: Found) -> RenderableType:
    """Return all findings with their verdicts, and what to know where a prediction does not hold."""
    table = Table("claim", "setting", "predicted", "measured [95% interval]", "holds")
    for claim, evidence in found.values():
        for place, finding in enumerate(evidence.findings):
            last = place == len(evidence.findings) - 1
            table.add_row(Text("" if place else claim.title), *_cells(finding), end_section=last)
    return Group(table, *_remarks(found))


def _cells(finding: Finding) -> tuple[Text, ...]:
    value, low, high = finding.measured
    measured = f"{value:.4g} [{low:.4g}, {high:.4g}]" + (f"\n{finding.note}" if finding.note else "")
    predicted = f"{finding.quantity} {finding.prediction.text}"
    return (
        Text(finding.setting),
        Text(predicted),
        Text(measured),
        Text(finding.verdict, _STYLES[finding.verdict]),
    )


def _remarks(found: Found) -> list[Text]:
    count = Counter(finding.verdict for _, evidence in found.values() for finding in evidence.findings)
    summary = (
        f"{count['yes']} of {count.total()} predictions hold in the measured range, {count['NO']} fail, "
        f"{count['open']} are left open by intervals that are too wide."
    )
    caveats = (
        claim.caveat
        for claim, evidence in found.values()
        if claim.caveat and any(finding.verdict != "yes" for finding in evidence.findings)
    )
    return [Text(summary), *map(Text, caveats)]
