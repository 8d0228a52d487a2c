"""Which learners have the rules of SMPyBandits' policies: same constants, first pulls and tie rule."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel.learners import (
    EXP3S,
    KLUCB,
    MOSS,
    UCB,
    UCBV,
    BayesUCB,
    FixedAction,
    LargestSum,
    Learner,
    PerturbedMeans,
    RoundRobinThenCommit,
    SlidingWindowUCB,
    Softmax,
    ThompsonSampling,
    UniformLearner,
)
from stackel.learners._own import OwnLearner
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, Uniform

if TYPE_CHECKING:
    from collections.abc import Callable

    from stackel.interop._problem import Bandit

_AT_RANDOM: dict[str, Any] = {"ties": "random", "first": "random"}
"""An index policy there plays one of the arms with the largest index, which is infinite for new arms."""
_LARGEST_TOLERANCE = 1e-3
_LEAST_SHARE = 1e-100
"""The least share of `EXP3S`; policies have none."""
_GROWTH = 100.0
"""Expected logarithms of ratios of weights that are far from that of the least share."""
_SIGMAS = 8.0
"""Normal rewards are further away than this with a probability below 1e-14."""
_EXPONENTS = -18.0, 700.0
"""`Softmax` there replaces weights that are all below exp(-18) by equal ones, and one above exp(709) by 0."""


def equal_of_smpybandits(policy: Any, bandit: Bandit) -> Learner | str:
    """Return the learner with the rule of a policy of SMPyBandits, or why there is none."""
    name, module = type(policy).__name__, type(policy).__module__
    if (name, module) == ("SMPyBanditsPolicy", "stackel.interop.smpybandits"):
        return _own(policy, bandit)
    if module.startswith("SMPyBandits.Policies") and name in OTHERS:
        return OTHERS[name]
    if not module.startswith("SMPyBandits.Policies") or name not in EQUALS:
        return f"no learner is registered for {name}"
    return EQUALS[name](policy, bandit)


def order_of(policy: Any) -> list[int] | None:
    """Return the order of the first pulls that a policy of SMPyBandits has drawn when it was made, if it has.

    A learner with its rule then has to play the arms in this order.
    """
    order = getattr(policy, "_initial_exploration", None)
    of_smpybandits = type(policy).__module__.startswith("SMPyBandits.Policies")
    return None if order is None or not of_smpybandits else [int(arm) for arm in order]


def _own(policy: Any, bandit: Bandit) -> Learner | str:
    """Return the learner in a `SMPyBanditsPolicy`."""
    learner, shape, horizon = policy.spec
    if (policy.lower, policy.amplitude, policy.seed) != (0, 1, None) or isinstance(learner, OwnLearner):
        return "its learner is given other rewards, or a seed, or has code of its own"
    if (shape[0], horizon) != (len(bandit.means), bandit.horizon):
        return f"it was made for {shape[0]} arms and {horizon} rounds"
    found: Learner = learner
    return found


def _ucb(policy: Any, _: Bandit) -> Learner:
    return UCB(anytime=True, sigma=policy.amplitude, **_AT_RANDOM)


def _ucb_alpha(policy: Any, _: Bandit) -> Learner:
    return UCB(anytime=True, sigma=policy.amplitude, confidence=policy.alpha / 4, **_AT_RANDOM)


def _ucb_h(policy: Any, bandit: Bandit) -> Learner | str:
    scale = _horizon_scale(policy, bandit)
    if isinstance(scale, str):
        return scale
    return UCB(sigma=policy.amplitude, confidence=policy.alpha / 4 * scale, **_AT_RANDOM)


def _ucb_plus(policy: Any, _: Bandit) -> Learner:
    """Return UCB with a decimal logarithm."""
    return UCB(anytime=True, sigma=policy.amplitude, confidence=1 / math.log(10), **_AT_RANDOM)


def _ucb_random_init(policy: Any, _: Bandit) -> Learner:
    return UCB(anytime=True, sigma=policy.amplitude, ties="random")


def _means(_policy: Any, _: Bandit) -> Learner:
    return UCB(sigma=0.0, **_AT_RANDOM)


def _horizon_scale(policy: Any, bandit: Bandit) -> float | str:
    """Return by what ln T of a run becomes ln T of the policy, or why there is no such number."""
    if policy.horizon == bandit.horizon:
        return 1.0
    if min(policy.horizon, bandit.horizon) < 2:
        return "ln T is 0"
    return math.log(policy.horizon) / math.log(bandit.horizon)


def _kl(policy: Any, bandit: Bandit, scale: float = 1.0, **given: Any) -> Learner | str:
    """Return KLUCB; for normal laws the policy hands its tolerance on as their variance."""
    if policy.klucb.__name__ == "klucbGauss":
        sigma = policy.amplitude * math.sqrt(policy.tolerance)
        return KLUCB(sigma=sigma, confidence=scale, **given, **_AT_RANDOM)
    if policy.klucb.__name__ != "klucbBern":
        return f"no learner has the divergence of {policy.klucb.__name__}"
    if policy.tolerance > _LARGEST_TOLERANCE:
        return f"its indices are only computed up to {policy.tolerance:g}"
    outside = _outside(policy, bandit)
    return outside or KLUCB(family="bernoulli", confidence=scale, **given, **_AT_RANDOM)


def _kl_ucb(policy: Any, bandit: Bandit) -> Learner | str:
    return _kl(policy, bandit, policy.c, anytime=True)


def _kl_ucb_h(policy: Any, bandit: Bandit) -> Learner | str:
    scale = _horizon_scale(policy, bandit)
    return scale if isinstance(scale, str) else _kl(policy, bandit, policy.c * scale)


def _kl_ucb_loglog(policy: Any, bandit: Bandit) -> Learner | str:
    return _kl(policy, bandit, anytime=True, loglog=policy.c)


def _moss(policy: Any, _: Bandit) -> Learner:
    return MOSS(anytime=True, sigma=policy.amplitude / 2, **_AT_RANDOM)


def _moss_anytime(policy: Any, _: Bandit) -> Learner:
    return MOSS(anytime=True, sigma=policy.amplitude / 2 * math.sqrt((1 + policy.alpha) / 2), **_AT_RANDOM)


def _moss_h(policy: Any, bandit: Bandit) -> Learner | str:
    if policy.horizon != bandit.horizon:
        return f"its horizon is {policy.horizon}, not {bandit.horizon}"
    return MOSS(sigma=policy.amplitude / 2, **_AT_RANDOM)


def _ucb_v(policy: Any, bandit: Bandit) -> Learner | str:
    if _some_are_equal(bandit.noise):
        return "its variance of equal rewards may be rounded to less than 0, and then it plays any arm"
    return UCBV(reward_range=policy.amplitude**2, confidence=1.0, count_current=False, **_AT_RANDOM)


def _sw_ucb(policy: Any, _: Bandit) -> Learner:
    alpha = policy.alpha / 2
    return SlidingWindowUCB(window=policy.tau, sigma=policy.amplitude, confidence=alpha, **_AT_RANDOM)


def _bayes_ucb(policy: Any, bandit: Bandit) -> Learner | str:
    prior = _prior(policy, bandit)
    if isinstance(prior, str):
        return prior
    zeros, ones = prior
    if min(prior) < 1:
        return "its prior laws have no quantiles here"
    steady = isinstance(bandit.noise, Deterministic) and set(bandit.all_means.ravel()) <= {0.0, 1.0}
    if not (steady or isinstance(bandit.noise, Bernoulli)):
        return "it turns rewards into coins"
    return BayesUCB(family="bernoulli", prior_ones=ones, prior_zeros=zeros, ties="random")


def _thompson(policy: Any, bandit: Bandit) -> Learner | str:
    if type(policy.posterior[0]).__name__ == "Gauss":
        return _thompson_gauss(policy)
    prior = _prior(policy, bandit)
    if isinstance(prior, str):
        return prior
    zeros, ones = prior
    weight = zeros + ones
    return ThompsonSampling(family="bernoulli", prior_mean=ones / weight, prior_weight=weight)


def _prior(policy: Any, bandit: Bandit) -> tuple[float, float] | str:
    """Return how many zeros and ones the prior law of each arm counts, or why a learner cannot have it."""
    posterior = policy.posterior[0]
    if type(posterior).__name__ != "Beta":
        return f"no learner has its posterior {type(posterior).__name__}"
    zeros, ones = posterior.N
    if any(list(each.N) != [zeros, ones] for each in policy.posterior) or min(zeros, ones) <= 0:
        return "its prior laws differ, or are improper"
    outside = _outside(policy, bandit)
    return outside or (float(zeros), float(ones))


def _thompson_gauss(policy: Any) -> Learner | str:
    """Return a rule whose draws have the deviation 1 / n, not its root."""
    means = {posterior._mu for posterior in policy.posterior}  # noqa: SLF001 - it has no public name
    if len(means) > 1:
        return "its prior laws differ"
    prior_mean = policy.lower + policy.amplitude * means.pop()
    return PerturbedMeans(power=1.0, prior_mean=prior_mean, sigma=policy.amplitude)


def _sums(policy: Any, bandit: Bandit, **cooling: Any) -> Learner | str:
    """Return the rule that all kinds of `EpsilonGreedy` share: sums, and no exploration of the last arm."""
    if policy.lower != 0:
        return "its sums depend on how often an arm was played, because it shifts rewards"
    if len(bandit.means) < 2:
        return "it cannot explore a single arm"
    if _some_are_equal(bandit.noise):
        return "its sums of equal rewards are rounded as they come, which makes or breaks ties"
    return LargestSum(explored=len(bandit.means) - 1, ties="random", **cooling)


def _epsilon_greedy(policy: Any, bandit: Bandit) -> Learner | str:
    return _sums(policy, bandit, epsilon=policy.epsilon)


def _epsilon_decreasing(policy: Any, bandit: Bandit) -> Learner | str:
    return _sums(policy, bandit, epsilon=policy._epsilon, decay=1.0)  # noqa: SLF001 - its property is that of now


def _epsilon_exp_decreasing(policy: Any, bandit: Bandit) -> Learner | str:
    return _sums(policy, bandit, epsilon=policy._epsilon, rate=policy._decreasingRate)  # noqa: SLF001 - as above


def _epsilon_first(policy: Any, bandit: Bandit) -> Learner | str:
    last = policy._epsilon * policy.horizon  # noqa: SLF001 - as above
    return _sums(policy, bandit, epsilon=0.0, exploration=math.floor(last) + 1)


def _etc_known_gap(policy: Any, bandit: Bandit) -> Learner | str:
    return _sums(policy, bandit, epsilon=0.0, exploration=policy.max_t + 1)


def _etc_random_stop(policy: Any, bandit: Bandit) -> Learner | str:
    """Return play at random for good: the last arm is never explored, and without it there is no stop."""
    return _sums(policy, bandit, epsilon=1.0)


def _etc_fixed_budget(policy: Any, bandit: Bandit) -> Learner | str:
    if _some_are_equal(bandit.noise):
        return "its first arm has one reward more, and so the mean of equal ones is rounded otherwise"
    if not math.isfinite(policy.max_t):
        return "its budget is no number"
    return RoundRobinThenCommit(stop="budget", rounds=int(policy.max_t) + 1, ties="random")


def _etc_sprt(policy: Any, _: Bandit) -> Learner:
    """Return the rule whose last sweep, in which it looks, still plays its first arm."""
    evidence = 2 * policy.amplitude * math.log(policy.horizon * policy.gap**2) if policy.gap else 0.0
    return RoundRobinThenCommit(stop="sprt", slack=max(0.0, evidence), extra=1, ties="random")


def _etc_bai(policy: Any, bandit: Bandit) -> Learner | str:
    if policy.horizon != bandit.horizon:
        return f"its horizon is {policy.horizon}, not {bandit.horizon}"
    alpha = policy.alpha * policy.amplitude**2
    return RoundRobinThenCommit(stop="bai", alpha=alpha, extra=1, ties="random")


def _exp3(policy: Any, bandit: Bandit) -> Learner | str:
    """Return EXP3S; weights there grow with rewards as they are, whatever `lower` and `amplitude` are."""
    if not policy.unbiased:
        return "its gains are not divided by the probabilities of arms"
    if not _is_inside(bandit):
        return "rewards outside [0, 1]"
    if bandit.changes and policy.gamma * bandit.horizon / len(bandit.means) > _GROWTH:
        return "a weight may become so small that it cannot come back"
    return EXP3S(gamma=float(policy.gamma), alpha=_LEAST_SHARE, first="index")


def _softmax(policy: Any, bandit: Bandit) -> Learner | str:
    if policy.unbiased:
        return "it divides sums of rewards by weights, and not rewards"
    temperature = float(policy.temperature * policy.amplitude)
    least, largest = ((end - policy.lower) / temperature for end in _ends(bandit, _SIGMAS))
    if least < _EXPONENTS[0] or largest > _EXPONENTS[1]:
        return "its weights may be too small or too large for it"
    return Softmax(temperature, prior_weight=1.0, prior_mean=policy.lower)


def _uniform(_policy: Any, _: Bandit) -> Learner:
    return UniformLearner()


def _fixed(policy: Any, _: Bandit) -> Learner:
    return FixedAction(int(policy.armIndex))


def _outside(policy: Any, bandit: Bandit) -> str:
    """Return why rewards are not those in [0, 1] that a rule for coins is meant for; empty if they are."""
    if (policy.lower, policy.amplitude) != (0, 1):
        return "it scales rewards before it takes them for coins"
    return "" if _is_inside(bandit) else "rewards outside [0, 1]"


def _is_inside(bandit: Bandit) -> bool:
    """Return whether all rewards are in [0, 1]."""
    least, largest = _ends(bandit)
    return least >= 0 and largest <= 1


def _ends(bandit: Bandit, sigmas: float = np.inf) -> tuple[float, float]:
    """Return the least and the largest reward; normal ones are up to so many sigmas from their means."""
    width = 0.0
    match bandit.noise:
        case Bernoulli():
            return 0.0, 1.0
        case Uniform(half_width):
            width = float(np.max(half_width))
        case Gaussian(sigma) if np.any(sigma):
            width = float(np.max(sigma) * sigmas)
    means = bandit.all_means
    return float(means.min() - width), float(means.max() + width)


def _some_are_equal(noise: Noise) -> bool:
    """Return whether all rewards of some arm are equal."""
    return isinstance(noise, Deterministic) or any(not np.all(scale) for scale in vars(noise).values())


EQUALS: dict[str, Callable[[Any, Bandit], Learner | str]] = {
    "BayesUCB": _bayes_ucb,
    "ETC_BAI": _etc_bai,
    "ETC_FixedBudget": _etc_fixed_budget,
    "ETC_KnownGap": _etc_known_gap,
    "ETC_RandomStop": _etc_random_stop,
    "ETC_SPRT": _etc_sprt,
    "EmpiricalMeans": _means,
    "EpsilonDecreasing": _epsilon_decreasing,
    "EpsilonDecreasingMEGA": _epsilon_decreasing,
    "EpsilonExpDecreasing": _epsilon_exp_decreasing,
    "EpsilonFirst": _epsilon_first,
    "EpsilonGreedy": _epsilon_greedy,
    "Exp3": _exp3,
    "Exp3WithHorizon": _exp3,
    "MOSS": _moss,
    "MOSSAnytime": _moss_anytime,
    "MOSSH": _moss_h,
    "SWUCB": _sw_ucb,
    "SWUCBPlus": _sw_ucb,
    "Softmax": _softmax,
    "SoftmaxWithHorizon": _softmax,
    "TakeFixedArm": _fixed,
    "Thompson": _thompson,
    "UCB": _ucb,
    "UCBH": _ucb_h,
    "UCBV": _ucb_v,
    "UCBalpha": _ucb_alpha,
    "UCBplus": _ucb_plus,
    "UCBrandomInit": _ucb_random_init,
    "Uniform": _uniform,
    "klUCB": _kl_ucb,
    "klUCBH": _kl_ucb_h,
    "klUCBloglog": _kl_ucb_loglog,
}
"""Policies whose rule a learner has, by the name of their class."""
OTHERS = {
    "DiscountedUCB": "its discounted counts are kept as whole numbers, and stay at 1",
    "Exp3Decreasing": "no learner has its rate",
    "SoftMix": "no learner has its temperature",
    "SoftmaxDecreasing": "its temperature falls with the rounds before, not with that of the choice",
    "UCBmin": "its bonus is cut at 1, and its logarithm is decimal",
}
"""Why some of the others are played by their own code."""
