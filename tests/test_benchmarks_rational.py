"""Floating-point benchmarks against exact rational arithmetic on random and degenerate games."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from rational import RationalGame

import stackel as sk

GAMES_A_FAMILY = 60
SHAPES = [(1, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2), (3, 3), (2, 4), (4, 2), (3, 4)]


def _on_a_grid(rng, shape, denominator, top):
    rows, columns = shape
    return [[Fraction(rng.randint(0, top), denominator) for _ in range(columns)] for _ in range(rows)]


def tenths(rng):
    shape = rng.choice(SHAPES)
    return [_on_a_grid(rng, shape, 10, 10) for _ in range(2)]


def few_values(rng):
    shape = rng.choice(SHAPES)
    return [_on_a_grid(rng, shape, 10, 2) for _ in range(2)]


def odd_fractions(rng):
    shape, denominator = rng.choice(SHAPES), rng.choice([3, 7, 30, 97])
    return [_on_a_grid(rng, shape, denominator, denominator) for _ in range(2)]


def negative_and_large(rng):
    shape = rng.choice(SHAPES)
    return [[[cell - 50 for cell in row] for row in _on_a_grid(rng, shape, 10, 1000)] for _ in range(2)]


def doubled_rows_and_columns(rng):
    u1, u2 = tenths(rng)
    a, b = rng.randrange(len(u1)), rng.randrange(len(u1[0]))
    return [[[*row, row[b]] for row in [*u, u[a]]] for u in (u1, u2)]


def constant_rows(rng):
    u1, u2 = tenths(rng)
    for u in rng.choice([(u1,), (u2,), (u1, u2)]):
        a = rng.randrange(len(u))
        u[a] = [u[a][0]] * len(u[a])
    return [u1, u2]


def constant_for_one_player(rng):
    pair = tenths(rng)
    player = rng.randrange(2)
    pair[player] = [[Fraction(3, 10)] * len(row) for row in pair[player]]
    return pair


def zero_sum(rng):
    u1, _ = tenths(rng)
    return [u1, [[1 - cell for cell in row] for row in u1]]


def common_interest(rng):
    u1, _ = tenths(rng)
    return [u1, [[cell / 3 for cell in row] for row in u1]]


def any_float(rng):
    rows, columns = rng.choice(SHAPES)
    return [[[Fraction(rng.random()) for _ in range(columns)] for _ in range(rows)] for _ in range(2)]


FAMILIES = [
    tenths,
    few_values,
    odd_fractions,
    negative_and_large,
    doubled_rows_and_columns,
    constant_rows,
    constant_for_one_player,
    zero_sum,
    common_interest,
    any_float,
]


UNITS = [Fraction(1), Fraction(2) ** -900, Fraction(10) ** -200, Fraction(7, 10**13), Fraction(3 * 10**90)]
"""A game is tried once in each unit, and sometimes with a penalty in one cell of one player."""
PENALTIES = [None, None, 10**4, 10**40]


def in_units(u, unit, penalty):
    u = [[unit * cell for cell in row] for row in u]
    if penalty is not None:
        a, b, size = penalty
        u[a][b] = -size * unit
    return u


def cases(family, *, one_unit=True):
    rng = random.Random(f"benchmarks {family.__name__}")
    for i in range(GAMES_A_FAMILY):
        pair = family(rng)
        units = [UNITS[i % len(UNITS)]] * 2 if one_unit else rng.choices(UNITS, k=2)
        penalties = [None, None]
        cell = rng.randrange(len(pair[0])), rng.randrange(len(pair[0][0]))
        size = rng.choice(PENALTIES)
        if size is not None and units[0] < 10**50 > units[1]:
            penalties[rng.randrange(2)] = (*cell, size)
        u1, u2 = (in_units(*each) for each in zip(pair, units, penalties, strict=True))
        yield rng, RationalGame(u1, u2), [[[float(cell) for cell in row] for row in u] for u in (u1, u2)]


def unit_of(rational):
    """Smallest utility of either player that is not 0, which penalties leave as it is."""
    return min([abs(cell) for u in (rational.u1, rational.u2) for row in u for cell in row if cell] or [1])


def close(found, expected, rational):
    """Up to rounding of the expected numbers, or of the smallest of the game."""
    scale = Fraction(10) ** -12
    return all(
        abs(Fraction(one) - other) <= scale * max(abs(other), 100 * unit_of(rational))
        for one, other in zip(found, expected, strict=True)
    )


def gammas(rng, rational):
    """None (no bound), 0, on a breakpoint, at a crossing and anywhere."""
    gaps = sorted({rational.d(a, b) for a in rational.actions for b in rational.responses})
    return [
        None,
        Fraction(0),
        rng.choice(gaps),
        rng.choice(rational.candidates()),
        Fraction(rng.randint(1, 99), 100) * 10 * unit_of(rational),
    ]


def as_float(gamma):
    return math.inf if gamma is None else float(gamma)


def described(benchmark):
    return [benchmark.leader, benchmark.leader_epsilon, benchmark.follower, benchmark.follower_epsilon]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("kind", ["tolerant", "self_tolerant"])
def test_tolerant_values_and_where_they_are_attained(family, kind):
    for rng, rational, floats in cases(family):
        game = sk.Game(*floats)
        for gamma in gammas(rng, rational):
            leader, follower = getattr(rational, kind)(gamma)
            found = described(getattr(sk, kind)(game, as_float(gamma)))
            assert close(found, [*leader, *follower], rational), (floats, gamma)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("ties", ["strong", "weak"])
def test_stackelberg_outcomes(family, ties):
    for _, rational, floats in cases(family, one_unit=False):
        a, b = rational.stackelberg(ties)
        (a_strong, b_strong), (a_weak, b_weak) = rational.stackelberg("strong"), rational.stackelberg("weak")
        ambiguous = any(u[a_strong][b_strong] != u[a_weak][b_weak] for u in (rational.u1, rational.u2))
        u1, u2 = floats
        expected = sk.Benchmark(
            "stackelberg", u1[a][b], u2[a][b], leader_action=a, follower_action=b, ambiguous=ambiguous
        )
        assert sk.stackelberg(sk.Game(u1, u2), ties) == expected, floats


@pytest.mark.parametrize("family", FAMILIES)
def test_sets_at_their_breakpoints(family):
    for rng, rational, floats in cases(family):
        game = sk.Game(*floats)
        for e in rng.choices(rational.candidates(), k=3):
            responses = sk.best_responses(game, float(e))
            assert [list(row.nonzero()[0]) for row in responses] == [
                rational.best(a, e) for a in rational.actions
            ]
            assert list(sk.near_optimal_actions(game, float(e)).nonzero()[0]) == rational.near_optimal(e), (
                floats
            )


@pytest.mark.parametrize("family", FAMILIES)
def test_alignment_over_all_pairs(family):
    for _, rational, floats in cases(family, one_unit=False):
        expected = rational.alignment()
        found = sk.alignment(sk.Game(*floats))
        limit = math.inf if expected is None or expected > Fraction(2) ** 1023 else float(expected)
        assert found == pytest.approx(limit, rel=1e-9), floats


@pytest.mark.parametrize("family", [tenths, few_values, odd_fractions, zero_sum])
def test_a_few_units_in_the_last_place_change_nothing(family):
    for rng, rational, floats in cases(family):
        noisy = [
            [[cell * (1 + rng.randint(-2, 2) * math.ulp(1.0)) for cell in row] for row in u] for u in floats
        ]
        game = sk.Game(*noisy)
        gamma = rng.choice(gammas(rng, rational))
        for kind in ("tolerant", "self_tolerant"):
            leader, follower = getattr(rational, kind)(gamma)
            found = described(getattr(sk, kind)(game, as_float(gamma)))
            assert close(found, [*leader, *follower], rational), (noisy, gamma)
        for ties in ("strong", "weak"):
            benchmark = sk.stackelberg(game, ties)
            assert (benchmark.leader_action, benchmark.follower_action) == rational.stackelberg(ties), noisy
