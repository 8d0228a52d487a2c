"""Many games in one call."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from stackel._core import CancelToken
from stackel._core import simulate_many as core_simulate_many
from stackel._core import version as core_version
from stackel._utils.arguments import checks_names
from stackel._utils.arrays import as_floats, as_rising
from stackel._utils.build import stream_version, this_platform
from stackel._utils.memory import check_fits
from stackel._utils.players import ROLES
from stackel._utils.progress import progress_bar
from stackel._utils.seeds import as_seeds, game_seeds
from stackel._utils.validation import CROSSING_TOLERANCE, MAX_HORIZON, as_threads, as_token, shown
from stackel.benchmarks._benchmarks import Benchmark
from stackel.benchmarks._commitment import OptimalCommitment
from stackel.benchmarks._nash import Equilibrium
from stackel.benchmarks._pieces import mean_alphas
from stackel.benchmarks._regret import regret_of
from stackel.errors import SpecError
from stackel.games._changing import replaced_by
from stackel.games._game import as_noise_pair
from stackel.learners._custom import CustomLearner, as_learner
from stackel.learners._made import innermost
from stackel.noise import Gaussian, Noise
from stackel.results import Result
from stackel.simulation._columns import (
    Columns,
    as_columns,
    as_stacks,
    game_of_stacks,
    number_of_games,
    of_game,
)
from stackel.simulation._experiment import Experiment
from stackel.simulation._one_after_another import one_after_another

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame
    from stackel.learners import Learner
    from stackel.learners._custom import AnyLearner

_NOT_SHARED = ("game", "trace")
"""Fields of an experiment that are no arguments of `simulate_many`."""
_BYTES_A_GAME = 1000
"""About what a game takes besides its arrays."""


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Batch:
    """Outcome of `stackel.simulate_many`; player 0 is the leader, player 1 the follower.

    ``batch[i]`` is the `Result` of game i, ``len(batch)`` the number of games N. The arrays are read-only.

    Parameters
    ----------
    leader_stack, follower_stack : ndarray of float64, shape (N, n_leader, n_follower)
        Mean utilities of each game; of games that change at M starts shape (N, M, n_leader, n_follower).
    noise : (Noise, Noise)
        Reward laws of the leader and of the follower, in all games.
    leader, follower : Learner
        The learners, but for the parameters that follow.
    leader_parameters, follower_parameters : dict of str to ndarray
        Parameters with a value for each game, along the first axis.
    rounds : ndarray of int64, shape (K,)
        Checkpoints, in rounds played.
    utility : ndarray of float64, shape (2, N, R, K)
        Cumulative mean utility ``U_i(t)`` of each player, game, replication and checkpoint.
    pulls : ndarray of int64, shape (N, R, n_leader, n_follower)
        How often each outcome was played by the end of each game.
    seeds : ndarray of uint64, shape (N,)
        The seed that repeats each game.
    error_bound : ndarray of float64, shape (N,)
        Of each game what `Result.error_bound` is.
    engine, version, crossing_tolerance, stream_version, platform
        As in `Result`.
    remainder : ndarray of float64, shape (2, N, R, K)
        What rounding took from each `utility`, as in `Result`.
    starts, newcomer : tuple of int or None, str or None
        Of games that change, those of each `ChangingGame`.

    Examples
    --------
    >>> import numpy as np, stackel as sk
    >>> u1, u2 = np.random.default_rng(0).random((2, 1000, 2, 2))
    >>> batch = sk.simulate_many(u1, u2, sk.UCB(), sk.UCB(), 10_000, seed=1)
    >>> batch
    Batch(1000 games 2x2, UCB vs UCB, horizon=10000, replications=1, engine='leap')
    >>> batch.utility.shape, batch.pulls.shape
    ((2, 1000, 1, 1), (1000, 1, 2, 2))
    >>> batch.regret(sk.stackelberg).shape
    (2, 1000, 1, 1)
    """

    leader_stack: npt.NDArray[np.float64]
    follower_stack: npt.NDArray[np.float64]
    noise: tuple[Noise, Noise]
    leader: Learner
    follower: Learner
    leader_parameters: Columns
    follower_parameters: Columns
    rounds: npt.NDArray[np.int64]
    utility: npt.NDArray[np.float64]
    pulls: npt.NDArray[np.int64]
    seeds: npt.NDArray[np.uint64]
    engine: str
    error_bound: npt.NDArray[np.float64]
    version: str
    crossing_tolerance: float = CROSSING_TOLERANCE
    stream_version: int = field(default_factory=stream_version)
    platform: str = field(default_factory=this_platform)
    remainder: npt.NDArray[np.float64] = field(default_factory=partial(np.zeros, ()))
    starts: tuple[int, ...] | None = None
    newcomer: str | None = None

    def __post_init__(self) -> None:
        if self.remainder.ndim == 0:
            object.__setattr__(self, "remainder", np.zeros_like(self.utility))
        arrays = [value for value in self._values() if isinstance(value, np.ndarray)]
        for array in (*arrays, *self.leader_parameters.values(), *self.follower_parameters.values()):
            array.flags.writeable = False

    @property
    def horizon(self) -> int:
        """Number of rounds T of each game."""
        return int(self.pulls[0, 0].sum())

    @property
    def replications(self) -> int:
        """Number of independent repetitions R of each game."""
        return int(self.pulls.shape[1])

    def __len__(self) -> int:
        return len(self.pulls)

    def __iter__(self) -> Iterator[Result]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, i: int) -> Result:
        """Return what ``simulate(batch.game(i), ..., seed=batch.seeds[i])`` returns."""
        i = self._index(i)
        return Result(
            game=self.game(i),
            leader=of_game(self.leader, self.leader_parameters, i),
            follower=of_game(self.follower, self.follower_parameters, i),
            rounds=self.rounds,
            utility=self.utility[:, i],
            pulls=self.pulls[i],
            seed=int(self.seeds[i]),
            engine=self.engine,
            error_bound=float(self.error_bound[i]),
            version=self.version,
            stream_version=self.stream_version,
            platform=self.platform,
            crossing_tolerance=self.crossing_tolerance,
            remainder=self.remainder[:, i],
        )

    def game(self, i: int) -> AnyGame:
        """Return game `i`."""
        i = self._index(i)
        matrices = self.leader_stack[i], self.follower_stack[i]
        return game_of_stacks(matrices, self.noise, self.starts, self.newcomer)

    def regret(self, benchmark: BenchmarkLike | npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Regret ``R_i(t) = alpha_i t - U_i(t)`` at the checkpoints, shape (2, N, R, K); it can be negative.

        Parameters
        ----------
        benchmark : str, Benchmark, array_like of shape (2,) or (2, N), or function
            The values ``(alpha_1, alpha_2)``, of all games or of each, or a name or function as in
            `Result.regret`, which is called for each game. Of games that change, a pair, name or function.
        """
        if self.starts is not None:
            return np.stack([each.regret(cast("BenchmarkLike", benchmark)) for each in self], axis=1)
        alpha = self._alphas(benchmark)[None, :, :, None, None]
        return regret_of(alpha, self.rounds[None], self.utility, self.remainder)

    def _alphas(self, benchmark: Any) -> npt.NDArray[np.float64]:
        """Benchmark values, shape (2, N) or (2, 1)."""
        if callable(benchmark) or isinstance(benchmark, str):
            games = (self.game(i) for i in range(len(self)))
            return np.array([mean_alphas(benchmark, game, self.horizon) for game in games]).T
        allowed = "finite numbers of shape (2, games)"
        value = isinstance(benchmark, Benchmark | OptimalCommitment | Equilibrium)
        values = np.empty(0) if value else as_floats("benchmark", allowed, benchmark)
        if values.shape != (2, len(self)):
            return mean_alphas(benchmark, self.game(0), self.horizon)[:, None]
        if not np.isfinite(values).all():
            raise SpecError("benchmark", allowed, shown(benchmark))
        return values

    def _index(self, i: int) -> int:
        i = operator.index(i)
        if not -len(self) <= i < len(self):
            raise IndexError(f"game {shown(i)} of {len(self)}")
        return i % len(self)

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, each.name) for each in fields(self))

    def __reduce__(self) -> tuple[Any, ...]:
        # Through the constructor, so that copies are read-only as well.
        return Batch, self._values()

    def __repr__(self) -> str:
        _, _, rows, columns = self.pulls.shape
        return (
            f"Batch({len(self)} games {rows}x{columns}, {type(self.leader).__name__} vs "
            f"{type(self.follower).__name__}, horizon={self.horizon}, replications={self.replications}, "
            f"engine={self.engine!r})"
        )


