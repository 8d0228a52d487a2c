"""The self-test passes what is sound, and finds what is not. False alarms: RATE a run, with fixed seeds."""

from __future__ import annotations

import dataclasses
import itertools
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

import stackel as sk
from stackel import _selftest, cli
from stackel._selftest import equality, leaps, rewards

RATE = 1e-5
LAWS = ((sk.Gaussian(1.0), 0.0), (sk.Uniform(0.5), 0.5))
SUMS = rewards.SUMS[:1]


@pytest.fixture
def few_laws(monkeypatch):
    monkeypatch.setattr(rewards, "LAWS", LAWS)
    monkeypatch.setattr(rewards, "SUMS", SUMS)


def run(seed=1, seconds=0.0, **options):
    return _selftest.run(seed, seconds=seconds, false_alarms=RATE, **options)


def test_what_is_sound_passes(monkeypatch):
    # A clock that counts how often it is read: once at first, and twice a game.
    monkeypatch.setattr(_selftest, "time", SimpleNamespace(monotonic=itertools.count().__next__))
    shares = []
    found = run(seconds=40.0, on_game=shares.append)
    assert not found.too_small
    assert not found.different
    assert len(found.names) == len(found.p) == 2 * (len(rewards.LAWS) + len(rewards.SUMS) + len(leaps.PAIRS))
    assert found.games == 20
    assert shares == [(1 + 2 * game) / 40 for game in range(20)]
    first, second = found.smallest(2)
    assert found.p[first] <= found.p[second] == sorted(found.p)[1]


@pytest.mark.usefixtures("few_laws")
def test_the_same_seed_gives_the_same_p_values():
    first, second = run(), run()
    assert first == second
    assert first.games == 1
    assert run(seed=2).p != first.p


@pytest.mark.usefixtures("few_laws")
@pytest.mark.parametrize("wrong", ["drawn", "means_of"])
def test_a_wrong_law_is_found(monkeypatch, wrong):
    right = getattr(rewards, wrong)
    factor = 1.01 if wrong == "drawn" else 1 + 1e-5
    monkeypatch.setattr(rewards, wrong, lambda *args: right(*args) * factor)
    found = run()
    what = "rewards of the" if wrong == "drawn" else "sums of"
    assert found.too_small
    assert all(found.names[place].startswith(what) for place in found.too_small)


def one_bit_wrong(simulate):
    def wrong(*args, **options):
        result = simulate(*args, **options)
        if result.engine != "stepwise":
            return result
        utility = result.utility.copy()
        utility.view("u8").flat[-1] ^= 1
        return dataclasses.replace(result, utility=utility)

    return wrong


@pytest.mark.usefixtures("few_laws")
@pytest.mark.parametrize("is_wrong", [False, True])
def test_the_exit_code_tells(monkeypatch, is_wrong):
    if is_wrong:
        monkeypatch.setattr(equality.sk, "simulate", one_bit_wrong(sk.simulate))
    arguments = ["selftest", "--seconds", "0", "--seed", "1", "--false-alarms", str(RATE)]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == is_wrong, result.output
    shown = " ".join(result.stdout.split())
    assert shown.endswith("seed 1")
    assert (" 0 differences" in shown) == (not is_wrong)
    assert ("engines differ: T=" in shown) == is_wrong


@pytest.mark.usefixtures("few_laws")
def test_the_seed_is_fresh_unless_given():
    shown = [CliRunner().invoke(cli.app, ["selftest", "--seconds", "0"]).stdout for _ in range(2)]
    assert shown[0].splitlines()[-1] != shown[1].splitlines()[-1]
