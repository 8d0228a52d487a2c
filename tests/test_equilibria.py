"""Nash equilibria: all of degenerate games, known games, and what they say about commitment."""

from __future__ import annotations

import functools
import random
import sys

import nashpy
import numpy as np
import pytest
from degenerate_games import FAMILIES, games, zero_sum
from exact_games import ExactGame

import stackel as sk

GAMES_A_FAMILY = 10
ALL_EXTREME = ["vertex_enumeration", "enummixed"]
SOME = ["enumpure", "lcp"]
DEGENERATE = [(u1, u2) for family in FAMILIES for u1, u2 in games(family, GAMES_A_FAMILY)]


def strategies(equilibria):
    return [np.append(found.leader_strategy, found.follower_strategy) for found in equilibria]


@functools.cache
def expected(u1, u2):
    """Extreme equilibria in the order that is promised."""
    return sorted(([float(p) for p in pair] for pair in ExactGame(u1, u2).equilibria()), reverse=True)


@pytest.mark.parametrize("method", ALL_EXTREME)
@pytest.mark.parametrize("family", FAMILIES)
def test_all_extreme_equilibria(family, method):
    for u1, u2 in games(family, GAMES_A_FAMILY):
        found = strategies(sk.nash(sk.Game(u1, u2), method))
        assert np.array(found) == pytest.approx(np.array(expected(u1, u2)), rel=0, abs=1e-9), (u1, u2)


@pytest.mark.parametrize("method", SOME)
def test_some_equilibria(method):
    for u1, u2 in DEGENERATE:
        extreme = np.array(expected(u1, u2))
        for pair in strategies(sk.nash(sk.Game(u1, u2), method)):
            assert np.abs(extreme - pair).max(axis=1).min() < 1e-9, (u1, u2)


@pytest.mark.parametrize("method", ["vertex_enumeration", "enummixed"])
@pytest.mark.parametrize("seed", range(5))
def test_games_of_chance(method, seed):
    """Their equilibria are isolated, so that both methods find the same ones, an odd number."""
    game = sk.games.random(4, 3, seed)
    found = sk.nash(game, method)
    assert len(found) % 2 == 1
    assert np.array(strategies(found)) == pytest.approx(np.array(strategies(sk.nash(game))), rel=0, abs=1e-9)
    for equilibrium in found:
        x, y = equilibrium.leader_strategy, equilibrium.follower_strategy
        assert (game.leader @ y).max() <= equilibrium.leader + 1e-12
        assert (x @ game.follower).max() <= equilibrium.follower + 1e-12
        assert 0.0 <= equilibrium.gain <= 1e-12


@pytest.mark.filterwarnings("ignore:\\nAn even number:RuntimeWarning")
@pytest.mark.parametrize("seed", [0, 2, 3, 4])
def test_nashpy_finds_equilibria_and_may_miss_some(seed):
    """Which ones it misses depends on how the processor rounds."""
    game = sk.games.random(4, 3, seed)
    all_of_them = np.array(strategies(sk.nash(game)))
    found = strategies(sk.nash(game, "support_enumeration"))
    assert found
    for pair in found:
        assert np.abs(all_of_them - pair).max(axis=1).min() < 1e-9


def test_rock_paper_scissors():
    cycle = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    (only,) = sk.nash(sk.Game(cycle, -cycle))
    assert only.leader_strategy == pytest.approx([1 / 3] * 3)
    assert only.follower_strategy == pytest.approx([1 / 3] * 3)
    assert (only.leader, only.follower) == pytest.approx((0, 0), abs=1e-12)


