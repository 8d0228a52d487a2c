"""Learners that play the largest of some upper bounds."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from stackel._utils.arrays import as_floats
from stackel.learners._base import Learner, learner

_FEATURES = "an array of numbers up to 1e50, of shape (n_leader, d) or (n_leader, n_follower, d), or None"


@learner
class UCB(Learner):
    """Upper confidence bounds: each arm once, then the largest ``mean + r(n)``.

    Parameters
    ----------
    anytime : bool, default False
        Use ``ln max(1, rounds already played by this instance)`` instead of ``ln T``.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c of the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    first : {"index", "random"}, default "index"
        Order in which the arms are played once at first: that of their indices, or one drawn at random.

    Examples
    --------
    Without noise, two equally good arms tie whenever they have been played equally often; in the end here,
    where the horizon is odd:

    >>> import stackel as sk
    >>> game = sk.Game([[0.5, 0.5]], [[0.5, 0.5]], noise=sk.Deterministic())
    >>> for ties in ("lowest", "random"):
    ...     follower = sk.UCB(ties=ties)
    ...     run = sk.simulate(game, sk.FixedAction(0), follower, 101, replications=1000, seed=1)
    ...     print(ties, round(float(run.pulls[:, 0, 0].mean()), 1))
    lowest 51.0
    random 50.5
    """

    anytime: bool = False
    sigma: float = 1.0
    confidence: float = 1.0
    ties: str = "lowest"
    first: str = "index"


@learner
class HierarchicalUCB(Learner):
    """Leader of a common interest whose bonus covers what the follower loses by learning.

    Each arm once, then the largest ``mean + (sqrt(kappa |B|) + constant) sqrt(ln(T / delta) / n)``.
    Leader only; for games in which both players have the same utilities, rewards in [0, 1]. Algorithm 1
    of H. Kao, C.-Y. Wei and V. Subramanian, *Decentralized Cooperative Reinforcement Learning with
    Hierarchical Information Structure*, ALT 2022.

    Parameters
    ----------
    kappa : float, default 4.0
        How well the follower learns: with probability ``1 - delta`` its regret over n rounds is at
        most ``sqrt(kappa |B| n ln(T / delta))``. 4 does for ``UCB(sigma=0.5)`` and the default delta.
    constant : float, default 1.0
        The constant c in front of the leader's own radius ``sqrt(ln(T / delta) / n)``.
    delta : float, optional
        Probability that the bounds may fail, from 1e-100 to 1. By default 1 / T.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.

    Examples
    --------
    A response that is worth 1 hides behind 200 that are worth nothing. Plain UCB gives up on the
    action before its follower has found it:

    >>> import numpy as np
    >>> import stackel as sk
    >>> common = np.vstack([np.eye(201)[200], np.full(201, 0.5)])
    >>> game = sk.Game(common, common, noise=sk.Deterministic())
    >>> for leader in (sk.UCB(sigma=0.5), sk.HierarchicalUCB()):
    ...     run = sk.simulate(game, leader, sk.UCB(sigma=0.5), 10**6)
    ...     print(round(float(run.utility[0, 0, -1] / run.horizon), 2))
    0.5
    0.97
    """

    kappa: float = 4.0
    constant: float = 1.0
    delta: float | None = None
    ties: str = "lowest"


@learner
class LipschitzUCB(Learner):
    """Leader whose bonus ``C L sigma sqrt(|B| ln T / n)`` covers a learning follower.

    Leader only; after Donahue et al. (2024).

    Parameters
    ----------
    lipschitz : float, default 1.0
        Alignment constant L of the game, see `stackel.alignment`.
    follower_constant : float, default 4.0
        Constant C. An elimination follower's average regret over its n rounds is at most about
        ``2 sqrt(2) sigma sqrt(|B| ln T / n)`` and the leader's own radius at most
        ``sqrt(2 / |B|)`` in the same unit, so 4 covers both; UCB followers need less.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    """

    lipschitz: float = 1.0
    follower_constant: float = 4.0
    sigma: float = 1.0
    ties: str = "lowest"


@learner
class KLUCB(Learner):
    """Upper confidence bounds from the divergence of a family of laws.

    Each arm once, then the arm with the largest u such that
    ``n d(mean, u) <= confidence * (ln T + loglog * ln ln T)``. After Garivier and Cappé (2011), whose rule is
    the one with `anytime`.

    Parameters
    ----------
    family : {"gaussian", "bernoulli"}, default "gaussian"
        Laws that rewards are assumed to follow, whatever the game's noise is. For ``"gaussian"``,
        ``d(x, u) = (u - x)**2 / (2 sigma**2)``, so that without `loglog` this is `UCB`; for
        ``"bernoulli"``, ``d(x, u) = x ln(x / u) + (1 - x) ln((1 - x) / (1 - u))``, where a mean outside
        [0, 1] counts as its end.
    loglog : float, default 0.0
        Their constant c: the proof wants 3, 0 does better.
    anytime : bool, default False
        Use ``max(1, rounds already played by this instance)`` in place of T.
    sigma : float, default 1.0
        Standard deviation of rewards that it assumes, in units of utility; for ``"gaussian"`` only.
    confidence : float, default 1.0
        Multiplier of the exploration.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest u is played: the lowest index, or each with the same
        probability, anew at every tie.
    first : {"index", "random"}, default "index"
        Order in which the arms are played once at first: that of their indices, or one drawn at random.
    """

    family: str = "gaussian"
    loglog: float = 0.0
    anytime: bool = False
    sigma: float = 1.0
    confidence: float = 1.0
    ties: str = "lowest"
    first: str = "index"


@learner
class BayesUCB(Learner):
    """The largest upper quantile of the posterior laws of the means.

    In round t of this instance, an arm counts the number that its mean exceeds with probability
    ``1 / (t * max(1, ln T)**exponent)`` by what is known of it. After Kaufmann, Cappé and Garivier
    (2012). For coins, ``exponent >= 5`` and a uniform prior, an arm with mean p is then played at most
    ``(1 + e) ln T / d(p, best mean) + o(ln T)`` times on average for every e > 0, d being the divergence of
    `KLUCB`.

    Parameters
    ----------
    family : {"gaussian", "bernoulli"}, default "gaussian"
        Laws that rewards are assumed to follow, whatever the game's noise is. For ``"gaussian"``, each arm
        once; then quantiles are ``mean + sigma * z / sqrt(n)`` with the quantile z of the normal law. For
        ``"bernoulli"``, they are those of ``Beta(prior_ones + S, prior_zeros + n - S)`` after n rewards that
        sum to S; a sum below 0 or above n counts as these. There, an arm may be played for long before
        another one is tried.
    prior_ones, prior_zeros : float, default 1.0
        For ``"bernoulli"`` the prior counts as so many rewards of 1 and of 0, at least one of each. With the
        defaults it is the uniform law.
    exponent : float, default 0.0
        Their constant c: the proof wants 5, 0 does better, and needs no T.
    sigma : float, default 1.0
        Standard deviation of rewards that it assumes, in units of utility; for ``"gaussian"`` only.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest quantile is played: the lowest index, or each with the same
        probability, anew at every tie.

    Examples
    --------
    >>> import stackel as sk
    >>> learner = sk.BayesUCB(family="bernoulli")
    >>> sk.bandit([0.4, 0.6], learner, 10**6, noise=sk.Bernoulli(), seed=1).pulls.sum()
    np.int64(1000000)
    """

    family: str = "gaussian"
    prior_ones: float = 1.0
    prior_zeros: float = 1.0
    exponent: float = 0.0
    sigma: float = 1.0
    ties: str = "lowest"


@learner
class UCBV(Learner):
    """Upper confidence bounds that are the narrower the less an arm's rewards vary.

    Each arm once, then the largest ``mean + sqrt(2 V c ln t / n) + 3 b c ln t / n``, where V
    is the variance of the arm's n rewards so far and t the number of this round of the instance. After
    Audibert, Munos and Szepesvári (2009), whose rewards lie in [0, b], and whose zeta is c.

    It leaps where rewards are normal or coins; normal ones in law. Otherwise games are played round by round.

    Parameters
    ----------
    reward_range : float, default 1.0
        Width b of an interval that holds all rewards. Normal rewards go beyond any.
    confidence : float, default 1.2
        Multiplier c of the logarithm; the proofs want more than 1.
    count_current : bool, default True
        Whether t counts the round that is being decided, or only the rounds before it.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    first : {"index", "random"}, default "index"
        Order in which the arms are played once at first: that of their indices, or one drawn at random.
    """

    reward_range: float = 1.0
    confidence: float = 1.2
    count_current: bool = True
    ties: str = "lowest"
    first: str = "index"


@learner
class MOSS(Learner):
    """Upper confidence bounds that shrink to nothing once an arm has had its fair share of rounds.

    Each arm once, then the largest ``mean + 2 sigma sqrt(max(0, ln(T / (K n))) / n)``. After
    Audibert and Bubeck (2009), whose rewards in [0, 1] have ``sigma = 1/2``. Its regret is at most of
    order ``sigma sqrt(K T)`` in every game that does not change.

    Parameters
    ----------
    anytime : bool, default False
        Use the rounds already played by this instance in place of T.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    first : {"index", "random"}, default "index"
        Order in which the arms are played once at first: that of their indices, or one drawn at random.
    """

    anytime: bool = False
    sigma: float = 1.0
    ties: str = "lowest"
    first: str = "index"


@learner
class LinUCB(Learner):
    """The largest upper bound of a linear model: what one action teaches counts for all that are like it.

    The mean of an action is taken for the product of its features with an unknown vector theta. As a follower
    it is one learner for all leader actions, and carries over what it learns under one to the others. After
    n rounds with features ``x_1, ..., x_n`` and rewards ``r_1, ..., r_n``, with
    ``V = ridge I + sum x_s x_s'`` and the estimate ``theta = V^-1 sum r_s x_s``, it plays the largest
    ``x . theta + sigma sqrt(2 confidence ln T) sqrt(x' V^-1 x)``. After Li, Chu, Langford and Schapire
    (2010); with the radius of `UCB`, which it is for features that are 1 for one action each and a ridge
    close to 0.

    For means that are linear, features and theta of length at most 1 and ``ridge >= 1``, the theory of
    Abbasi-Yadkori, Pál and Szepesvári (2011) takes the larger radius
    ``sigma sqrt(d ln(1 + T / (ridge d)) + 2 ln T) + sqrt(ridge)``; regret is then of the order
    ``d sqrt(T) ln T``, however many actions there are.

    Parameters
    ----------
    features : array, optional
        Of a leader, shape (n_leader, d): the features of action a are ``features[a]``. Of a follower, shape
        (n_leader, n_follower, d): those of the answer b to a are ``features[a, b]``. Numbers up to 1e50, d at
        most 256. By default a feature for each action, or for each pair: nothing is carried over.
    ridge : float, default 1.0
        Weight of the prior guess that theta is 0; from 1e-50. Rounding is felt where it is less than about
        1e-13 T times the squared length of features.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor of ``ln T`` in the bound.

    Examples
    --------
    Two prompts, with answers of the same quality. What is learnt under the first counts for the second:

    >>> import numpy as np
    >>> import stackel as sk
    >>> features = np.stack([np.eye(3), np.eye(3)])
    >>> follower = sk.LinUCB(features, sigma=0.1)
    >>> game = sk.Game([[0.9, 0.1, 0.1], [0.5, 0.5, 0.5]], [[0.1, 0.2, 0.9]] * 2, noise=sk.Gaussian(0.1))
    >>> sk.simulate(game, sk.UniformLearner(), follower, 1000, seed=1).pulls[0, :, 2].sum() > 950
    np.True_
    """

    features: Any = field(default=None, kw_only=False)
    ridge: float = 1.0
    sigma: float = 1.0
    confidence: float = 1.0

    @classmethod
    def _checkable(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        given = parameters.get("features")
        features = given if given is None else as_floats("features", _FEATURES, given).tolist()
        return super()._checkable(parameters | {"features": features})
