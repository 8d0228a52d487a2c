"""Table of times and goals of leaping.

    python benches/leap_table.py                # all rows: minutes
    python benches/leap_table.py --only tied    # rows whose name or case holds a text
    python benches/leap_table.py --update       # also write the table into docs/leap.md

The contestants of a row play in turns, always the same games. The table has the median, shortest and longest
time of a game over the turns; the time of a call with many games is divided by their number.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import auto_choice
from leap_rows import ROWS, Row
from tqdm import tqdm

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from turns import Times

PAGE = Path(__file__).parents[1] / "docs" / "leap.md"
BEGIN, END = "<!-- speed: written by benches/leap_table.py --update -->", "<!-- end of speed -->"
HEAD = (
    "| case | goal: at most | measured | met | a game: median (shortest to longest) |\n|---|---|---|---|---|"
)
AUTO = "auto beside the faster of leap and stepwise, 4x4, any pair"


def line(case: str, goal: str, measured: str, times: str, *, met: bool) -> str:
    return f"| {case} | {goal} | {measured} | {'yes' if met else 'no'} | {times} |"


def joined(times: dict[str, Times]) -> str:
    """Return all times, and the ratio of stepping to leaping."""
    text = ", ".join(f"{name} {each}" for name, each in times.items())
    if {"leap", "stepwise"} <= set(times):
        text += f": {times['stepwise'].median / times['leap'].median:.3g} times as fast"
    return text


def row_line(row: Row) -> str:
    times = row.timings()
    number = row.measure(times)
    return line(row.case, row.shown(row.limit), row.shown(number), joined(times), met=number <= row.limit)


def auto_line() -> str:
    settings = auto_choice.settings()
    worst = auto_choice.race_all(tqdm(settings, disable=None, leave=False))[0]
    return line(
        f"{AUTO}, T = 1e3 to 1e7",
        f"{auto_choice.LIMIT} times",
        f"{worst.ratio:.3g} times",
        f"worst of {len(settings)}: {worst}",
        met=worst.ratio <= auto_choice.LIMIT,
    )


def lines(only: str) -> Iterator[str]:
    """Yield the lines of the table as they are measured."""
    yield HEAD
    yield from (row_line(row) for name, row in ROWS.items() if only in name or only in row.case)
    if only in AUTO:
        yield auto_line()


def machine() -> str:
    """Return the processor and version of the measurement."""
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.exists() else ""
    models = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")]
    model = models[0] if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, stackel {sk.build_info()['version']}"


def update(table: str) -> None:
    """Write the table between its marks."""
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{PAGE} has no marks {BEGIN} and {END}")
    block = f"{BEGIN}\n{table}\n\nMeasured on {machine()}.\n{END}"
    PAGE.write_text(before + block + after, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="rows whose name or case holds TEXT")
    parser.add_argument("--update", action="store_true", help=f"write the table into {PAGE.name}")
    given = parser.parse_args()
    if given.only and given.update:
        parser.error("--update takes all rows")
    table = []
    for each in lines(given.only):
        sys.stdout.write(each + "\n")
        sys.stdout.flush()
        table.append(each)
    if given.update:
        update("\n".join(table))


if __name__ == "__main__":
    main()
