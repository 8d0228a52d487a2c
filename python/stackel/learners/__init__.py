"""The learners, as small frozen descriptions; the rules themselves are in Rust.

A learner here holds parameters only, so it can be compared, hashed, pickled and reused. Every rule
is defined in section 3 of the definitions page; "after" a source means that the algorithm follows
it, with the constants fixed there.

Parameters that several learners share:

sigma : float, default 1.0
    Noise scale the learner assumes, in units of utility.
confidence : float, default 1.0
    Confidence multiplier ``c`` in the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
"""

from __future__ import annotations

from typing import Any

from stackel._core import learner_schema as core_learner_schema
from stackel._utils.players import ROLES
from stackel.learners._base import Learner
from stackel.learners._committing import (
    ExploreThenCommit,
    ExploreThenCommitAdaptive,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
)
from stackel.learners._controls import BestManipulation, BestResponse, FixedAction, ManipulationUCB, Uniform
from stackel.learners._eliminating import ActiveArmElimination, PhasedUCB
from stackel.learners._forgetting import DiscountedUCB, SlidingWindowUCB
from stackel.learners._optimistic import KLUCB, MOSS, UCB, UCBV, HierarchicalUCB, LipschitzUCB
from stackel.learners._randomised import EXP3, EXP3IX, EpsilonGreedy, ThompsonSampling

__all__ = [
    "EXP3",
    "EXP3IX",
    "KLUCB",
    "MOSS",
    "ROLES",
    "UCB",
    "UCBV",
    "ActiveArmElimination",
    "BestManipulation",
    "BestResponse",
    "DiscountedUCB",
    "EpsilonGreedy",
    "ExploreThenCommit",
    "ExploreThenCommitAdaptive",
    "ExploreThenCommitThrowOut",
    "ExploreThenUCB",
    "FixedAction",
    "HierarchicalUCB",
    "Learner",
    "LipschitzUCB",
    "ManipulationUCB",
    "PhasedUCB",
    "SlidingWindowUCB",
    "ThompsonSampling",
    "Uniform",
    "learner_schema",
    "registered_learners",
]


def registered_learners() -> list[str]:
    """Return the names of all learners that stackel brings.

    Examples
    --------
    >>> import stackel as sk
    >>> "UCB" in sk.registered_learners()
    True
    """
    return [entry["name"] for entry in core_learner_schema()]


def learner_schema() -> list[dict[str, Any]]:
    """Return name, roles, summary and parameters (name, required, default, allowed) of every learner.

    Examples
    --------
    >>> import stackel as sk
    >>> [parameter["name"] for parameter in sk.learner_schema()[0]["parameters"]]
    ['exploration']
    """
    return core_learner_schema()
