"""Learners that are made of another learner."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any, Self

from stackel._core import check_learner
from stackel._utils.numbers import plain_parameters
from stackel.learners._base import REGISTERED, Learner, learner, resolved
from stackel.learners._custom import as_learner
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from stackel.learners._custom import AnyLearner

_STAND_IN = "UCB"
"""The learner whose place one of the user's own takes, where no code of it is needed."""


class MadeLearner(Learner, registered=False):
    """Base class of the learners that are made of another one, `of`."""

    of: AnyLearner

    def __post_init__(self) -> None:
        of = as_learner("of", self.of, recorded=True)
        vars(self)["of"] = of
        checked = check_learner(type(self).__name__, self._checkable(vars(self)))
        vars(self).update(checked | {"of": of})

    @property
    def inner(self) -> Learner:
        """The learner that it is made of."""
        return self.of  # type: ignore[return-value]  # a policy was replaced when it was made

    @property
    def label(self) -> str:
        """Short name, with the one of the learner that it is made of."""
        return f"{type(self).__name__}({self.inner.label})"

    @property
    def omniscient(self) -> bool:
        """Whether the learner that it is made of knows mean utilities."""
        return self.inner.omniscient

    @property
    def randomised(self) -> bool:
        """Whether the choices of the learner that it is made of may be random."""
        return self.inner.randomised

    @classmethod
    def _checkable(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters.get("of") is None:
            return plain_parameters(parameters)
        of = _without_code(as_learner("of", parameters["of"], recorded=True))
        return plain_parameters(parameters | {"of": of})

    def resolve(self, role: str, horizon: int, n_leader: int, n_follower: int) -> Self:
        """Return the same learner with defaults filled in for a seat; see `Learner.resolve`."""
        parameters = self._checkable(vars(self))
        found = resolved(type(self).__name__, parameters, role, horizon, n_leader, n_follower)
        return type(self)(**found | {"of": _filled(self.inner, found["of"])})

    def to_dict(self) -> dict[str, Any]:
        """Plain description: as `Learner.to_dict`, with a table of its own for `of`."""
        return super().to_dict() | {"of": self.inner.to_dict()}


def innermost(learner: Learner) -> Learner:
    """Return the learner that is made of no other: `learner`, or the one that it is made of in the end."""
    while isinstance(learner, MadeLearner):
        learner = learner.inner
    return learner


def _without_code(learner: Learner) -> Learner:
    """Return a learner whose parameters can be checked where the code of a user's own is not at hand."""
    if isinstance(learner, OwnLearner):
        return REGISTERED[_STAND_IN]()
    if isinstance(learner, MadeLearner) and isinstance(innermost(learner), OwnLearner):
        return type(learner)(**vars(learner) | {"of": _without_code(learner.inner)})
    return learner


def _filled(learner: Learner, parameters: dict[str, Any]) -> Learner:
    """Return a learner with its parameters filled in; one of the user's own has none."""
    if isinstance(learner, OwnLearner):
        return learner
    if isinstance(learner, MadeLearner):
        parameters["of"] = _filled(learner.inner, parameters["of"])
    return type(learner)(**parameters)


@learner
class Blind(MadeLearner):
    """Follower that does not see the leader's action.

    One learner plays all rounds, whatever the leader does: its clock is the number t of the round. The game
    is then the bimatrix game with simultaneous moves. Each of the follower's actions brings a mixture of the
    utilities that it has under the leader's actions, in proportion to how often the leader plays them, which
    changes while the leader learns.

    Parameters
    ----------
    of : Learner or Policy
        The learner. It cannot be one that is told of mean utilities or of the leader's rewards.

    Examples
    --------
    In the battle of the sexes, the leader gets what it likes best if its action is seen. If both move at
    once, either player may get it:

    >>> import stackel as sk
    >>> game = sk.Game([[2, 0], [0, 1]], [[1, 0], [0, 2]], noise=sk.Gaussian(0.5))
    >>> for follower in (sk.UCB(), sk.Blind(sk.UCB())):
    ...     run = sk.simulate(game, sk.UCB(), follower, 10_000, seed=1)
    ...     print(follower.label, run.pulls[0].tolist())
    UCB [[9971, 17], [2, 10]]
    Blind(UCB) [[6, 27], [6, 9961]]
    """

    of: AnyLearner = field(kw_only=False)


@learner
class Doubling(MadeLearner):
    """A learner for games whose length nobody knows: it starts afresh after a number of rounds that doubles.

    Epoch k = 0, 1, ... lasts ``first * 2^k`` rounds of the instance: of a leader, all rounds; of the
    follower's instance at a leader action, those in which it answers that action. At its start `of` starts
    afresh, with no data, and is told the length of the epoch as its horizon T. So a game begins in the same
    way however long it goes on.

    If `of` has a regret of order ``T^p``, 0 < p < 1, so has Doubling, with a constant that is larger by a
    factor of at most ``1 / (1 - 2^-p)``: 2.7 for p = 2/3, 3.4 for p = 1/2. Regret of order ``ln T`` becomes
    one of order ``(ln T)^2``. After L. Besson and E. Kaufmann, *What Doubling Tricks Can and Can't Do for
    Multi-Armed Bandits* (2018).

    Parameters
    ----------
    of : Learner or Policy
        The learner. It cannot be one that is told the game or the leader's rewards.
    first : int, default 1024
        Rounds of the first epoch, at least 1.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> for leader in (sk.UCB(), sk.Doubling(sk.UCB())):
    ...     run = sk.simulate(game, leader, sk.UCB(), 10**6, seed=1)
    ...     print(leader.label, run.regret(sk.stackelberg)[0, 0, -1].round())
    UCB 202.0
    Doubling(UCB) 1320.0
    """

    of: AnyLearner = field(kw_only=False)
    first: int = field(default=1024, kw_only=False)


@learner
class Restarting(MadeLearner):
    """A learner that starts afresh after a fixed number of rounds, for games that change.

    After every `every` rounds of the instance, `of` forgets everything. It is told `every` as its horizon T,
    or the horizon of the game if that is shorter. With no restart within the game it is `of` itself, bit for
    bit.

    If `of` has a regret of order ``T^p`` in a game that stays as it is, regret in T rounds is of order
    ``T / every^(1 - p)`` instead: linear, as long as `every` does not grow with T. In return, a change of the
    game costs at most `every` rounds.

    Parameters
    ----------
    of : Learner or Policy
        The learner. It cannot be one that is told the game or the leader's rewards.
    every : int
        Rounds between two restarts, at least 1.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> for every in (1_000, 10_000, 100_000):
    ...     run = sk.simulate(game, sk.Restarting(sk.UCB(), every), sk.UCB(), 100_000, seed=1)
    ...     print(every, run.regret(sk.stackelberg)[0, 0, -1].round())
    1000 2782.0
    10000 936.0
    100000 139.0
    """

    of: AnyLearner = field(kw_only=False)
    every: int = field(kw_only=False)


@learner
class Batched(MadeLearner):
    """A learner whose decisions stand for a fixed number of rounds.

    `of` decides once for every `size` rounds of the instance, and observes their rewards together when they
    are over. With ``size=1`` it is `of` itself, bit for bit.

    `of` decides by what it has observed: a learner that explores arms in turn explores them in whole batches.
    Of a follower `LinUCB`, the decision of a batch is an answer to each leader action.
    A bandit's regret grows by at most about `size` rounds for each arm, the last batch of an arm that is
    given up (P. Joulani, A. Gyorgy and C. Szepesvari, *Online Learning under Delayed Feedback*, ICML 2013).

    Batches of `UCB` and Gaussian `KLUCB`, both without `anytime`, of `LipschitzUCB` and of `HierarchicalUCB`
    are leapt over, if ties go to the lowest index. Those of other learners are played round by round.

    Parameters
    ----------
    of : Learner or Policy
        The learner. It cannot be one that is told the game or the leader's rewards.
    size : int
        Rounds of a batch, at least 1.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> for size in (1, 100, 1000):
    ...     run = sk.simulate(game, sk.Batched(sk.UCB(), size), sk.UCB(), 10**6, seed=1)
    ...     print(size, run.regret(sk.stackelberg)[0, 0, -1].round())
    1 202.0
    100 260.0
    1000 281.0
    """

    of: AnyLearner = field(kw_only=False)
    size: int = field(kw_only=False)


@learner
class Delayed(MadeLearner):
    """A learner that is told its rewards late.

    The reward of round n of the instance is observed before the decision of its round ``n + delay + 1``.
    Until then `of` decides as if the round had not been played; rewards that are still due at the end are
    lost. With ``delay=0`` it is `of` itself, bit for bit.

    A bandit's regret grows by at most about `delay` rounds for each arm (P. Joulani, A. Gyorgy and C.
    Szepesvari, *Online Learning under Delayed Feedback*, ICML 2013). `EXP3` and `EXP3IX` weigh a reward by
    the probability that its arm had when it was chosen.

    Parameters
    ----------
    of : Learner or Policy
        The learner. It cannot be one that is told the game or the leader's rewards. One of your own is asked
        in every round and told each reward later, with its arm.
    delay : int
        Rounds that each reward comes late, at least 0.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> for delay in (0, 100, 1000):
    ...     run = sk.simulate(game, sk.Delayed(sk.UCB(), delay), sk.UCB(), 10**5, seed=1)
    ...     print(delay, run.regret(sk.stackelberg)[0, 0, -1].round())
    0 139.0
    100 149.0
    1000 203.0
    """

    of: AnyLearner = field(kw_only=False)
    delay: int = field(kw_only=False)
