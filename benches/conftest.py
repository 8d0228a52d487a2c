"""Side-by-side timing, and the table at the end.

Machines are busy, clocks change: what is to be compared is timed in turns, and the least time counts.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import pytest

import stackel as sk


class Row(NamedTuple):
    """One line of a table: nanoseconds a round, and the same of what it is compared with."""

    contest: tuple[str, str]
    name: str
    nanoseconds: float
    beside: float

    @property
    def ratio(self):
        """How often the first fits into the second."""
        return self.beside / self.nanoseconds


ROWS = pytest.StashKey[list[Row]]()
GOLDEN_RATIO = 0.618_033_988_749_894_9


@pytest.fixture
def race(benchmark, request):
    """Time two functions in turns, note both for the table and return how often the first fits the second."""

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
    """Return games without ties: utilities are the fractional parts of multiples of the golden ratio."""

    def spread_game(n):
        def matrix(first):
            return [[(first + n * a + b) * GOLDEN_RATIO % 1.0 for b in range(n)] for a in range(n)]

        return sk.Game(matrix(1), matrix(1 + n * n))

    return spread_game


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
