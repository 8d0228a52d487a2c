"""What must hold for the benchmarks of every game, whatever the numbers.

Examples are derandomised: every run tries the same ones.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import stackel as sk
from stackel.benchmarks._response import Guarantee, follower_gaps

fixed_examples = settings(max_examples=120, derandomize=True, deadline=None, database=None)

ROUNDING = 1e-11

decimals = st.integers(0, 20).map(lambda k: k / 20)
numbers = st.floats(0.0, 1.0, width=32)
tolerances = st.one_of(st.just(0.0), decimals, numbers, st.just(math.inf))


@st.composite
def games(draw):
    shape = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    cells = draw(st.sampled_from([decimals, numbers]))
    return sk.Game(*(draw(arrays.arrays(np.float64, shape, elements=cells)) for _ in range(2)))


def four_values(game, gamma):
    tolerant, self_tolerant = sk.tolerant(game, gamma), sk.self_tolerant(game, gamma)
    return np.array([tolerant.leader, tolerant.follower, self_tolerant.leader, self_tolerant.follower])


@fixed_examples
@given(games(), tolerances)
def test_attained_within_the_range_allowed(game, gamma):
    for benchmark in (sk.tolerant(game, gamma), sk.self_tolerant(game, gamma)):
        assert 0.0 <= benchmark.leader_epsilon <= gamma
        assert 0.0 <= benchmark.follower_epsilon <= gamma
        assert math.isfinite(benchmark.leader + benchmark.follower)


@fixed_examples
@given(games(), tolerances, tolerances)
def test_benchmarks_fall_with_gamma(game, one, other):
    low, high = sorted((one, other))
    assert (four_values(game, high) <= four_values(game, low) + ROUNDING).all()


@fixed_examples
@given(games(), tolerances)
def test_order_of_the_benchmarks(game, gamma):
    strong, weak = sk.stackelberg(game), sk.stackelberg(game, ties="weak")
    tolerant, self_tolerant = sk.tolerant(game, gamma), sk.self_tolerant(game, gamma)
    assert self_tolerant.leader <= tolerant.leader + ROUNDING
    assert tolerant.leader <= weak.leader + ROUNDING
    assert weak.leader <= strong.leader + ROUNDING
    assert self_tolerant.follower <= tolerant.follower + ROUNDING
    assert tolerant.follower <= min(weak.follower, strong.follower) + ROUNDING


@fixed_examples
@given(games())
def test_no_tolerance_is_weak_stackelberg_for_the_leader(game):
    benchmark = sk.tolerant(game, 0.0)
    assert benchmark.leader == pytest.approx(sk.stackelberg(game, ties="weak").leader, abs=ROUNDING)
    candidates = sk.near_optimal_actions(game, 0.0)
    assert benchmark.follower == pytest.approx(game.follower.max(axis=1)[candidates].min(), abs=ROUNDING)


@fixed_examples
@given(games(), tolerances, tolerances)
def test_sets_grow_with_tolerance(game, one, other):
    low, high = sorted((one, other))
    assert (sk.best_responses(game, low) <= sk.best_responses(game, high)).all()
    assert (sk.near_optimal_actions(game, low) <= sk.near_optimal_actions(game, high)).all()
    assert sk.best_responses(game, low).any(axis=1).all()
    assert sk.near_optimal_actions(game, low).any()


@fixed_examples
@given(games(), tolerances, st.randoms(use_true_random=False))
def test_names_of_actions_do_not_matter(game, gamma, rng):
    rows, columns = game.shape
    row_order = rng.sample(range(rows), rows)
    # Even the responses to each leader action may be renamed on their own.
    column_orders = np.array([rng.sample(range(columns), columns) for _ in range(rows)])
    renamed = sk.Game(
        *(np.take_along_axis(u[row_order], column_orders, axis=1) for u in (game.leader, game.follower))
    )
    np.testing.assert_allclose(four_values(renamed, gamma), four_values(game, gamma), rtol=0, atol=ROUNDING)
    assert sk.alignment(renamed) == sk.alignment(game)
    for ties in ("strong", "weak"):
        assert sk.stackelberg(renamed, ties).leader == pytest.approx(
            sk.stackelberg(game, ties).leader, abs=ROUNDING
        )


@fixed_examples
@given(games(), tolerances, st.sampled_from([0.25, 2.0, 8.0]), st.integers(-2, 2), st.integers(-2, 2))
def test_benchmarks_follow_shift_and_scale(game, gamma, scale, shift_1, shift_2):
    moved = sk.Game(scale * game.leader + shift_1, scale * game.follower + shift_2)
    expected = scale * four_values(game, gamma) + np.array([shift_1, shift_2, shift_1, shift_2])
    np.testing.assert_allclose(four_values(moved, scale * gamma), expected, rtol=0, atol=8 * ROUNDING)


@fixed_examples
@given(games(), tolerances, st.floats(1e-6, 0.1), st.integers(0, 2**32))
def test_moving_every_utility_a_little_moves_the_benchmarks_a_little(game, gamma, size, seed):
    # Gaps move by at most 2 size, so with 2 size more tolerance each set contains what it contained before;
    # the infimum is at most 3 size larger. This is why rounding matters at 0 and at gamma only.
    rng = np.random.default_rng(seed)
    moved = sk.Game(*(u + rng.uniform(-size, size, game.shape) for u in (game.leader, game.follower)))
    later = gamma + 2 * size + ROUNDING
    assert (four_values(moved, later) <= four_values(game, gamma) + 3 * size + ROUNDING).all()
    assert (four_values(game, later) <= four_values(moved, gamma) + 3 * size + ROUNDING).all()


@fixed_examples
@given(games())
def test_alignment_treats_the_players_alike(game):
    lipschitz = sk.alignment(game)
    assert lipschitz >= 1.0
    assert sk.alignment(sk.Game(game.follower, game.leader)) == lipschitz
    assert sk.alignment(sk.Game(-game.leader, game.follower)) == lipschitz
    assert sk.alignment(sk.Game(game.leader, game.leader)) == 1.0


@fixed_examples
@given(games())
def test_guarantee_is_the_largest_worst_case(game):
    found = follower_gaps(game)
    gaps, guarantee = found.values, Guarantee.of(game.leader, found)
    assert guarantee.starts[0] == 0.0
    assert (np.diff(guarantee.starts) > 0).all()
    assert (np.diff(guarantee.values) < 0).all()
    for e in np.unique(gaps):
        expected = max(row[gap <= e].min() for row, gap in zip(game.leader, gaps, strict=True))
        step = np.flatnonzero(guarantee.starts <= e)[-1]
        assert guarantee.values[step] == expected


def test_a_million_outcomes():
    # Common interest: the best outcome is played, and aligned steps are found again.
    game = sk.games.affine(1000, 1000, seed=3, slope=0.5)
    best = np.unravel_index(np.argmax(game.leader), game.shape)
    benchmark = sk.stackelberg(game)
    assert (benchmark.leader_action, benchmark.follower_action) == best
    assert sk.alignment(game) == pytest.approx(2.0, rel=1e-9)
    for gamma in (0.0, 0.05, math.inf):
        assert sk.tolerant(game, gamma).leader <= benchmark.leader
        assert sk.self_tolerant(game, gamma).follower <= benchmark.follower
    assert sk.tolerant(game, 0.0).follower == benchmark.follower
