"""The result of a run: its numbers, its files, its tables."""

from stackel.results._load import load
from stackel.results._result import Result
from stackel.results._trace import Trace

__all__ = [
    "Result",
    "Trace",
    "load",
]
