"""Learners that drop arms, and one that watches a follower doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stackel.learners._base import Learner, learner

if TYPE_CHECKING:
    from collections.abc import Sequence


@learner
class ActiveArmElimination(Learner):
    """Sweep over the active arms; drop those clearly worse than the best.

    Parameters
    ----------
    phases : sequence of int, optional
        Sweeps ``M_p`` in phase ``p`` between two eliminations; the last entry repeats. Default: 1
        for every phase.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c of the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
    """

    phases: Sequence[int] | None = None
    sigma: float = 1.0
    confidence: float = 1.0


@learner
class PhasedUCB(Learner):
    """Leader that sees the follower's actions and is optimistic about each active one.

    Leader only. Its index of action a is the largest ``mean1(a, b) + r(n_ab)`` over the b that an
    elimination follower with the same `phases` still has active, recomputed from the observed b.

    Parameters
    ----------
    phases : sequence of int, optional
        The follower's sweeps between two eliminations; see `ActiveArmElimination`.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c of the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
    """

    phases: Sequence[int] | None = None
    sigma: float = 1.0
    confidence: float = 1.0