@checks_names
def simulate_many(
    leader_stack: npt.ArrayLike,
    follower_stack: npt.ArrayLike,
    leader: AnyLearner,
    follower: AnyLearner,
    horizon: int,
    *,
    noise: Noise | tuple[Noise, Noise] = Gaussian(1.0),
    starts: Sequence[int] | None = None,
    newcomer: str | None = None,
    leader_parameters: Mapping[str, Any] | None = None,
    follower_parameters: Mapping[str, Any] | None = None,
    replications: int = 1,
    seed: Seed | npt.ArrayLike = None,
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = 1,
    engine: str = "auto",
    crossing_tolerance: float = CROSSING_TOLERANCE,
    threads: int | None = None,
    progress: bool = False,
    cancel: CancelToken | None = None,
) -> Batch:
    """Play N games of one size, each as `stackel.simulate` would, in one call and in parallel.

    Game i is ``simulate(game_i, leader_i, follower_i, horizon, seed=seeds[i], ...)``, bit for bit.

    Parameters
    ----------
    leader_stack, follower_stack : array_like, shape (N, n_leader, n_follower)
        Mean utilities of each game; a single matrix is that of all games. With `starts`, shape
        (N, M, n_leader, n_follower), or (M, n_leader, n_follower) for all games.
    leader, follower : Learner or Policy
        One learner for each seat, in all games.
    horizon : int
        Number of rounds T of each game, from 1 to 2**53.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        One law for both players, or a (leader, follower) pair, in all games.
    starts : sequence of int, shape (M,), optional
        Of games that change: the rounds that have been played when each of the M games begins, as in
        `ChangingGame`, the same in all.
    newcomer : {None, "leader", "follower", "both"}, default None
        The player that each change replaces, as in `ChangingGame`.
    leader_parameters, follower_parameters : dict of str to array_like, optional
        Parameters of the learners that change from game to game: for each name an array of shape (N,), or
        (N, n) for one that is a sequence.
    replications : int, default 1
        Independent repetitions of each game.
    seed : int, SeedSequence, Generator, None, or array_like of shape (N,)
        Seeds of the games, as they are; or as in `stackel.simulate` one number s. Where both matrices are
        those of all games, s is the seed of all: learners are compared under the same noise. Otherwise the
        games are independent, with seeds ``numpy.random.SeedSequence(s).generate_state(N, numpy.uint64)``, so
        that more games begin with the seeds of fewer. To compare games under the same noise, give all of them
        one seed, as in ``seed=numpy.full(N, s)``.
    checkpoints : None, int or increasing rounds, default 1
        As in `stackel.simulate`; by default only the horizon.
    engine, crossing_tolerance, threads, progress, cancel
        As in `stackel.simulate`.

    Returns
    -------
    Batch

    Raises
    ------
    SpecError
        If an argument is not usable; it names the game, and nothing has run.
    RunError
        If the run was cancelled.

    Examples
    --------
    The same game, under the same noise, with ever more confident leaders:

    >>> import numpy as np, stackel as sk
    >>> game = sk.games.etc_failure()
    >>> batch = sk.simulate_many(
    ...     game.leader, game.follower, sk.UCB(), sk.UCB(), 10_000, seed=1,
    ...     leader_parameters={"confidence": np.geomspace(0.1, 10, 30)},
    ... )
    >>> batch.utility.shape
    (2, 30, 1, 1)
    >>> batch[29].leader
    UCB(anytime=False, sigma=1.0, confidence=10.0, ties='lowest', first='index')
    """
    begins = None if starts is None else as_rising("starts", "rounds", starts, 0, MAX_HORIZON - 1)
    stacks, one = as_stacks(leader_stack, follower_stack, begins)
    laws = as_noise_pair(noise)
    first, leader_columns = as_columns("leader_parameters", as_learner("leader", leader), leader_parameters)
    second, follower_columns = as_columns(
        "follower_parameters", as_learner("follower", follower), follower_parameters
    )
    given_seeds = as_seeds(seed)
    arrays = (
        *(
            (f"{role}_stack", stack)
            for role, stack in zip(ROLES, stacks, strict=True)
            if stack.ndim > len(one)
        ),
        *(("leader_parameters", column) for column in leader_columns.values()),
        *(("follower_parameters", column) for column in follower_columns.values()),
        *(() if isinstance(given_seeds, int) else (("seed", given_seeds),)),
    )
    games = number_of_games((name, len(array)) for name, array in arrays)
    matrices = [np.array(np.broadcast_to(stack, (games, *one)), order="C") for stack in stacks]
    one_game = stacks[0].ndim == stacks[1].ndim == len(one)
    seeds = np.full(games, given_seeds, np.uint64) if one_game else game_seeds(given_seeds, games)
    form = np.zeros(one)
    if begins:  # to the description every start is a change, as it is to some of the games
        form[1::2] = 0.5
    shared = Experiment.of(
        game_of_stacks((form, form), laws, begins, newcomer),
        first,
        second,
        horizon,
        replications,
        0,
        checkpoints,
        engine,
        crossing_tolerance,
    )
    workers, token = as_threads(threads), as_token(cancel)
    _check_memory(games, shared)
    asked: dict[str, Any] = {
        "leader_stack": matrices[0],
        "follower_stack": matrices[1],
        "noise": laws,
        "starts": begins,
        "newcomer": newcomer,
        "leader": first,
        "follower": second,
        "leader_parameters": leader_columns,
        "follower_parameters": follower_columns,
        "seed": seeds,
    }
    with progress_bar(show=progress) as report:
        if any(isinstance(innermost(learner), CustomLearner) for learner in shared.learners):
            outcome = one_after_another(shared, asked, report, token)
        else:
            outcome = core_simulate_many(
                shared,
                matrices[0].reshape(-1, *one[-2:]),
                matrices[1].reshape(-1, *one[-2:]),
                list(leader_columns.items()),
                list(follower_columns.items()),
                seeds,
                list(begins or (0,)),
                replaced_by(newcomer),
                workers,
                report,
                token,
                {
                    name: value
                    for name, value in (shared.arguments() | asked).items()
                    if name not in _NOT_SHARED
                },
            )
    rounds, earned, pulls, used, error_bound = outcome
    return Batch(
        **{name: value for name, value in asked.items() if name != "seed"},
        seeds=seeds,
        rounds=rounds,
        utility=earned[:2],
        remainder=earned[2:],
        pulls=pulls,
        engine=used,
        error_bound=error_bound,
        version=core_version(),
        crossing_tolerance=shared.crossing_tolerance,
    )


def _check_memory(games: int, shared: Experiment) -> None:
    rows, columns = shared.game.shape
    cells, marks = rows * columns, shared.n_checkpoints or 64
    needed = games * (_BYTES_A_GAME + 8 * (4 * cells + shared.replications * (cells + 4 * marks)))
    check_fits("replications", f"{shared.replications} of {games} games", needed)
