"""Commitment to mixtures: published values, exact arithmetic on degenerate games, promises, bad input."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pyspiel
import pytest
from degenerate_games import FAMILIES, games, spread
from exact_games import ExactGame
from open_spiel.python.algorithms.stackelberg_lp import solve_stackelberg

import stackel as sk
import stackel.benchmarks._linear_program

GAMES_A_FAMILY = 20
DEGENERATE = [(u1, u2) for family in FAMILIES for u1, u2 in games(family, GAMES_A_FAMILY)]
TIES = ["strong", "weak"]
BAD_SHORTFALLS = [0, 1e-7, 1.1, math.nan, True, "little"]
UNITS = [Fraction(1), Fraction(1, 10), Fraction(2) ** -900, Fraction(3, 10**200), Fraction(7 * 10**38)]
UP_TO_ROUNDING = {"rel": 0, "abs": 1e-9}

PUBLISHED = [  # Conitzer and Sandholm (2006) and two more, as OpenSpiel tests its solver on them
    ([[2, 4], [1, 3]], [[1, 0], [0, 1]], 7 / 2, [1 / 2, 1 / 2]),
    ([[2, 0, 0], [1, 0, 0]], [[0, 2, 5], [0, -1, -4]], 4 / 3, [1 / 3, 2 / 3]),
    ([[3, 9], [9, 1]], [[0, 0], [1, 8]], 9, [1, 0]),
]


def exactly(mixture):
    """The rational mixture of small denominators that floats stand for."""
    return [Fraction(float(probability)).limit_denominator(10**5) for probability in mixture]


@pytest.mark.parametrize(("leader", "follower", "value", "strategy"), PUBLISHED)
def test_published_values(leader, follower, value, strategy):
    best = sk.mixed_stackelberg(sk.Game(leader, follower))
    assert best.value == best.leader == pytest.approx(value, **UP_TO_ROUNDING)
    assert best.strategy == pytest.approx(strategy, **UP_TO_ROUNDING)
    assert best.attained


@pytest.mark.parametrize("family", FAMILIES)
def test_strong_commitment_is_exact(family):
    for u1, u2 in games(family, GAMES_A_FAMILY):
        exact, best = ExactGame(u1, u2), sk.mixed_stackelberg(sk.Game(u1, u2))
        assert best.value == pytest.approx(float(exact.strong()), **UP_TO_ROUNDING), (u1, u2)
        assert exact.outcome(exactly(best.strategy), "strong") == exact.strong(), (u1, u2)


@pytest.mark.parametrize("family", FAMILIES)
def test_weak_commitment_is_exact(family):
    shortfall = Fraction(1, 1000)
    for u1, u2 in games(family, GAMES_A_FAMILY):
        exact, best = ExactGame(u1, u2), sk.mixed_stackelberg(sk.Game(u1, u2), "weak", float(shortfall))
        supremum, attained = exact.weak()
        assert (best.value, best.attained) == (pytest.approx(float(supremum), **UP_TO_ROUNDING), attained)
        if attained:
            assert exact.outcome(exactly(best.strategy), "weak") == supremum, (u1, u2)
        else:
            mixture = [Fraction(float(p)) / Fraction(float(best.strategy.sum())) for p in best.strategy]
            short = supremum - exact.outcome(mixture, "weak")
            assert 0 < short <= shortfall * int(np.ptp(u1)) + Fraction(1, 10**12), (u1, u2)
            assert best.margin > 0.0


def in_odd_units(family):
    """Games with a penalty or without, in whole numbers; the same in tenths and in units of each player."""
    rng = random.Random(f"units {family.__name__}")
    for u1, u2 in games(family, GAMES_A_FAMILY):
        pair = [[list(row) for row in u] for u in (u1, u2)]
        size = rng.choice([0, 10**3, 10**30, 10**60])
        if size:
            pair[rng.randrange(2)][rng.randrange(len(u1))][rng.randrange(len(u1[0]))] = -size
        units = rng.choices(UNITS, k=2)
        floats = [
            [[float(unit * cell) for cell in row] for row in u] for unit, u in zip(units, pair, strict=True)
        ]
        yield ExactGame(*pair), sk.Game(*floats), units[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_neither_units_nor_a_penalty_matter(family):
    for exact, game, unit in in_odd_units(family):
        (supremum, attained), strong = exact.weak(), exact.strong()
        best, weak = sk.mixed_stackelberg(game), sk.mixed_stackelberg(game, "weak")
        for found, expected in ((best, strong), (weak, supremum)):
            limit = Fraction(10) ** -12 * max(abs(expected), 1)
            assert abs(Fraction(found.value) / unit - expected) <= limit, exact.__dict__
            outcome = sk.commit(game, found.strategy, found.ties)
            assert outcome.leader == pytest.approx(found.leader, rel=1e-12, abs=float(unit) * 1e-12)
        assert weak.attained == attained, exact.__dict__


@pytest.mark.parametrize("c", [1e-13, 1.0, 3e80])
def test_published_game_in_small_units(c):
    game = sk.Game(np.array([[0.3, 0.1], [0.2, 0.25]]) * c, np.array([[0.1, 0.2], [1, 0.9]]) * c)
    found = sk.stackelberg(game).leader, sk.mixed_stackelberg(game).value
    assert found == pytest.approx((0.2 * c, 0.25 * c), rel=1e-12, abs=0)


def test_degenerate_games_come_in_all_kinds():
    """Weak value attained or not, by an action or a mixture only, below the strong one or not."""
    kinds = set()
    for u1, u2 in DEGENERATE:
        game = sk.Game(u1, u2)
        weak, strong = sk.mixed_stackelberg(game, "weak"), sk.mixed_stackelberg(game)
        kinds.add((weak.attained, bool(weak.strategy.max() == 1.0), weak.value < strong.value - 1e-9))
    assert kinds >= set(itertools.product([True, False], [False], [True, False])) | {
        (True, True, False),
        (True, True, True),
    }


@pytest.mark.parametrize(
    ("leader", "follower", "value", "strategy"),
    [
        ([[2, 2, 0], [1, 1, 2]], [[0, 0, 2], [1, 2, 1]], 4 / 3, [1 / 3, 2 / 3]),
        ([[0, 0, 2], [2, 2, 0]], [[1, 0, 0], [0, 1, 1]], 1, [1 / 2, 1 / 2]),
        ([[2, 2, 1, 2], [2, 1, 2, 1], [0, 2, 1, 1]], [[1, 1, 2, 0], [1, 1, 0, 2], [0, 0, 1, 2]], 1.5, None),
    ],
)
def test_indifference_that_does_no_harm(leader, follower, value, strategy):
    """All responses that are tied under the best mixture are worth the same: it needs no margin."""
    game = sk.Game(leader, follower)
    best = sk.mixed_stackelberg(game, "weak")
    assert (best.value, best.attained, best.margin) == (pytest.approx(value, **UP_TO_ROUNDING), True, 0.0)
    assert sk.stackelberg(game, "weak").leader < value
    if strategy is not None:
        assert best.strategy == pytest.approx(strategy, **UP_TO_ROUNDING)


def best_of_two_actions(game):
    """Value for two leader actions: responses change at crossings of the follower's lines only."""
    (low, high), (own_low, own_high) = game.follower, game.leader
    slopes = high - low
    with np.errstate(divide="ignore", invalid="ignore"):
        crossings = (low[:, None] - low) / (slopes - slopes[:, None])
    weights = np.append(crossings[(crossings > 0) & (crossings < 1)], [0.0, 1.0])
    follower = low + weights[:, None] * slopes
    best = follower >= follower.max(axis=1, keepdims=True) - 1e-12
    leader = own_low + weights[:, None] * (own_high - own_low)
    return np.where(best, leader, -np.inf).max()


