"""Speed of leaping, with the rows and goals of the table that `leap_table.py` prints.

Times are medians over turns in which the contestants alternate, of CPU time for one thread.
"""

from __future__ import annotations

import auto_choice
import pytest
from leap_rows import ROWS
from turns import Times

ONE_IN = 11
"""Share of the settings of `auto` that are tried; `leap_table.py` tries all."""


@pytest.mark.parametrize(
    "row",
    [pytest.param(row, id=name, marks=pytest.mark.benchmark(timer=row.clock)) for name, row in ROWS.items()],
)
def test_goal(benchmark, row):
    (first, contestant), *others = row.contestants.items()
    seconds = {name: [] for name, _ in others}

    def play_others():
        for name, other in others:
            seconds[name].append(other.seconds() / other.replications)

    contestant.play()
    benchmark.pedantic(contestant.play, setup=play_others, rounds=row.turns)
    calls = benchmark.stats.stats.data
    times = {first: Times(tuple(call / contestant.replications for call in calls))}
    times |= {name: Times(tuple(each)) for name, each in seconds.items()}
    benchmark.extra_info |= {name: str(each) for name, each in times.items()}
    assert row.measure(times) <= row.limit, row.shown(row.measure(times))


def test_auto_chooses_well():
    """Goal: `auto` takes at most 1.15 times as long as the faster engine."""
    worst = auto_choice.race_all(auto_choice.settings()[::ONE_IN])[0]
    assert worst.ratio <= auto_choice.LIMIT, str(worst)
