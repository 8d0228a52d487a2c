"""Learning policies of MABWiser as learners, and its `Simulator`, faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.interop._mabwiser_simulator import Simulator
from stackel.learners._custom import CustomLearner
from stackel.learners._own import name_or

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Simulator", "from_mabwiser"]

_MAX_SEED = 2**31


def from_mabwiser(learning_policy: Any, *, name: str | None = None) -> CustomLearner:
    """Return a learning policy of MABWiser as a learner.

    Parameters
    ----------
    learning_policy : mabwiser.mab.LearningPolicy
        A policy without contexts. ``LearningPolicy.UCB1(alpha=1)`` is the rule of
        ``stackel.UCB(anytime=True)``; ``ThompsonSampling`` needs rewards of 0 or 1 (`stackel.Bernoulli`),
        or a binarizer: rewards are not changed.
    name : str, optional
        Name in results, tables and figures; by default the name of the policy.

    Returns
    -------
    CustomLearner

    Notes
    -----
    A ``MAB`` must be fitted before it predicts, so each arm is first played once, in index order.
    From then on ``partial_fit`` gets every reward. The seed is drawn from the stream
    of the player's decisions, so runs repeat bit for bit.

    Examples
    --------
    >>> import stackel as sk
    >>> from mabwiser.mab import LearningPolicy
    >>> from stackel.interop import from_mabwiser
    >>> leader = from_mabwiser(LearningPolicy.UCB1(alpha=1))
    >>> sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 50, seed=1)
    Result(UCB1 vs BestResponse, horizon=50, replications=1, seed=1, engine='stepwise')
    """
    mab = require("mabwiser.mab", "bandits").MAB
    try:
        is_contextual = mab([0], learning_policy).is_contextual
    except (AttributeError, TypeError, ValueError):
        is_contextual = True
    if is_contextual:
        allowed = "a learning policy of MABWiser without contexts, such as LearningPolicy.UCB1()"
        raise SpecError("learning_policy", allowed, shown(learning_policy))
    return CustomLearner(
        lambda: _Guest(mab, learning_policy), name=name_or(name, type(learning_policy).__name__)
    )


class _Guest:
    """One MAB in its seat."""

    def __init__(self, mab: Any, learning_policy: Any) -> None:
        self._new, self._learning_policy = mab, learning_policy
        self._mab: Any = None
        self._rounds = 0

    def reset(self, n_arms: int, horizon: int, role: str) -> None:  # noqa: ARG002 as `Policy` has it
        self._arms = list(range(n_arms))

    def choose(self, rng: np.random.Generator) -> int:
        if self._mab is None:
            self._mab = self._new(self._arms, self._learning_policy, seed=int(rng.integers(_MAX_SEED)))
        arm: int = self._rounds if self._rounds < len(self._arms) else self._mab.predict()
        return arm

    def observe(self, arm: int, reward: float) -> None:
        learn = self._mab.partial_fit if self._rounds else self._mab.fit
        learn([arm], [reward])
        self._rounds += 1
