"""Policies of SMPyBandits as learners, learners as policies of SMPyBandits, and its `Evaluator`, faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.validation import as_real, shown
from stackel.errors import SpecError
from stackel.interop._generators import global_generators
from stackel.interop._smpybandits_evaluator import Evaluator
from stackel.learners._custom import CustomLearner
from stackel.learners._own import name_or
from stackel.simulation._agent import Agent

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.learners import Learner

__all__ = ["Evaluator", "SMPyBanditsPolicy", "from_smpybandits"]

METHODS = ("startGame", "choice", "getReward")


class SMPyBanditsPolicy:
    """A learner of stackel with the methods and attributes of a policy of SMPyBandits.

    It can be used in place of such a policy, in an ``Evaluator`` (``{"archtype": SMPyBanditsPolicy, "params":
    {"learner": sk.UCB(), "horizon": 1000}}``) or any other loop: a bandit is a leader whose follower has a
    single action. Its attributes are ``nbArms``, ``t`` (rounds played), ``pulls`` (rounds of each arm) and
    ``rewards`` (sum of each arm's rewards, in the learner's units).

    Parameters
    ----------
    n_arms : int
        Number of arms; the ``Evaluator`` needs it as the first argument.
    learner : Learner
        The learner; it must not need Python objects or the mean utilities.
    horizon : int
        Number of rounds T, known to the learner; no more can be played.
    seed : int, SeedSequence or Generator, optional
        Seed of the random decisions, the same in every game. By default the seed of each game is drawn
        from NumPy's global generator, as in SMPyBandits.
    lower, amplitude : float, default 0 and 1
        The learner observes ``(reward - lower) / amplitude``.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import SMPyBanditsPolicy
    >>> policy = SMPyBanditsPolicy(2, sk.UCB(), 1000)
    >>> policy.startGame()
    >>> for _ in range(1000):
    ...     arm = policy.choice()
    ...     policy.getReward(arm, float(arm == 1))
    >>> bool(policy.pulls[1] > 900)
    True
    """

    def __init__(
        self,
        n_arms: int,
        learner: Learner,
        horizon: int,
        *,
        seed: Seed = None,
        lower: float = 0.0,
        amplitude: float = 1.0,
    ) -> None:
        checked = Agent(learner, (n_arms, 1), horizon, seed)
        self.spec: tuple[Learner, tuple[int, int], int | None] = learner, checked.shape, checked.horizon
        self.seed = None if seed is None else checked.seed
        self._agent: Agent | None = None
        self.nbArms = checked.shape[0]
        self.lower = as_real("lower", lower)
        self.amplitude = as_real("amplitude", amplitude, above=0.0)
        self.pulls: npt.NDArray[np.int64] = np.zeros(self.nbArms, np.int64)
        self.rewards: npt.NDArray[np.float64] = np.zeros(self.nbArms)

    @property
    def t(self) -> int:
        """Rounds played."""
        return self._playing().t

    def startGame(self) -> None:
        """Begin a new game."""
        seed = self.seed
        if seed is None:
            seed = int(np.random.randint(2**63, dtype=np.uint64))  # noqa: NPY002 - SMPyBandits seeds this one
        self._agent = Agent(*self.spec, seed)
        self.pulls.fill(0)
        self.rewards.fill(0)

    def choice(self) -> int:
        """Return the arm to play; repeated calls return the same arm."""
        return self._playing().choose()

    def getReward(self, arm: int, reward: float) -> None:
        """Observe the reward of the arm chosen last."""
        agent = self._playing()
        if arm != (chosen := agent.choose()):
            raise SpecError("arm", f"{chosen}, the chosen arm", shown(arm))
        reward = (reward - self.lower) / self.amplitude
        agent.observe(reward, action=chosen)
        self.pulls[arm] += 1
        self.rewards[arm] += reward

    def estimatedOrder(self) -> npt.NDArray[np.intp]:
        """Return the arms sorted by mean reward, smallest first; arms without rewards come last."""
        means: npt.NDArray[np.float64] = np.divide(
            self.rewards, self.pulls, out=np.full(self.nbArms, np.inf), where=self.pulls > 0
        )
        return means.argsort(kind="stable")

    def _playing(self) -> Agent:
        if self._agent is None:
            raise SpecError("policy", "started with startGame()", "one that was not")
        return self._agent

    def __str__(self) -> str:
        return f"stackel {self.spec[0].label}"


def from_smpybandits(make: Callable[[int, int], Any], *, name: str | None = None) -> CustomLearner:
    """Return a policy of SMPyBandits as a learner.

    Parameters
    ----------
    make : function
        Function from the numbers of arms and rounds to a new policy, such as ``lambda n_arms, horizon:
        UCBH(n_arms, horizon=horizon, alpha=4)``; it is called for every instance. Any object with the three
        methods ``startGame``, ``choice`` and ``getReward`` can be a policy.
    name : str, optional
        Name in results, tables and figures.

    Returns
    -------
    CustomLearner

    Notes
    -----
    Policies of SMPyBandits draw from the global generators of NumPy and of Python. During a call of such a
    policy, both draw from the stream of the player's decisions, and they continue as before
    afterwards: runs repeat bit for bit. Only a normal number that NumPy's
    global generator holds in reserve is lost. For the same reason a policy gets a reward at its next
    choice. Rewards are not changed. Many policies assume rewards in [0, 1] unless they are given
    ``lower`` and ``amplitude``.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import from_smpybandits
    >>> class InTurn:
    ...     def startGame(self):
    ...         self.t = 0
    ...
    ...     def choice(self):
    ...         return self.t % 2
    ...
    ...     def getReward(self, arm, reward):
    ...         self.t += 1
    >>> leader = from_smpybandits(lambda n_arms, horizon: InTurn(), name="in turn")
    >>> sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 100, seed=1).pulls.sum(axis=2)
    array([[50, 50]])
    """
    if not callable(make):
        raise SpecError("make", "a function of n_arms and horizon that makes a policy", shown(make))
    return CustomLearner(lambda: _Guest(make), name=name_or(name, "SMPyBandits"))


class _Guest:
    """A policy in its seat; all of its code runs in `choose`, which has random numbers."""

    def __init__(self, make: Callable[[int, int], Any]) -> None:
        self._make = make
        self._policy: Any = None
        self._reward: tuple[int, float] | None = None

    def reset(self, n_arms: int, horizon: int, role: str) -> None:  # noqa: ARG002 as `Policy` has it
        self._asked_for = n_arms, horizon

    def choose(self, rng: np.random.Generator) -> int:
        with global_generators(rng):
            if self._policy is None:
                self._policy = _as_policy(self._make(*self._asked_for))
                self._policy.startGame()
            if self._reward is not None:
                self._policy.getReward(*self._reward)
            arm: int = self._policy.choice()
            return arm

    def observe(self, arm: int, reward: float) -> None:
        self._reward = arm, reward


def _as_policy(made: Any) -> Any:
    if not all(callable(getattr(made, method, None)) for method in METHODS):
        raise SpecError("make", "a function that makes a policy with " + ", ".join(METHODS), shown(made))
    return made