def test_battle_of_the_sexes():
    found = sk.nash(sk.Game([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    assert [(pair.leader, pair.follower) for pair in found] == [
        pytest.approx(values) for values in ((3, 2), (1.2, 1.2), (2, 3))
    ]


@pytest.mark.parametrize("method", [*ALL_EXTREME, *SOME])
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (3, 1)])
def test_players_without_a_choice(shape, method):
    found = sk.nash(sk.Game(np.ones(shape), np.ones(shape)), method)
    assert {tuple(pair) for pair in strategies(found)} <= {
        (*x, *y) for x in np.eye(shape[0]) for y in np.eye(shape[1])
    }
    assert found


@pytest.mark.parametrize("scale", [1e-6, 1e9, 2.0**-300])
def test_units_do_not_matter(scale):
    for u1, u2 in DEGENERATE[::5]:
        game = sk.Game(np.array(u1) * scale - 3 * scale, np.array(u2) / scale)
        assert np.array(strategies(sk.nash(game))) == pytest.approx(
            np.array(expected(u1, u2)), rel=0, abs=1e-9
        )


def test_a_penalty_does_not_hide_the_rest():
    rng = random.Random(5)
    for u1, u2 in DEGENERATE[::2]:
        pair = [[list(row) for row in u] for u in (u1, u2)]
        pair[rng.randrange(2)][rng.randrange(len(u1))][rng.randrange(len(u1[0]))] = -(10**30)
        wanted = sorted(([float(p) for p in each] for each in ExactGame(*pair).equilibria()), reverse=True)
        # Floats merge equilibria that differ by a probability of 1e-30.
        distinct = []
        for one in wanted:
            if all(np.abs(np.subtract(one, other)).max() > 1e-7 for other in distinct):
                distinct.append(one)
        found = strategies(sk.nash(sk.Game(np.array(pair[0]) * 0.1, np.array(pair[1]) * 1e-200)))
        assert np.array(found) == pytest.approx(np.array(distinct), rel=0, abs=1e-9), pair


def test_commitment_against_equilibria():
    """Von Stengel and Zamir: worth as much as all with ties for the leader, as one with ties against it."""
    for u1, u2 in DEGENERATE:
        game = sk.Game(u1, u2)
        values = [equilibrium.leader for equilibrium in sk.nash(game)]
        assert sk.mixed_stackelberg(game).value >= max(values) - 1e-9
        assert sk.mixed_stackelberg(game, "weak").value >= min(values) - 1e-9


def test_commitment_is_worth_nothing_in_zero_sum_games():
    for u1, u2 in games(zero_sum, GAMES_A_FAMILY):
        game = sk.Game(u1, u2)
        values = [equilibrium.leader for equilibrium in sk.nash(game)]
        mixed = [sk.mixed_stackelberg(game, ties).value for ties in ("strong", "weak")]
        assert np.ptp([*values, *mixed]) < 1e-9


def test_what_is_no_equilibrium_is_left_out(monkeypatch):
    game = sk.Game([[3, 0], [0, 2]], [[2, 0], [0, 3]])
    wrong = np.array([0.5, 0.5]), np.array([0.5, 0.5])
    found = [wrong, *nashpy.Game(game.leader, game.follower).support_enumeration()]
    monkeypatch.setattr(nashpy.Game, "support_enumeration", lambda _: found)
    with pytest.warns(sk.StackelWarning, match="1 are left out"):
        assert len(sk.nash(game, "support_enumeration")) == 3


def test_nashpy_warns_of_degenerate_games():
    with pytest.warns(RuntimeWarning, match="degenerate"):
        sk.nash(sk.Game([[1, 1], [0, 0]], [[1, 1], [0, 0]]), "support_enumeration")


def test_strategies_are_read_only():
    (only,) = sk.nash(sk.Game([[1]], [[1]]))
    for strategy in (only.leader_strategy, only.follower_strategy):
        with pytest.raises(ValueError, match="read-only"):
            strategy[0] = 0.0


@pytest.mark.parametrize(("argument", "arguments"), [("game", ["x"]), ("method", [None, "simplex"])])
def test_bad_arguments(argument, arguments):
    for wrong in arguments:
        with pytest.raises(sk.SpecError) as error:
            sk.nash(**{"game": sk.games.etc_failure(), argument: wrong})
        assert error.value.argument == argument


@pytest.mark.parametrize(
    ("library", "extra", "method"),
    [("nashpy", "nash", "support_enumeration"), ("pygambit", "interop", "enummixed")],
)
def test_without_the_library(monkeypatch, library, extra, method):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(sk.MissingExtraError, match=rf"stackel\[{extra}\]"):
        sk.nash(sk.games.etc_failure(), method)
