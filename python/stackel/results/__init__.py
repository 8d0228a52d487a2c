"""Results of runs: arrays, files and tables."""

from stackel.results._bandit import BanditResult
from stackel.results._result import Result, load
from stackel.results._trace import Trace

__all__ = ["BanditResult", "Result", "Trace", "load"]
