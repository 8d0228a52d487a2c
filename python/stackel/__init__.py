"""stackel: repeated Stackelberg games in which both players learn."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from stackel import games, learners
from stackel._core import CancelToken, RandomStreams
from stackel._utils.build import build_info
from stackel.analysis import (
    Comparison,
    Diagnostics,
    Portfolio,
    ScalingFit,
    WorstCase,
    compare,
    diagnostics,
    portfolio,
    scaling,
    worst_case,
)
from stackel.benchmarks import (
    Benchmark,
    Commitment,
    Equilibrium,
    Exploration,
    OptimalCommitment,
    alignment,
    best_responses,
    central_explorer,
    commit,
    mixed_stackelberg,
    nash,
    near_optimal_actions,
    self_tolerant,
    stackelberg,
    tolerance,
    tolerant,
)
from stackel.errors import MissingExtraError, RunError, SpecError, StackelError, StackelWarning
from stackel.games._file import read_game
from stackel.games._game import Game
from stackel.learners import *  # noqa: F403 learners.__all__ is the one list of learners
from stackel.learners._compiled import CompiledLearner
from stackel.learners._custom import CustomLearner, Policy, VectorPolicy
from stackel.learners._own import OwnLearner, RecordedLearner
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, Uniform
from stackel.results import Result, Trace, load
from stackel.simulation import Agent, Batch, Rounds, Simulation, simulate, simulate_many
from stackel.sweeps import Design, Sweep, Task, grid, sweep, zipped

if TYPE_CHECKING:
    from stackel import interop as interop
    from stackel import plotting as plotting
    from stackel import reproduce as reproduce

_IMPORTED_AT_FIRST_USE = ("interop", "plotting", "reproduce")

__version__: str = build_info()["version"]

__all__ = [
    "Agent",
    "Batch",
    "Benchmark",
    "Bernoulli",
    "CancelToken",
    "Commitment",
    "Comparison",
    "CompiledLearner",
    "CustomLearner",
    "Design",
    "Deterministic",
    "Diagnostics",
    "Equilibrium",
    "Exploration",
    "Game",
    "Gaussian",
    "MissingExtraError",
    "Noise",
    "OptimalCommitment",
    "OwnLearner",
    "Policy",
    "Portfolio",
    "RandomStreams",
    "RecordedLearner",
    "Result",
    "Rounds",
    "RunError",
    "ScalingFit",
    "Simulation",
    "SpecError",
    "StackelError",
    "StackelWarning",
    "Sweep",
    "Task",
    "Trace",
    "Uniform",
    "VectorPolicy",
    "WorstCase",
    "alignment",
    "best_responses",
    "build_info",
    "central_explorer",
    "commit",
    "compare",
    "diagnostics",
    "games",
    "grid",
    "learners",
    "load",
    "mixed_stackelberg",
    "nash",
    "near_optimal_actions",
    "portfolio",
    "read_game",
    "scaling",
    "self_tolerant",
    "simulate",
    "simulate_many",
    "stackelberg",
    "sweep",
    "tolerance",
    "tolerant",
    "worst_case",
    "zipped",
]
__all__ += learners.__all__


def __getattr__(name: str) -> ModuleType:
    if name in _IMPORTED_AT_FIRST_USE:
        return import_module(f"stackel.{name}")
    raise AttributeError(f"module 'stackel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_IMPORTED_AT_FIRST_USE})
