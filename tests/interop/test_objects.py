"""Objects of other libraries: there and back, and what those libraries compute about them."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import nashpy
import numpy as np
import pygambit
import pyspiel
import pytest
import quantecon.game_theory as gt
from any_game import GAMBIT_17, SPECIAL, bare, equals, fixed_examples, games
from hypothesis import given

import stackel as sk
from stackel import interop
from stackel.interop import (
    from_nashpy,
    from_openspiel,
    from_pygambit,
    from_quantecon,
    nfg,
    openspiel,
    to_nashpy,
    to_openspiel,
    to_pygambit,
    to_quantecon,
)

MODULES = {"nashpy": "nashpy", "openspiel": "pyspiel", "pygambit": "pygambit", "quantecon": "quantecon"}
ROW = sk.Game([[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]])  # a transposed matrix would not fit
TREE = b"""EFG 2 R "tree" { "1" "2" }
p "" 1 1 "" { "a" "b" } 0
p "" 2 1 "" { "c" "d" } 0
t "" 1 "x" { 1 2 }
t "" 2 "y" { 3 4 }
t "" 3 "z" { 5 6 }
"""


@fixed_examples
@given(games())
def test_nashpy(game):
    theirs = to_nashpy(game)
    assert equals(from_nashpy(theirs, name=game.name), bare(game, name=game.name))


@fixed_examples
@given(games())
def test_quantecon(game):
    theirs = to_quantecon(game)
    assert theirs[-1, 0].tolist() == [game.leader[-1, 0], game.follower[-1, 0]]
    assert equals(from_quantecon(theirs, name=game.name), bare(game, name=game.name))


@fixed_examples
@given(games())
def test_pygambit(game):
    theirs = to_pygambit(game)
    for array, utility in zip(theirs.to_arrays(), (game.leader, game.follower), strict=True):
        np.testing.assert_array_equal(array.astype(float), utility)
    assert theirs.title == (game.name or "") if GAMBIT_17 or game.name is None else True
    assert equals(from_pygambit(theirs), game)


@fixed_examples
@given(games())
def test_openspiel(game):
    theirs = to_openspiel(game)
    assert isinstance(theirs, pyspiel.MatrixGame)
    assert equals(from_openspiel(theirs), game)
    assert equals(from_openspiel(pyspiel.convert_to_turn_based(theirs), name=game.name), game)


@fixed_examples
@given(games())
def test_openspiel_turn_based(game):
    theirs = to_openspiel(game, turn_based=True)
    assert equals(from_openspiel(theirs, name=game.name), game)


@pytest.mark.parametrize("library", MODULES)
class TestEvery:
    def test_shape_and_special_numbers(self, library):
        there, back = (getattr(interop, f"{way}_{library}") for way in ("to", "from"))
        for game in (ROW, bare(SPECIAL), sk.games.random(20, 30, seed=1)):
            assert equals(back(there(game)), bare(game, name=back(there(game)).name))

    def test_noise(self, library):
        there, back = (getattr(interop, f"{way}_{library}") for way in ("to", "from"))
        laws = sk.Gaussian(0.5), sk.Deterministic()
        assert back(there(ROW), noise=laws).noise == laws
        with pytest.raises(sk.SpecError, match="noise"):
            back(there(ROW), noise="none")

    def test_what_is_no_game(self, library):
        there, back = (getattr(interop, f"{way}_{library}") for way in ("to", "from"))
        with pytest.raises(sk.SpecError, match=r"game: must be a stackel\.Game"):
            there([[1]])
        for bad in (None, ROW, [[1]]):
            with pytest.raises(sk.SpecError, match="source: must be"):
                back(bad)

    def test_not_installed(self, library, monkeypatch):
        there, back = (getattr(interop, f"{way}_{library}") for way in ("to", "from"))
        for name in [name for name in sys.modules if name.partition(".")[0] == MODULES[library]]:
            monkeypatch.setitem(sys.modules, name, None)
        for call in (there, back):
            with pytest.raises(sk.MissingExtraError, match=r"pip install 'stackel\[interop\]'"):
                call(ROW)


def test_nothing_is_imported_before_it_is_used():
    code = f"import sys, stackel.interop; print(sorted({set(MODULES.values())} & set(sys.modules)))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"


def test_games_that_others_made():
    assert from_nashpy(nashpy.Game([[1, -2]])) == sk.Game([[1, -2]], [[-1, 2]])
    assert from_quantecon(gt.NormalFormGame([[(1, 5), (2, 6)]])) == sk.Game([[1, 2]], [[5, 6]])
    symmetric = from_quantecon(gt.NormalFormGame([[4, 0], [3, 2]]))
    assert symmetric == sk.Game([[4, 0], [3, 2]], [[4, 3], [0, 2]])
    table = getattr(pygambit, "StrategicGame", pygambit.Game).from_arrays([["1/3", 2]], [[3, -4]], title="T")
    assert from_pygambit(table) == sk.Game([[1 / 3, 2]], [[3, -4]], name="T")
    dilemma = from_openspiel(pyspiel.load_game("matrix_pd"))
    assert dilemma.name == "Prisoner's Dilemma"
    assert dilemma.leader_labels == dilemma.follower_labels == ("Cooperate", "Defect")
    assert dilemma.leader.tolist() == dilemma.follower.T.tolist() == [[5, 0], [10, 1]]


def test_openspiel_games_that_are_no_matrix_games():
    tensor = pyspiel.create_tensor_game("t", "", [["a", "b"], ["c", "d"]], [[1, 2, 3, 4], [5, 6, 7, 8]])
    expected = sk.Game(
        [[1, 2], [3, 4]], [[5, 6], [7, 8]], leader_labels=list("ab"), follower_labels=list("cd")
    )
    assert equals(from_openspiel(tensor), expected)
    blotto = from_openspiel(pyspiel.load_game("blotto(coins=4)"))
    matrix = pyspiel.load_matrix_game("blotto(coins=4)")
    np.testing.assert_array_equal(blotto.leader, matrix.row_utilities())
    np.testing.assert_array_equal(blotto.follower, matrix.col_utilities())


@pytest.mark.parametrize(
    "name", ["tic_tac_toe", "kuhn_poker", "matching_pennies_3p", "coin_game", "goofspiel"]
)
def test_other_games_of_openspiel_are_refused(name):
    with pytest.raises(sk.SpecError, match="source: must be a game of OpenSpiel"):
        from_openspiel(pyspiel.load_game(name))


@pytest.mark.parametrize(
    "second", ['p "" 2 2 "" { "e" } 0\nt "" 3 "" { 5 6 }\n', 't "" 3 "" { 5 6 }\n'], ids=["fewer", "none"]
)
def test_replies_that_differ_are_refused(second):
    tree = pyspiel.load_efg_game(TREE.decode().rpartition("t ")[0] + second)
    with pytest.raises(sk.SpecError, match="from the same actions each time"):
        from_openspiel(tree)


HEAD = 'EFG 2 R "entry" { "L" "F" }\n"a comment"\n'
LEAVES = 't "" 1 "x" { 1 2 } t "" 2 "y" { 1/3, 4 }\n'
SEEN = f'p "" 1 1 "" {{ "U" "D" }} 0\np "" 2 1 "" {{ "l" "r" }} 0\n{LEAVES}'


@pytest.mark.parametrize(
    ("rest", "follower_labels", "leader", "follower"),
    [
        ('p "" 2 2 "" { "l" "r" } 0\nt "" 2 t "" 0\n', "lr", [[1, 1 / 3], [1 / 3, 0]], [[2, 4], [4, 0]]),
        # Answers are matched by their names, or by their places where these differ.
        ('p "" 2 2 "" { "r" "l" } 0\nt "" 2 t "" 0\n', "lr", [[1, 1 / 3], [0, 1 / 3]], [[2, 4], [0, 4]]),
        ('p "" 2 2 "" { "r" "R" } 0\nt "" 2 t "" 0\n', None, [[1, 1 / 3], [1 / 3, 0]], [[2, 4], [4, 0]]),
        # Outcomes along a path add up.
        (
            'p "" 2 2 "" { "l" "r" } 3 "z" { 10 -20 }\nt "" 2 t "" 0\n',
            "lr",
            [[1, 1 / 3], [10 + 1 / 3, 10]],
            [[2, 4], [-16, -20]],
        ),
        # A move that is not seen, and an information set that is mentioned again.
        ('p "" 2 1 0\nt "" 2 t "" 0\n', "lr", [[1, 1 / 3], [1 / 3, 0]], [[2, 4], [4, 0]]),
    ],
)
@pytest.mark.parametrize("leads", ["L", "F"])
def test_trees_of_two_moves(rest, follower_labels, leader, follower, leads):
    text = HEAD + SEEN + rest
    if leads == "F":
        text = re.sub('p "" (.)', lambda match: f'p "" {3 - int(match[1])}', text)
        leader, follower = follower, leader
    game = from_pygambit(pygambit.read_efg(io.BytesIO(text.encode())), noise=sk.Deterministic())
    np.testing.assert_allclose(game.leader, leader, rtol=1e-15)
    np.testing.assert_allclose(game.follower, follower, rtol=1e-15)
    assert game.name == "entry"
    assert game.leader_labels == ("U", "D")
    assert game.follower_labels == (follower_labels and tuple(follower_labels))


@fixed_examples
@given(games(named=False))
def test_trees_of_any_game(game):
    source = pygambit.read_efg(io.BytesIO(openspiel._tree(bare(game)).encode()))
    found = from_pygambit(source)
    assert equals(bare(game), bare(found))
    np.testing.assert_allclose(
        [sk.stackelberg(found).leader, sk.stackelberg(found).follower],
        [sk.stackelberg(game).leader, sk.stackelberg(game).follower],
    )


PARTLY_SEEN = (
    'p "" 1 1 "" { "A" "B" "C" } 0\np "" 2 1 "" { "l" } 0\nt "" 0\np "" 2 1 0\nt "" 0\n'
    'p "" 2 2 "" { "l" } 0\nt "" 0\n'
)


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (
            SEEN + 'p "" 2 2 "" { "l" } 0\nt "" 2\n',
            "numbers of answers that differ: 2 after 'U', 1 after 'D'",
        ),
        (SEEN + 't "" 2\n', "an end after 'D'"),
        (SEEN + f'p "" 1 2 "" {{ "l" "r" }} 0\n{LEAVES}', "two moves of 'L', the second after 'D'"),
        (SEEN + 'p "" 2 2 "" { "l" } 0\np "" 1 2 "" { "x" } 0\nt "" 1\n', "a move after 'D' and 'l'"),
        (f'c "" 1 "" {{ "U" 1/2 "D" 1/2 }} 0\n{LEAVES}', "a chance move at the start"),
        ('t "" 1 "" { 1 2 }\n', "an end at the start"),
        (
            PARTLY_SEEN,
            "a player who answers and can tell only some of the moves apart",
        ),
    ],
)
def test_other_trees_are_refused(tree, found):
    with pytest.raises(sk.SpecError, match=f"source: must be a game of pygambit .* got {found}$"):
        from_pygambit(pygambit.read_efg(io.BytesIO((HEAD + tree).encode())))


def test_only_two_players_of_gambit():
    three = b'NFG 1 R "t" { "1" "2" "3" } { 1 1 1 } 1 2 3'
    with pytest.raises(sk.SpecError, match=r"source: must be a game of pygambit .* got one of 3 players"):
        from_pygambit(pygambit.read_nfg(io.BytesIO(three)))
    with pytest.raises(sk.SpecError, match=r"source: must be a game of pygambit .* got 3"):
        from_pygambit(3)


def test_only_two_players_of_quantecon():
    with pytest.raises(sk.SpecError, match="of two players"):
        from_quantecon(gt.NormalFormGame(np.zeros((2, 2, 2, 3))))


@pytest.mark.parametrize(
    ("label", "kept"),
    [
        (" x ", "x"),
        ("x  y", "x y"),
        ("x\r\ny", "x y"),
        ("x\0\ty", "x y"),
        ("x\u2028y", "x y"),
        ('"x\\"', "'x/'"),
    ],
)
def test_labels_that_gambit_cannot_hold(label, kept):
    odd = bare(ROW, leader_labels=[label], name=label)
    assert from_pygambit(to_pygambit(odd)).leader_labels == (kept,)
    assert nfg.loads(nfg.dumps(odd, labels=True)).leader_labels == (kept,)


def test_labels_that_gambit_changes():
    repeated = from_pygambit(to_pygambit(bare(ROW, follower_labels=["x", "x", ""])))
    assert len(set(repeated.follower_labels)) == 3
    with pytest.raises(sk.SpecError, match="game: must be labelled as Gambit allows"):
        to_pygambit(bare(ROW, leader_labels=["\ud800"]))


def test_answers_without_names_in_common():
    tree = (
        TREE.decode().rpartition("t ")[0] + 'p "" 2 2 "" { "e" "f" } 0\nt "" 3 "" { 5 6 } t "" 4 "" { 7 8 }\n'
    )
    found = from_openspiel(pyspiel.load_efg_game(tree))
    assert found.leader.tolist() == [[1, 3], [5, 7]]
    assert found.follower_labels is None


def test_labels_in_turn_based_games():
    with pytest.raises(sk.SpecError, match="follower_labels: must be all different"):
        to_openspiel(bare(ROW, follower_labels=["x", "y", "x"]), turn_based=True)
    with pytest.raises(sk.SpecError, match="turn_based: must be True or False"):
        to_openspiel(ROW, turn_based="yes")
    # Action numbers follow names there; these are shared, and stand in another order.
    shared = sk.Game([[1, 2], [3, 4]], [[5, 6], [7, 8]], leader_labels=["x", "y"], follower_labels=["y", "x"])
    assert from_openspiel(to_openspiel(shared, turn_based=True)) == shared


def test_the_follower_sees_the_action_only_in_the_sequential_game():
    def views(game):
        states = [game.new_initial_state().child(a) for a in game.new_initial_state().legal_actions()]
        return {state.information_state_string(1) for state in states}

    game = sk.games.random(3, 2, seed=1)
    sequential = to_openspiel(game, turn_based=True)
    assert len(views(sequential)) == 3
    assert len(views(pyspiel.convert_to_turn_based(to_openspiel(game)))) == 1
    assert sequential.get_type().information == pyspiel.GameType.Information.PERFECT_INFORMATION


@pytest.mark.parametrize("seed", range(5))
def test_backward_induction_ends_at_the_stackelberg_outcome(seed):
    def value(state):
        if state.is_terminal():
            return state.returns()
        return max(
            (value(state.child(action)) for action in state.legal_actions()),
            key=lambda returns: returns[state.current_player()],
        )

    game = sk.games.random(4, 3, seed=seed)
    benchmark = sk.stackelberg(game)
    played = value(to_openspiel(game, turn_based=True).new_initial_state())
    assert played == [benchmark.leader, benchmark.follower]


@pytest.mark.parametrize("seed", range(5))
def test_libraries_agree_on_the_equilibria(seed):
    """Of the game in which moves are simultaneous; a transposed matrix would change them."""
    game = sk.games.random(3, 4, seed=seed)

    def in_order(equilibria):
        return np.array(sorted(np.concatenate(pair).round(9).tolist() for pair in equilibria))

    nash = in_order(to_nashpy(game).vertex_enumeration())
    theory = in_order(gt.vertex_enumeration(to_quantecon(game)))
    np.testing.assert_allclose(nash, theory, atol=1e-8)
    gambit = pygambit.nash.enummixed_solve(to_pygambit(game), rational=False).equilibria
    assert len(gambit) == len(nash)
    pure = to_pygambit(game), to_quantecon(game)
    assert len(pygambit.nash.enumpure_solve(pure[0]).equilibria) == len(gt.pure_nash_brute(pure[1]))
