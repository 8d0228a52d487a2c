"""Learners that explore first, by schedule or until they have seen enough."""

from __future__ import annotations

from stackel.learners._base import Learner, learner


@learner
class ExploreThenCommit(Learner):
    """Try every arm equally often, then always play the best empirical mean.

    Parameters
    ----------
    exploration : int, optional
        Pulls E of each arm before committing. Default: ``E2 = ceil((T/(|A||B|))^(2/3) (ln T)^(1/3))``
        as follower, ``|B| E2`` as leader.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest mean is played in the end: the lowest index, or each
        with the same probability.
    """

    exploration: int | None = None
    ties: str = "lowest"


@learner
class ExploreThenCommitThrowOut(Learner):
    """Explore-then-commit that throws each arm's first rewards away.

    Discarding waits until the follower below has finished exploring; after Donahue et al. (2024).

    Parameters
    ----------
    discard : int, optional
        Rewards N0 of each arm that are thrown away. Default ``|B| E2``.
    exploration : int, optional
        Rewards E of each arm that are averaged. Default ``|B| E2``.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest mean is played in the end: the lowest index, or each
        with the same probability.
    """

    discard: int | None = None
    exploration: int | None = None
    ties: str = "lowest"


@learner
class ExploreThenCommitAdaptive(Learner):
    """Explore-then-commit whose rewards say when to stop exploring.

    Sweeps over all arms in index order until one mean exceeds every other by more than ``2 r(n)``, then
    always plays that arm. It looks after the first sweep, and whenever the number of sweeps has grown by the
    factor `growth` since the last look. With ``growth=1``, which is every sweep, it plays two arms as
    `ActiveArmElimination` does, but drops none of more arms before the end. After Perchet, Rigollet, Chassang
    and Snowberg (2016), who look at such times, and the BAI-ETC of Garivier, Kaufmann and Lattimore (2016),
    which looks after every sweep, has two arms and ``confidence = 1/2``, and ``ln(T / (2 n))`` for ``ln T``.

    Parameters
    ----------
    growth : float, default 1.1
        At least 1. The exploration may be longer than needed by this factor. The larger it is, the fewer the
        looks, and the faster long games of three arms or more.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c of the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
    """

    growth: float = 1.1
    sigma: float = 1.0
    confidence: float = 1.0


@learner
class RoundRobinThenCommit(Learner):
    """Round-robin until means differ enough or a budget is spent, then always the best empirical mean.

    After each sweep, of t rounds by then, it looks at the difference of the largest and the smallest mean.
    After the rules of Garivier, Kaufmann and Lattimore (2016) for two arms: BAI-ETC, which knows no gap;
    SPRT-ETC, a sequential test; and FB-ETC, a fixed budget. Of more arms only the best and the worst are
    compared.

    Parameters
    ----------
    stop : {"bai", "sprt", "budget"}, default "bai"
        What ends the exploration: a difference of at least ``sqrt(alpha ln(T / t) / t)``; one of at least
        ``slack / t``; or so many `rounds`, which may end within a sweep.
    alpha : float, default 4.0
        For ``"bai"``, in squared units of utility.
    slack : float, default 1.0
        For ``"sprt"``, in units of utility.
    rounds : int, optional
        For ``"budget"``. Default: those in which `ExploreThenCommit` explores.
    extra : int, default 0
        Further rounds of the round-robin, from the first arm on, between the decision and the commitment.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest mean is played in the end: the lowest index, or each
        with the same probability.
    """

    stop: str = "bai"
    alpha: float = 4.0
    slack: float = 1.0
    rounds: int | None = None
    extra: int = 0
    ties: str = "lowest"


@learner
class ExploreThenUCB(Learner):
    """Round-robin whose rewards are discarded, then UCB from empty statistics.

    After Donahue et al. (2024).

    Parameters
    ----------
    exploration : int, optional
        Discarded pulls N0 of each arm. Default ``|B| E2``.
    sigma : float, default 1.0
        Noise scale that it assumes, in units of utility, whatever the game's noise is.
    confidence : float, default 1.0
        Factor c of the radius ``r(n) = sigma * sqrt(2 c ln T / n)``.
    ties : {"lowest", "random"}, default "lowest"
        Which of several arms with the largest bound is played: the lowest index, or each with the same
        probability, anew at every tie.
    """

    exploration: int | None = None
    sigma: float = 1.0
    confidence: float = 1.0
    ties: str = "lowest"
