"""Entries of the table of rewards and their sums have their laws, and know nothing of each other.

Every comparison is one p value under a name. False alarms: FAMILY_WISE over the whole file (Bonferroni over
MOST comparisons), with fixed seeds.
"""

from __future__ import annotations

import math
import sys

import drawn
import numpy as np
import pytest
from scipy import special, stats

import stackel as sk

FAMILY_WISE, MOST = 1e-4, 600
ALPHA = FAMILY_WISE / MOST
SIDE = 32
"""Cells of a table of two values, each way."""
GAUSSIAN, COIN, UNIFORM = sk.Gaussian(), sk.Bernoulli(), sk.Uniform(1.0)
LAWS = {"normal": (GAUSSIAN, 0.0), "coin": (COIN, 0.3), "rare coin": (COIN, 0.002), "uniform": (UNIFORM, 0.0)}
NEAR = {
    "normal": (0, 2**40, 2**53 - 2**22),
    "coin": (0, 2**40),
    "rare coin": (0, 2**36),
    "uniform": (0, 2**16, 2**40),
}
JITTER = np.random.default_rng(1)
found: dict[str, float] = {}


def note(name, p):
    """Count a comparison."""
    assert name not in found
    found[name] = float(p)
    assert p > ALPHA, name


def sums_between(law, mean, ends, tapes=0, **key):
    """Standardised sums of the entries between one end and the next; a row for each tape."""
    tapes = np.atleast_1d(tapes)[:, None]
    sums = np.diff(drawn.sums(law, tapes, np.atleast_2d(ends), mean=mean, **key), axis=1)
    lengths = np.diff(np.atleast_2d(ends), axis=1)
    if law is COIN:
        return (sums - mean * lengths) / np.sqrt(mean * (1 - mean) * lengths)
    unit = 2.0**30 if law is GAUSSIAN else 2.0**31 / math.sqrt(3)
    return sums / (unit * np.sqrt(lengths))


def scores(law, mean, values, lengths):
    """Uniform scores of standardised values; of coins, spread at random over what equal values share."""
    if law is UNIFORM and lengths == 1:
        return 0.5 + values / math.sqrt(12)
    if law is not COIN:
        return special.ndtr(values)
    counts = np.rint(values * math.sqrt(mean * (1 - mean) * lengths) + mean * lengths)
    jitter = JITTER.random(values.shape)
    return stats.binom.cdf(counts - 1, lengths, mean) + jitter * stats.binom.pmf(counts, lengths, mean)


