"""Measure stackel and its peers, and print one table.

Each peer has its own virtual environment, made on the first run, and its own process. All processes run on
the same core if the system allows this. README.md describes the comparison.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from environments import HERE, UnavailableError, environment, output_of
from roster import PEERS, Peer
from table import Measured, Missing, by_horizon, table

if TYPE_CHECKING:
    from collections.abc import Sequence

README = HERE / "README.md"
MARKS = ("<!-- table -->\n", "<!-- end of table -->\n")


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--cache", type=Path, default=HERE.parents[1] / ".peers", help="keep environments there (.peers/)")
    add("--interpreter", action="append", default=[], metavar="PYTHON", help="another Python to try")
    add("--stackel-python", metavar="PYTHON", help="a Python that has stackel, so that it is not built")
    add(
        "--only",
        nargs="*",
        default=[""],
        metavar="TEXT",
        help="peers with TEXT in their name; stackel's stay",
    )
    add("--quick", action="store_true", help="a tenth of everything, for a try")
    add("--out", type=Path, metavar="FILE", help="write the table to FILE as well")
    add("--update", action="store_true", help="put the table into README.md as well")
    return parser.parse_args(words)


def wanted(peer: Peer, texts: Sequence[str]) -> bool:
    """Return whether to measure a peer; the baselines are always measured."""
    return peer.baseline or any(text.lower() in peer.name.lower() for text in texts)


def pythons(names: set[str], args: argparse.Namespace) -> dict[str, str | Path | UnavailableError]:
    """Return the Python of each environment, or the reason why it has none."""
    found: dict[str, str | Path | UnavailableError] = {}
    for name in sorted(names):
        if name == "stackel" and args.stackel_python:
            found[name] = args.stackel_python
            continue
        say(f"environment: {name}")
        try:
            found[name] = environment(name, args.cache, args.interpreter)
        except UnavailableError as reason:
            found[name] = reason
    return found


def measure(
    peer: Peer, number: int, python: str | Path | UnavailableError, *, quick: bool
) -> Measured | Missing:
    say(f"measuring: {peer.name}")
    task = peer.task(number, quick=quick)
    try:
        if isinstance(python, UnavailableError):
            raise python
        report = json.loads(output_of(python, HERE / peer.script, json.dumps(task), variables=peer.variables))
    except UnavailableError as reason:
        return Missing(peer, str(reason))
    return Measured(peer, task, **report)


def use_one_core() -> None:
    """Pin this process, and those that it starts, to one core."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def machine() -> str:
    """Return a line about the machine."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.processor()
    return (
        f"{processor}, {platform.system()} {platform.machine()}, load {os.getloadavg()[0]:.1f} at the start."
    )


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def update(text: str) -> None:
    """Put the table between the marks in the README."""
    before, mark, rest = README.read_text(encoding="utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    README.write_text(f"{before}{mark}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


def main(words: Sequence[str] | None = None) -> None:
    args = arguments(words)
    peers = [peer for peer in PEERS if wanted(peer, args.only)]
    found = pythons({peer.environment for peer in peers}, args)
    use_one_core()
    where = machine()
    outcomes = [
        measure(peer, number, found[peer.environment], quick=args.quick)
        for number, peer in enumerate(peers, start=1)
    ]
    for outcome in outcomes:
        if isinstance(outcome, Missing) and outcome.peer.baseline:
            raise SystemExit(f"no table without {outcome.peer.name}: {outcome.reason}")
    text = f"{table(outcomes)}{where}\n\n{by_horizon(outcomes)}"
    sys.stdout.write(text)
    if args.out:
        args.out.write_text(text, encoding="utf-8")
    if args.update:
        update(text)


if __name__ == "__main__":
    main()