@pytest.mark.parametrize("seed", range(20))
def test_two_actions_against_many(seed):
    """Games of chance have no equivalent responses: the weak supremum is the strong value."""
    game = sk.games.random(2, 40, seed, correlation=-0.5)
    expected = pytest.approx(best_of_two_actions(game), **UP_TO_ROUNDING)
    assert (sk.mixed_stackelberg(game).value, sk.mixed_stackelberg(game, "weak").value) == (
        expected,
        expected,
    )


@pytest.mark.parametrize("seed", range(15))
def test_openspiel_finds_the_same_value(seed):
    """Its solver is accurate to some 1e-8."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(2, 6, 2)
    leader, follower = rng.integers(-5, 6, (2, *shape)) if seed % 2 else rng.random((2, *shape))
    _, _, value, _ = solve_stackelberg(pyspiel.create_matrix_game(leader.tolist(), follower.tolist()))
    assert sk.mixed_stackelberg(sk.Game(leader, follower)).value == pytest.approx(value, rel=0, abs=1e-6)


@pytest.mark.parametrize("ties", TIES)
def test_actions_are_mixtures_and_ties_do_harm(ties):
    for u1, u2 in DEGENERATE:
        game = sk.Game(u1, u2)
        best = sk.mixed_stackelberg(game, ties)
        assert best.value >= sk.stackelberg(game, ties).leader - 1e-9
        assert sk.mixed_stackelberg(game).value >= best.value - 1e-9
        assert best.value >= best.leader
        assert best.attained == (best.leader == best.value)


@pytest.mark.parametrize("ties", TIES)
@pytest.mark.parametrize("scale", [1e-5, 0.1, 7e8])
def test_units_do_not_matter(ties, scale):
    """Nor what the follower gets whatever it does."""
    for u1, u2 in games(spread, GAMES_A_FAMILY):
        given = np.arange(len(u2))[:, np.newaxis]
        before = sk.mixed_stackelberg(sk.Game(u1, u2), ties)
        after = sk.mixed_stackelberg(sk.Game(np.array(u1) * scale, (u2 + given) * scale), ties)
        assert after.value == pytest.approx(before.value * scale, rel=0, abs=1e-9 * 18 * scale)
        assert after.attained == before.attained


@pytest.mark.parametrize("ties", TIES)
def test_decimals_behave_as_on_paper(ties):
    for u1, u2 in DEGENERATE:
        whole = sk.mixed_stackelberg(sk.Game(u1, u2), ties)
        tenths = sk.mixed_stackelberg(sk.Game(np.array(u1) / 10 + 0.1, np.array(u2) / 10 + 0.7), ties)
        assert tenths.value == pytest.approx(whole.value / 10 + 0.1, **UP_TO_ROUNDING), (u1, u2)
        assert tenths.attained == whole.attained, (u1, u2)


@pytest.mark.parametrize("difference", [1e-12, 1e-10, 1e-9, 1e-8, 1e-7])
def test_near_ties_are_decided_one_way_or_the_other(difference):
    """Nobody's response costs it more than what may count as none."""
    rng = np.random.default_rng(1)
    for u1, u2 in DEGENERATE[::3]:
        game = sk.Game(*(u + difference * rng.standard_normal(np.shape(u)) for u in (u1, u2)))
        for ties in TIES:
            best = sk.mixed_stackelberg(game, ties)
            given_up = (best.strategy @ game.follower).max() - best.follower
            assert given_up <= 1e-6 * np.ptp(game.follower) + 1e-12
            assert best.value >= sk.stackelberg(game, ties).leader - 1e-6 * np.ptp(game.leader)


