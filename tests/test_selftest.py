"""The self-test passes what is sound, and finds what is not. False alarms: RATE a run, with fixed seeds."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

import stackel as sk
from stackel import _selftest, cli
from stackel._selftest import rewards
from stackel._selftest.cases import Case

RATE = 1e-5


def run(seed=1, seconds=3.0):
    return _selftest.run(seed, seconds=seconds, false_alarms=RATE)


def test_what_is_sound_passes():
    shares = []
    found = _selftest.run(1, seconds=3.0, false_alarms=RATE, on_case=shares.append)
    assert not found.too_small
    assert len(found.names) == len(found.p) > 2 * len(rewards.LAWS)
    assert found.cases >= 1
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
    first, second = found.smallest(2)
    assert found.p[first] <= found.p[second] == sorted(found.p)[1]


def test_the_same_seed_gives_the_same_p_values():
    first, second = run(seconds=0), run(seconds=0)
    assert first == second
    assert first.cases == 1
    assert run(seed=2, seconds=0).p != first.p


def test_a_wrong_reward_is_found(monkeypatch):
    monkeypatch.setattr(rewards, "LAWS", ((sk.Gaussian(1.0), 0.0), (sk.Uniform(0.5), 0.5)))
    draw = rewards.draw_rewards
    monkeypatch.setattr(rewards, "draw_rewards", lambda *args: draw(*args) * 1.01)
    found = run(seconds=0)
    assert found.too_small
    assert all("rewards" in found.names[place] for place in found.too_small)


def test_a_wrong_leap_is_found(monkeypatch):
    play = Case.play

    def wrong(case, engine, seed, replications):
        """Leaping in a game whose leader sees more noise."""
        law = sk.Gaussian(0.5 if engine == "stepwise" else 0.6)
        result = play(case, engine, seed, replications)
        return sk.simulate(
            sk.Game(*case.utilities, noise=(law, law)),
            sk.UCB(sigma=0.3),
            sk.UCB(sigma=0.3),
            case.horizon,
            replications=replications,
            seed=seed,
            checkpoints=result.rounds,
            engine=engine,
        )

    monkeypatch.setattr(Case, "play", wrong)
    assert run().too_small


@pytest.mark.parametrize(("wrong", "code"), [(False, 0), (True, 1)])
def test_the_exit_code_tells(monkeypatch, wrong, code):
    if wrong:
        draw = rewards.draw_rewards
        monkeypatch.setattr(rewards, "draw_rewards", lambda *args: draw(*args) + 0.1)
    arguments = ["selftest", "--seconds", "0", "--seed", "1", "--false-alarms", str(RATE)]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == code, result.output
    assert "seed 1\n" in result.stdout
    assert (" 0 too small" in result.stdout) == (not wrong)
    assert "rewards of the leader" in result.stdout or not wrong


def test_the_seed_is_fresh_unless_given():
    shown = [CliRunner().invoke(cli.app, ["selftest", "--seconds", "0"]).stdout for _ in range(2)]
    assert shown[0] != shown[1]
