"""Consoles that cannot show every character: each command still ends well, and shows something alike."""

import io
import os
import subprocess
import sys

import pexpect
import pytest

import stackel as sk
from stackel._utils.console import as_shown
from stackel.interop import to_gymnasium

COMMANDS = {
    "--help": (),
    "benchmarks game.toml": ("h\\xe9", "\\U0001f600", "\\u221e"),
    "run run.toml --out \u221e.stackel": (),
    "sweep sweep.toml": ("\\u221e",),
}
TABLES = "leader = [[0.6, 0.2], [0.5, 0.4]]\nfollower = [[0.4, 0.0], [0.3, 0.2]]\n"
NAMES = 'name = "\u221e"\nleader_labels = ["h\xe9", "\u2193"]\nfollower_labels = ["a", "\U0001f600"]\n'
PLAYERS = 'game = { file = "game.toml" }\nfollower = "UCB"\nhorizon = 100\n'
SWEEP = f'store = "st\xf6re"\n[grid]\nleader."\u221e" = "UCB"\n[task]\n{PLAYERS}'
ENVIRONMENTS = {
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    for name, text in {
        "game.toml": TABLES + NAMES,
        "run.toml": PLAYERS + 'leader = "UCB"\n',
        "sweep.toml": SWEEP,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def replaced(environment):
    return {key: value for key, value in os.environ.items() if key not in {"LANG", "LC_CTYPE"}} | environment


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_ends_well(folder, command):
    """In ASCII, where least can be shown."""
    program = [sys.executable, "-m", "stackel", *command.split()]
    done = subprocess.run(
        program, cwd=folder, env=replaced(ENVIRONMENTS["ascii"]), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    for text in COMMANDS[command]:
        assert text in done.stdout.decode("ascii")


@pytest.mark.parametrize("environment", ["cp1252", "C"])
def test_other_code_pages(folder, environment):
    program = [sys.executable, "-m", "stackel", "benchmarks", "game.toml"]
    done = subprocess.run(
        program, cwd=folder, env=replaced(ENVIRONMENTS[environment]), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert b"\\u221e" in done.stdout
    assert (b"h\xe9" in done.stdout) == (environment == "cp1252")


def test_a_terminal_with_bars_and_spinners(folder):
    for command in ("sweep sweep.toml", "reproduce --only etc_linear --out \u221e"):
        program = pexpect.spawn(
            sys.executable,
            ["-m", "stackel", *command.split()],
            cwd=str(folder),
            env=replaced(ENVIRONMENTS["ascii"] | {"TERM": "xterm"}),
            timeout=60,
        )
        program.expect(pexpect.EOF)
        program.close()
        assert program.exitstatus == 0, program.before
        assert program.before.isascii()
        assert b"\\u221e" in program.before


def test_a_printed_round(monkeypatch):
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii", write_through=True))
    game = sk.Game([[1]], [[2]], noise=sk.Deterministic(), leader_labels=["\u2193"])
    env = to_gymnasium(game, sk.UCB(), 1, render_mode="human")
    env.reset(seed=1)
    env.step(0)
    assert b"leader plays \\u2193," in printed.getvalue()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u2264 1 \xb1 2 \u2265", "<= 1 +- 2 >="),
        ("\u280b", "*"),
        ("\u221e\ud800", "\\u221e\\ud800"),
        ("plain", "plain"),
    ],
)
def test_what_is_shown_instead(text, shown):
    class Ascii:
        encoding = "ascii"

    assert as_shown(text, Ascii()) == shown
