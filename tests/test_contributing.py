"""The example learner of CONTRIBUTING is whole: what is compiled and run is what the page shows."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import oracle
import oracle_seat
import pytest
from chance import Sure
from test_documents import blocks

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "rust" / "stackel-core" / "src" / "learners" / "win_stay.rs"
SECTION = (
    (ROOT / "CONTRIBUTING.md")
    .read_text(encoding="utf-8")
    .partition("\n## How to add a learner\n")[2]
    .partition("\n## ")[0]
)


def shown(language):
    return [block.text for block in blocks(SECTION) if block.language == language]


def test_rust_is_the_file_that_cargo_test_compiles_and_runs():
    file, _, tests = EXAMPLE.read_text(encoding="utf-8").partition("\n#[cfg(test)]\n")
    assert "\n".join(shown("rust")) == file
    assert tests.count("#[test]") == 3


def test_python_has_the_parameters_of_rust():
    names = {"learner": dataclasses.dataclass, "Learner": object}
    exec("from __future__ import annotations\n" + shown("py")[0], names)  # noqa: S102
    (field,) = dataclasses.fields(names["WinStay"])
    assert f'Param::real("{field.name}", 0.0, {field.default})' in EXAMPLE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("aspiration", "rewards", "arms"),
    [
        (0.5, [0.5, 0.4, 0.9, 0.1, 0.2, 0.5, 0.5], [0, 0, 1, 1, 2, 0, 0]),
        (0.0, [0.0, 0.0, -0.1, 0.0], [0, 0, 0, 1]),
    ],
)
def test_oracle_follows_the_rule(aspiration, rewards, arms):
    names = dict(vars(oracle_seat))
    exec("from __future__ import annotations\n" + shown("py")[1], names)  # noqa: S102
    seat = oracle_seat.Seat("follower", 100, 1, 3, (), Sure())
    agent = oracle.Agent(names["win_stay"](seat, aspiration=aspiration))
    for reward, arm in zip(rewards, arms, strict=True):
        assert agent.arm == arm
        agent.observe(reward)


def test_tests_of_forgotten_steps_are_there():
    table = SECTION.partition("| forgotten |")[2].partition("\n\n")[0]
    named = re.findall(r"`(\w+\.(?:py|rs))(?:::(\w+))?`", table)
    assert len(named) >= len(table.splitlines()) - 3
    for file, test in named:
        (path,) = [each for folder in ("tests", "rust") for each in (ROOT / folder).rglob(file)]
        assert not test or re.search(rf"\b(?:def|fn) {test}\b", path.read_text(encoding="utf-8")), (
            file,
            test,
        )
