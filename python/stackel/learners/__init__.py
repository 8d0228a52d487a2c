"""The learners, as small frozen descriptions; the rules themselves are in Rust.

A learner here holds parameters only, so it can be compared, hashed, pickled and reused. Parameters are given
by name. Every rule is defined in section 3 of the definitions page; "after" a source means that the
algorithm follows it, with the constants fixed there.

Parameters that several learners share:

sigma : float, default 1.0
    Noise scale the learner assumes, in units of utility.
confidence : float, default 1.0
    Confidence multiplier ``c`` in the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
"""

from __future__ import annotations

from typing import Any

from stackel._core import learner_schema as core_learner_schema
from stackel._utils.players import ROLES as ROLES
from stackel.learners._base import Learner
from stackel.learners._committing import (
    ExploreThenCommit,
    ExploreThenCommitAdaptive,
    ExploreThenCommitThrowOut,
    ExploreThenUCB,
    RoundRobinThenCommit,
)
from stackel.learners._controls import (
    BestManipulation,
    BestResponse,
    FixedAction,
    ManipulationUCB,
    QuantalResponse,
    UniformLearner,
)
from stackel.learners._eliminating import ActiveArmElimination, PhasedUCB
from stackel.learners._forgetting import DiscountedUCB, SlidingWindowUCB
from stackel.learners._made import Batched, Blind, Delayed, Doubling, Restarting
from stackel.learners._optimistic import (
    KLUCB,
    MOSS,
    UCB,
    UCBV,
    BayesUCB,
    HierarchicalUCB,
    LinUCB,
    LipschitzUCB,
)
from stackel.learners._randomised import (
    EXP3,
    EXP3IX,
    EXP3S,
    EpsilonGreedy,
    LargestSum,
    NoSwapRegret,
    PerturbedMeans,
    Softmax,
    ThompsonSampling,
    TsallisINF,
)

__all__ = [
    "EXP3",
    "EXP3IX",
    "EXP3S",
    "KLUCB",
    "MOSS",
    "UCB",
    "UCBV",
    "ActiveArmElimination",
    "Batched",
    "BayesUCB",
    "BestManipulation",
    "BestResponse",
    "Blind",
    "Delayed",
    "DiscountedUCB",
    "Doubling",
    "EpsilonGreedy",
    "ExploreThenCommit",
    "ExploreThenCommitAdaptive",
    "ExploreThenCommitThrowOut",
    "ExploreThenUCB",
    "FixedAction",
    "HierarchicalUCB",
    "LargestSum",
    "Learner",
    "LinUCB",
    "LipschitzUCB",
    "ManipulationUCB",
    "NoSwapRegret",
    "PerturbedMeans",
    "PhasedUCB",
    "QuantalResponse",
    "Restarting",
    "RoundRobinThenCommit",
    "SlidingWindowUCB",
    "Softmax",
    "ThompsonSampling",
    "TsallisINF",
    "UniformLearner",
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
    """Return what the registry knows of every learner, in the order of the definitions.

    Each learner is a dictionary with

    - ``name``; ``roles``, the seats that it can take; ``summary``, its rule in a line;
    - ``sees``: "own rewards", or what it is told beyond them: "responses", "own means", "game" or
      "leader rewards"; "own rewards under all leader actions", if a follower is one learner for all;
    - ``plans_ahead``: whether a decision ever stands for more than one round;
    - ``leaps``: how the engine ``leap`` plays it: "alike", with the choices of its definition; "in law", with
      choices that have their law; "of", as the learner that it is made of; "no", round by round. ``leaps_if``
      is None, or the name and value of a parameter that "in law" is only true for. `Batched` has "alike":
      it is leapt over if `of` is an index policy of fixed width, and else played round by round;
    - ``reads_horizon``: whether its rule depends on the number of rounds T, once all parameters are given:
      "yes", "no", or "of", as the learner that it is made of. ``reads_horizon_if`` is None, or the name and
      value of a parameter that "yes" is only true for, ``reads_horizon_unless`` those of one that it is not
      true for. `Restarting` has "no": T matters to it only in a game that is shorter than ``every``;
    - ``randomised``: whether its choices are random, and ``draws``: what it then reads of its stream of
      decisions, else None;
    - ``parameters``: ``name``, ``type``, ``required``, ``default`` and ``allowed`` of each, and where they
      apply ``least``, ``most`` or ``choices``.

    Examples
    --------
    >>> import stackel as sk
    >>> [parameter["name"] for parameter in sk.learner_schema()[0]["parameters"]]
    ['exploration', 'ties']
    """
    return core_learner_schema()
