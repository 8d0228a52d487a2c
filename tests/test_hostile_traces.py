"""Result files whose trace cannot be that of the run they hold."""

from __future__ import annotations

import dataclasses
import tracemalloc

import numpy as np
import pytest
from hostile import SLACK, npy, rebuild, refused, retext
from made import made_traced

import stackel as sk


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run"


def repeated(run, times):
    """A result of the same replications over and over."""
    trace = sk.Trace(
        np.repeat(run.cell_counts, times, axis=0),
        np.repeat(run.switches, times, axis=1),
        np.repeat(run.last_exploration, times, axis=1),
    )
    return dataclasses.replace(
        run,
        utility=np.repeat(run.utility, times, axis=1),
        remainder=np.repeat(run.remainder, times, axis=1),
        pulls=np.repeat(run.pulls, times, axis=0),
        trace=trace,
    )


TRACED = made_traced()
COUNTS = TRACED.cell_counts
SWITCHES, LAST = TRACED.switches, TRACED.last_exploration
DO_NOT_GROW, DO_NOT_ADD_UP = "cell_counts that do not grow", "cell_counts that do not add up"
CANNOT_BE = "switches and last_exploration that no 1000 rounds can have"


def with_one(array, place, value):
    changed = array.copy()
    changed[place] = value
    return changed


def moved(place, other):
    """Counts with one more in one place and one less in another."""
    changed = COUNTS.copy()
    changed[place] += 1
    changed[other] -= 1
    return changed


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"cell_counts": None}, "an archive of "),
        ({"cell_counts": None, "switches": None}, "an archive of "),
        ({"cell_counts": COUNTS[0]}, "cell_counts.npy of int64, shape (3, 2, 3)"),
        ({"cell_counts": COUNTS.astype(float)}, "cell_counts.npy of float64"),
        ({"cell_counts": COUNTS[:2]}, "a trace of shapes (2, 3, 2, 3), (2, 3), (2, 3)"),
        ({"cell_counts": COUNTS[:, :2]}, "a trace of shapes (3, 2, 2, 3)"),
        ({"cell_counts": COUNTS.swapaxes(2, 3)}, "a trace of shapes (3, 3, 3, 2)"),
        ({"switches": SWITCHES.T}, "a trace of shapes (3, 3, 2, 3), (3, 2)"),
        ({"switches": SWITCHES[:, :1]}, "a trace of shapes"),
        ({"last_exploration": LAST[:1]}, "a trace of shapes"),
        ({"cell_counts": moved((0, 0, 0, 0), (0, 0, 1, 2))}, DO_NOT_GROW),
        ({"cell_counts": COUNTS[:, ::-1]}, DO_NOT_GROW),
        ({"cell_counts": COUNTS * 2}, DO_NOT_GROW),
        ({"cell_counts": with_one(COUNTS, np.s_[:, -1], 2**63 - 1)}, DO_NOT_GROW),
        ({"cell_counts": with_one(COUNTS, np.s_[:, 0], -(2**63))}, DO_NOT_GROW),
        ({"cell_counts": with_one(COUNTS, np.s_[:, 0], 0)}, DO_NOT_ADD_UP),
        ({"cell_counts": COUNTS[::-1]}, DO_NOT_GROW),
        ({"cell_counts": moved((2, 1, 0, 1), (2, 1, 0, 0))}, "cell_counts that do not earn the utility"),
        ({"utility": np.nextafter(TRACED.utility + 1e-4, 9)}, "cell_counts that do not earn the utility"),
        ({"switches": with_one(SWITCHES, (0, 1), -1)}, CANNOT_BE),
        ({"switches": with_one(SWITCHES, (0, 1), 0)}, CANNOT_BE),
        ({"switches": with_one(SWITCHES, (1, 2), 3)}, CANNOT_BE),
        ({"switches": LAST + 1}, CANNOT_BE),
        ({"switches": with_one(SWITCHES, (1, 0), 2**63 - 1)}, CANNOT_BE),
        ({"last_exploration": with_one(LAST, (0, 2), 1000)}, CANNOT_BE),
        ({"last_exploration": with_one(LAST, (1, 0), -1)}, CANNOT_BE),
        ({"last_exploration": with_one(LAST, (1, 0), 0)}, CANNOT_BE),
        ({"last_exploration": SWITCHES - 1}, CANNOT_BE),
    ],
)
def test_traces_are_checked(path, changes, word):
    TRACED.save(path)
    members = {
        f"{name}.npy": None if data is None else npy(np.ascontiguousarray(data))
        for name, data in changes.items()
    }
    rebuild(path, path.read_bytes(), members)
    refused(path, word)


def test_who_never_switches_never_explores(path):
    game = sk.Game([[1.0, 0.0]], [[0.0, 0.0]])
    run = sk.simulate(game, sk.FixedAction(0), sk.FixedAction(0), 10, trace=True, checkpoints=1)
    run.save(path)
    rebuild(path, path.read_bytes(), {"last_exploration.npy": npy([[0], [1]])})
    refused(path, "switches and last_exploration that no 10 rounds can have")


def test_version_1_has_no_traces(path):
    TRACED.save(path)
    retext(
        path, path.read_bytes(), format_version=1, stream_version=..., platform=..., crossing_tolerance=...
    )
    refused(path, "a trace in a file of version 1")


def test_loading_many_traces_takes_memory_of_their_size(path):
    big = repeated(TRACED, 8000)
    big.save(path)
    tracemalloc.start()
    assert sk.load(path) == big
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert path.stat().st_size > 2 * SLACK
    assert peak < 3 * path.stat().st_size + SLACK
