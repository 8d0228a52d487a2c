"""stackel: repeated Stackelberg games in which both players learn."""

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
from stackel.benchmarks._benchmarks import (
    Benchmark,
    alignment,
    best_responses,
    near_optimal_actions,
    self_tolerant,
    stackelberg,
    tolerance,
    tolerant,
)
from stackel.benchmarks._commitment import Commitment, OptimalCommitment, commit, mixed_stackelberg
from stackel.benchmarks._explorer import Exploration, central_explorer
from stackel.benchmarks._nash import Equilibrium, nash
from stackel.errors import MissingExtraError, RunError, SpecError, StackelError, StackelWarning
from stackel.games._file import read_game
from stackel.games._game import Game
from stackel.learners import (
    EXP3,
    EXP3IX,
    KLUCB,
    MOSS,
    UCB,
    UCBV,
    ActiveArmElimination,
    BestManipulation,
    BestResponse,
    DiscountedUCB,
    EpsilonGreedy,
    ExploreThenCommit,
    ExploreThenCommitAdaptive,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    FixedAction,
    HierarchicalUCB,
    Learner,
    LipschitzUCB,
    ManipulationUCB,
    PhasedUCB,
    SlidingWindowUCB,
    ThompsonSampling,
    learner_schema,
    registered_learners,
)
from stackel.learners import Uniform as UniformLearner
from stackel.learners._compiled import CompiledLearner
from stackel.learners._custom import CustomLearner, Policy, VectorPolicy
from stackel.learners._own import OwnLearner, RecordedLearner
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, Uniform
from stackel.results._result import Result, load
from stackel.results._trace import Trace
from stackel.simulation._agent import Agent
from stackel.simulation._batch import Batch, simulate_many
from stackel.simulation._simulate import simulate
from stackel.simulation._simulation import Rounds, Simulation
from stackel.sweeps import Design, Sweep, Task, grid, sweep, zipped

__version__: str = build_info()["version"]

__all__ = [
    "EXP3",
    "EXP3IX",
    "KLUCB",
    "MOSS",
    "UCB",
    "UCBV",
    "ActiveArmElimination",
    "Agent",
    "Batch",
    "Benchmark",
    "Bernoulli",
    "BestManipulation",
    "BestResponse",
    "CancelToken",
    "Commitment",
    "Comparison",
    "CompiledLearner",
    "CustomLearner",
    "Design",
    "Deterministic",
    "Diagnostics",
    "DiscountedUCB",
    "EpsilonGreedy",
    "Equilibrium",
    "Exploration",
    "ExploreThenCommit",
    "ExploreThenCommitAdaptive",
    "ExploreThenCommitThrowOut",
    "ExploreThenUCB",
    "FixedAction",
    "Game",
    "Gaussian",
    "HierarchicalUCB",
    "Learner",
    "LipschitzUCB",
    "ManipulationUCB",
    "MissingExtraError",
    "Noise",
    "OptimalCommitment",
    "OwnLearner",
    "PhasedUCB",
    "Policy",
    "Portfolio",
    "RandomStreams",
    "RecordedLearner",
    "Result",
    "Rounds",
    "RunError",
    "ScalingFit",
    "Simulation",
    "SlidingWindowUCB",
    "SpecError",
    "StackelError",
    "StackelWarning",
    "Sweep",
    "Task",
    "ThompsonSampling",
    "Trace",
    "Uniform",
    "UniformLearner",
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
    "learner_schema",
    "learners",
    "load",
    "mixed_stackelberg",
    "nash",
    "near_optimal_actions",
    "portfolio",
    "read_game",
    "registered_learners",
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
