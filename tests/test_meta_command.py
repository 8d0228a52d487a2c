"""Variants of learners, meta-games in TOML, and ``stackel meta``."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import stackel as sk
from stackel import cli
from stackel.sweeps.meta_config import read_meta_game

GOOD = """
horizon = 200
replications = 8
seed = 1
leaders = ["ExploreThenCommit", { variants = "UCB", confidence = [0.25, 1.0], sigma = 0.5 }]
[followers]
etc = "ExploreThenCommit"
best = { learner = "BestResponse" }
[games]
failure = { family = "etc_failure" }
"""


@pytest.fixture
def write(tmp_path):
    def written(text):
        path = tmp_path / "meta.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def invoke(*arguments):
    return CliRunner().invoke(cli.app, ["meta", *map(str, arguments)])


def test_variants_are_all_combinations():
    found = sk.variants(sk.UCB, confidence=[0.25, 1, 4], sigma=(1.0, 2.0))
    assert list(found)[:3] == [
        "UCB(confidence=0.25, sigma=1.0)",
        "UCB(confidence=0.25, sigma=2.0)",
        "UCB(confidence=1, sigma=1.0)",
    ]
    assert found["UCB(confidence=4, sigma=2.0)"] == sk.UCB(confidence=4, sigma=2)
    assert sk.variants(sk.UCB) == {"UCB": sk.UCB()}
    assert set(sk.variants(sk.ActiveArmElimination, phases=[[1, 2], [3]]).values()) == {
        sk.ActiveArmElimination(phases=[1, 2]),
        sk.ActiveArmElimination(phases=[3]),
    }


@pytest.mark.parametrize("learner", [sk.CustomLearner, sk.Learner, sk.UCB(), "UCB", [sk.UCB]])
def test_variants_of_what_is_not_built_in_are_refused(learner):
    with pytest.raises(sk.SpecError, match=r"^learner: must be a class of built-in learners"):
        sk.variants(learner, name=["a"])


@pytest.mark.parametrize(
    ("learner", "values", "argument"),
    [
        (sk.UCB(), {}, "learner"),
        (int, {}, "learner"),
        (sk.UCB, {"confidence": 3}, "confidence"),
        (sk.UCB, {"confidence": []}, "confidence"),
        (sk.UCB, {"ties": "lowest"}, "ties"),
        (sk.UCB, {"confidence": [-1]}, "confidence"),
        (sk.UCB, {"confidence": [1, 1]}, "parameters"),
        (sk.UCB, {"confidence": range(200), "sigma": range(200)}, "parameters"),
        (sk.UCB, {"confidnce": [1]}, "UCB"),
    ],
)
def test_variants_that_cannot_be(learner, values, argument):
    with pytest.raises(sk.SpecError) as error:
        sk.variants(learner, **values)
    assert error.value.argument == argument


def test_files_say_what_the_call_says(write):
    arguments = read_meta_game(write(GOOD))
    meta = sk.meta_game(**arguments)
    expected = sk.meta_game(
        {"ExploreThenCommit": sk.ExploreThenCommit()}
        | sk.variants(sk.UCB, confidence=[0.25, 1.0], sigma=[0.5]),
        {"etc": sk.ExploreThenCommit(), "best": sk.BestResponse()},
        {"failure": sk.games.etc_failure()},
        200,
        replications=8,
        seed=1,
    )
    assert meta.leaders == expected.leaders
    assert meta.followers == expected.followers
    assert (meta.samples == expected.samples).all()


def test_files_may_have_games_that_change(write):
    families = '[{ family = "etc_failure" }, { family = "unachievable", delta = 0.1, member = 1 }]'
    path = write(f"{GOOD}change = {{ games = {families}, starts = [0, 120] }}\n")
    game = sk.ChangingGame([sk.games.etc_failure(), sk.games.unachievable(0.1)[0]], [0, 120])
    assert read_meta_game(path)["games"] == {"failure": sk.games.etc_failure(), "change": game}
    done = invoke(path)
    assert done.exit_code == 0, done.stderr
    assert "ExploreThenCommit" in done.stdout


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("horizon = 200", "horizon = -1"), ":2: horizon"),
        (("horizon = 200\n", ""), "horizon: must be given"),
        (("seed = 1", "seeds = 1"), ":4: seeds"),
        (('"ExploreThenCommit", {', '"ExploreThenComit", {'), ":5: leaders"),
        (('variants = "UCB"', 'variants = "BCU"'), ":5: leaders, variants"),
        (("confidence = [0.25, 1.0]", "confidence = [-1]"), ":5: leaders, confidence"),
        (('"BestResponse"', '"BestRespons"'), ":8: followers.best"),
        (('family = "etc_failure"', 'family = "etc_fail"'), "games.failure, family"),
        (("seed = 1", 'payoff = "profit"'), ":4: payoff"),
        (("seed = 1", "store = 1"), ":4: store"),
        (("leaders = [", "leaders = [[],"), ":5: leaders"),
        (("leaders = [", 'leaders = ["ExploreThenCommit",'), ":5: leaders"),
    ],
)
def test_errors_name_the_line(write, change, words):
    before, after = change
    assert before in GOOD
    found = invoke(write(GOOD.replace(before, after)))
    assert found.exit_code == 2
    assert words in found.output
    assert found.output.count("\n") == 1


def test_the_command_prints_and_saves(write, tmp_path):
    found = invoke(write(GOOD), "--out", tmp_path / "meta")
    assert found.exit_code == 0, found.output
    saved = sk.load(tmp_path / "meta")
    assert found.output.count("│ ExploreThenCommit ") == 2
    assert repr(saved.solve("stackelberg")[0])[:60] in found.output
    assert "nash" in found.output


def test_the_command_continues_from_a_store(write, tmp_path):
    path = write(GOOD.replace("seed = 1", 'seed = 1\nstore = "kept"'))
    first = invoke(path)
    files = {each.name for each in (tmp_path / "kept" / "results").iterdir()}
    again = invoke(path)
    assert first.output == again.output
    assert files == {each.name for each in (tmp_path / "kept" / "results").iterdir()}
