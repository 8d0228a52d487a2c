"""Learners that do not learn."""

from __future__ import annotations

from dataclasses import field

from stackel.learners._base import Learner, learner


@learner
class FixedAction(Learner):
    """Play the same action in every round.

    Parameters
    ----------
    a : int
        Index of the action, from 0.
    """

    a: int = field(kw_only=False)


@learner
class BestResponse(Learner):
    """Omniscient follower: knows its mean utilities and plays the best; ties to the lowest index."""


@learner
class QuantalResponse(Learner):
    """Follower that knows its mean utilities and plays better responses more often.

    It answers a with b with a probability in proportion to ``exp(u2(a, b) / temperature)``. This is the logit
    response of McKelvey and Palfrey (1995), a boundedly rational `BestResponse`. Follower only.

    Parameters
    ----------
    temperature : float
        Difference of two mean utilities at which one response is played e times as often as the other. From
        1e-100, which is as good as the best response, ties shared. No default.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.0, 1.0]], [[0.0, 1.0]])
    >>> run = sk.simulate(game, sk.FixedAction(0), sk.QuantalResponse(0.5), 10**9, seed=1)
    >>> print((run.pulls[0, 0] / run.horizon).round(2))  # exp(0) and exp(2), over their sum
    [0.12 0.88]
    """

    temperature: float = field(kw_only=False)


@learner
class BestManipulation(Learner):
    """Follower that knows the game and makes its favourite cell the leader's best, by punishing elsewhere.

    Of all cells ``(a', b')`` whose ``u1(a', b')`` beats the worst response to every other action, it
    aims at the one with the largest ``u2``: it answers a' with b', and any other action with the
    response that is worst for the leader. A leader that learns from its rewards comes to play a'. If
    there is no such cell, it plays its best responses.

    Follower only; FBM of Y. Yu and H. Chen, *Decentralized Online Learning in General-Sum Stackelberg
    Games*, UAI 2024.

    Examples
    --------
    The game of the paper's first table. The equilibrium is worth 0.1 to the follower:

    >>> import stackel as sk
    >>> game = sk.Game([[0.3, 0.1], [0.2, 0.3]], [[0.1, 0.05], [1.0, 0.1]], noise=sk.Deterministic())
    >>> sk.stackelberg(game).follower
    0.1
    >>> for follower in (sk.BestResponse(), sk.BestManipulation()):
    ...     run = sk.simulate(game, sk.UCB(sigma=0.1), follower, 10**6)
    ...     print(round(float(run.utility[1, 0, -1] / run.horizon), 3))
    0.1
    1.0
    """


@learner
class ManipulationUCB(Learner):
    """Follower that sees the leader's rewards and learns how to manipulate it.

    It plays as `BestManipulation` would, on estimates. Upper bounds of its own means decide which cell it
    aims at, lower bounds of the leader's means which responses it threatens with, and the leader's mean
    what the target is worth to the leader. A radius is ``sigma sqrt(2 ln(|A| |B| T / delta) / n)``; an
    untried cell counts as one that has brought 0 once. All leader actions share one learner.

    It needs a leader that explores much, see the definitions page; with plain `UCB` as leader it usually
    earns less than `UCB` would.

    Follower only; FMUCB of Y. Yu and H. Chen, *Decentralized Online Learning in General-Sum Stackelberg
    Games*, UAI 2024, which is for rewards in [0, 1].

    Parameters
    ----------
    delta : float, optional
        Probability that the bounds may fail, from 1e-100 to 1. By default 1 / T.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    """

    delta: float | None = None
    sigma: float = 1.0


@learner
class UniformLearner(Learner):
    """Play an arm chosen uniformly at random in every round; `stackel.Uniform` is the noise law."""
