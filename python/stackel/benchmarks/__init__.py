"""Benchmarks of a game: values that regret is measured against, and equilibria."""

from stackel.benchmarks._alignment import alignment
from stackel.benchmarks._benchmarks import (
    Benchmark,
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

__all__ = [
    "Benchmark",
    "Commitment",
    "Equilibrium",
    "Exploration",
    "OptimalCommitment",
    "alignment",
    "best_responses",
    "central_explorer",
    "commit",
    "mixed_stackelberg",
    "nash",
    "near_optimal_actions",
    "self_tolerant",
    "stackelberg",
    "tolerance",
    "tolerant",
]
