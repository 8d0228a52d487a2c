"""Learners, games and noises that several test files sweep over, and the bridge to the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import stackel as sk
from stackel.learners._made import MadeLearner

if TYPE_CHECKING:
    import oracle

FACTS: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in sk.learner_schema()}
"""What the registry says of each learner."""

BASIC: tuple[sk.Learner, ...] = (
    sk.ExploreThenCommit(exploration=4),
    sk.ExploreThenCommit(),
    sk.ExploreThenCommitThrowOut(discard=3, exploration=4),
    sk.ExploreThenCommitThrowOut(discard=3),
    sk.ExploreThenCommitThrowOut(exploration=4),
    sk.ExploreThenUCB(exploration=3, sigma=0.4, confidence=0.7),
    sk.ExploreThenUCB(),
    sk.UCB(sigma=0.4),
    sk.UCB(sigma=0.4, confidence=0.5),
    sk.UCB(anytime=True, sigma=0.4),
    sk.ActiveArmElimination(sigma=0.2),
    sk.ActiveArmElimination(phases=(2, 1, 3), sigma=0.2, confidence=0.7),
    sk.FixedAction(0),
    sk.UniformLearner(),
    sk.LipschitzUCB(lipschitz=1.5, follower_constant=0.5, sigma=0.3),
    sk.HierarchicalUCB(kappa=0.1, constant=0.3, delta=0.5),
    sk.HierarchicalUCB(kappa=0.02, constant=0.1),
    sk.PhasedUCB(sigma=0.4),
    sk.PhasedUCB(phases=(2, 1, 3), sigma=0.4, confidence=0.7),
    sk.BestResponse(),
    sk.BestManipulation(),
    sk.ManipulationUCB(sigma=0.2),
    sk.ManipulationUCB(delta=0.5, sigma=0.3),
)
"""Learners of which every leader meets every follower."""
MADE: tuple[sk.Learner, ...] = (
    sk.Blind(sk.UCB(sigma=0.4)),
    sk.Blind(sk.UniformLearner()),
    sk.Doubling(sk.UCB(sigma=0.4), first=7),
    sk.Doubling(sk.ExploreThenCommit(), first=20),
    sk.Doubling(sk.UniformLearner()),
    sk.Restarting(sk.UCB(sigma=0.4), 20),
    sk.Restarting(sk.ActiveArmElimination(sigma=0.2), 30),
    sk.Restarting(sk.Blind(sk.ExploreThenCommit(exploration=2)), 9),
    sk.Blind(sk.Doubling(sk.EpsilonGreedy(epsilon=0.3), first=5)),
    sk.Batched(sk.UCB(sigma=0.4), 3),
    sk.Batched(sk.UCB(anytime=True, sigma=0.4), 4),
    sk.Batched(sk.ExploreThenCommit(exploration=5), 3),
    sk.Batched(sk.EXP3(learning_rate=0.3), 2),
    sk.Batched(sk.RoundRobinThenCommit(alpha=0.1), 2),
    sk.Batched(sk.RoundRobinThenCommit(stop="sprt", slack=3.0, extra=10), 4),
    sk.Batched(sk.RoundRobinThenCommit(stop="budget", rounds=7, extra=9), 2),
    sk.Delayed(sk.UCB(sigma=0.4), 4),
    sk.Delayed(sk.ExploreThenCommit(exploration=4), 3),
    sk.Delayed(sk.ActiveArmElimination(phases=(2, 1, 3), sigma=0.2), 7),
    sk.Delayed(sk.EXP3(learning_rate=0.4), 2),
    sk.Delayed(sk.RoundRobinThenCommit(alpha=0.1), 3),
    sk.Delayed(sk.RoundRobinThenCommit(stop="budget", rounds=7, extra=9), 5),
    sk.Blind(sk.Delayed(sk.ActiveArmElimination(sigma=0.2), 5)),
    sk.Doubling(sk.Batched(sk.ActiveArmElimination(sigma=0.2), 4), first=20),
)
"""Learners that are made of others."""
FURTHER: tuple[sk.Learner, ...] = (
    *MADE,
    sk.EpsilonGreedy(),
    sk.EpsilonGreedy(epsilon=2.0, decay=0.5),
    sk.ThompsonSampling(prior_mean=0.5, prior_weight=0.0, sigma=0.4),
    sk.ThompsonSampling(prior_mean=0.3, prior_weight=1.5, sigma=0.2),
    sk.ThompsonSampling(family="bernoulli"),
    sk.ActiveArmElimination(sigma=0.0),
    sk.KLUCB(loglog=0.5, sigma=0.3),
    sk.KLUCB(family="bernoulli"),
    sk.KLUCB(family="bernoulli", anytime=True, loglog=0.5, confidence=0.8),
    sk.KLUCB(anytime=True, sigma=0.3, confidence=0.7),
    sk.KLUCB(family="bernoulli", confidence=0.0),
    sk.UCBV(reward_range=0.2, confidence=0.8),
    sk.UCBV(reward_range=0.1, count_current=False),
    sk.MOSS(sigma=0.3),
    sk.MOSS(anytime=True, sigma=0.3),
    sk.ExploreThenCommitAdaptive(sigma=0.2),
    sk.ExploreThenCommitAdaptive(growth=1.0, sigma=0.2, confidence=0.7),
    sk.EXP3(),
    sk.EXP3(learning_rate=0.3, low=-0.5, high=1.25),
    sk.EXP3IX(low=-0.5, high=1.5),
    sk.EXP3IX(learning_rate=0.6),
    sk.EXP3IX(learning_rate=0.4, implicit_exploration=0.2, low=0.25),
    sk.SlidingWindowUCB(sigma=0.4),
    sk.SlidingWindowUCB(window=20, sigma=0.3, confidence=0.7),
    sk.DiscountedUCB(sigma=0.3),
    sk.DiscountedUCB(discount=0.9, sigma=0.2, confidence=0.7),
    sk.Softmax(0.3),
    sk.Softmax(2.0, decay=0.5),
    sk.Softmax(0.3, prior_weight=1.5, prior_mean=0.7),
    sk.LargestSum(epsilon=0.3),
    sk.LargestSum(epsilon=2.0, decay=0.5, rate=0.2, explored=2),
    sk.LargestSum(epsilon=0.0, exploration=3),
    sk.RoundRobinThenCommit(alpha=0.1),
    sk.RoundRobinThenCommit(stop="sprt", slack=3.0, extra=2),
    sk.RoundRobinThenCommit(stop="budget"),
    sk.RoundRobinThenCommit(stop="budget", rounds=7),
    sk.PerturbedMeans(),
    sk.PerturbedMeans(power=0.5, prior_mean=0.5, sigma=0.3),
    sk.QuantalResponse(0.4),
    sk.TsallisINF(),
    sk.TsallisINF(low=-0.5, high=1.25),
    sk.EXP3S(alpha=0.02, high=0.6),
    sk.EXP3S(gamma=0.6, low=0.2, high=0.7),
    sk.EXP3S(gamma=0.4, first="index"),
    sk.NoSwapRegret(),
    sk.NoSwapRegret(learning_rate=0.8, low=-0.5, high=1.25),
    sk.LinUCB(sigma=0.3),
    sk.LinUCB(ridge=0.4, sigma=0.4, confidence=0.7),
    sk.BayesUCB(sigma=0.3),
    # Priors by which no quantiles of different counts are equal.
    sk.BayesUCB(family="bernoulli", prior_ones=1.2, prior_zeros=1.1),
    sk.BayesUCB(family="bernoulli", prior_ones=2.5, prior_zeros=1.5, exponent=1.0),
)
"""Learners that meet PARTNERS, and their like. New ones go here, with parameters that show in short games."""
BREAKING_TIES: tuple[sk.Learner, ...] = (
    sk.ExploreThenCommit(exploration=2, ties="random"),
    sk.ExploreThenCommitThrowOut(discard=1, exploration=2, ties="random"),
    sk.ExploreThenUCB(exploration=1, sigma=0.4, ties="random"),
    sk.UCB(sigma=0.4, ties="random"),
    sk.UCB(anytime=True, sigma=0.4, ties="random"),
    sk.LipschitzUCB(follower_constant=0.5, sigma=0.3, ties="random"),
    sk.HierarchicalUCB(kappa=0.02, constant=0.1, ties="random"),
    sk.EpsilonGreedy(epsilon=0.3, ties="random"),
    sk.LargestSum(epsilon=0.3, explored=1, ties="random"),
    sk.RoundRobinThenCommit(alpha=0.1, ties="random"),
    sk.KLUCB(sigma=0.3, ties="random"),
    sk.KLUCB(family="bernoulli", ties="random"),
    sk.BayesUCB(family="bernoulli", ties="random"),
    sk.UCBV(reward_range=0.2, ties="random"),
    sk.MOSS(sigma=0.3, ties="random"),
    sk.SlidingWindowUCB(window=400, sigma=0.4, ties="random"),
    sk.DiscountedUCB(discount=1.0, sigma=0.3, ties="random"),
    *(
        rule(ties="random", first="random", **given)
        for rule, given in (
            (sk.UCB, {"sigma": 0.4}),
            (sk.KLUCB, {"family": "bernoulli", "anytime": True}),
            (sk.UCBV, {"reward_range": 0.2}),
            (sk.MOSS, {"anytime": True, "sigma": 0.3}),
            (sk.SlidingWindowUCB, {"window": 3, "sigma": 0.4}),
        )
    ),
    sk.EXP3S(gamma=0.4, first="random"),
)
"""Learners that break ties at random, and some that try arms in random order. Their laws are compared
with the exact ones."""
PARTNERS = (sk.ExploreThenCommit(exploration=4), sk.UCB(sigma=0.4), sk.UniformLearner())

LEARNERS = (*BASIC, *FURTHER)


def facts(learner: sk.Learner) -> dict[str, Any]:
    """What the registry says of a learner; one that breaks ties at random is randomised too."""
    entry = FACTS[type(learner).__name__]
    if isinstance(learner, MadeLearner):
        own = facts(learner.inner)
        roles = [role for role in entry["roles"] if role in own["roles"]]
        return entry | {name: own[name] for name in ("sees", "randomised")} | {"roles": roles}
    return entry | {
        "randomised": entry["randomised"]
        or "random" in {vars(learner).get(name) for name in ("ties", "first")}
    }


def can_be(learner: sk.Learner, role: str) -> bool:
    """Whether a learner can take a seat."""
    return role in facts(learner)["roles"]


def cases_of(name: str) -> list[sk.Learner]:
    """The cases of a learner of the registry."""
    found = [learner for learner in (*LEARNERS, *BREAKING_TIES) if type(learner).__name__ == name]
    assert found, f"no case of {name}: add one or two to FURTHER in tests/cases.py"
    return found


LEADERS = tuple(learner for learner in LEARNERS if can_be(learner, "leader"))
FOLLOWERS = tuple(learner for learner in LEARNERS if can_be(learner, "follower"))
EITHER_SEAT = tuple(learner for learner in LEADERS if learner in FOLLOWERS)


def is_random(learner: sk.Learner) -> bool:
    """Whether the choices of a learner are random."""
    return bool(facts(learner)["randomised"])


def followers_of(leader: sk.Learner) -> list[sk.Learner]:
    """The followers that a leader meets."""
    if leader in FURTHER:
        return [*PARTNERS, *([leader] if leader in FOLLOWERS else [])]
    return [follower for follower in FOLLOWERS if follower not in FURTHER or leader in PARTNERS]


PAIRS = [(leader, follower) for leader in LEADERS for follower in followers_of(leader)]

MEANS: dict[str, tuple[list[list[float]], list[list[float]]]] = {
    "2x2": ([[0.75, 0.25], [0.5, 0.5]], [[0.25, 0.0], [0.625, 0.375]]),
    "2x3": ([[0.5, 0.125, 0.75], [0.25, 1.0, 0.625]], [[0.125, 0.5, 0.875], [0.75, 0.25, 0.0]]),
    "ties": ([[0.5, 0.5], [0.5, 0.5]], [[0.25, 0.25], [0.25, 0.25]]),
    "1x1": ([[0.5]], [[0.25]]),
    "1x3": ([[0.25, 0.5, 1.0]], [[0.5, 0.75, 0.75]]),
    "3x1": ([[0.25], [0.75], [0.75]], [[0.5], [0.25], [1.0]]),
    "5x3": (
        [[0.5, 0.0, 0.25], [1.0, 0.125, 0.5], [0.0, 0.5, 0.5], [0.875, 0.875, 0.375], [0.25, 0.25, 0.25]],
        [[0.0, 0.5, 0.25], [0.25, 0.125, 1.0], [0.75, 0.5, 0.5], [0.875, 0.625, 0.625], [0.5, 0.5, 0.5]],
    ),
}
"""Mean utilities in [0, 1], all multiples of 1/8: sums of them are exact in floating point."""

ROUNDED = ([[0.1, 0.7, 1 / 3], [2 / 3, 0.3, 0.9]], [[0.2, 0.6, 0.45], [0.55, 0.15, 0.35]])
"""Mean utilities whose sums depend on the order of summation."""

NOISES: dict[str, sk.Noise | tuple[sk.Noise, sk.Noise]] = {
    "Gaussian": sk.Gaussian(0.5),
    "Bernoulli": sk.Bernoulli(),
    "Uniform": sk.Uniform(0.75),
    "Deterministic": sk.Deterministic(),
    "Gaussian(0)": sk.Gaussian(0.0),
    "Bernoulli, Gaussian": (sk.Bernoulli(), sk.Gaussian(0.5)),
    "Gaussian, Uniform": (sk.Gaussian(2.0), sk.Uniform(0.25)),
    "Deterministic, Gaussian": (sk.Deterministic(), sk.Gaussian(1.0)),
}


def make_game(means: str, noise: str) -> sk.Game:
    return sk.Game(*MEANS[means], noise=NOISES[noise])


def named(described: sk.Learner | sk.Noise) -> oracle.Named:
    """Name and parameters of a learner or law, as the oracle takes them."""
    parameters: dict[str, Any] = dict(vars(described))
    if isinstance(described, MadeLearner):
        parameters["of"] = named(described.inner)
    return type(described).__name__, parameters
