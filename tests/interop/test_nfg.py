"""Gambit's strategic game files: what is read, what is written, what is refused and how."""

from __future__ import annotations

import contextlib
import io
import tracemalloc
from pathlib import Path

import numpy as np
import pygambit
import pyspiel
import pytest
from any_game import SPECIAL, bare, equals, fixed_examples, games
from hypothesis import given, settings
from hypothesis import strategies as st

import stackel as sk
from stackel.interop import nfg, read_nfg, write_nfg

COUNTS = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form"
{ "Player 1" "Player 2" } { 3 2 }

1 1 0 2 0 2 1 1 0 3 2 0
"""
OUTCOMES = """NFG 1 R "Selten (IJGT, 75), Figure 2, normal form" { "Player 1" "Player 2" }

{
{ "1" "2" "3" }
{ "1" "2" }
}

{
{ "" 1, 1 }
{ "" 0, 2 }
{ "" 0, 2 }
{ "" 1, 1 }
{ "" 0, 3 }
{ "" 2, 0 }
}
1 2 3 4 5 6
"""
SELTEN = sk.Game(
    [[1, 1], [0, 0], [0, 2]], [[1, 1], [2, 3], [2, 0]], name="Selten (IJGT, 75), Figure 2, normal form"
)
CATALOG = sorted((Path(pygambit.__file__).parent / "catalog_data").rglob("*.nfg"))


def head(strategies="{ 2 1 }", rest=""):
    return f'NFG 1 R "t" {{ "a" "b" }} {strategies} {rest}'


def utilities(text):
    game = nfg.loads(text)
    return game.leader.tolist(), game.follower.tolist()


def gambit_reads(text):
    return pygambit.read_nfg(io.BytesIO(text.encode()))


def test_names():
    assert (nfg.read, nfg.write) == (read_nfg, write_nfg)


class TestRead:
    @pytest.mark.parametrize("text", [COUNTS, OUTCOMES])
    def test_both_versions_of_the_format(self, text):
        assert nfg.loads(text) == SELTEN

    @pytest.mark.parametrize("text", [COUNTS, OUTCOMES])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_files_with_line_ends_of_any_kind(self, tmp_path, text, end):
        path = tmp_path / "game.nfg"
        path.write_bytes(text.replace("\n", end).encode())
        assert read_nfg(path) == read_nfg(str(path)) == SELTEN

    def test_one_line_without_spaces(self):
        assert nfg.loads(" ".join(OUTCOMES.split())) == SELTEN
        tight = 'NFG 1 R "t"{"a""b"}{{"x""y"}{"z"}}"why"{{"w"1 2}{""3,4}}2 1'
        assert utilities(tight) == ([[3], [1]], [[4], [2]])

    def test_names_of_strategies(self):
        game = nfg.loads(head('{ { "fight" "yield \\"now\\"" } { "a\\\\b c" } }', "1 2 3 4"))
        assert game.leader_labels == ("fight", 'yield "now"')
        assert game.follower_labels == ("a\\b c",)

    @pytest.mark.parametrize("numbering", ['"1" "2"', '"" ""'])
    def test_numbers_and_nothing_are_no_names(self, numbering):
        game = nfg.loads(head(f'{{ {{ {numbering} }} {{ "2" }} }}', "1 2 3 4"))
        assert game.leader_labels is None
        assert game.follower_labels == ("2",)

    @pytest.mark.parametrize("strategies", ["{ 2 1 }", '{ { "x" "y" } { "z" } }'], ids=["counted", "named"])
    @pytest.mark.parametrize(
        "body", ["1 2 3 4", '{ { "" 1 2 } { "" 3 4 } } 1 2'], ids=["payoffs", "outcomes"]
    )
    @pytest.mark.parametrize("comment", ["", '""', '"says { \\"more\\" }\nin two lines"'])
    def test_comments_are_passed_over(self, strategies, body, comment):
        assert utilities(head(strategies, f"{comment} {body}")) == ([[1], [3]], [[2], [4]])

    def test_older_files_say_d(self):
        assert nfg.loads(COUNTS.replace("NFG 1 R", "NFG 1 D")) == SELTEN

    @pytest.mark.parametrize("written", ["9007199254740993", "-18014398509481986/2"])
    def test_whole_numbers_that_no_float_holds(self, written):
        with pytest.raises(sk.SpecError, match="finite payoff"):
            nfg.loads(COUNTS.replace("1 1", f"{written} 1", 1))

    def test_without_a_title(self):
        assert nfg.loads(COUNTS.replace(SELTEN.name, "")) == bare(SELTEN)

    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("-3", -3.0),
            ("+3", 3.0),
            ("0.1", 0.1),
            ("-.5", -0.5),
            ("2.", 2.0),
            ("1.5e3", 1500.0),
            ("1E-05", 1e-05),
            ("1/3", 1 / 3),
            ("-22/7", -22 / 7),
            ("0/5", 0.0),
            ("1" + "0" * 400 + "/3" + "0" * 400, 1 / 3),
            ("0." + "0" * 5000 + "1", 0.0),
        ],
    )
    def test_numbers(self, written, value):
        assert utilities(head(rest=f"{written} 2 3 4"))[0][0] == [value]
        assert utilities(head(rest=f'{{ {{ "" {written}, 2 }} }} 1 1'))[0][0] == [value]

    def test_outcomes_are_shared_and_number_0_pays_nothing(self):
        assert utilities(head(rest='{ { "x" 1 2 } { "y" 3, 4, } } 0 2')) == ([[0], [3]], [[0], [4]])
        assert utilities(head(rest='{ { "x" -1/2 7 } } 1 1')) == ([[-0.5], [-0.5]], [[7], [7]])
        assert utilities(head(rest="{ } 0 0")) == ([[0], [0]], [[0], [0]])

    def test_noise(self):
        assert nfg.loads(COUNTS, noise=sk.Gaussian(0.5)).noise == (sk.Gaussian(0.5), sk.Gaussian(0.5))
        with pytest.raises(sk.SpecError, match="leader"):
            nfg.loads(COUNTS, noise=sk.Bernoulli())

    @pytest.mark.parametrize("path", CATALOG, ids=lambda path: path.stem)
    def test_files_that_gambit_ships(self, path):
        reference = pygambit.read_nfg(path)
        if len(reference.players) != 2:
            with pytest.raises(sk.SpecError, match="no third player"):
                read_nfg(path)
            return
        game = read_nfg(path)
        for mine, theirs in zip((game.leader, game.follower), reference.to_arrays(float), strict=True):
            np.testing.assert_array_equal(mine, theirs.astype(float))
        assert game.name == reference.title

    def test_gambit_ships_files(self):
        assert len(CATALOG) > 2

    def test_what_openspiel_writes(self):
        game = sk.games.random(3, 4, seed=1)
        spiel = pyspiel.create_matrix_game("m", "", list("abc"), list("wxyz"), game.leader, game.follower)
        read = nfg.loads(pyspiel.game_to_nfg_string(spiel))
        np.testing.assert_allclose(read.leader, game.leader, rtol=1e-14)  # 15 digits are written
        np.testing.assert_allclose(read.follower, game.follower, rtol=1e-14)


class TestWrite:
    @fixed_examples
    @given(games())
    def test_names_and_labels_come_back(self, game):
        assert equals(nfg.loads(nfg.dumps(game, labels=True)), game)
        assert equals(nfg.loads(nfg.dumps(game)), bare(game, name=game.name))

    @pytest.mark.parametrize("labels", [False, True])
    def test_files(self, tmp_path, labels):
        path = tmp_path / "game.nfg"
        write_nfg(SPECIAL, path, labels=labels)
        assert equals(read_nfg(path), SPECIAL if labels else bare(SPECIAL, name=SPECIAL.name))

    def test_first_player_fastest(self):
        assert nfg.dumps(SELTEN).splitlines()[2:] == ["", "1 1 0 2 0 2", "1 1 0 3 2 0"]

    @fixed_examples
    @given(games())
    def test_gambit_reads_it(self, game):
        for text in (nfg.dumps(game), nfg.dumps(game, labels=True)):
            leader, follower = gambit_reads(text).to_arrays()
            np.testing.assert_array_equal(leader.astype(float), game.leader)
            np.testing.assert_array_equal(follower.astype(float), game.follower)

    @fixed_examples
    @given(games())
    def test_openspiel_reads_it(self, game):
        spiel = pyspiel.load_nfg_game(nfg.dumps(game))
        np.testing.assert_array_equal(spiel.row_utilities(), game.leader)
        np.testing.assert_array_equal(spiel.col_utilities(), game.follower)
        assert spiel.get_type().long_name == (game.name or "")

    def test_openspiel_reads_the_file(self, tmp_path):
        write_nfg(SPECIAL, tmp_path / "game.nfg")
        spiel = pyspiel.load_game("nfg_game", {"filename": str(tmp_path / "game.nfg")})
        np.testing.assert_array_equal(spiel.col_utilities(), SPECIAL.follower)

    def test_characters_that_readers_take_differently_are_replaced(self):
        game = sk.Game([[1]], [[2]], name='say "a\\b\\"', leader_labels=["\\"], follower_labels=['"'])
        for text in (nfg.dumps(game), nfg.dumps(game, labels=True)):
            assert nfg.loads(text).name == gambit_reads(text).title == "say 'a/b/'"
        assert pyspiel.load_nfg_game(nfg.dumps(game)).get_type().long_name == "say 'a/b/'"
        assert nfg.loads(nfg.dumps(game, labels=True)).leader_labels == ("/",)

    def test_refused(self, tmp_path):
        with pytest.raises(sk.SpecError, match=r"game: must be a stackel\.Game"):
            nfg.dumps(None)
        with pytest.raises(sk.SpecError, match="labels: must be True or False"):
            nfg.dumps(SELTEN, labels="yes")
        with pytest.raises(sk.SpecError, match="path: must be in an existing directory"):
            write_nfg(SELTEN, tmp_path / "absent" / "game.nfg")
        with pytest.raises(sk.SpecError, match="game: must be named and labelled in Unicode"):
            write_nfg(bare(SELTEN, name="\ud800"), tmp_path / "game.nfg")


class TestRefused:
    @pytest.mark.parametrize(
        ("text", "line", "reason"),
        [
            ("", 1, "'NFG' expected, the end found"),
            ("\n\nEFG 2 R", 3, "'NFG' expected, 'EFG' found"),
            ("NFG 2 R", 1, "'1' expected, '2' found"),
            ('NFG 1 Q "t"', 1, "'D' expected, 'Q' found"),
            ("NFG 1 R title", 1, "the title in double quotes expected, 'title' found"),
            ('NFG 1\nR "title\n\n', 2, "a double quote that is not closed"),
            ('NFG 1 R "t" { "a" }', 1, "the second player's name in double quotes expected, '}' found"),
            ('NFG 1 R "t" { "a" "b" "c" }', 1, "no third player: '}' expected"),
            (head("{ 0 1 }"), 1, "a number of strategies >= 1 expected, '0' found"),
            (head("{ -1 1 }"), 1, "a number of strategies >= 1 expected, '-1' found"),
            (head("{ 2.5 1 }"), 1, "a number of strategies >= 1 expected, '2.5' found"),
            (head("{ 2 }"), 1, "a number of strategies >= 1 expected, '}' found"),
            (head("{ 2 1 1 }"), 1, "'}' expected, '1' found"),
            (head("{ { } { } }"), 1, "a strategy's name in double quotes expected, '}' found"),
            (head('{ { "x" } 3 }'), 1, "'{' expected, '3' found"),
            (head('{ { "x" } { "y" } { "z" } }'), 1, "'}' expected, '{' found"),
            (head('{ { "x" 2 } }'), 1, "a strategy's name in double quotes expected, '2' found"),
            (head(rest="\n1 2\n3 x"), 3, "a finite payoff expected, 'x' found"),
            (head(rest="\n1 2\n3 1/0"), 3, "a finite payoff expected, '1/0' found"),
            (head(rest="1 2 3 1e999"), 1, "a finite payoff expected, '1e999' found"),
            (head(rest="1 2 3 nan"), 1, "a finite payoff expected, 'nan' found"),
            (head(rest="1 2 3 -inf"), 1, "a finite payoff expected, '-inf' found"),
            (head(rest="1 2 3 1_0"), 1, "a finite payoff expected, '1_0' found"),
            (head(rest="1 2 3 0.1/2"), 1, "a finite payoff expected, '0.1/2' found"),
            (head(rest="1 2 3 ٣"), 1, "a finite payoff expected"),
            (head(rest="1 2 3 " + "9" * 5000 + "/1"), 1, "a finite payoff expected"),
            (head(rest="1 2, 3 4"), 1, "a finite payoff expected, ',' found"),
            (head(rest="100 2\n3\n"), 3, "a finite payoff expected, the end found"),
            (head(rest="1"), 1, "4 numbers expected, 1 characters left"),
            (head(rest="\n\n1 2 3 4\n5"), 4, "nothing more expected, '5' found"),
            (head(rest="{ { 1 2 } } 1 1"), 1, "an outcome's name in double quotes expected, '1' found"),
            (head(rest='{ { "" 1 } } 1 1'), 1, "a finite payoff expected, '}' found"),
            (head(rest='{ { "" 1 2 3 } } 1 1'), 1, "'}' expected, '3' found"),
            (head(rest='{ { "" 1,, 2 } } 1 1'), 1, "a finite payoff expected, ',' found"),
            (head(rest='{ { "" 1 2 }\n}\n1 2'), 3, "an outcome's number from 0 to 1 expected, '2' found"),
            (head(rest='{ { "" 1 2 } } 1 -1'), 1, "an outcome's number from 0 to 1 expected, '-1' found"),
            (head(rest='{ { "" 1 2 } } 10 '), 1, "an outcome's number from 0 to 1 expected, '10' found"),
            (head(rest='{ { "" 1 2 } } 1'), 1, "2 numbers expected, 1 characters left"),
        ],
    )
    def test_the_line_and_the_fault_are_named(self, tmp_path, text, line, reason):
        with pytest.raises(sk.SpecError) as caught:
            nfg.loads(text)
        assert caught.value.argument == "text"
        assert caught.value.given.startswith(f"line {line}: {reason}")
        path = tmp_path / "broken.nfg"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(sk.SpecError) as caught:
            read_nfg(path)
        assert caught.value.argument == "path"
        assert caught.value.given.startswith(f"{path}, line {line}: {reason}")
        assert len(caught.value.given) < len(str(path)) + 150

    def test_what_a_game_cannot_be_is_named_with_its_file(self, tmp_path):
        path = tmp_path / "game.nfg"
        path.write_text(head(rest="1 2 3 1e200"), encoding="utf-8")
        for noise, argument in ((sk.Gaussian(), "follower"), (sk.Bernoulli(), "leader"), (None, "noise")):
            with pytest.raises(sk.SpecError) as caught:
                read_nfg(path, noise=noise)
            assert caught.value.argument == f"{argument} in {path}"
        with pytest.raises(sk.SpecError, match="follower: must be finite numbers of size at most"):
            nfg.loads(head(rest="1 2 3 1e200"))

    @pytest.mark.parametrize("text", [COUNTS, OUTCOMES], ids=["counts", "outcomes"])
    def test_cut_anywhere(self, text):
        for end in range(len(text.rstrip())):
            with pytest.raises(sk.SpecError, match=r"text: must be a game in Gambit's nfg format, got line"):
                nfg.loads(text[:end])

    @settings(fixed_examples, max_examples=300)
    @given(
        st.sampled_from([COUNTS, OUTCOMES]),
        st.integers(0, len(OUTCOMES)),
        st.integers(0, 5),
        st.text('{}",\\/.-+e019 \n\0é', max_size=4),
    )
    def test_damaged_files_are_read_or_refused(self, text, start, cut, piece):
        with contextlib.suppress(sk.SpecError):
            assert min(nfg.loads(text[:start] + piece + text[start + cut :]).shape) > 0

    def test_no_file_no_text(self, tmp_path):
        (tmp_path / "latin.nfg").write_bytes(COUNTS.replace("Selten", "Z\xfcrich").encode("latin-1"))
        for path in (tmp_path / "absent.nfg", tmp_path, tmp_path / "latin.nfg", "\0", 3):
            with pytest.raises(sk.SpecError, match="path"):
                read_nfg(path)
        with pytest.raises(sk.SpecError, match="text: must be a string"):
            nfg.loads(COUNTS.encode())

    @pytest.mark.parametrize(
        "text",
        [
            head("{ 100000 100000 }", "1 2 3 4"),
            head("{ 100000 100000 }", '{ { "" 1 2 } } 1 1'),
            head("{ 999999999999999 999999999999999 }", "1"),
            head("{ 99999999999999999999999999 1 }", "1"),
        ],
    )
    def test_sizes_that_are_only_announced_take_no_memory(self, text):
        nfg.loads(COUNTS)
        tracemalloc.start()
        with pytest.raises(sk.SpecError):
            nfg.loads(text)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 2**17

    @pytest.mark.parametrize(
        "text",
        [
            head("{ 100 100 }", "1 " * 20_000),
            head("{ 100 100 }", '{ { "" 1 2 } } ' + "1 " * 10_000),
            head("{ 2 1 }", "{" + '{""1 2}' * 10_000 + "} 1 1"),
            head('{ { "x" } {' + '"ab"' * 20_000 + "} }", "1 2"),
            'NFG 1 R "' + "\\a" * 20_000,
            'NFG 1 R "t" { ' + '"a"' * 20_000,
            head(rest="1 2 3 " + "4" * 50_000),
        ],
        ids=["payoffs", "references", "outcomes", "labels", "title", "players", "digits"],
    )
    def test_memory_stays_in_proportion_to_the_file(self, tmp_path, text):
        path = tmp_path / "large.nfg"
        path.write_text(text, encoding="utf-8")
        tracemalloc.start()
        with contextlib.suppress(sk.SpecError):
            read_nfg(path)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 20 * len(text) + 2**17
