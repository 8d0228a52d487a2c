"""Learners whose choices are random."""

from __future__ import annotations

from dataclasses import field

from stackel.learners._base import Learner, learner


@learner
class EpsilonGreedy(Learner):
    """The best empirical mean, or with some probability an arm at random.

    Each arm once in index order. Then, in the n-th round of this instance, with probability
    ``min(1, epsilon / n**decay)`` an arm uniformly at random, else the largest empirical mean. After
    Lattimore and Szepesvári (2020, exercise 6.7). With ``epsilon = c * K / d**2`` and ``decay = 1`` the
    probabilities are those of Auer, Cesa-Bianchi and Fischer (2002) for K arms whose means differ by at least
    d from the best. Their first K rounds are random too; here they are one round of each arm, as many on
    average.

    Parameters
    ----------
    epsilon : float, default 0.1
        Probability of exploring, at the start if it decays. More than 1 makes sense with a decay only.
    decay : float, default 0.0
        How fast it falls: 0 for a constant one, 1 for one that falls like 1/n.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest mean is played: the lowest index, or each with the same
        probability, anew at every tie.
    """

    epsilon: float = 0.1
    decay: float = 0.0
    ties: str = "lowest"


@learner
class Softmax(Learner):
    """Boltzmann exploration: probabilities grow exponentially with empirical means.

    Each arm once in index order. Then, in the n-th round of this instance, an arm is played with a
    probability in proportion to ``exp(mean / (temperature / n**decay))``. With a constant temperature, regret
    grows linearly; with one that falls too fast, the best arm may be lost for good (Cesa-Bianchi, Gentile,
    Lugosi and Neu 2017).

    Parameters
    ----------
    temperature : float
        Difference of two means, in units of utility, at which one arm is played e times as often as the
        other. From 1e-100, which is as good as the largest mean alone, ties shared. No default.
    decay : float, default 0.0
        How fast the temperature falls: 0 for a constant one, 1 for one that falls like 1/n.
    prior_weight, prior_mean : float, default 0.0
        In means, the prior counts as `prior_weight` rewards whose mean is `prior_mean`. Each arm is played
        once first all the same.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.0, 1.0]], [[0.0, 1.0]], noise=sk.Deterministic())
    >>> run = sk.simulate(game, sk.FixedAction(0), sk.Softmax(0.5), 10**6, seed=1)
    >>> print((run.pulls[0, 0] / run.horizon).round(2))  # exp(0) and exp(2), over their sum
    [0.12 0.88]
    """

    temperature: float = field(kw_only=False)
    decay: float = 0.0
    prior_weight: float = 0.0
    prior_mean: float = 0.0


@learner
class LargestSum(Learner):
    """The arm whose rewards have the largest sum, or with some probability an arm at random.

    After t rounds of this instance, with probability ``min(1, epsilon * exp(-rate * t) / max(1, t)**decay)``
    an arm uniformly at random, else the arm with the largest sum of rewards. No arm is played first just to
    know it: before its first reward an arm has the sum 0.

    Sums instead of means are a common fault of programs that are meant to be epsilon-greedy. Where rewards
    are positive, an arm that leads is played more, so that its sum grows further. SMPyBandits'
    ``EpsilonGreedy`` and its kin play this rule, with one arm fewer to explore.

    Parameters
    ----------
    epsilon : float, default 0.1
        Probability of exploring, at the start if it decays. More than 1 makes sense with a decay only.
    decay : float, default 0.0
        How fast it falls: 0 for a constant one, 1 for one that falls like 1/t.
    rate : float, default 0.0
        Rate of an exponential decay, in 1/rounds.
    exploration : int, default 0
        First rounds, all of which explore.
    explored : int, optional
        How many arms are explored, from the first on. Default: all.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest sum is played: the lowest index, or each with the same
        probability, anew at every tie.
    """

    epsilon: float = 0.1
    decay: float = 0.0
    rate: float = 0.0
    exploration: int = 0
    explored: int | None = None
    ties: str = "lowest"