def test_less_shortfall_less_margin():
    game = sk.Game([[2, 4], [1, 3]], [[1, 0], [0, 1]])
    nearly = [sk.mixed_stackelberg(game, "weak", shortfall) for shortfall in (1.0, 0.1, 1e-3, 1e-6)]
    assert [best.leader for best in nearly] == pytest.approx([3.0, 3.45, 3.4995, 3.4999995], **UP_TO_ROUNDING)
    assert [best.margin for best in nearly] == pytest.approx([1.0, 0.1, 0.001, 0.000001], **UP_TO_ROUNDING)
    assert {best.value for best in nearly} == {3.5}


@pytest.mark.parametrize("ties", TIES)
def test_what_is_promised_comes_of_the_commitment(ties):
    for u1, u2 in DEGENERATE:
        best = sk.mixed_stackelberg(sk.Game(u1, u2), ties)
        outcome = sk.commit(sk.Game(u1, u2), best.strategy, ties)
        assert (outcome.leader, outcome.follower) == pytest.approx(
            (best.leader, best.follower), **UP_TO_ROUNDING
        )


def test_outcome_of_a_commitment():
    game = sk.Game([[0, 5, 2, 5], [0, 1, 4, 1]], [[1, 1, 0, 1], [0, 1, 2, 1]])
    quarter = sk.commit(game, [0.75, 0.25])
    assert (quarter.response, quarter.leader, quarter.follower, quarter.margin) == (1, 4.0, 1.0, 0.25)
    assert sk.commit(game, [0.5, 0.5]).leader == 3.0
    assert sk.commit(game, [1, 0], "weak").response == 0
    assert (sk.commit(game, [1, 0]).response, sk.commit(game, [1, 0]).margin) == (1, 0.0)
    assert sk.commit(sk.Game([[1, 2]], [[3, 3]]), [1]).margin == math.inf


