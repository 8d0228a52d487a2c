"""Benchmarks: the instance tables of the definitions page, tie-breaking, conventions and bad input."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import stackel as sk

GAMMA = 0.05
DELTAS_WITHIN = [1e-6, 0.001, 0.01, 0.03, 0.1 / 3, 0.05]
DELTAS_BEYOND = [0.05 + 1e-9, 0.06, 0.2, 0.3]


def values(benchmark):
    return benchmark.leader, benchmark.follower


def exactly(*expected):
    return pytest.approx(expected, rel=0, abs=1e-12)


class TestInstanceTables:
    @pytest.mark.parametrize("delta", DELTAS_WITHIN + DELTAS_BEYOND)
    def test_unachievable_stackelberg(self, delta):
        first, second = sk.games.unachievable(delta)
        assert values(sk.stackelberg(first)) == exactly(0.6, delta)
        assert values(sk.stackelberg(second)) == exactly(0.5, 0.6)

    @pytest.mark.parametrize("delta", DELTAS_WITHIN)
    def test_unachievable_tolerant(self, delta):
        first, second = sk.games.unachievable(delta)
        assert values(sk.tolerant(first, GAMMA)) == exactly(0.5 + delta, delta)
        assert values(sk.tolerant(second, GAMMA)) == exactly(0.5, 3 * delta)

    @pytest.mark.parametrize("delta", DELTAS_BEYOND)
    def test_unachievable_beyond_gamma_is_stackelberg(self, delta):
        for game in sk.games.unachievable(delta):
            assert values(sk.tolerant(game, GAMMA)) == exactly(*values(sk.stackelberg(game)))

    @pytest.mark.parametrize("delta", [*DELTAS_WITHIN, 0.06])
    def test_unachievable_alignment(self, delta):
        for game in sk.games.unachievable(delta):
            assert sk.alignment(game) == pytest.approx(0.4 / delta, rel=1e-9)

    def test_etc_failure(self):
        game = sk.games.etc_failure()
        assert values(sk.stackelberg(game)) == (0.6, 0.4)
        assert values(sk.tolerant(game, GAMMA)) == exactly(0.6, 0.4)
        assert sk.alignment(game) == pytest.approx(1.0, rel=1e-12)

    @pytest.mark.parametrize("delta", [1e-4, 0.01, 0.1, 0.1 + 0.2, 0.5])
    @pytest.mark.parametrize("gamma", [0.0, 0.01, 0.05, 0.3, 0.5, 1.0, math.inf])
    @pytest.mark.parametrize(("n_follower", "hidden"), [(2, 1), (3, 1), (5, 4)])
    def test_lower_bound(self, delta, gamma, n_follower, hidden):
        first, second = sk.games.lower_bound(delta, n_follower, hidden=hidden)
        assert values(sk.stackelberg(first)) == exactly(0.5 + delta, delta)
        assert values(sk.stackelberg(second)) == exactly(0.5, 3 * delta)
        assert values(sk.tolerant(first, gamma)) == exactly(0.5 + delta, delta)
        assert values(sk.tolerant(second, gamma)) == exactly(0.5, 3 * delta)

    @pytest.mark.parametrize("gamma", [0.0, 0.1, 0.5, math.inf])
    def test_lower_bound_with_further_leader_actions(self, gamma):
        first, second = sk.games.lower_bound(0.1, n_follower=4, n_leader=5, hidden=2)
        assert values(sk.tolerant(first, gamma)) == exactly(0.6, 0.1)
        assert values(sk.tolerant(second, gamma)) == exactly(0.5, 0.3)

    @pytest.mark.parametrize("delta", [1e-4, 0.01, 0.1, 0.3])
    def test_lower_bound_alignment_skips_the_equal_cells(self, delta):
        for game in sk.games.lower_bound(delta):
            assert sk.alignment(game) == pytest.approx((0.5 + delta) / delta, rel=1e-9)

    def test_self_tolerant_on_the_lower_bound_pair(self):
        # By hand, gamma >= delta: I at e = 0 is (.6, .1), at e = delta both a1 responses and a2 count.
        first, second = sk.games.lower_bound(0.1)
        assert values(sk.self_tolerant(first, 0.05)) == exactly(0.6, 0.1)
        assert values(sk.self_tolerant(first, 0.1)) == exactly(0.0 + 0.1, 0.1)
        assert values(sk.self_tolerant(second, 0.1)) == exactly(0.0 + 0.1, 0.1 + 0.1)


class TestTies:
    # At a1 the follower is indifferent; the leader is not.
    GAME = sk.Game([[0.9, 0.1, 0.9], [0.5, 0.2, 0.5]], [[0.5, 0.5, 0.5], [0.7, 0.1, 0.7]])

    def test_strong_favours_the_leader_and_weak_does_not(self):
        strong, weak = sk.stackelberg(self.GAME), sk.stackelberg(self.GAME, ties="weak")
        assert (values(strong), strong.leader_action, strong.follower_action) == ((0.9, 0.5), 0, 0)
        assert (values(weak), weak.leader_action, weak.follower_action) == ((0.5, 0.7), 1, 0)
        assert strong.ambiguous
        assert weak.ambiguous

    def test_no_ambiguity_without_ties(self):
        assert not sk.stackelberg(sk.games.etc_failure()).ambiguous

    def test_no_ambiguity_when_tied_responses_are_worth_the_same(self):
        assert not sk.stackelberg(sk.Game([[0.5, 0.5]], [[0.1, 0.1]])).ambiguous

    def test_leader_ties_go_to_the_lowest_index(self):
        benchmark = sk.stackelberg(sk.Game([[0.1], [0.6], [0.6]], [[1.0], [0.2], [0.9]]))
        assert (benchmark.leader_action, benchmark.follower) == (1, 0.2)

    def test_ties_that_hold_on_paper_only(self):
        noisy = 0.1 + 0.2
        assert noisy != 0.3
        by_leader = sk.stackelberg(sk.Game([[0.3], [noisy]], [[0.1], [0.9]]))
        assert by_leader.leader_action == 0
        by_follower = sk.stackelberg(sk.Game([[0.9, 0.1]], [[0.3, noisy]]))
        assert (by_follower.leader, by_follower.ambiguous) == (0.9, True)

    def test_a_gap_that_is_zero_on_paper_needs_no_tolerance(self):
        benchmark = sk.self_tolerant(sk.Game([[0.1, 0.9]], [[0.3, 0.1 + 0.2]]), 0.5)
        assert (benchmark.leader, benchmark.leader_epsilon) == (0.1, 0.0)

    def test_a_large_scale_widens_the_tolerance(self):
        close = sk.Game([[0.9, 0.1]], [[1e9, np.nextafter(1e9, 2e9)]])
        apart = sk.Game([[0.9, 0.1]], [[1e9, 1e9 + 1e-3]])
        assert sk.stackelberg(close).leader == 0.9
        assert sk.stackelberg(apart).leader == 0.1


class TestGammaAtABreakpoint:
    # The gap of b2 is .4 - .1, which is not 0.3 in floating point; decimals must not notice.
    GAME = sk.Game([[0.9, 0.2]], [[0.4, 0.1]])

    def test_gap_equal_to_gamma_on_paper_is_included(self):
        assert 0.4 - 0.1 > 0.3
        assert sk.best_responses(self.GAME, 0.3).all()
        benchmark = sk.tolerant(self.GAME, 0.3)
        assert (benchmark.leader, benchmark.leader_epsilon) == exactly(0.5, 0.3)

    def test_gamma_just_below_is_not(self):
        assert not sk.best_responses(self.GAME, 0.3 - 1e-11).all()
        assert sk.tolerant(self.GAME, 0.3 - 1e-11).leader == 0.9

    def test_joining_between_two_gaps(self):
        # a2 joins where .5 = .6 - e; e = .1 is no gap.
        game = sk.Game([[0.6], [0.5]], [[0.9], [0.1]])
        benchmark = sk.tolerant(game, 0.1)
        assert (benchmark.follower, benchmark.follower_epsilon) == exactly(0.2, 0.1)
        assert sk.tolerant(game, 0.1 - 1e-9).follower == 0.9
        assert sk.near_optimal_actions(game, 0.1).tolist() == [True, True]
        assert sk.near_optimal_actions(game, 0.1 - 1e-9).tolist() == [True, False]


def test_fields_of_the_tolerant_benchmarks():
    game = sk.games.etc_failure()
    for compute, kind in ((sk.tolerant, "tolerant"), (sk.self_tolerant, "self_tolerant")):
        benchmark = compute(game, 0.25)
        assert (benchmark.kind, benchmark.gamma) == (kind, 0.25)
        assert (benchmark.leader_action, benchmark.follower_action, benchmark.ambiguous) == (
            None,
            None,
            False,
        )
        assert all(type(number) is float for number in (*values(benchmark), benchmark.leader_epsilon))
    stackelberg = sk.stackelberg(game)
    assert (stackelberg.kind, stackelberg.gamma) == ("stackelberg", None)
    assert (stackelberg.leader_epsilon, stackelberg.follower_epsilon) == (0.0, 0.0)
    with pytest.raises(AttributeError):
        stackelberg.leader = 1.0


def test_infinite_tolerance_admits_everything():
    game = sk.games.random(3, 4, seed=5)
    assert sk.best_responses(game, math.inf).all()
    assert sk.near_optimal_actions(game, math.inf).all()
    assert values(sk.tolerant(game, 1e300)) == values(sk.tolerant(game, math.inf))


def test_the_game_is_left_as_it_was():
    game = sk.games.random(3, 4, seed=5)
    before = game.leader.copy(), game.follower.copy()
    for compute in (
        sk.stackelberg,
        sk.alignment,
        lambda g: sk.tolerant(g, 0.3),
        lambda g: sk.self_tolerant(g, 0.3),
    ):
        compute(game)
    np.testing.assert_array_equal(game.leader, before[0])
    np.testing.assert_array_equal(game.follower, before[1])


class TestTolerance:
    @pytest.mark.parametrize("horizon", [1, 2, 10**4, 1e12, 2**53])
    @pytest.mark.parametrize(("exponent", "c"), [(1 / 3, 1.0), (0.25, 2.0)])
    def test_formula(self, horizon, exponent, c):
        expected = c * (12 * math.log(horizon) / horizon) ** exponent
        assert sk.tolerance((3, 4), horizon, exponent, c) == pytest.approx(expected, rel=1e-14)
        assert sk.tolerance(sk.games.random(3, 4, seed=0), horizon, exponent, c) == pytest.approx(
            expected, rel=1e-14
        )

    @pytest.mark.parametrize(
        ("argument", "arguments"),
        [
            ("game_or_shape", {"game_or_shape": 3}),
            ("game_or_shape", {"game_or_shape": (3, 4, 5)}),
            ("game_or_shape", {"game_or_shape": (3, 0)}),
            ("horizon", {"horizon": 0}),
            ("horizon", {"horizon": 2**53 + 1}),
            ("exponent", {"exponent": 0.0}),
            ("exponent", {"exponent": math.nan}),
            ("c", {"c": -1.0}),
        ],
    )
    def test_bad_input(self, argument, arguments):
        with pytest.raises(sk.SpecError) as caught:
            sk.tolerance(**{"game_or_shape": (2, 2), "horizon": 100} | arguments)
        assert caught.value.argument == argument


@pytest.mark.parametrize("bad", [-1e-3, -math.inf, math.nan, "0.1", None, [0.1], True, 10**400])
@pytest.mark.parametrize(
    "compute", [sk.tolerant, sk.self_tolerant, sk.best_responses, sk.near_optimal_actions]
)
def test_bad_tolerances(compute, bad):
    with pytest.raises(sk.SpecError) as caught:
        compute(sk.games.etc_failure(), bad)
    assert caught.value.argument in ("gamma", "epsilon")


@pytest.mark.parametrize("good", [0, 1, Fraction(1, 4), np.float32(0.25), np.int64(2)])
def test_any_real_number_is_a_tolerance(good):
    assert sk.tolerant(sk.games.etc_failure(), good).gamma == float(good)


@pytest.mark.parametrize(
    "compute",
    [
        sk.stackelberg,
        sk.alignment,
        sk.best_responses,
        lambda game: sk.tolerant(game, 0.1),
        lambda game: sk.self_tolerant(game, 0.1),
        lambda game: sk.near_optimal_actions(game, 0.1),
    ],
)
@pytest.mark.parametrize("bad", [None, [[1.0]], "game"])
def test_bad_games(compute, bad):
    with pytest.raises(sk.SpecError, match=r"game: must be a stackel\.Game"):
        compute(bad)


@pytest.mark.parametrize("bad", ["Strong", None, 1])
def test_bad_ties(bad):
    with pytest.raises(sk.SpecError, match="ties: must be one of 'strong', 'weak'"):
        sk.stackelberg(sk.games.etc_failure(), ties=bad)


def test_notebooks_show_a_table():
    game = sk.games.etc_failure()
    html = sk.stackelberg(game)._repr_html_()
    assert "<caption>stackelberg benchmark</caption>" in html
    assert (
        "<tr><th>leader</th><td>0.6</td><td>0</td></tr><tr><th>follower</th><td>0.4</td><td>0</td></tr>"
        in html
    )
    html = sk.self_tolerant(sk.games.unachievable(0.02)[0], 0.05)._repr_html_()
    assert "<caption>self-tolerant, gamma = 0.05 benchmark</caption>" in html
    assert "<th>tolerance</th>" in html
    assert "<td>0.22</td><td>0.02</td>" in html
    assert "ties" not in html
    assert "ties" in sk.stackelberg(sk.Game([[1, 0]], [[1, 1]]))._repr_html_()
