"""How often the intervals that stackel prints miss the truth, as a table.

    python benches/null_rates.py                  # all rows: about ten minutes
    python benches/null_rates.py --only scaling   # rows that hold a text
    python benches/null_rates.py --update         # also write the table into docs/guide/intervals.md

Every interval is computed by the code that prints it, with confidence 0.95, from drawn replications whose
mean is known. A row counts the trials in which the interval misses it. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

import stackel as sk
from stackel._stats.intervals import largest_mean, mean_interval
from stackel._stats.paired import paired_differences
from stackel.analysis._compare import compare_regrets
from stackel.analysis._scaling_fit import fit_scaling
from stackel.sweeps.outcome import Sweep
from stackel.sweeps.play import ReplicationRange
from stackel.sweeps.precision import Precision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = Path(__file__).parents[1] / "docs" / "guide" / "intervals.md"
BEGIN, END = "<!-- rates: written by benches/null_rates.py --update -->", "<!-- end of rates -->"
HEAD = (
    "| interval or test | law of the replications | replications | trials | missed |\n|---|---|---|---|---|"
)
CONFIDENCE = 0.95
DECADES = 10 ** np.arange(1, 6)

Law = "Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]"
LAWS: dict[str, Law] = {
    "normal": lambda rng, size: 1 + 0.3 * rng.standard_normal(size),
    "exponential": lambda rng, size: rng.exponential(size=size),
    "log-normal, skewness 6": lambda rng, size: rng.lognormal(-0.5, 1.0, size),
    "0.5, with probability 0.02 25.5": lambda rng, size: 0.5 + 25.0 * (rng.random(size) < 0.02),
}
"""Laws of mean 1."""
NORMAL, EXPONENTIAL, SKEWED, RARE = LAWS


class Row(NamedTuple):
    """A row of the table: what misses, and how often."""

    what: str
    law: str
    replications: str
    count: Callable[[np.random.Generator], tuple[int, int]]
    """Trials, and how many of them missed."""

    @property
    def line(self) -> str:
        """The row, measured."""
        rng = np.random.default_rng(zlib.crc32(repr(self[:3]).encode()))
        trials, missed = self.count(rng)
        return (
            f"| {self.what} | {self.law} | {self.replications} | {trials:,} | {100 * missed / trials:.1f} % |"
        )


def outside(low, high, truth=1.0):
    """Where an interval is there and misses the truth."""
    return (low > truth) | (high < truth)


def student(law, replications, trials=100_000):
    def count(rng):
        samples = LAWS[law](rng, (replications, trials))
        alike = np.ptp(samples, axis=0) == 0
        _, _, low, high = mean_interval(samples, 0, CONFIDENCE, alike)
        return trials, int(outside(low, high).sum())

    return count


def slopes(law, replications, part, trials=4000):
    """Fit power laws of exponent 1/2; `part` returns limits and truth."""

    def count(rng):
        missed = 0
        for _ in range(trials // 10):
            regret = np.sqrt(DECADES) * LAWS[law](rng, (10, replications, len(DECADES)))
            nothing = np.zeros((10, len(DECADES)))
            fit = fit_scaling(
                DECADES,
                regret,
                nothing,
                nothing,
                alike=np.ptp(regret, axis=1) == 0,
                confidence=CONFIDENCE,
                log_power=0.0,
                bootstrap=1000,
                seed=0,
                bootstrap_seed=np.random.SeedSequence(int(rng.integers(2**62))),
                provenance={},
                players=("",) * 10,
            )
            limits, truth = part(fit)
            missed += int(outside(*limits.T, truth).sum())
        return trials, missed

    return count


def exponent(fit):
    return fit.ci, 0.5


def called_reliable(fit):
    return np.where(fit.reliable[:, None], fit.ci, np.nan), 0.5


def local(fit):
    return fit.local_ci[:, 2], 0.5


def curvature(fit):
    return fit.curvature_ci, 0.0


def differences(law, replications, pairs=5, trials=2000):
    def count(rng):
        others, missed = ~np.eye(pairs, dtype=bool), 0
        for _ in range(trials):
            samples = LAWS[law](rng, (pairs, replications)) + LAWS[law](rng, (replications,))
            seed = np.random.SeedSequence(int(rng.integers(2**62)))
            found = paired_differences(
                samples, others, 1e-9, confidence=CONFIDENCE, bootstrap=1000, seed=seed
            )
            missed += bool(outside(found.low, found.high, 0.0)[others].any())
        return trials, missed

    return count


def against_sure(replications, trials=2000, *, silent):
    """Compare a rare loss with the same loss for sure; `silent` counts misses that no note goes with."""

    def count(rng):
        chance, zeros, missed = ~np.eye(2, dtype=bool), np.zeros(2), 0
        for _ in range(trials):
            regret = np.ones((2, 2, replications))
            regret[:, 0] = LAWS[RARE](rng, (replications,))
            seed = np.random.SeedSequence(int(rng.integers(2**62)))
            found = compare_regrets(
                ("rare", "sure"),
                100,
                zeros,
                regret,
                zeros,
                chance=np.stack([chance, chance]),
                confidence=CONFIDENCE,
                bootstrap=500,
                seed=seed,
                provenance={},
            )
            missed += found.verdict("rare", "sure") != "not distinguishable" and not (silent and found.notes)
        return trials, missed

    return count


def largest(law, replications, games=12, trials=10_000):
    """As `worst_case` does: the largest of a search, then the same game again."""

    def count(rng):
        missed = 0
        for _ in range(trials):
            upper = largest_mean(LAWS[law](rng, (games, replications)), CONFIDENCE).high
            again = mean_interval(LAWS[law](rng, (replications,)), 0, CONFIDENCE)
            missed += bool(outside(again.low, max(upper, float(again.high))))
        return trials, missed

    return count


def best_of_worst(law, replications, pairs=6, games=4, trials=5000):
    """As findings of `stackel reproduce` do: the smallest over pairs of the largest over games."""

    def count(rng):
        missed = 0
        for _ in range(trials):
            worst = [
                largest_mean(LAWS[law](rng, (games, replications)), CONFIDENCE, among=pairs)
                for _ in range(pairs)
            ]
            missed += bool(outside(min(each.low for each in worst), min(each.high for each in worst)))
        return trials, missed

    return count


class Drawn:
    """Store whose utilities are drawn when a sweep looks at them."""

    def __init__(self, law, rng):
        self._law, self._rng, self._known = law, rng, {}

    def utilities(self, ids):
        """Return utilities of all tasks asked for, twice as many as they have had."""
        for key in sorted(ids):
            known = self._known.get(key, np.empty((4, 0, 1)))
            size = max(64, known.shape[1])
            more = np.concatenate([self._law(self._rng, (2, size, 1)), np.zeros((2, size, 1))])
            self._known[key] = np.concatenate([known, more], axis=1)
        return {key: (np.array([100]), self._known[key]) for key in ids}


def stopped(law, target, most=2000, trials=10_000, *, corrected=True):
    """Let the rule of `sweep` choose the replications, and take the interval from its summary."""

    def count(rng):
        tasks = sk.grid(seed=range(trials)).tasks(
            game=sk.games.etc_failure(), leader=sk.UCB(), follower=sk.UCB(), horizon=100, replications=most
        )
        store, goal, enough = Drawn(LAWS[law], rng), Precision.of({"leader": target}), {}
        list(goal.waves([ReplicationRange(task, 0, most) for task in tasks], store, enough))
        replications = np.array([enough[task.id] for task in tasks])
        looks = np.full(trials, goal.looks(most) if corrected else 1)
        table = Sweep(tuple(tasks), replications, store, 0, 0, looks=looks).summary((0.0, 0.0))
        leader = table[table["player"] == "leader"]
        return trials, int(outside(leader["regret_low"], leader["regret_high"], -1.0).sum())

    return count


def played(target, most=2000, trials=2000):
    """Sweep true games: 40 rounds of random play, in which half of the outcomes pay 1."""

    def count(_rng):
        game = sk.Game([[0.0, 1.0], [1.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]])
        random = sk.UniformLearner()
        tasks = sk.grid(seed=range(trials)).tasks(
            game=game, leader=random, follower=random, horizon=40, replications=most
        )
        table = sk.sweep(tasks, standard_error={"leader": target}).summary((0.5, 0.5))
        leader = table[table["player"] == "leader"]
        return trials, int(outside(leader["regret_low"], leader["regret_high"], 0.0).sum())

    return count


def rows() -> Iterator[Row]:
    """Yield all rows."""
    yield from rows_of_means()
    yield from rows_of_slopes()
    yield from rows_of_searches()
    yield from rows_of_sweeps()


def rows_of_means():
    sizes = {NORMAL: (2, 4, 32), EXPONENTIAL: (4, 32, 128), SKEWED: (4, 32, 128, 512), RARE: (32, 128, 512)}
    for law, each in sizes.items():
        what = "mean: tables, bands of figures (Student)"
        yield from (Row(what, law, str(R), student(law, R)) for R in each)
    for law in (NORMAL, EXPONENTIAL, SKEWED):
        what = "`compare`, `portfolio`: any difference of 5 pairs"
        yield from (Row(what, law, str(R), differences(law, R)) for R in (2, 4, 23, 24, 64))
    for what, silent in {
        "`compare`: verdict beside a sure 1": False,
        "the same, without a note": True,
    }.items():
        yield from (Row(what, RARE, str(R), against_sure(R, silent=silent)) for R in (32, 64))


def rows_of_slopes():
    parts = {"exponent": exponent, "local exponent": local, "curvature": curvature}
    for (name, part), law in product(parts.items(), (NORMAL, EXPONENTIAL, SKEWED)):
        yield from (Row(f"`scaling`: {name}", law, str(R), slopes(law, R, part)) for R in (2, 4, 6, 32))
    for name, part in {"exponent": exponent, "exponent, called reliable": called_reliable}.items():
        yield from (Row(f"`scaling`: {name}", RARE, str(R), slopes(RARE, R, part)) for R in (32, 128))


def rows_of_searches():
    for law in LAWS:
        what = "`worst_case`: largest of 12 equal games"
        yield from (Row(what, law, str(R), largest(law, R)) for R in (4, 32))
    for law in LAWS:
        what = "`reproduce`: best of 6 pairs, worst of 4 games"
        yield Row(what, law, "32", best_of_worst(law, 32))


def rows_of_sweeps():
    targets = {NORMAL: 0.03, EXPONENTIAL: 0.1, SKEWED: 0.1, RARE: 0.2}
    for (law, target), corrected in product(targets.items(), (True, False)):
        what = f"`sweep`, `standard_error={target}`" + ("" if corrected else "; Student's interval instead")
        yield Row(what, law, "32 to 2000", stopped(law, target, corrected=corrected))
    yield Row("`sweep`, `standard_error=0.25`, games", "random play", "32 to 2000", played(0.25))


def update(table: str) -> None:
    """Write the table between its marks."""
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{PAGE} has no marks {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", metavar="TEXT", help="rows that hold TEXT")
    parser.add_argument("--update", action="store_true", help=f"write the table into {PAGE.name}")
    given = parser.parse_args()
    if given.only and given.update:
        parser.error("--update takes all rows")
    table = [HEAD]
    sys.stdout.write(HEAD + "\n")
    for row in rows():
        if given.only in f"{row.what}, {row.law}":
            table.append(row.line)
            sys.stdout.write(table[-1] + "\n")
            sys.stdout.flush()
    if given.update:
        update("\n".join(table))


if __name__ == "__main__":
    main()
