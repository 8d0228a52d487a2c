"""The command line: tables, JSON, exit codes, and one line for each error."""

import json
import subprocess
import sys

import pytest
from made import hide_module
from tiny import tiny
from typer.testing import CliRunner

import stackel as sk
from stackel import __main__, cli
from stackel.reproduce import CLAIMS
from stackel.reproduce.claim import Claim
from stackel.reproduce.evidence import Estimate, Evidence, Finding, at_most


@pytest.fixture
def game_file(tmp_path):
    path = tmp_path / "game.toml"
    path.write_text(
        'leader = [[0.6, 0.2], [0.5, 0.4]]\nfollower = [[0.05, 0.0], [0.6, 0.4]]\nname = "[red]mine"\n'
    )
    return str(path)


def invoke(*arguments):
    return CliRunner().invoke(cli.app, list(arguments))


def test_version():
    result = invoke("--version")
    assert result.exit_code == 0
    assert result.stdout == f"stackel {sk.__version__}\n"


def test_module_runs_as_a_program():
    command = [sys.executable, "-m", "stackel", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"stackel {sk.__version__}\n"


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_missing_extra_is_named(monkeypatch, missing):
    hide_module(monkeypatch, missing)
    with pytest.raises(SystemExit) as caught:
        __main__.main()
    assert missing in caught.value.code
    assert "stackel[cli]" in caught.value.code


@pytest.mark.parametrize(
    ("missing", "extra"),
    [("matplotlib", "plot"), ("jinja2", "report"), ("pyarrow", "report"), ("pandas", "report")],
)
def test_reports_need_extras_and_say_so(monkeypatch, tmp_path, missing, extra):
    hide_module(monkeypatch, missing)
    result = invoke("reproduce", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert f"stackel[{extra}]" in result.stderr
    assert not list(tmp_path.iterdir())


def test_learners_lists_every_learner_and_parameter():
    shown = invoke("learners").stdout
    for entry in sk.learner_schema():
        assert entry["name"] in shown
        assert all(parameter["name"] in shown for parameter in entry["parameters"])
    assert "required" in shown


class TestBenchmarks:
    def test_values_at_every_gamma(self, game_file):
        result = invoke("benchmarks", game_file, "--gamma", "0.01", "--gamma", "0.05")
        assert result.exit_code == 0
        assert "[red]mine" in result.stdout
        tolerant = [
            line.split("│")[2:5] for line in result.stdout.splitlines() if line.startswith("│ tolerant")
        ]
        assert [[float(cell) for cell in row] for row in tolerant] == [[0.01, 0.6, 0.05], [0.05, 0.55, 0.05]]
        assert "a1, b1" in result.stdout

    def test_json_is_strict_and_exact(self, game_file, tmp_path):
        data = json.loads(
            invoke("benchmarks", game_file, "--gamma", "inf", "--json").stdout, parse_constant=pytest.fail
        )
        assert sk.Game.from_dict(data["game"]) == sk.read_game(game_file)
        strong, weak, tolerant, self_tolerant = data["benchmarks"]
        assert (strong["leader"], strong["follower"]) == (0.6, 0.05)
        assert weak["name"] == "Stackelberg, weak"
        assert tolerant["gamma"] == "inf"
        assert self_tolerant["leader"] == sk.self_tolerant(sk.read_game(game_file), float("inf")).leader
        near_miss = tmp_path / "near_miss.json"
        near_miss.write_text('{"leader": [[0.1, 0.2]], "follower": [[0.3, 0.3]]}')
        assert json.loads(invoke("benchmarks", str(near_miss), "--json").stdout)["alignment"] == "inf"

    def test_large_games_are_not_spelled_out(self, tmp_path):
        path = tmp_path / "large.json"
        path.write_text(json.dumps({"leader": [[0.5] * 40], "follower": [[0.5] * 40]}))
        shown = invoke("benchmarks", str(path)).stdout
        assert "1x40" in shown
        assert "b40" not in shown

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("missing.toml",), "missing.toml"),
            (("{game}", "--gamma", "-1"), "gamma"),
            (("{game}", "--gamma", "nan"), "gamma"),
        ],
    )
    def test_errors_are_one_line_and_exit_2(self, game_file, arguments, named):
        result = invoke("benchmarks", *(argument.format(game=game_file) for argument in arguments))
        assert result.exit_code == 2
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1
        assert named in result.stderr


class TestReproduce:
    @pytest.fixture(autouse=True)
    def few_claims(self, monkeypatch):
        def failing(*_):
            return Evidence((Finding("made up", "exponent", at_most(0.5, "1/2"), Estimate(1.0, 0.9, 1.1)),))

        true = tiny(CLAIMS[1])
        false = Claim(
            "false",
            "A false claim",
            "",
            "",
            {"quick": {}, "full": {}},
            lambda _: {},
            failing,
            "nothing is wrong with the world",
        )
        monkeypatch.setattr(cli, "CLAIMS", (true, false))

    def test_what_fails_is_printed_as_such_and_the_exit_code_is_0(self, tmp_path):
        result = invoke("reproduce", "--quick", "--out", str(tmp_path / "new" / "results"))
        assert result.exit_code == 0
        (line,) = (line for line in result.stdout.splitlines() if "made up" in line)
        assert [cell.strip() for cell in line.split("│")[1:-1]] == [
            "A false claim",
            "made up",
            "exponent ≤ 1/2",
            "1 [0.9, 1.1]",
            "NO",
        ]
        assert "nothing is wrong with the world" in result.stdout
        assert {path.name for path in (tmp_path / "new" / "results").iterdir()} == {
            "etc_linear.png",
            "etc_linear.svg",
            "findings.csv",
            "findings.parquet",
            "index.html",
            "numbers.csv",
            "numbers.parquet",
            "provenance.json",
            "store",
        }

    def test_only_some_claims(self, tmp_path):
        result = invoke("reproduce", "--only", "false", "--out", str(tmp_path))
        assert "0 of 1 predictions hold" in result.stdout

    @pytest.mark.parametrize("arguments", [("--only", "unknown"), ("--seed", "-1"), ("--out", __file__)])
    def test_errors_are_one_line_and_exit_2(self, tmp_path, monkeypatch, arguments):
        monkeypatch.chdir(tmp_path)
        result = invoke("reproduce", *arguments)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1
        assert arguments[0].lstrip("-") in result.stderr
