"""stackel: repeated Stackelberg games in which both players learn."""

from stackel import games, learners
from stackel._core import CancelToken, RandomStreams
from stackel._info import build_info
from stackel._trace import Trace
from stackel.agent import Agent
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
from stackel.batch import Batch, simulate_many
from stackel.benchmarks import (
    Benchmark,
    alignment,
    best_responses,
    near_optimal_actions,
    self_tolerant,
    stackelberg,
    tolerance,
    tolerant,
)
from stackel.commitment import Commitment, OptimalCommitment, commit, mixed_stackelberg
from stackel.compiled import CompiledLearner
from stackel.custom import CustomLearner, Policy, VectorPolicy
from stackel.equilibria import Equilibrium, nash
from stackel.errors import MissingExtraError, RunError, SpecError, StackelError, StackelWarning
from stackel.explorer import Exploration, central_explorer
from stackel.game import Game
from stackel.gamefile import read_game
from stackel.learners import *  # noqa: F403 the list of learners is there
from stackel.learners import __all__ as __all__  # by its name once more, for checkers of types
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, Uniform
from stackel.own import OwnLearner, RecordedLearner
from stackel.result import Result, load
from stackel.simulate import simulate
from stackel.simulation import Rounds, Simulation
from stackel.sweeps import Design, Sweep, Task, grid, sweep, zipped

__version__: str = build_info()["version"]

__all__ = [  # noqa: PLE0604 the learners' are strings too
    *__all__,
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
