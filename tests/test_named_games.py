"""Games of the literature: equilibria and commitments by hand, and by enumeration in exact fractions."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import product
from pathlib import Path

import nashpy
import numpy as np
import pygambit
import pytest

import stackel as sk
from stackel.interop import to_pygambit

DEFINITIONS = (Path(__file__).parents[1] / "docs" / "definitions.md").read_text(encoding="utf-8")
THIRD, HALF = Fraction(1, 3), Fraction(1, 2)
TABLED = [line for line in DEFINITIONS.splitlines() if line.startswith('| `"')]

MIXED = {
    "prisoners_dilemma": [([0, 1], [0, 1])],
    "stag_hunt": [([1, 0], [1, 0]), ([0, 1], [0, 1]), ([Fraction(3, 4), Fraction(1, 4)],) * 2],
    "chicken": [([1, 0], [0, 1]), ([0, 1], [1, 0]), ([2 * THIRD, THIRD],) * 2],
    "battle_of_the_sexes": [
        ([1, 0], [1, 0]),
        ([0, 1], [0, 1]),
        ([Fraction(3, 5), Fraction(2, 5)], [Fraction(2, 5), Fraction(3, 5)]),
    ],
    "matching_pennies": [([HALF, HALF], [HALF, HALF])],
    "rock_paper_scissors": [([THIRD] * 3, [THIRD] * 3)],
    "bagwell": [([0, 1], [0, 1])],
    "conitzer_sandholm": [([1, 0], [1, 0])],
    "von_stengel_zamir": [([1, 0], [1, 0, 0])],
    "inspection": [([HALF, HALF], [2 * THIRD, THIRD])],
    "security": [([Fraction(3, 5), Fraction(2, 5)], [Fraction(3, 13), Fraction(10, 13)])],
}
"""All equilibria of simultaneous moves: the probabilities of both players' actions."""

PURE = {
    "prisoners_dilemma": [("defect", "defect")],
    "stag_hunt": [("stag", "stag"), ("hare", "hare")],
    "chicken": [("swerve", "straight"), ("straight", "swerve")],
    "battle_of_the_sexes": [("prize fight", "prize fight"), ("ballet", "ballet")],
    "matching_pennies": [],
    "rock_paper_scissors": [],
    "bagwell": [("C", "C")],
    "conitzer_sandholm": [("up", "left")],
    "von_stengel_zamir": [("up", "left")],
    "climbing": [("a1", "b1"), ("a2", "b2")],
    "penalty": [("a1", "b1"), ("a2", "b2"), ("a3", "b3")],
    "bertrand": [("price 2", "price 2"), ("price 3", "price 3")],
    "cournot": [("quantity 4", "quantity 4")],
    "inspection": [],
    "security": [],
    "contract": [("share 0/10", "no effort")],
    "colonel_blotto": [],
    "travelers_dilemma": [("claim 2", "claim 2")],
}

LED = {
    "prisoners_dilemma": ("defect", "defect", 1, 1),
    "stag_hunt": ("stag", "stag", 4, 4),
    "chicken": ("straight", "swerve", 7, 2),
    "battle_of_the_sexes": ("prize fight", "prize fight", 2, 1),
    "matching_pennies": ("heads", "tails", -1, 1),
    "rock_paper_scissors": ("rock", "paper", -1, 1),
    "bagwell": ("S", "S", 5, 2),
    "conitzer_sandholm": ("down", "right", 3, 1),
    "von_stengel_zamir": ("down", "right", 3, 1),
    "climbing": ("a1", "b1", 11, 11),
    "penalty": ("a1", "b1", 10, 10),
    "bertrand": ("price 3", "price 3", 4.5, 4.5),
    "cournot": ("quantity 6", "quantity 3", 18, 9),
    "inspection": ("inspect", "comply", -0.25, 0),
    "security": ("cover 1", "attack 2", -1, 1),
    "contract": ("share 3/10", "low effort", 4.2, 0.8),
    "travelers_dilemma": ("claim 100", "claim 99", 97, 101),
}
"""Where the follower sees the action: the outcome, and what it pays."""

COMMITTED = {
    "prisoners_dilemma": 1,
    "stag_hunt": 4,
    "chicken": 7,
    "battle_of_the_sexes": 2,
    "matching_pennies": 0,
    "rock_paper_scissors": 0,
    "bagwell": Fraction(11, 2),
    "conitzer_sandholm": Fraction(7, 2),
    "von_stengel_zamir": Fraction(7, 2),
    "climbing": 11,
    "penalty": 10,
    "inspection": Fraction(-1, 8),
    "security": 1,
    "colonel_blotto": 0,
}
"""What a mixture is worth to the leader, with ties for it."""


def game_of(name):
    return sk.games.named(name)


def pure_equilibria(game):
    """Outcomes from which nobody gains alone, from the definition, in fractions."""
    u1, u2 = ([list(map(Fraction, row)) for row in u.tolist()] for u in (game.leader, game.follower))
    rows, columns = map(range, game.shape)
    return [
        (game.leader_labels[a], game.follower_labels[b])
        for a, b in product(rows, columns)
        if u1[a][b] == max(u1[other][b] for other in rows) and u2[a][b] == max(u2[a])
    ]


def test_names():
    assert set(sk.games.named()) == set(PURE)
    assert all(game_of(name).name == name for name in PURE)


@pytest.mark.parametrize("name", PURE)
def test_pure_equilibria(name):
    assert pure_equilibria(game_of(name)) == PURE[name]


