"""Wrong names of arguments get one SpecError that says which name was meant."""

import inspect

import pytest

import stackel as sk
from stackel._utils.arguments import _ALSO

GAME = sk.games.etc_failure()
CHECKED = (
    sk.simulate,
    sk.simulate_many,
    sk.scaling,
    sk.compare,
    sk.exploit,
    sk.meta_game,
    sk.portfolio,
    sk.worst_case,
    sk.Simulation,
    sk.Agent,
)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("T", "horizon"),
        ("n_runs", "replications"),
        ("rng", "seed"),
        ("negligible", "crossing_tolerance"),
        ("sed", "seed"),
    ],
)
def test_what_was_meant_is_said(name, meant):
    with pytest.raises(sk.SpecError) as found:
        sk.simulate(GAME, sk.UCB(), sk.UCB(), **{"horizon": 10, name: 3})
    assert found.value.argument == name
    assert "an argument of simulate: game, leader" in found.value.allowed
    assert f"did you mean {meant}?" in found.value.given


def test_nothing_is_guessed_where_no_name_is_close():
    with pytest.raises(sk.SpecError) as found:
        sk.simulate(GAME, sk.UCB(), sk.UCB(), 10, zzz=3)
    assert "did you mean" not in found.value.given


@pytest.mark.parametrize("function", CHECKED)
def test_every_function_that_runs_games_checks_names(function):
    with pytest.raises(sk.SpecError) as found:
        function(zzz=1)
    assert found.value.argument == "zzz"


def test_signatures_stay_readable():
    assert list(inspect.signature(sk.simulate).parameters)[:4] == ["game", "leader", "follower", "horizon"]


def test_what_is_meant_is_an_argument_somewhere():
    known = {name for function in CHECKED for name in inspect.signature(function).parameters}
    assert set(_ALSO) <= known
