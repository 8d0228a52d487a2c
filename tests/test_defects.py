"""A panic of the core becomes a DefectError with what was asked for, which plays it again."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from policies import Uniform

import stackel as sk
from stackel import _core
from stackel.errors import DefectError
from stackel.simulation._experiment import Experiment

GAME = sk.Game([[0.25, 0.5]], [[0.125, 0.75]])
CALLS = {
    "simulate": lambda: sk.simulate(GAME, sk.UCB(), sk.UCB(), 1000, replications=3, checkpoints=[10, 1000]),
    "policies": lambda: sk.simulate(GAME, Uniform(), sk.UCB(), 100, trace=True),
    "simulate_many": lambda: sk.simulate_many(
        [[[0.25, 0.5]]] * 3, [[[0.125, 0.75]]] * 3, sk.UCB(), sk.UCB(), 100, noise=sk.Bernoulli(), seed=3
    ),
    "sample_outcomes": lambda: sk.central_explorer(GAME, epsilon=0.5),
}

PLACES = {
    "simulate": "stackel.simulation._simulate.core_simulate",
    "policies": "stackel.simulation._simulate.core_simulate",
    "simulate_many": "stackel.simulation._batch.core_simulate_many",
    "sample_outcomes": "stackel.benchmarks._explorer.sample_outcomes",
    "Simulation": "stackel.simulation._simulation.CoreSimulation",
    "Agent": "stackel.simulation._agent.CoreAgent",
}
"""Where the package calls the core."""


def defect(call):
    with pytest.raises(DefectError) as found:
        call()
    return found.value


def test_a_panic_becomes_an_error_that_says_what_was_run(capfd):
    spec = {"game": GAME, "leader": sk.UCB(), "seed": 2**64 - 1}
    error = defect(lambda: _core.fail(spec))
    assert isinstance(error, sk.RunError)
    assert error.spec is spec
    for part in ("on purpose", "defect of stackel", "[0.125, 0.75]", '"learner": "UCB"', str(2**64 - 1)):
        assert part in str(error)
    assert "panicked" in capfd.readouterr().err


def test_long_specifications_are_cut():
    zeros = np.zeros((300, 300))
    error = defect(lambda: _core.fail({"game": sk.Game(zeros, zeros)}))
    assert len(str(error)) < 2500
    assert error.spec["game"].shape == (300, 300)


def test_such_an_error_travels_between_processes():
    error = pickle.loads(pickle.dumps(DefectError("x", {"game": GAME})))
    assert error.spec == {"game": GAME}


@pytest.mark.parametrize("name", CALLS)
def test_the_specification_asks_for_the_same_again(name, monkeypatch):
    asked = []

    def noted(*arguments):
        asked.append(arguments)
        described = [each for each in arguments if isinstance(each, Experiment | dict)]
        _core.fail(described[-1])

    monkeypatch.setattr(PLACES[name], noted)
    spec = defect(CALLS[name]).spec
    again = {"simulate_many": sk.simulate_many, "sample_outcomes": sk.central_explorer}.get(name, sk.simulate)
    assert defect(lambda: again(**spec)).spec.keys() == spec.keys()
    for first, second in zip(*asked, strict=True):
        if not isinstance(first, _core.Game | dict | Experiment):
            np.testing.assert_equal(first, second)
        elif isinstance(first, Experiment):
            assert first == second


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("Simulation", lambda **spec: sk.Simulation(**({"game": GAME, "follower": sk.UCB()} | spec))),
        ("Agent", lambda **spec: sk.Agent(**({"game_or_shape": GAME} | spec))),
    ],
)
def test_so_does_that_of_a_simulation_or_an_agent(name, make, monkeypatch):
    learner = "leader" if name == "Simulation" else "learner"
    mine = {learner: sk.UCB(), "horizon": 10, "seed": 2**64 - 1, "replication": 3}
    monkeypatch.setattr(PLACES[name], lambda *arguments: _core.fail(arguments[-1]))
    spec = defect(lambda: make(**mine)).spec
    assert spec.items() >= mine.items()
    assert defect(lambda: make(**spec)).spec == spec
