"""Bits do not change between builds, machines and versions of one stream version."""

from __future__ import annotations

import json

import golden
import pytest
from cases import cases_of

import stackel as sk
from stackel import _core

KEPT = json.loads(golden.FILE.read_text(encoding="utf-8"))
CHANGED = (
    "the bits of a run have changed. If that was not intended, it is a bug: users' seeds no longer repeat "
    "their results. If it was, bump STREAM_VERSION, say so in CHANGELOG.md and run python tests/golden.py"
)


def test_stream_version():
    assert KEPT["stream_version"] == _core.STREAM_VERSION == sk.build_info()["stream_version"], CHANGED


def test_rewards():
    assert golden.rewards() == KEPT["rewards"], CHANGED


@pytest.mark.parametrize("name", golden.RUNS)
def test_runs(name):
    assert name in KEPT["runs"], (
        f"tests/golden.json has no {name!r}: run python tests/golden.py, which adds it"
    )
    assert golden.bits(name) == KEPT["runs"][name], CHANGED


def test_every_learner_and_law_is_kept():
    kept = {type(learner).__name__ for run in golden.RUNS.values() for learner in run[2:4]}
    for name in sk.registered_learners():
        assert name in kept, f"no golden run plays {name}: {cases_of(name)}"
    laws = {type(law).__name__ for _, law, *_ in golden.RUNS.values() for law in golden.LAWS[law]}
    assert laws == set(sk.Noise._laws)
    assert set(KEPT["runs"]) == set(golden.RUNS)