@learner
class ThompsonSampling(Learner):
    """Draw a mean for every arm from its posterior law and play the arm with the largest.

    The prior counts as `prior_weight` rewards whose mean is `prior_mean`. With n rewards that sum to S, the
    posterior law of an arm's mean is, for the family ``"gaussian"``, normal with mean
    ``(prior_weight * prior_mean + S) / (prior_weight + n)`` and standard deviation
    ``sigma / sqrt(prior_weight + n)``; the defaults are those of Agrawal and Goyal (2013). For
    ``"bernoulli"`` it is ``Beta(prior_weight * prior_mean + S, prior_weight * (1 - prior_mean) + n - S)``;
    a reward r between 0 and 1 then counts as 1 with probability r and else as 0, one beyond as 0 or 1,
    after Agrawal and Goyal (2012).

    Parameters
    ----------
    family : {"gaussian", "bernoulli"}, default "gaussian"
        Laws that rewards are assumed to follow, whatever the game's noise is.
    prior_mean : float, optional
        Default 0 for ``"gaussian"``, 1/2 for ``"bernoulli"``.
    prior_weight : float, optional
        Default 1 for ``"gaussian"``, 2 for ``"bernoulli"``: a uniform law. With 0, every arm is played once
        first; only for ``"gaussian"``. For ``"bernoulli"``, both numbers of the prior's ``Beta`` are at least
        1e-250.
    sigma : float, default 1.0
        Standard deviation of rewards that it assumes, in units of utility; for ``"gaussian"`` only.
    """

    family: str = "gaussian"
    prior_mean: float | None = None
    prior_weight: float | None = None
    sigma: float = 1.0


@learner
class PerturbedMeans(Learner):
    """The largest mean after each is disturbed by a normal number, the less the more is known.

    An arm with n rewards counts ``mean + sigma * z / n**power`` with a new normal number z in every round,
    one without rewards ``prior_mean + sigma * z``. With ``power=0.5`` this is Thompson sampling whose prior
    is given up for the first reward; with 1, it may stop to explore too early.

    Parameters
    ----------
    power : float, default 1.0
        How fast the disturbance falls.
    prior_mean : float, default 0.0
        What an arm without rewards counts, in units of utility.
    sigma : float, default 1.0
        Size of the disturbance before the first reward, in units of utility.
    """

    power: float = 1.0
    prior_mean: float = 0.0
    sigma: float = 1.0


@learner
class EXP3(Learner):
    """Exponential weights, for rewards that an adversary might choose.

    A reward r has the loss ``(high - r) / (high - low)``, but 1 below `low` and 0 from `high` on. An arm is
    played with a probability in proportion to ``exp(-learning_rate * estimated loss)``; losing l when it was
    played with probability p adds ``l / p`` to its estimate. After Auer, Cesa-Bianchi, Freund and Schapire
    (2002), in the form of Lattimore and Szepesvári (2020, section 11), without mixing in uniform play. For
    losses in [0, 1], the expected regret is at most ``sqrt(2 T K ln K)``.

    Parameters
    ----------
    learning_rate : float, optional
        Default ``sqrt(2 ln K / (T K))`` for K arms.
    low, high : float, default 0.0 and 1.0
        Rewards outside count as these. Normal rewards go beyond any bounds: what is learnt about are then the
        means of clipped rewards.
    """

    learning_rate: float | None = None
    low: float = 0.0
    high: float = 1.0


@learner
class EXP3IX(Learner):
    """Exponential weights whose losses are estimated a little too low: EXP3 with implicit exploration.

    As `EXP3`, but losing l when it was played with probability p adds ``l / (p + implicit_exploration)`` to
    an arm's estimated loss. After Neu (2015). For losses in [0, 1] and any delta, with probability at least
    ``1 - delta`` the regret is at most ``2 sqrt(2 K T ln K) + (sqrt(2 K T / ln K) + 1) ln(2 / delta)``.

    Parameters
    ----------
    learning_rate : float, optional
        Default ``sqrt(2 ln K / (T K))`` for K arms.
    implicit_exploration : float, optional
        Default half of the learning rate.
    low, high : float, default 0.0 and 1.0
        See `EXP3`.
    """

    learning_rate: float | None = None
    implicit_exploration: float | None = None
    low: float = 0.0
    high: float = 1.0


