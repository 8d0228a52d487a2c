"""What leaping may neglect is a setting: it scales the error bound, and leaves the game as it is."""

from __future__ import annotations

import pytest
from cases import make_game

import stackel as sk
from stackel._selftest.equality import differences

HORIZON = 4000
REPLICATIONS = 700
LAXEST, USUAL, STRICTEST = 1e-6, 1e-18, 1e-300


def play(noise="Gaussian", engine="leap", **options):
    pair = sk.UCB(sigma=0.2), sk.UCB(sigma=0.2, confidence=2.0)
    options = {"replications": REPLICATIONS, "seed": 1, "checkpoints": 1, "engine": engine, **options}
    return sk.simulate(make_game("2x2", noise), *pair, HORIZON, **options)


@pytest.mark.parametrize("crossing_tolerance", [LAXEST, 1e-9, USUAL, 1e-100, STRICTEST])
def test_the_error_bound_is_a_multiple_of_it(crossing_tolerance):
    """The multiple is the number of nodes that were taken for safe: some in every game, few in each."""
    run = play(crossing_tolerance=crossing_tolerance)
    nodes = run.error_bound / crossing_tolerance
    assert nodes == pytest.approx(round(nodes), rel=1e-12)
    assert 2 < nodes / REPLICATIONS < 100
    assert run.crossing_tolerance == run.spec["crossing_tolerance"] == crossing_tolerance


def test_the_usual_value_is_the_default():
    assert play() == play(crossing_tolerance=USUAL)


@pytest.mark.parametrize("noise", ["Gaussian", "Bernoulli"])
def test_the_game_does_not_depend_on_it(noise):
    stepped = play(noise, "stepwise", crossing_tolerance=LAXEST)
    assert stepped.error_bound == 0
    for crossing_tolerance in (1e-12, USUAL, STRICTEST):
        assert not differences(play(noise, crossing_tolerance=crossing_tolerance), stepped)
