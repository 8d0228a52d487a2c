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
        of = self.of if isinstance(self.of, Learner) else as_learner("of", self.of)
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
        of = parameters.get("of")
        stood_in = of if of is None or isinstance(of, Learner) else as_learner("of", of)
        if isinstance(stood_in, Learner):
            stood_in = _without_code(stood_in)
        return plain_parameters(parameters | ({} if of is None else {"of": stood_in}))

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
