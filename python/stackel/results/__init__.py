"""Results of runs: arrays, files and tables."""

from stackel.results._bandit import BanditResult
from stackel.results._load import load
from stackel.results._meta_game import MetaGame
from stackel.results._meta_solution import MetaSolution, PriceOfAnarchy
from stackel.results._result import Result
from stackel.results._trace import Trace

__all__ = ["BanditResult", "MetaGame", "MetaSolution", "PriceOfAnarchy", "Result", "Trace", "load"]
