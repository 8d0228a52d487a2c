"""Nothing public is left out: everything has a property, and every argument is given junk."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from pathlib import Path

import pytest
from about import ABOUT
from calls import CALLS, VALUES
from public import names, takes_arguments

import stackel as sk

HERE = Path(__file__).parent
TESTS = HERE.parent
NAMES = names()

ELSEWHERE = {
    "interop.to_nashpy": "interop/test_objects.py",
    "interop.from_nashpy": "interop/test_objects.py",
    "interop.to_openspiel": "interop/test_objects.py",
    "interop.from_openspiel": "interop/test_objects.py",
    "interop.to_pygambit": "interop/test_objects.py",
    "interop.from_pygambit": "interop/test_objects.py",
    "interop.to_quantecon": "interop/test_objects.py",
    "interop.from_quantecon": "interop/test_objects.py",
    "interop.to_gymnasium": "interop/test_gymnasium.py",
    "interop.to_pettingzoo": "interop/test_pettingzoo.py",
    "interop.from_mabwiser": "interop/test_mabwiser.py",
    "interop.from_smpybandits": "interop/test_smpybandits.py",
    "interop.SMPyBanditsPolicy": "interop/test_smpybandits.py",
    "bandit": "test_bandit.py",
    "explore": "test_explore.py",
    "BanditResult": "test_bandit.py",
    "interop.Bandit": "interop/test_bandits.py",
    "interop.BanditRuns": "interop/test_bandits.py",
    "interop.mabwiser.Simulator": "interop/test_mabwiser_simulator.py",
    "interop.smpybandits.Evaluator": "smpybandits/test_evaluator.py",
    "interop.from_pettingzoo": "interop/test_pettingzoo_games.py",
    "interop.play_bandits": "interop/test_bandits.py",
    "interop.play_bimatrix": "interop/test_bimatrix.py",
    "interop.from_openspiel_agent": "interop/test_bimatrix.py",
    "interop.to_openspiel_agent": "interop/test_bimatrix.py",
    "interop.register": "interop/test_bandits.py",
    "CompiledLearner": "test_compiled.py",
    "exploit": "test_exploit.py",
    "Exploit": "test_exploit.py",
    "variants": "test_meta_command.py",
    "open_sweep": "test_sweep_opened.py",
    "Sweep.scaling": "test_sweep_opened.py",
    "result_of": "test_result_of.py",
    "Result.rescored": "test_rescored.py",
    "Simulation.result": "test_result_of.py",
    "Result.best_share": "test_plotting.py",
    "Result.plot_best_share": "test_plotting.py",
    "reproduce.run": "test_reproduce.py",
    "reproduce.CLAIMS": "test_reproduce_claims.py",
}
"""What is swept over in a file of its own, with the libraries or the time that it takes."""

MADE = {
    name
    for name, thing in NAMES.items()
    if inspect.isclass(thing) and dataclasses.is_dataclass(thing) and name not in CALLS
} - {"CompiledLearner"}
"""Records of what a function found: who makes one by hand is believed."""
UNSPOILED = {
    "Design": "made by grid and zipped",
    "Sweep": "made by sweep",
    "variants": "given junk in test_meta_command.py",
    "Rounds": "a tuple",
    "Design.tasks": "takes parameters of Task",
    "OwnLearner.resolve": "takes whatever comes, and has no use for it",
    "SpecError": "an exception",
    "Policy": "a protocol",
    "Policy.choose": "a protocol",
    "Policy.observe": "a protocol",
    "VectorPolicy": "a protocol",
    "VectorPolicy.choose_many": "a protocol",
    "VectorPolicy.observe_many": "a protocol",
    "CompiledLearner": "given junk in test_compiled.py; an address cannot be checked",
    "reproduce.run": "given junk in test_reproduce.py",
    "interop.Bandit": "a tuple",
    "interop.from_pettingzoo": "given junk in interop/test_pettingzoo_games.py",
    "plotting.style_axes": "a helper for figures of one's own",
    "plotting.reference_line": "a helper for figures of one's own",
}


def test_everything_public_has_a_property():
    for file in HERE.glob("test_properties_*.py"):
        importlib.import_module(file.stem)
    missing = {
        name
        for name in NAMES
        if name not in ABOUT and name not in ELSEWHERE and name.rpartition(".")[0] not in ELSEWHERE
    }
    assert not missing
    assert set(ABOUT) <= set(NAMES)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_tried_elsewhere_is(name):
    text = (TESTS / ELSEWHERE[name]).read_text(encoding="utf-8")
    assert name in NAMES
    assert name.rpartition(".")[2] in text


def test_everything_that_takes_arguments_is_given_junk():
    spoiled = {*CALLS, *MADE, *UNSPOILED}
    guests = ("interop.SMPyBanditsPolicy.", "interop.smpybandits.Evaluator", "interop.mabwiser.Simulator")
    missing = {name for name, thing in NAMES.items() if takes_arguments(thing) and name not in spoiled}
    assert not {name for name in missing if not name.startswith(guests)}


BY_DEFAULT = {"noise", "leader_reward"}
"""Parameters of many functions that are given junk in some."""


@pytest.mark.parametrize("name", [name for name in CALLS if inspect.isroutine(NAMES[name])])
def test_every_parameter_is_given_junk(name):
    parameters = inspect.signature(NAMES[name]).parameters.values()
    named = {each.name for each in parameters if each.kind is not each.VAR_KEYWORD}
    assert named - {"self", "cls"} - BY_DEFAULT <= set(CALLS[name].good)


def test_values_are_public():
    assert all(getattr(sk, name) is cls for name, cls in VALUES.items())