@pytest.mark.parametrize("name", MIXED)
def test_all_equilibria(name):
    """Those, and no others: by Gambit in fractions, and by Nashpy."""
    game = game_of(name)
    solved = pygambit.nash.enummixed_solve(to_pygambit(game), rational=True).equilibria
    exact = [tuple(tuple(Fraction(str(p)) for _, p in mixture) for mixture in each) for each in solved]
    assert sorted(exact) == sorted(tuple(map(tuple, each)) for each in MIXED[name])
    found = nashpy.Game(game.leader, game.follower).vertex_enumeration()
    np.testing.assert_allclose(
        sorted(tuple(np.concatenate(each).round(9)) for each in found),
        sorted(tuple(np.concatenate(each).astype(float)) for each in exact),
        atol=1e-8,
    )


@pytest.mark.parametrize("name", LED)
def test_stackelberg_outcomes(name):
    game, (leader, follower, own, other) = game_of(name), LED[name]
    found = sk.stackelberg(game)
    assert game.leader_labels[found.leader_action] == leader
    assert game.follower_labels[found.follower_action] == follower
    assert (found.leader, found.follower) == pytest.approx((own, other), rel=1e-12)


@pytest.mark.parametrize("name", COMMITTED)
def test_commitments(name):
    assert sk.mixed_stackelberg(game_of(name)).value == pytest.approx(float(COMMITTED[name]), abs=1e-9)


def test_the_lowest_commitment_of_von_stengel_and_zamir():
    """An equivalent reply that is worse for the leader takes all that commitment gains."""
    values = [
        sk.mixed_stackelberg(game_of(name), ties="weak")
        for name in ("conitzer_sandholm", "von_stengel_zamir")
    ]
    assert [each.value for each in values] == pytest.approx([3.5, 2.0])
    assert [each.attained for each in values] == [False, True]


def test_duopolies_are_those_of_the_textbook():
    """Quantities a/3 and a/2, and responses half of what is left, from demand a = 12."""
    game = game_of("cournot")
    responses = sk.best_responses(game)
    assert (responses.sum(axis=1) == 1).all()
    assert responses.argmax(axis=1).tolist() == [6, 5, 4, 3, 2, 1, 0]
    price = 12 - np.arange(0.0, 13, 2)[:, None] - np.arange(7.0)
    np.testing.assert_array_equal(game.leader, np.arange(0.0, 13, 2)[:, None] * price)
    np.testing.assert_array_equal(game.follower, np.arange(7.0) * price)
    bertrand = game_of("bertrand")
    for a, own in enumerate(range(2, 8)):
        for b, other in enumerate(range(2, 8)):
            profit = [(own - 2) * (12 - own), (other - 2) * (12 - other)]
            shares = [Fraction(1, 2)] * 2 if own == other else [int(own < other), int(other < own)]
            assert bertrand.leader[a, b] == profit[0] * shares[0]
            assert bertrand.follower[a, b] == profit[1] * shares[1]


def test_the_contract_leaves_high_effort_undone():
    game = game_of("contract")
    welfare = (game.leader + game.follower).round(9)
    assert (welfare == welfare[0]).all()
    assert game.follower_labels[welfare[0].argmax()] == "high effort"
    assert game.follower_labels[sk.stackelberg(game).follower_action] == "low effort"
    assert sk.best_responses(game).argmax(axis=1).tolist() == [0] * 3 + [1] * 3 + [2] * 5


def test_battles_and_travelers():
    blotto = game_of("colonel_blotto")
    armies = [tuple(map(int, label.split("-"))) for label in blotto.leader_labels]
    assert len(set(armies)) == math.comb(7, 2)
    assert all(sum(army) == 5 for army in armies)
    for (a, own), (b, other) in product(enumerate(armies), repeat=2):
        won = sum((x > y) - (x < y) for x, y in zip(own, other, strict=True))
        assert (blotto.leader[a, b], blotto.follower[a, b]) == (won, -won)
    travelers = game_of("travelers_dilemma")
    assert travelers.shape == (99, 99)
    assert (travelers.leader[0, 98], travelers.leader[98, 0], travelers.leader[50, 50]) == (4, 0, 52)


@pytest.mark.parametrize("name", PURE)
def test_noise_and_tables(name):
    assert sk.games.named(name, noise=sk.Deterministic()).noise == (sk.Deterministic(),) * 2


def numbers(text):
    """Numbers of a text, one after the other."""
    return [float(Fraction(each)) for each in re.findall(r"-?\d+(?:\.\d+)?(?:/\d+)?", text)]


@pytest.mark.parametrize("name", PURE)
def test_the_table_of_the_definitions(name):
    (row,) = (line for line in TABLED if line.startswith(f'| `"{name}"` |'))
    _, _, size, nash, led, committed, _, _ = row.split("|")
    game = game_of(name)
    assert size.strip() == "{}x{}".format(*game.shape)
    assert numbers(nash) == [
        u[game.leader_labels.index(a), game.follower_labels.index(b)]
        for a, b in PURE[name]
        for u in (game.leader, game.follower)
    ]
    assert numbers(led) == list(LED[name][2:] if name in LED else ())
    assert numbers(committed) == ([float(COMMITTED[name])] if name in COMMITTED else [])


def test_unknown_names():
    with pytest.raises(sk.SpecError, match=r"did you mean prisoners_dilemma\?") as caught:
        sk.games.named("prisoner_dilemma")
    assert caught.value.argument == "name"
    with pytest.raises(sk.SpecError, match="noise"):
        sk.games.named("security", noise=sk.Bernoulli())
