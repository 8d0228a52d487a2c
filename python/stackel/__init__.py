"""stackel: repeated Stackelberg games in which both players learn."""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from stackel import analysis, benchmarks, games, learners, results, simulation, sweeps
from stackel._core import CancelToken, RandomStreams
from stackel._explorer import explore
from stackel._utils.build import build_info
from stackel.analysis import *
from stackel.benchmarks import *
from stackel.errors import MissingExtraError, RunError, SpecError, StackelError, StackelWarning
from stackel.games._changing import ChangingGame
from stackel.games._file import read_game
from stackel.games._game import Game
from stackel.learners import *
from stackel.learners._compiled import CompiledLearner
from stackel.learners._custom import CustomLearner, Policy, VectorPolicy
from stackel.learners._own import OwnLearner, RecordedLearner
from stackel.learners._variants import variants
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, StudentT, Uniform
from stackel.results import *
from stackel.simulation import *
from stackel.sweeps import *

if TYPE_CHECKING:
    from stackel import interop as interop
    from stackel import plotting as plotting
    from stackel import reproduce as reproduce

_IMPORTED_AT_FIRST_USE = ("interop", "plotting", "reproduce")

__version__: str = build_info()["version"]

__all__ = [
    "Bernoulli",
    "CancelToken",
    "ChangingGame",
    "CompiledLearner",
    "CustomLearner",
    "Deterministic",
    "Game",
    "Gaussian",
    "MissingExtraError",
    "Noise",
    "OwnLearner",
    "Policy",
    "RandomStreams",
    "RecordedLearner",
    "RunError",
    "SpecError",
    "StackelError",
    "StackelWarning",
    "StudentT",
    "Uniform",
    "VectorPolicy",
    "build_info",
    "explore",
    "games",
    "learners",
    "read_game",
    "variants",
]
__all__ += analysis.__all__
__all__ += benchmarks.__all__
__all__ += learners.__all__
__all__ += results.__all__
__all__ += simulation.__all__
__all__ += sweeps.__all__


def __getattr__(name: str) -> ModuleType:
    if name in _IMPORTED_AT_FIRST_USE:
        return import_module(f"stackel.{name}")
    raise AttributeError(f"module 'stackel' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_IMPORTED_AT_FIRST_USE})
