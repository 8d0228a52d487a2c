"""One game, played as far as one likes, looked at, kept, and taken up again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from stackel._core import CancelToken
from stackel._core import Simulation as CoreSimulation
from stackel._files.archive import faults_named
from stackel._utils.arguments import checks_names
from stackel._utils.arrays import as_actions
from stackel._utils.memory import check_fits
from stackel._utils.validation import (
    CROSSING_TOLERANCE,
    MAX_HORIZON,
    NOT_NUMBERS,
    as_count,
    as_token,
    not_a_number,
)
from stackel.simulation._experiment import ENGINES, Experiment
from stackel.simulation._result_of import result_so_far
from stackel.simulation._snapshot import arguments, as_text, check_kept, check_t, pack, unpack

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.games._changing import AnyGame
    from stackel.learners import Learner
    from stackel.learners._custom import AnyLearner
    from stackel.results._result import Result

_FORMAT = "stackel-simulation"
_ENGINES = tuple(engine for engine in ENGINES if engine != "reference")
_KEYS = ("leader", "follower", "horizon", "seed", "replication", "engine", "crossing_tolerance")
"""What a snapshot says, besides the game and `t`."""
_BYTES_A_ROUND = 32


class Rounds(NamedTuple):
    """What happened in n consecutive rounds: arrays of shape (2, n), the leader's first."""

    actions: npt.NDArray[np.int64]
    rewards: npt.NDArray[np.float64]


