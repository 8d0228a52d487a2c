"""Which learners have the rules of MABWiser's learning policies; each arm is fitted once, in index order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel.learners import UCB, EpsilonGreedy, Learner

if TYPE_CHECKING:
    from stackel.interop._problem import Bandit

_WHY = {
    "Popularity": "no learner draws arms in proportion to their means",
    "Softmax": "its arm is the largest of a Dirichlet draw",
    "ThompsonSampling": "each arm is played once before it draws",
}


def equal_of_mabwiser(policy: Any, _: Bandit) -> Learner | str:
    """Return the learner with the rule of a `LearningPolicy` of MABWiser, or why there is none."""
    match type(policy).__name__:
        case "UCB1":
            return UCB(anytime=True, sigma=policy.alpha)
        case "EpsilonGreedy":
            return EpsilonGreedy(epsilon=policy.epsilon)
        case "Random":
            return EpsilonGreedy(epsilon=1.0)
        case name:
            return _WHY.get(name, f"no learner is known for {name}")
