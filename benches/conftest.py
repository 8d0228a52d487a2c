"""Timing of two functions in turns, and the table at the end.

Load and clock rates change: functions to compare are timed in turns, and the shortest times count.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest
from instances import spread_game as make_spread_game


class Row(NamedTuple):
    """A row of a table: nanoseconds a round of both compared functions."""

    contest: tuple[str, str]
    name: str
    nanoseconds: float
    beside: float

    @property
    def ratio(self):
        """Time of the second function divided by that of the first."""
        return self.beside / self.nanoseconds


ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture
def race(benchmark, request):
    """Return a function that times two functions in turns, for the table, and returns the ratio."""

    def race(name, contestants, *, rounds, turns=5):
        (first, run), (second, other) = contestants.items()
        times = []

        def play_other():
            start = time.perf_counter()
            other()
            times.append(time.perf_counter() - start)

        benchmark.pedantic(run, setup=play_other, rounds=turns)
        nanoseconds = (1e9 * best / rounds for best in (benchmark.stats.stats.min, min(times)))
        row = Row((first, second), name, *nanoseconds)
        benchmark.extra_info |= {
            f"ns per round, {first}": row.nanoseconds,
            f"ns per round, {second}": row.beside,
        }
        request.config.stash.setdefault(ROWS, []).append(row)
        return row.ratio

    return race


@pytest.fixture
def spread_game():
    """Return games without ties."""
    return make_spread_game


def pytest_terminal_summary(terminalreporter, config):
    rows = config.stash.get(ROWS, [])
    for contest in dict.fromkeys(row.contest for row in rows):
        first, second = contest
        terminalreporter.section("nanoseconds per round")
        terminalreporter.write_line(f"{'':52}{first:>14}{second:>22}{'ratio':>8}")
        for row in rows:
            if row.contest == contest:
                line = f"{row.name:52}{row.nanoseconds:14.2f}{row.beside:22.2f}{row.ratio:8.2f}"
                terminalreporter.write_line(line)
