"""Snapshots that later builds have to go on from, in data/snapshots-v3.json, and where that leads.

`golden.py` adds those of runs that are new. Kept ones stay, for they are what earlier builds wrote. When the
version of the format is raised on purpose, the file's name says the new version, and all are written.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import golden

import stackel as sk

FILE = Path(__file__).with_name("data") / "snapshots-v3.json"
EARLY, LATE = 60, 300


def begin(name: str) -> sk.Simulation:
    means, law, leader, follower, seed = golden.RUNS[name]
    game = sk.Game(*{**golden.MEANS, "rounded": golden.ROUNDED}[means], noise=golden.LAWS[law])
    return sk.Simulation(game, leader, follower, golden.HORIZON, seed, engine="stepwise")


def end(sim: sk.Simulation) -> str:
    sim.advance(sim.horizon - sim.t)
    return f"{' '.join(map(str, sim.pulls.flat))}; {golden.in_hex(sim.utility)}"


def kept(name: str) -> dict[str, object]:
    """Snapshots of a run when it has just begun and later, and its end."""
    sim = begin(name)
    snapshots = []
    for t in (EARLY, LATE):
        sim.step(t - sim.t)
        snapshots.append(base64.b64encode(sim.snapshot()).decode())
    return {"snapshots": snapshots, "end": end(sim)}


def write() -> None:
    """Add what is not there yet."""
    there = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    new = {name: kept(name) for name in golden.RUNS if name not in there}
    FILE.write_text(json.dumps(there | new, indent=1) + "\n", encoding="utf-8")