def test_a_follower_that_errs():
    game = sk.Game([[0, 5, 2], [0, 1, 4]], [[1, 1, 0], [0, 1, 2]])
    careless = [
        sk.commit(game, [0.75, 0.25], "weak", epsilon).response for epsilon in (0.0, 0.25, 0.5, math.inf)
    ]
    assert careless == [1, 0, 0, 0]
    assert sk.commit(game, [0.75, 0.25], "weak", 0.25).margin == 0.0
    assert sk.commit(game, [0.0, 1.0], "strong", math.inf).leader == 4.0


def test_a_commitment_can_be_an_action_of_a_larger_game():
    """Where the follower sees which mixture was chosen, the benchmark with it is the mixed one."""
    game = sk.games.random(4, 4, seed=0)
    best = sk.mixed_stackelberg(game, "weak")
    mixtures = np.vstack([np.eye(4), best.strategy])
    larger = sk.stackelberg(sk.Game(mixtures @ game.leader, mixtures @ game.follower))
    assert best.leader > sk.stackelberg(game).leader
    assert (larger.leader_action, larger.leader) == (4, pytest.approx(best.leader, **UP_TO_ROUNDING))


def test_strategies_are_read_only():
    game = sk.games.etc_failure()
    for commitment in (sk.mixed_stackelberg(game), sk.commit(game, [0.5, 0.5])):
        with pytest.raises(ValueError, match="read-only"):
            commitment.strategy[0] = 1.0


@pytest.mark.parametrize(
    "strategy", [None, "ab", [1], [0.5, 0.6], [1.5, -0.5], [[1, 0]], [math.nan, 1], [[1], [0, 1]], [1j, 0]]
)
def test_strategies_are_probabilities(strategy):
    with pytest.raises(sk.SpecError) as error:
        sk.commit(sk.games.etc_failure(), strategy)
    assert error.value.argument == "strategy"


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("game", lambda _: sk.mixed_stackelberg("game")),
        ("ties", lambda game: sk.mixed_stackelberg(game, "stron")),
        *(("shortfall", lambda game, s=s: sk.mixed_stackelberg(game, "weak", s)) for s in BAD_SHORTFALLS),
        ("game", lambda _: sk.commit([[1]], [1])),
        ("ties", lambda game: sk.commit(game, [1, 0], None)),
        ("epsilon", lambda game: sk.commit(game, [1, 0], "weak", -0.1)),
    ],
)
def test_bad_arguments(argument, call):
    with pytest.raises(sk.SpecError) as error:
        call(sk.games.etc_failure())
    assert error.value.argument == argument


def opposed(n):
    return sk.Game(utility := np.random.default_rng(n).normal(size=(n, n)), -utility)


@pytest.mark.parametrize("ties", TIES)
def test_opposed_utilities_need_few_exact_solutions(ties, monkeypatch):
    """One program bounds all others. The value is judged by what both players can secure."""
    solved = []
    real = stackel.benchmarks._linear_program.solver_of
    counted = lambda matrix: solved.append(len(matrix)) or real(matrix)  # noqa: E731
    monkeypatch.setattr(stackel.benchmarks._linear_program, "solver_of", counted)
    game = opposed(40)
    best, other = (
        sk.mixed_stackelberg(game, ties),
        sk.mixed_stackelberg(sk.Game(game.follower.T, game.leader.T)),
    )
    assert best.value == pytest.approx((best.strategy @ game.leader).min(), rel=0, abs=1e-13)
    assert best.value == pytest.approx((game.leader @ other.strategy).max(), rel=0, abs=1e-13)
    assert best.attained
    assert len(solved) <= 12