def ways_not_to_be_uniform(u):
    """By the largest distance, by counts in equal cells, and by the spread of scores as normal numbers."""
    u = np.clip(u.ravel(), 2**-53, 1 - 2**-53)
    cells = max(8, min(1000, len(u) // 50))
    return {
        "distance": stats.kstest(u, "uniform").pvalue,
        "cells": stats.chisquare(np.bincount((u * cells).astype(int), minlength=cells)).pvalue,
        "spread": two_sided((special.ndtri(u) ** 2 - 1).sum() / math.sqrt(2 * len(u))),
    }


def two_sided(z):
    return math.erfc(abs(z) / math.sqrt(2))


def is_uniform(name, u):
    for what, p in ways_not_to_be_uniform(u).items():
        note(f"{name}: {what}", p)


def are_independent(name, u, v):
    cells = np.bincount(((u * SIDE).astype(int) * SIDE + (v * SIDE).astype(int)).ravel(), minlength=SIDE**2)
    note(f"{name}: pairs", stats.chi2_contingency(cells.reshape(SIDE, SIDE)).pvalue)
    x, y = special.ndtri(np.clip((u, v), 1e-12, 1 - 1e-12)).reshape(2, -1)
    for what, product in (("values", x * y), ("squares", (x**2 - 1) * (y**2 - 1) / 2)):
        z = product.sum() / math.sqrt(product.size)
        note(f"{name}: {what}", two_sided(z))


@pytest.mark.parametrize("law", LAWS)
def test_entries(law):
    noise, mean = LAWS[law]
    for start in NEAR[law]:
        count = 1_000_000 if law != "uniform" else 500_000
        values = sums_between(noise, mean, start + np.arange(count + 1))[0]
        if noise is COIN:
            ones = int((values > 0).sum())
            note(f"{law} from {start}: ones", stats.binomtest(ones, count, mean).pvalue)
            # Runs of zeros between ones are geometric.
            gaps = np.diff(np.flatnonzero(values > 0)) - 1
            longest = int(3 / mean)
            law_of_gaps = np.append(
                stats.geom.pmf(np.arange(longest) + 1, mean), stats.geom.sf(longest, mean)
            )
            seen = np.bincount(np.minimum(gaps, longest), minlength=longest + 1)
            note(f"{law} from {start}: gaps", p_of_counts(seen, law_of_gaps * len(gaps)))
            continue
        u = scores(noise, mean, values, 1)
        is_uniform(f"{law} from {start}", u)
        if noise is GAUSSIAN:
            for limit in (3.0, 4.0, 4.5):
                note(
                    f"{law} from {start}: beyond {limit}",
                    stats.binomtest(int((abs(values) > limit).sum()), count, 2 * stats.norm.sf(limit)).pvalue,
                )
        for lag in (1, 2, 63, 64, 65, 2048):
            are_independent(f"{law} from {start}, {lag} apart", u[lag:], u[:-lag])


def p_of_counts(seen, expected):
    """Chi-square; neighbours are counted together until they expect 20."""
    edges = [0]
    for i in range(1, len(seen)):
        if expected[edges[-1] : i].sum() >= 20 and expected[i:].sum() >= 20:
            edges.append(i)
    seen, expected = (np.add.reduceat(each, edges) for each in (seen, expected))
    return stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue


LENGTHS = {
    "normal": [2, 3, 33, 64, 100, 2**11, 2**11 + 1, 2**16 - 5, 2**21, 2**30 + 7, 2**36],
    "coin": [64, 500, 512, 1000, 2**14 + 3, 2**20, 2**25],
    "rare coin": [512, 5000, 2**16, 2**22 + 1],
    "uniform": [100, 999, 2**13, 2**14 + 1, 2**20, 2**31 + 6],
}
COUNT = {"normal": 20_000, "coin": 10_000, "rare coin": 10_000, "uniform": 10_000}


@pytest.mark.parametrize("law", LAWS)
def test_sums_of_intervals_side_by_side(law):
    (noise, mean), pooled = LAWS[law], []
    for length in LENGTHS[law]:
        values = sums_between(noise, mean, 17 + length * np.arange(COUNT[law] + 1), tapes=3)[0]
        u = scores(noise, mean, values, length)
        is_uniform(f"{law}, {length}", u)
        are_independent(f"{law}, {length}, side by side", u[1:], u[:-1])
        pooled.append(u)
    # Together they are enough to find a scale that is wrong by a hundredth.
    is_uniform(f"{law}, all lengths", np.concatenate(pooled))


@pytest.mark.parametrize("law", LAWS)
def test_sums_over_tapes(law):
    """Long intervals, of which a tape has few; and what comes before and after them."""
    noise, mean = LAWS[law]
    last = {"normal": 50, "coin": 32, "rare coin": 30, "uniform": 8}[law]
    for log in {6, last // 2, last}:
        ends = np.array([0, 2**log - 1, 2**log + 2 ** (log - 1) + 3, 2 ** (log + 1) + 9])
        values = sums_between(noise, mean, ends, tapes=np.arange(4000), seed=6)
        u = np.stack(
            [scores(noise, mean, column, n) for column, n in zip(values.T, np.diff(ends), strict=True)],
            axis=1,
        )
        is_uniform(f"{law}, 2^{log}, over tapes", u)
        are_independent(f"{law}, 2^{log}, over tapes", u[:, 1:], u[:, :-1])


def one_place_changed():
    """Keys of tapes in pairs that differ in one place."""
    base = {"seed": 5, "replication": 7, "player": "leader", "tapes": 9}
    changes = [
        *({"tapes": base["tapes"] ^ 1 << bit} for bit in (0, 1, 10)),
        *({"replication": base["replication"] ^ 1 << bit} for bit in (0, 1, 31, 32, 63)),
        *({"seed": base["seed"] ^ 1 << bit} for bit in (0, 1, 31, 32, 63)),
        {"player": "follower"},
    ]
    return [(base, base | change, *change.items()) for change in changes]


@pytest.mark.parametrize(("base", "other", "change"), one_place_changed(), ids=lambda given: str(given)[-28:])
def test_keys_that_differ_in_one_place(base, other, change):
    for law, (noise, mean) in LAWS.items():
        if law == "rare coin":
            continue
        width = 40 if noise is COIN else 1
        u, v = (
            scores(noise, mean, sums_between(noise, mean, width * np.arange(40_001), **key)[0], width)
            for key in (base, other)
        )
        are_independent(f"{law}, {change}", u, v)


def test_first_entries_of_many_tapes():
    for law in ("normal", "uniform"):
        noise, mean = LAWS[law]
        u = scores(noise, mean, sums_between(noise, mean, [0, 1], tapes=np.arange(300_000))[:, 0], 1)
        is_uniform(f"{law}, first entries", u)
        are_independent(f"{law}, first entries of neighbours", u[1:], u[:-1])
    starts = np.array(
        [
            drawn.sums(GAUSSIAN, tape, 1, seed=seed, replication=replication, player=player)
            for seed in (0, 1, 2**32, 2**63, 2**64 - 1)
            for replication in (0, 1, 2**32, 2**53, 2**64 - 1)
            for player in sk.learners.ROLES
            for tape in (0, 1, 2**20, 2**40)
        ]
    )
    assert len(np.unique(starts)) == len(starts)


@pytest.mark.parametrize("law", ["normal", "uniform"])
def test_a_scale_that_is_wrong_by_a_hundredth_is_found(law):
    """In single entries, and in sums of one length."""
    noise, mean = LAWS[law]
    for length, count in ((1, 500_000), (100, 200_000)):
        values = sums_between(noise, mean, length * np.arange(count + 1))[0]
        assert min(ways_not_to_be_uniform(scores(noise, mean, values, length)).values()) > ALPHA
        assert min(ways_not_to_be_uniform(scores(noise, mean, 1.01 * values, length)).values()) < ALPHA


def test_a_chance_that_is_wrong_by_a_hundredth_is_found():
    values = sums_between(COIN, 0.303, 100 * np.arange(200_001))[0]
    counts = values * math.sqrt(0.303 * 0.697 * 100) + 30.3
    wrong = (counts - 30) / math.sqrt(0.3 * 0.7 * 100)
    assert min(ways_not_to_be_uniform(scores(COIN, 0.303, values, 100)).values()) > ALPHA
    assert min(ways_not_to_be_uniform(scores(COIN, 0.3, wrong, 100)).values()) < ALPHA


def test_a_little_in_common_is_found():
    values = [sums_between(GAUSSIAN, 0.0, np.arange(200_001), tapes=tape)[0] for tape in range(3)]
    mixed = [special.ndtr((each + 0.15 * values[2]) / math.sqrt(1 + 0.15**2)) for each in values[:2]]
    with pytest.raises(AssertionError, match="in common"):
        are_independent("in common", *mixed)
    found.pop("in common: pairs")
    found.pop("in common: values", None)


def test_there_are_no_more_comparisons_than_are_paid_for():
    """Runs last. `pytest -s` shows the number of comparisons, and the smallest p."""
    assert len(found) <= MOST
    smallest = min(found, key=found.get, default=None)
    sys.stdout.write(f"\n{len(found)} comparisons, smallest p {found.get(smallest, 1.0):.2g}: {smallest}")