@learner
class TsallisINF(Learner):
    """Probabilities that fall with the square of estimated losses: for adversarial and random rewards alike.

    In its n-th round, this instance plays arm i with probability ``(z + gap_i / sqrt(n))**-2``, where
    ``gap_i`` is the arm's estimated loss minus the least one and z makes the sum 1. Losses are estimated as
    by `EXP3`. This is the 1/2-Tsallis-INF of Zimmert and Seldin (2021) with importance weighting and the
    learning rate ``2 / sqrt(n)``; it knows no horizon. For losses in [0, 1], the expected regret is at most
    ``4 sqrt(K T) + 1`` whatever an adversary does, and grows like ``ln T`` where means are fixed.

    Parameters
    ----------
    low, high : float, default 0.0 and 1.0
        See `EXP3`.
    """

    low: float = 0.0
    high: float = 1.0


@learner
class EXP3S(Learner):
    """Exponential weights that share with all arms, to follow a best arm that changes.

    Arm i is played with probability ``(1 - gamma) w_i / W + gamma / K``, where W is the sum of the weights w
    of the K arms. A reward r has the gain ``(r - low) / (high - low)``, cut off at 0 and 1. After a gain x,
    the weight of the arm, which was played with probability p, is multiplied by ``exp(gamma x / (K p))``;
    then every weight grows by ``e alpha W / K``, with the sum W of before. After Auer, Cesa-Bianchi, Freund
    and Schapire (2002, section 8).

    With the defaults, the expected regret against any sequence of arms that changes S - 1 times is at most
    ``S sqrt(K T ln(K T)) + 2 e sqrt(K T / ln(K T))``.

    Parameters
    ----------
    gamma : float, optional
        Share of rounds in which an arm is played at random. Default ``min(1, sqrt(K ln(K T) / T))``. For a
        known S, ``min(1, sqrt(K (S ln(K T) + e) / ((e - 1) T)))`` has the better bound.
    alpha : float, optional
        What is shared, from 1e-100 to 1. Default ``1 / T``.
    low, high : float, default 0.0 and 1.0
        See `EXP3`.
    first : {"weights", "index", "random"}, default "weights"
        Who plays the first rounds: the weights, as in the paper, or each arm once, in index order or in one
        drawn at random. In the latter, the gain of an arm is still divided by the probability p that its
        weight gives it.
    """

    gamma: float | None = None
    alpha: float | None = None
    low: float = 0.0
    high: float = 1.0
    first: str = "weights"


@learner
class NoSwapRegret(Learner):
    """Exponential weights for each arm, mixed so that no swap of arms would have gained much.

    For each of the K arms there is a copy of exponential weights, which learns what should have been played
    in its place. Copy i advises arm j with probability ``q_ij``, in proportion to
    ``exp(-learning_rate * estimated loss_ij)``. The learner plays j with probability
    ``p_j = sum_i p_i q_ij``: the stationary law of the advice. Losing l with arm j adds ``p_i l / p_j`` to
    ``estimated loss_ij`` of each copy i; for losses see `EXP3`. After Blum and Mansour (2007).

    *Swap regret* compares with the best rule that replaces each arm by another, such as "2 instead of 0, else
    as played"; regret only with a single arm. If both players have little of it, the frequencies of their
    outcomes are close to a correlated equilibrium. For losses in [0, 1], the expected swap regret is at most
    ``K sqrt(2 T ln K)`` (derived in the definitions). A round takes about ``K**3`` operations.

    Parameters
    ----------
    learning_rate : float, optional
        Default ``sqrt(2 ln K / T)``.
    low, high : float, default 0.0 and 1.0
        See `EXP3`.
    """

    learning_rate: float | None = None
    low: float = 0.0
    high: float = 1.0
