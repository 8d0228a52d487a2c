"""Learners that trust recent rewards more, because the game changes as the other player learns."""

from __future__ import annotations

from stackel.learners._base import Learner, learner


@learner
class SlidingWindowUCB(Learner):
    """Upper confidence bounds from the last rounds only, as if nothing had been before.

    After n rounds of its own, the largest ``mean + sigma sqrt(2 c ln min(n, window) / N)``, where the mean
    is that of an arm's N rewards in the last `window` rounds; an arm without any is played at once. After
    Garivier and Moulines (2011), whose rewards in [0, B] have ``sigma = B / 2``, and whose xi is ``c / 2``.

    It decides anew every round, so that games are played round by round. Each instance remembers the rewards
    in its window, in up to 32 bytes each.

    Parameters
    ----------
    window : int, optional
        Default ``2 sqrt(T ln T)``, rounded up: for rewards in [0, 1] that change once. Unless the horizon is
        shorter, at most 2^24, which is also the largest default.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c in the bound.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    first : {"index", "random"}, default "index"
        Which of several arms without rewards is played: the lowest index, or each with the same probability.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.SlidingWindowUCB().resolve("leader", 10_000, 2, 2)
    SlidingWindowUCB(window=607, sigma=1.0, confidence=1.0, ties='lowest', first='index')
    """

    window: int | None = None
    sigma: float = 1.0
    confidence: float = 1.0
    ties: str = "lowest"
    first: str = "index"


@learner
class DiscountedUCB(Learner):
    """Upper confidence bounds from rewards that count the less the older they are.

    A reward m rounds ago counts for ``discount^m``. With N for what all rewards of an arm count for, and n
    for those of all arms, the largest ``mean + 2 sigma sqrt(2 c ln max(1, n) / N)``; an arm without any
    reward is played at once. After Garivier and Moulines (2011), whose rewards in [0, B] have
    ``sigma = B / 2``, and whose xi is ``c / 2``; their radius is twice that of `SlidingWindowUCB`.

    It decides anew every round, so that games are played round by round.

    Parameters
    ----------
    discount : float, optional
        From 0 to 1. Default ``1 - 1 / (4 sqrt(T))``: for rewards in [0, 1] that change once. With 1 this is
        ``UCB(anytime=True)`` with twice the `sigma`.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c in the bound.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.

    Examples
    --------
    >>> import stackel as sk
    >>> sk.DiscountedUCB().resolve("leader", 10_000, 2, 2)
    DiscountedUCB(discount=0.9975, sigma=1.0, confidence=1.0, ties='lowest')
    """

    discount: float | None = None
    sigma: float = 1.0
    confidence: float = 1.0
    ties: str = "lowest"
