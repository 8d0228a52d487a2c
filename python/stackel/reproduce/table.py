"""The report on the terminal (extra ``cli``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from stackel.reproduce.claim import Finding
    from stackel.reproduce.report import Found


def as_table(found: Found) -> RenderableType:
    """Return all findings with their verdicts, and what to know about those that fail."""
    table = Table("claim", "setting", "predicted", "measured [95% interval]", "holds")
    for claim, evidence in found.values():
        for place, finding in enumerate(evidence.findings):
            last = place == len(evidence.findings) - 1
            table.add_row(Text("" if place else claim.title), *_cells(finding), end_section=last)
    return Group(table, *_remarks(found))


def _cells(finding: Finding) -> tuple[Text, ...]:
    value, low, high = finding.measured
    measured = f"{value:.4g} [{low:.4g}, {high:.4g}]" + (f"\n{finding.note}" if finding.note else "")
    verdict = Text("yes", style="green") if finding.holds else Text("NO", style="bold red")
    predicted = f"{finding.quantity} {finding.prediction.text}"
    return Text(finding.setting), Text(predicted), Text(measured), verdict


def _remarks(found: Found) -> list[Text]:
    findings = [finding for _, evidence in found.values() for finding in evidence.findings]
    holding = sum(finding.holds for finding in findings)
    caveats = [
        Text(f"{claim.title}: {claim.caveat}")
        for claim, evidence in found.values()
        if claim.caveat and not all(finding.holds for finding in evidence.findings)
    ]
    return [Text(f"{holding} of {len(findings)} findings are as predicted in the measured range."), *caveats]
