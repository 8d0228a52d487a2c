"""One player by itself, for games that are played elsewhere."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import numpy as np

from stackel._core import Agent as CoreAgent
from stackel._files.archive import faults_named
from stackel._utils.arguments import checks_names
from stackel._utils.carriers import as_items
from stackel._utils.memory import check_fits
from stackel._utils.players import ROLES
from stackel._utils.validation import (
    MAX_HORIZON,
    NOT_NUMBERS,
    as_choice,
    as_count,
    as_flag,
    not_a_number,
    shown,
)
from stackel.errors import RunError, SpecError, StackelWarning
from stackel.games._changing import AnyGame
from stackel.games._game import Game
from stackel.learners._custom import as_learner
from stackel.learners._horizon import needs_horizon
from stackel.simulation._experiment import Experiment
from stackel.simulation._snapshot import arguments, as_text, check_kept, check_t, pack, unpack

if TYPE_CHECKING:
    from stackel._utils.seeds import Seed
    from stackel.learners import Learner
    from stackel.learners._custom import AnyLearner

_FORMAT = "stackel-agent"
_KEYS = ("learner", "role", "horizon", "seed", "replication")
"""What a snapshot says, besides the game, `t` and `is_shape`."""
_BYTES_AN_OUTCOME = 64
"""About what a learner keeps of one, and the two numbers of the game."""
_LIVE: WeakValueDictionary[tuple[int, str], Agent] = WeakValueDictionary()
"""An agent in play for each seed and role, of those without a given replication, as long as it lives."""


class Agent:
    """A learner in its seat, asked for an action and told a reward, round by round.

    It decides as it does in `stackel.simulate` and `Simulation` under the same seed, given the same
    rewards. Whatever plays the other side and hands out the rewards may be another library.

    Parameters
    ----------
    learner : Learner or Policy
        The learner.
    game_or_shape : Game, ChangingGame or (int, int)
        The game it takes part in, or only the numbers of actions (n_leader, n_follower). Learners that
        know mean utilities, such as `BestResponse`, need the game; others look at its shape only. A bandit
        of K arms without a follower is a leader in the shape (K, 1). In a changing game it plays as in
        `stackel.simulate`: where changes replace the player in its seat, it begins anew.
    horizon : int or None
        Number of rounds T it plans for, from 1 to 2**53; no more can be played. None for an open end, with a
        learner that does not depend on T: one whose rule has no T and whose lengths and rates are given, such
        as ``UCB(anytime=True)``, or any learner inside `Doubling` or `Restarting`.
    seed : int, SeedSequence, Generator or None
        Of its random decisions; as in `stackel.simulate`. Agents of the same seed, role and replication draw
        the same numbers: see Notes.
    role : {"leader", "follower"}, default "leader"
        Its seat. As follower it is one independent instance for each leader action, unless it sees the
        leader's rewards.
    replication : int, optional
        Which of the replications that `stackel.simulate` would play; by default 0.

    Warns
    -----
    StackelWarning
        At the first choice, if an agent of the same seed and role is in play, both may choose at random, and
        no replication is given.

    Notes
    -----
    Several agents of one role need streams of their own: give each its own `replication`, or its own seed.
    ``replication=0`` says that equal numbers are wanted, as for the comparison of two learners.

    Examples
    --------
    Three followers whose random choices are independent:

    >>> import stackel as sk
    >>> crowd = [
    ...     sk.Agent(sk.UniformLearner(), (1, 9), 100, seed=2, role="follower", replication=i)
    ...     for i in range(3)
    ... ]
    >>> [follower.choose(0) for follower in crowd]
    [8, 0, 6]

    A leader and a follower in a game of coordination:

    >>> import stackel as sk
    >>> leader = sk.Agent(sk.UCB(), (2, 2), 1000)
    >>> follower = sk.Agent(sk.UCB(), (2, 2), 1000, role="follower")
    >>> matches = 0
    >>> for _ in range(1000):
    ...     a = leader.choose()
    ...     b = follower.choose(a)
    ...     leader.observe(float(a == 1))
    ...     follower.observe(float(a == b))
    ...     matches += a == b == 1
    >>> matches > 800
    True
    """

    __slots__ = (
        "__weakref__",
        "_experiment",
        "_inner",
        "_is_open",
        "_is_shape",
        "_replication",
        "_role",
        "_unchecked",
    )

    _experiment: Experiment
    _inner: CoreAgent
    _is_open: bool
    _is_shape: bool
    _replication: int
    _role: str
    _unchecked: bool
    """Whether nobody has looked yet for others that draw the same numbers."""

    @checks_names
    def __init__(
        self,
        learner: AnyLearner,
        game_or_shape: AnyGame | tuple[int, int],
        horizon: int | None,
        seed: Seed = None,
        *,
        role: str = "leader",
        replication: int | None = None,
    ) -> None:
        mine = as_learner("learner", learner)
        self._role = as_choice("role", role, ROLES)
        self._is_shape = not isinstance(game_or_shape, AnyGame)
        if mine.omniscient and self._is_shape:
            given = f"only the shape {shown(game_or_shape)}"
            raise SpecError("game_or_shape", f"a Game, which {mine.label} knows", given)
        leader, follower = (mine if each == role else None for each in ROLES)
        game = _as_game(game_or_shape)
        self._is_open = horizon is None
        if self._is_open and needs_horizon(mine, role, game.shape):
            given = f"None with {mine!r}, which depends on it"
            allowed = (
                f"a whole number from 1 to {MAX_HORIZON}; or None with a learner that does not depend on it, "
                "such as stackel.Doubling of yours"
            )
            raise SpecError("horizon", allowed, given)
        rounds = MAX_HORIZON if horizon is None else horizon
        self._experiment = Experiment.of(game, leader, follower, rounds, seed=seed, callers=True)
        self._replication = 0 if replication is None else as_count("replication", replication, 0, MAX_HORIZON)
        asked = {"game_or_shape": self._experiment.game, **self._arguments()}
        self._inner = CoreAgent(self._experiment, self._replication, asked)
        self._unchecked = replication is None and mine.randomised

    def _check_alone(self) -> None:
        """Warn if another agent draws the same numbers without anybody having asked for it."""
        self._unchecked = False
        other = _LIVE.setdefault((self.seed, self.role), self)
        if _is_over(other):
            _LIVE[self.seed, self.role] = self
        elif other is not self:
            warnings.warn(
                f"two agents of the seed {self.seed} and the role {self.role} draw the same random numbers, "
                "so their choices are not independent: give each its own replication=0, 1, 2, ..., or all of "
                "them replication=0 if that is meant",
                StackelWarning,
                stacklevel=3,
            )

    def _arguments(self) -> dict[str, Any]:
        """Return the arguments that make this agent anew, but for the game."""
        return {name: getattr(self, name) for name in _KEYS}

    @property
    def learner(self) -> Learner:
        """The learner."""
        learner: Learner = getattr(self._experiment, self._role)
        return learner

    @property
    def role(self) -> str:
        """Its seat, ``"leader"`` or ``"follower"``."""
        return self._role

    @property
    def horizon(self) -> int | None:
        """Number of rounds T it plans for; None if the end is open."""
        return None if self._is_open else self._experiment.horizon

    @property
    def seed(self) -> int:
        """The seed that repeats its random decisions."""
        return self._experiment.seed

    @property
    def replication(self) -> int:
        """Which replication of the seed it is."""
        return self._replication

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of actions, (n_leader, n_follower)."""
        return self._experiment.game.shape

    @property
    def t(self) -> int:
        """Rewards observed."""
        return self._inner.t

    def choose(self, leader_action: int | None = None) -> int:
        """Return the action to play; asking again changes nothing.

        `leader_action` is what the leader plays in this round, for a follower, and only for it. A SpecError
        says so when the horizon is reached.
        """
        if self._unchecked:
            self._check_alone()
        try:
            return self._inner.choose(leader_action)
        except NOT_NUMBERS:
            raise not_a_number(leader_action=leader_action) from None

    def observe(
        self,
        reward: float,
        follower_action: int | None = None,
        leader_reward: float | None = None,
        *,
        action: int | None = None,
    ) -> None:
        """Tell the reward of the action chosen last.

        Rewards are told in order, each before the next action is chosen. If `choose` was called more than
        once in this round, `action` has to name the action: a reward that comes late may be another's.

        Parameters
        ----------
        reward : float
            Finite, of size at most 1e100.
        follower_action : int, optional
            What the follower did, for a leader. Only a learner that sees it, `PhasedUCB`, needs it.
        leader_reward : float, optional
            What the leader got, for a follower. Only a learner that sees it, `ManipulationUCB`, needs it.
        action : int, optional
            The action that the reward belongs to, which must be the one chosen last.

        Raises
        ------
        SpecError
            If nothing was chosen, or the reward may belong to another round. The learner has learned nothing
            then; `choose` says the action again.
        """
        try:
            self._inner.observe(reward, follower_action, leader_reward, action)
        except NOT_NUMBERS:
            raise not_a_number(
                reward=reward, follower_action=follower_action, leader_reward=leader_reward, action=action
            ) from None

    def snapshot(self) -> bytes:
        """Return everything that is needed to go on, as bytes; as `Simulation.snapshot`.

        Examples
        --------
        >>> import stackel as sk
        >>> agent = sk.Agent(sk.UniformLearner(), (5, 1), 100, seed=1)
        >>> again = sk.Agent.restore(agent.snapshot())
        >>> agent.choose() == again.choose()
        True
        """
        text = as_text(self._arguments()) | {"t": self.t, "is_shape": self._is_shape}
        check_kept(learner=self.learner)
        return pack(_FORMAT, self._experiment.game, text, self._inner.save())

    @classmethod
    def restore(cls, snapshot: bytes) -> Agent:
        """Return the agent that `snapshot` was taken of; as `Simulation.restore`."""
        with faults_named("snapshot", f"bytes of the format {_FORMAT}", type(snapshot).__name__):
            game, text, state = unpack(snapshot, _FORMAT, {*_KEYS, "t", "is_shape"})
            self = cls(game_or_shape=game, **arguments(text, _KEYS))
            self._is_shape = as_flag("is_shape", text["is_shape"])
            self._inner.load(state)
            check_t(text["t"], self.t)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Agent.restore, (self.snapshot(),)

    def __repr__(self) -> str:
        seat = f"{self.role} of {self.shape[0]}x{self.shape[1]}"
        end = "" if self.horizon is None else f" of {self.horizon}"
        stream = f"seed={self.seed}, replication={self.replication}"
        return f"Agent({self.learner}, {seat}, t={self.t}{end}, {stream})"


def _is_over(agent: Agent) -> bool:
    try:
        return agent.t == agent.horizon
    except RunError:  # another thread is at work
        return False


def _as_game(game_or_shape: AnyGame | tuple[int, int]) -> AnyGame:
    """Return the game, or one of which nothing but the shape is known."""
    if isinstance(game_or_shape, AnyGame):
        return game_or_shape
    try:
        rows, columns = (as_count("game_or_shape", size, 1, 2**31) for size in as_items(game_or_shape) or ())
    except ValueError:  # as is a SpecError
        allowed = "a stackel.Game, or a pair of numbers of actions"
        raise SpecError("game_or_shape", allowed, shown(game_or_shape)) from None
    check_fits("game_or_shape", f"{rows} x {columns} actions", _BYTES_AN_OUTCOME * rows * columns)
    return Game(*np.zeros((2, rows, columns)))
