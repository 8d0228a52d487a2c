"""Compare leaping with stepping over a grid of games, pairs of learners, noises and horizons.

    python tests/law_grid.py                        # all of it: minutes
    python tests/law_grid.py --quick                # half a minute
    python tests/law_grid.py --only 'TEXT'          # cases whose line holds TEXT, statistic by statistic

False alarms: FAMILY_WISE over a whole run, half of it by Holm's method over all comparisons, half for
the p values of continuous statistics, one of each case, being uniform. Ends with status 1 if either
finds a difference.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import time
import zlib
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from law_design import design, kind
from scipy import stats
from tqdm import tqdm
from two_samples import holm, names_of_statistics, p_values, statistics, uniform_p_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from law_cases import Case
    from two_samples import Array

FAMILY_WISE = 1e-4
HORIZONS = (2_000, 20_000, 1_000_000)
QUICK_HORIZONS = HORIZONS[:1]
ROUNDS = 1e7
REPLICATIONS = (400, 1000)
"""Of a case, about so many rounds are played in all, but at least and at most so many replications."""
CONTINUOUS = 0.5
"""A statistic is called continuous if at least so many of its values differ."""
MOST_SHOWN = 20


class Comparison(NamedTuple):
    """What the statistics of a case say."""

    case: Case
    names: list[str]
    p: Array
    """Kolmogorov-Smirnov and chi-square of each statistic that is not constant."""
    uniform: float | None
    """Of the statistic with the most different values, if that is continuous."""
    leapt: bool
    """Whether blocks were leapt over."""


def compare(case: Case, engine: str, seed: int) -> Comparison:
    replications = int(np.clip(ROUNDS / case.horizon, *REPLICATIONS))
    # Every case has seeds of its own, whichever others are run.
    first, second, third = np.random.SeedSequence([seed, zlib.crc32(str(case).encode())]).spawn(3)
    leaping, stepping = case.play(engine, first, replications), case.play("stepwise", second, replications)
    ours, theirs = statistics(leaping), statistics(stepping)
    pooled = np.sort(np.concatenate([ours, theirs]), axis=0)
    distinct = 1 + (pooled[1:] > pooled[:-1]).sum(axis=0)
    varies, widest = distinct > 1, distinct.argmax()
    uniform = None
    if distinct[widest] >= CONTINUOUS * len(pooled):
        uniform = uniform_p_value(ours[:, widest], theirs[:, widest], np.random.default_rng(third))
    names = [name for name, kept in zip(names_of_statistics(leaping), varies, strict=True) if kept]
    p = p_values(ours[:, varies], theirs[:, varies]).reshape(-1, 2)
    return Comparison(case, names, p, uniform, leapt=leaping.error_bound > 0)


def uniformity(comparisons: Iterable[Comparison]) -> tuple[int, float]:
    """How many continuous statistics there are, and the p value of their p values being uniform."""
    uniform = [each.uniform for each in comparisons if each.uniform is not None]
    return len(uniform), float(stats.kstest(uniform, "uniform").pvalue) if uniform else 1.0


def all_p_values(comparisons: Iterable[Comparison]) -> Array:
    return np.concatenate([np.empty(0), *(each.p.ravel() for each in comparisons)])


def verdict(comparisons: list[Comparison], command: str) -> tuple[bool, list[str]]:
    """Whether the engines agree, and a summary with a command for each case that says they do not."""
    p = all_p_values(comparisons)
    owners = np.repeat(np.arange(len(comparisons)), [each.p.size for each in comparisons])
    different = holm(p, FAMILY_WISE / 2)
    continuous, p_uniform = uniformity(comparisons)
    leapt = sum(each.leapt for each in comparisons)
    shown = list(dict.fromkeys(owners[place] for place in [*p.argsort()[:1], *different]))
    again = [
        f"  {command} --only {shlex.quote(str(each.case))}"
        f"    # {each.p.min():.1e}, {each.names[each.p.min(axis=1).argmin()]}"
        for each in (comparisons[owner] for owner in shown[:MOST_SHOWN])
    ]
    lines = [
        f"{len(comparisons)} cases, blocks leapt over in {leapt} of them; {len(p)} comparisons",
        f"smallest p   {p.min(initial=1.0):.1e} (expected, were all independent: {1 / (len(p) + 1):.1e})",
        f"too small    {len(different)} (Holm; false alarms {FAMILY_WISE / 2:g} over all comparisons)",
        f"uniformity   p = {p_uniform:.2g}, {continuous} continuous ones (false alarms {FAMILY_WISE / 2:g})",
        f"the smallest{', and those that are too small,' if len(different) else ''} again:",
        *again,
        *([f"  and {len(shown) - MOST_SHOWN} cases more"] if len(shown) > MOST_SHOWN else []),
    ]
    return not len(different) and p_uniform >= FAMILY_WISE / 2, lines


def table_by(title: str, key: Callable[[Case], object], comparisons: list[Comparison]) -> list[str]:
    """A line for each value of `key`: the same, of the cases that have it."""
    head = {"cases": 7, "leapt": 7, "comparisons": 13, "smallest p": 12, "continuous": 12, "uniformity": 12}
    lines = ["\n" + f"{title:32}" + "".join(f"{name:>{width}}" for name, width in head.items())]
    for value in dict.fromkeys(key(each.case) for each in comparisons):
        some = [each for each in comparisons if key(each.case) == value]
        p, (continuous, p_uniform) = all_p_values(some), uniformity(some)
        leapt = sum(each.leapt for each in some)
        lines.append(
            f"{value!s:32}{len(some):7}{leapt:7}{len(p):13}{p.min(initial=1.0):12.1e}"
            f"{continuous:12}{p_uniform:12.2g}"
        )
    return lines


def table_of_statistics(each: Comparison) -> list[str]:
    rows = zip(each.names, each.p, strict=True)
    return [
        f"\n{each.case}\n{'':32}{'Kolmogorov-Smirnov':>20}{'chi-square':>14}",
        *(f"{name:32}{ks:20.2g}{chi_square:14.2g}" for name, (ks, chi_square) in rows),
    ]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    say = parser.add_argument
    say("--quick", action="store_true", help="an eighth of the cases, at the shortest horizon")
    say("--seed", type=int, default=0, help="of the design and of all runs")
    say("--horizons", type=int, nargs="+", help="numbers of rounds T")
    say("--only", default="", metavar="TEXT", help="cases whose line holds TEXT")
    say("--engine", default="leap", choices=["leap", "auto"], help="what to compare with stepwise")
    given = parser.parse_args()
    given.horizons = given.horizons or list(QUICK_HORIZONS if given.quick else HORIZONS)
    return given


def same_design(given: argparse.Namespace) -> str:
    """The command that runs the same design again."""
    quick = ["--quick"] if given.quick else []
    horizons = ["--horizons", *map(str, given.horizons)]
    engine = ["--engine", given.engine]
    return " ".join(["python tests/law_grid.py", *quick, f"--seed {given.seed}", *horizons, *engine])


def main() -> None:
    given, start = arguments(), time.monotonic()
    designed = (design(horizon, given.seed, quick=given.quick) for horizon in given.horizons)
    cases = [case for some in designed for case in some if given.only in str(case)]
    if not cases:
        sys.exit(f"no case has {given.only!r} in its line")
    shown = tqdm(cases, disable=None, mininterval=5)
    comparisons = [compare(case, given.engine, given.seed) for case in shown]
    agree, summary = verdict(comparisons, same_design(given))
    if given.only:
        lines = [line for each in comparisons[:MOST_SHOWN] for line in table_of_statistics(each)]
    else:
        lines = [
            *table_by("horizon", lambda case: case.horizon, comparisons),
            *table_by("game", lambda case: case.means, comparisons),
            *table_by("noise", lambda case: case.noise, comparisons),
            *table_by("leader", lambda case: kind(case.leader), comparisons),
            *table_by("follower", lambda case: kind(case.follower), comparisons),
        ]
    took = f"\n{given.engine} beside stepwise, seed {given.seed}, {time.monotonic() - start:.0f} s"
    sys.stdout.write("\n".join([*lines, took, *summary]) + "\n")
    sys.exit(0 if agree else 1)


if __name__ == "__main__":
    main()