class Simulation:
    """A game in progress: `step` through rounds, `advance` over them, keep a `snapshot`.

    It is replication `replication` of ``stackel.simulate(game, leader, follower, horizon, seed=seed)``.
    Where players have no learner, the caller decides for them.

    Parameters
    ----------
    game : Game or ChangingGame
    leader, follower : Learner, Policy or None
        One learner for each seat; None for a player whose actions the caller supplies: in a changing game,
        those of newcomers, too.
    horizon : int
        Number of rounds T that learners plan for, from 1 to 2**53; no more can be played.
    seed : int, SeedSequence, Generator or None
        As in `stackel.simulate`.
    replication : int, default 0
        Which of the replications that `stackel.simulate` would play.
    engine : {"auto", "stepwise", "leap"}
        What `advance` does; see Notes and `stackel.simulate`.
    crossing_tolerance : float, default 1e-18
        As in `stackel.simulate`.

    Notes
    -----
    `step` and `advance`, in whatever turns, play the game of `simulate`, bit for bit. `step` returns every
    reward; `advance` need not read them all.

    A simulation can be copied (`copy.copy`) and pickled, unless a learner is one of your own, whose state is
    not known to stackel. Only one thread at a time may take it forward. Learners of your own are asked every
    round, so `advance` steps too. A simulation with such a learner stays where it was stopped; after an
    exception in the learner it cannot be used any more.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> sim = sk.Simulation(game, sk.UCB(), sk.ActiveArmElimination(), 1_000_000, seed=7)
    >>> sim.advance(999_000)
    >>> actions, rewards = sim.step(3)
    >>> actions.shape, rewards.shape, sim.t
    ((2, 3), (2, 3), 999003)
    >>> again = sk.Simulation.restore(sim.snapshot())
    >>> bool((again.step(100).rewards == sim.step(100).rewards).all())
    True
    """

    __slots__ = ("_experiment", "_inner", "_replication")

    _experiment: Experiment
    _inner: CoreSimulation
    _replication: int

    @checks_names
    def __init__(
        self,
        game: AnyGame,
        leader: AnyLearner | None,
        follower: AnyLearner | None,
        horizon: int,
        seed: Seed = None,
        *,
        replication: int = 0,
        engine: str = "auto",
        crossing_tolerance: float = CROSSING_TOLERANCE,
    ) -> None:
        self._experiment = Experiment.of(
            game,
            leader,
            follower,
            horizon,
            seed=seed,
            engine=engine,
            crossing_tolerance=crossing_tolerance,
            callers=True,
            engines=_ENGINES,
        )
        self._replication = as_count("replication", replication, 0, MAX_HORIZON)
        self._inner = CoreSimulation(self._experiment, self._replication, self._arguments())

    def _arguments(self) -> dict[str, Any]:
        """Return the arguments that make this simulation anew."""
        asked = self._experiment.arguments() | {"replication": self._replication}
        return {name: asked[name] for name in ("game", *_KEYS)}

    @property
    def game(self) -> AnyGame:
        """The game."""
        return self._experiment.game

    @property
    def leader(self) -> Learner | None:
        """The leader's learner; None if the caller decides."""
        return self._experiment.leader

    @property
    def follower(self) -> Learner | None:
        """The follower's learner; None if the caller decides."""
        return self._experiment.follower

    @property
    def horizon(self) -> int:
        """Number of rounds T of the whole game."""
        return self._experiment.horizon

    @property
    def seed(self) -> int:
        """The seed that repeats it."""
        return self._experiment.seed

    @property
    def replication(self) -> int:
        """Which replication of the seed it is."""
        return self._replication

    @property
    def engine(self) -> str:
        """The engine that plays, never ``"auto"``."""
        return self._inner.engine

    @property
    def t(self) -> int:
        """Rounds played."""
        return self._inner.t

    @property
    def utility(self) -> npt.NDArray[np.float64]:
        """Cumulative mean utility ``U_i(t)`` of each player, shape (2,), leader first."""
        return self._inner.utility

    @property
    def pulls(self) -> npt.NDArray[np.int64]:
        """How often each outcome was played, shape (n_leader, n_follower)."""
        return self._inner.pulls

    @property
    def error_bound(self) -> float:
        """Bound on the probability that leaping missed a crossing, and so on that of another result."""
        return self._inner.error_bound

    def step(
        self,
        n: int = 1,
        *,
        leader_actions: npt.ArrayLike | None = None,
        follower_actions: npt.ArrayLike | None = None,
        cancel: CancelToken | None = None,
    ) -> Rounds:
        """Play the next `n` rounds one by one and return what happened.

        Parameters
        ----------
        n : int, default 1
            Number of rounds, at most those that are left.
        leader_actions : array_like of int, shape (n,), optional
            What the leader plays, if it has no learner.
        follower_actions : array_like of int, shape (n,) or (n, n_leader), optional
            What the follower plays, if it has no learner: in every round one response, or one response to
            each leader action.
        cancel : CancelToken, optional
            ``cancel.cancel()`` from another thread stops it. A simulation that is stopped, by this or by
            Ctrl-C, is where it was before the call; for learners of your own see Notes.

        Returns
        -------
        Rounds

        Raises
        ------
        RunError
            If it was cancelled, or another thread is at work.

        Examples
        --------
        >>> import stackel as sk
        >>> game = sk.Game([[0, 1], [2, 3]], [[1, 0], [0, 1]], noise=sk.Deterministic())
        >>> sim = sk.Simulation(game, None, sk.BestResponse(), 100)
        >>> actions, rewards = sim.step(3, leader_actions=[0, 1, 1])
        >>> actions.tolist(), rewards.tolist()
        ([[0, 1, 1], [0, 1, 1]], [[0.0, 3.0, 3.0], [1.0, 1.0, 1.0]])
        """
        n = as_count("n", n, 0, MAX_HORIZON)
        check_fits("n", n, _BYTES_A_ROUND * n)
        leader = as_actions("leader_actions", leader_actions)
        follower = as_actions("follower_actions", follower_actions, self.game.shape[0])
        return Rounds(*self._inner.step(n, leader, follower, as_token(cancel)))

    def advance(self, n: int, *, cancel: CancelToken | None = None) -> None:
        """Play the next `n` rounds, at most those that are left, and keep nothing but where that leads.

        No player may be the caller's. `cancel` and errors are as in `step`.

        Examples
        --------
        >>> import stackel as sk
        >>> sim = sk.Simulation(sk.games.etc_failure(), sk.FixedAction(1), sk.BestResponse(), 10**15)
        >>> sim.advance(10**15)
        >>> sim.utility / sim.t
        array([0.5, 0.3])
        """
        self._inner.advance(as_count("n", n, 0, MAX_HORIZON), as_token(cancel))

    def choose(
        self, leader_action: int | None = None, follower_action: int | None = None
    ) -> tuple[int | None, int | None]:
        """Say what a player without a learner plays next, and see what the others do.

        Asking again changes nothing. `observe` ends the round; if it is given rewards, both actions must have
        been told exactly once, so that a reward that comes late is not taken for another round's.

        Parameters
        ----------
        leader_action, follower_action : int, optional
            The action of a player without a learner. The follower's can wait until the leader's is known.

        Returns
        -------
        (int or None, int or None)
            The actions of leader and follower in this round; None as long as the caller has not decided.

        Raises
        ------
        SpecError
            If an action contradicts an earlier one of this round, or the horizon is reached.

        Examples
        --------
        A follower that is no learner of stackel, and does the same as the leader, in the game's rewards:

        >>> import stackel as sk
        >>> game = sk.Game([[0, 1], [2, 3]], [[1, 0], [0, 1]], noise=sk.Deterministic())
        >>> sim = sk.Simulation(game, sk.ExploreThenCommit(exploration=3), None, 100)
        >>> for _ in range(100):
        ...     a, _ = sim.choose()
        ...     a, b = sim.choose(follower_action=a)
        ...     leader_reward, follower_reward = sim.observe()
        >>> sim.pulls.tolist()
        [[3, 0], [0, 97]]
        """
        try:
            return self._inner.choose(leader_action, follower_action)
        except NOT_NUMBERS:
            raise not_a_number(leader_action=leader_action, follower_action=follower_action) from None

    def observe(
        self, leader_reward: float | None = None, follower_reward: float | None = None
    ) -> tuple[float, float]:
        """End the round: tell learners their rewards, and return those of leader and follower.

        Parameters
        ----------
        leader_reward, follower_reward : float, optional
            Rewards that the caller supplies, for an environment of its own; the game draws the others.
            `utility` counts mean utilities of the game in any case.

        Raises
        ------
        SpecError
            If a player without a learner has not been decided for, the horizon is reached, or a reward is
            given and `choose` has not told both actions once: then `choose` tells them again.
        """
        try:
            return self._inner.observe(leader_reward, follower_reward)
        except NOT_NUMBERS:
            raise not_a_number(leader_reward=leader_reward, follower_reward=follower_reward) from None

    def result(self) -> Result:
        """Return the rounds so far as a Result with one replication and one checkpoint, the round `t`.

        Its horizon is `t`, although the learners planned for `horizon`. A player whose actions the caller
        supplied has the name "caller". `stackel.result_of` makes results of several games.

        Examples
        --------
        >>> import stackel as sk
        >>> sim = sk.Simulation(sk.games.etc_failure(), sk.FixedAction(1), sk.BestResponse(), 1000)
        >>> sim.advance(10)
        >>> sim.result().regret("stackelberg").round(9).tolist()
        [[[1.0]], [[1.0]]]
        """
        asked = self._experiment
        return result_so_far(
            self.game,
            (self.leader, self.follower),
            self.pulls,
            self._inner.earned,
            seed=self.seed,
            engine=self.engine,
            error_bound=self.error_bound,
            crossing_tolerance=asked.crossing_tolerance,
        )

    def snapshot(self) -> bytes:
        """Return everything that is needed to go on, as bytes; `restore` takes them.

        They have the format that COMPATIBILITY describes: text and numbers, with a checksum. The same
        simulation gives the same bytes. A SpecError says so if a learner's state cannot be kept.
        """
        check_kept(leader=self.leader, follower=self.follower)
        asked = self._arguments() | {"engine": self.engine}
        text = as_text({name: asked[name] for name in _KEYS}) | {"t": self.t}
        return pack(_FORMAT, self.game, text, self._inner.save())

    @classmethod
    def restore(cls, snapshot: bytes) -> Simulation:
        """Return the simulation that `snapshot` was taken of, to go on with the same bits.

        Other bytes, damaged ones, or those of a stackel whose snapshots or streams are of another version
        raise a SpecError. Nothing in them is executed, and memory stays within a small multiple of their
        size.
        """
        with faults_named("snapshot", f"bytes of the format {_FORMAT}", type(snapshot).__name__):
            game, text, state = unpack(snapshot, _FORMAT, {*_KEYS, "t"})
            self = cls(game, **arguments(text, _KEYS))
            self._inner.load(state)
            check_t(text["t"], self.t)
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Simulation.restore, (self.snapshot(),)

    def __repr__(self) -> str:
        players = (self.leader, self.follower)
        pair = " vs ".join("caller" if player is None else type(player).__name__ for player in players)
        return f"Simulation({pair}, t={self.t} of {self.horizon}, seed={self.seed}, engine={self.engine!r})"
