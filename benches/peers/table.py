"""One Markdown table of all reports, with notes below it."""

from __future__ import annotations

import math
import statistics
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from roster import Peer

FAMILY_WISE = 0.01
COLUMNS = [
    "",
    "radius",
    "rounds timed",
    "ns a round: median (shortest to longest)",
    "x stepwise",
    "compiling, s",
    "games",
    "leader's regret",
    "follower's regret",
    "same choices",
]
WORDS = COLUMNS[:2]
"""Columns of words; the others are set flush right."""


class Missing(NamedTuple):
    """A peer that could not be run."""

    peer: Peer
    reason: str


class Measured(NamedTuple):
    """A peer with its task and its output."""

    peer: Peer
    task: dict[str, Any]
    first: float
    seconds: list[float]
    games: list[list[float]]
    """Seconds of single games at each horizon of the task."""
    regret: tuple[list[float], list[float]]
    silent: list[list[int]]
    versions: dict[str, str]

    def nanoseconds(self) -> list[float]:
        """Return the shortest, the median and the longest time of a round of a game."""
        rounds = self.task["timed"]["horizon"] * self.task["timed"]["replications"]
        times = min(self.seconds), statistics.median(self.seconds), max(self.seconds)
        return [1e9 * seconds / rounds for seconds in times]

    def compiling(self) -> float:
        """Return the additional seconds of the first call."""
        return self.first - statistics.median(self.seconds)

    def regrets(self) -> list[tuple[float, float]]:
        """Return mean and standard error, for the leader and for the follower."""
        return [(statistics.mean(x), statistics.stdev(x) / math.sqrt(len(x))) for x in self.regret]

    def z_scores(self, other: Measured) -> list[float]:
        """Return the differences of both players' regrets, in standard errors."""
        pairs = zip(self.regrets(), other.regrets(), strict=True)
        return [(mine - its) / math.hypot(error, its_error) for (mine, error), (its, its_error) in pairs]


def table(outcomes: list[Measured | Missing]) -> str:
    """Return the table and its notes; the baselines must have been measured."""
    measured = [outcome for outcome in outcomes if isinstance(outcome, Measured)]
    baselines = {outcome.peer.rule: outcome for outcome in measured if outcome.peer.baseline}
    lines = [COLUMNS, ["---" if column in WORDS else "---:" for column in COLUMNS]]
    lines += [
        full_row(outcome, baselines) if isinstance(outcome, Measured) else empty_row(outcome)
        for outcome in outcomes
    ]
    rows = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    rounds = number(measured[0].task["common"]["horizon"])
    notes = [f"Regrets are those of {rounds} rounds.", *judgement(measured, baselines), versions(measured)]
    return rows + "\n" + "\n".join(notes) + "\n"


def by_horizon(outcomes: list[Measured | Missing]) -> str:
    """Return the table of times of one game."""
    measured = [outcome for outcome in outcomes if isinstance(outcome, Measured) and outcome.games]
    horizons = max((outcome.task["horizons"] for outcome in measured), key=len)
    lines = [["one game", *(f"T = {number(horizon)}" for horizon in horizons)]]
    lines.append(["---"] + ["---:"] * len(horizons))
    for outcome in measured:
        times = [duration(statistics.median(seconds)) for seconds in outcome.games]
        lines.append([outcome.peer.name, *times, *[""] * (len(horizons) - len(times))])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def duration(seconds: float) -> str:
    """Return a time with its unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{number(seconds / size)} {unit}"
    return f"{number(seconds / 1e-6)} µs"


def empty_row(missing: Missing) -> list[str]:
    cells = [missing.peer.name, missing.peer.rule, "", f"not measured: {missing.reason}"]
    return cells + [""] * (len(COLUMNS) - len(cells))


def full_row(measured: Measured, baselines: dict[str, Measured]) -> list[str]:
    peer, task = measured.peer, measured.task
    timed = [number(task["timed"]["horizon"])]
    if task["timed"]["replications"] > 1:
        timed.append(f"{task['timed']['replications']} games")
    shortest, median, longest = measured.nanoseconds()
    return [
        peer.name,
        peer.rule,
        " x ".join(timed),
        f"{number(median)} ({number(shortest)} to {number(longest)})",
        number(median / baselines["ln T"].nanoseconds()[1]),
        f"{measured.compiling():.1f}" if peer.compiles else "",
        number(task["common"]["replications"]),
        *comparison(measured, baselines[peer.rule]),
    ]


def comparison(measured: Measured, baseline: Measured) -> list[str]:
    """Return both regrets compared with those of stackel by the same rule, and whether choices agree."""
    regrets = [f"{mean:.1f} ± {error:.1f}" for mean, error in measured.regrets()]
    if measured is baseline:
        return [*regrets, ""]
    scores = measured.z_scores(baseline)
    agree = "yes" if measured.silent == baseline.silent else "NO"
    return [*(f"{regret} (z {z:+.1f})" for regret, z in zip(regrets, scores, strict=True)), agree]


def number(x: float) -> str:
    """Return a number with three digits, a large one with a single digit as in 2e4."""
    exponent = math.floor(math.log10(x))
    if exponent >= 3 and x % 10**exponent == 0:
        return f"{x / 10**exponent:.0f}e{exponent}"
    return f"{x:.0f}" if exponent >= 2 else f"{x:.3g}"


def judgement(measured: list[Measured], baselines: dict[str, Measured]) -> list[str]:
    """Return a note on the z-scores, if there are any."""
    pairs = [(one, baselines[one.peer.rule]) for one in measured]
    scores = [abs(z) for one, baseline in pairs if one is not baseline for z in one.z_scores(baseline)]
    if not scores:
        return []
    limit = statistics.NormalDist().inv_cdf(1 - FAMILY_WISE / len(scores) / 2)
    sentences = [
        f"The largest of the {len(scores)} z-scores is {max(scores):.1f} in size.",
        f"Were all laws equal, one above {limit:.1f} would have a probability of {FAMILY_WISE:.0%}.",
    ]
    return [" ".join(sentences)]


def versions(measured: list[Measured]) -> str:
    used = set(chain.from_iterable(one.versions.items() for one in measured))
    return f"Versions: {', '.join(sorted(map(' '.join, used), key=str.lower))}."
