"""Result of a run: utilities at checkpoints, pull counts, and the description of the run."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._figures.curves import Regrets
from stackel._figures.regret import draw_regrets
from stackel._figures.shares import draw_shares
from stackel._stats.intervals import as_confidence, mean_interval, standard_error
from stackel._utils.build import stream_version, this_platform
from stackel._utils.players import ROLES
from stackel._utils.validation import CROSSING_TOLERANCE
from stackel.benchmarks._benchmarks import stackelberg
from stackel.benchmarks._pieces import Alphas
from stackel.benchmarks._regret import deviations_of, rounding_error
from stackel.errors import SpecError
from stackel.games._changing import changes_of
from stackel.results._best import best_shares
from stackel.results._chance import alike_by_chance
from stackel.results._earned import check_other, earned
from stackel.results._file import write_result
from stackel.results._tables import as_dataset, as_html, as_table

if TYPE_CHECKING:
    import os

    import numpy.typing as npt
    import pandas as pd
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame
    from stackel.games._game import Game
    from stackel.learners import Learner
    from stackel.results._trace import Trace

_ARRAYS = ("rounds", "utility", "pulls")

_NOT_PLAIN = (*_ARRAYS, "platform", "trace", "remainder")


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Result:
    """Outcome of `stackel.simulate`; player 0 is the leader, player 1 the follower.

    Parameters
    ----------
    game : Game or ChangingGame
        The game that was played.
    leader, follower : Learner
        The learners that played it.
    rounds : ndarray of int64, shape (K,)
        Checkpoints, in rounds played.
    utility : ndarray of float64, shape (2, R, K)
        Cumulative mean utility ``U_i(t)`` of each player, replication and checkpoint.
    pulls : ndarray of int64, shape (R, n_leader, n_follower)
        Number of rounds of each outcome in the whole game.
    seed : int
        The seed that repeats the run.
    engine : str
        The engine that ran.
    error_bound : float
        Bound on the probability that a missed crossing made this result another one than that of
        ``engine="reference"``; 0 if every reward was looked at.
    version : str
        Version of stackel that ran it.
    stream_version : int
        Version of the random streams of the run; by default this build's.
    platform : str
        Target of the compiled core and versions of Python and NumPy of the run; by default
        those of this process, empty if unknown.
    crossing_tolerance : float, default 1e-18
        Largest probability of a missed crossing that a leap ignored; see `stackel.simulate`.
    trace : Trace or None
        Additional records of ``simulate(..., trace=True)``.
    remainder : ndarray of float64, shape (2, R, K)
        What rounding took from each `utility`, so that regrets are exact where utilities are large and
        differ by little; by default 0.

    Notes
    -----
    The arrays are read-only. Results can be compared, pickled and saved. Results that differ only in
    the platform are equal.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> run = sk.simulate(game, sk.FixedAction(1), sk.BestResponse(), 1000, checkpoints=[10, 1000], seed=7)
    >>> run
    Result(FixedAction vs BestResponse, horizon=1000, replications=1, seed=7, engine='leap')
    >>> run.regret(sk.stackelberg(game)).round(9)
    array([[[  1., 100.]],
    <BLANKLINE>
           [[  1., 100.]]])
    """

    game: AnyGame
    leader: Learner
    follower: Learner
    rounds: npt.NDArray[np.int64]
    utility: npt.NDArray[np.float64]
    pulls: npt.NDArray[np.int64]
    seed: int
    engine: str
    error_bound: float
    version: str
    stream_version: int = field(default_factory=stream_version)
    platform: str = field(default_factory=this_platform)
    crossing_tolerance: float = CROSSING_TOLERANCE
    trace: Trace | None = None
    remainder: npt.NDArray[np.float64] = field(default_factory=partial(np.zeros, ()))

    def __post_init__(self) -> None:
        if self.remainder.ndim == 0:
            object.__setattr__(self, "remainder", np.zeros_like(self.utility))
        for array in (self.rounds, self.utility, self.remainder, self.pulls):
            array.flags.writeable = False

    @property
    def horizon(self) -> int:
        """Number of rounds T; the last checkpoint may come before it."""
        return int(self.pulls[0].sum())

    @property
    def replications(self) -> int:
        """Number of independent repetitions R."""
        return len(self.pulls)

    @property
    def cell_counts(self) -> npt.NDArray[np.int64]:
        """`Trace.cell_counts`; it raises a SpecError unless the run has ``trace=True``."""
        return self._traced("cell_counts").cell_counts

    @property
    def switches(self) -> npt.NDArray[np.int64]:
        """`Trace.switches`; it raises a SpecError unless the run has ``trace=True``."""
        return self._traced("switches").switches

    @property
    def last_exploration(self) -> npt.NDArray[np.int64]:
        """`Trace.last_exploration`; it raises a SpecError unless the run has ``trace=True``."""
        return self._traced("last_exploration").last_exploration

    def _traced(self, name: str) -> Trace:
        if self.trace is None:
            raise SpecError("result", f"a run of simulate(..., trace=True), for its {name}", "a run without")
        return self.trace

    @property
    def spec(self) -> dict[str, Any]:
        """Plain description (lists, strings, numbers) of the run, from which it can be repeated.

        Keys: ``game``, ``leader``, ``follower`` (for the ``from_dict`` of their classes),
        ``horizon``, ``replications``, ``seed`` (decimal digits), ``checkpoints``, ``engine``,
        ``crossing_tolerance``, ``trace`` (True or False). The same version of stackel gives the same
        bits.
        """
        return {
            "game": self.game.to_dict(),
            "leader": self.leader.to_dict(),
            "follower": self.follower.to_dict(),
            "horizon": self.horizon,
            "replications": self.replications,
            "seed": str(self.seed),
            "checkpoints": self.rounds.tolist(),
            "engine": self.engine,
            "crossing_tolerance": self.crossing_tolerance,
            "trace": self.trace is not None,
        }

    @property
    def provenance(self) -> dict[str, Any]:
        """Origin of the numbers, in the same form for every result of stackel.

        Keys: ``spec``, ``seed``, ``engine``, ``error_bound``, ``version``, ``stream_version``,
        ``platform``. Tables and datasets have it in their ``attrs``, with the spec as JSON and the
        seed as decimal digits.
        """
        return {
            "spec": self.spec,
            "seed": self.seed,
            "engine": self.engine,
            "error_bound": self.error_bound,
            "version": self.version,
            "stream_version": self.stream_version,
            "platform": self.platform,
        }

    @property
    def table(self) -> pd.DataFrame:
        """Tidy table of every replication (extra ``pandas``); `summary` has their means.

        A row for each player, replication and checkpoint: ``player``, ``replication``, ``round``,
        ``utility``.
        """
        replications, marks = self.utility.shape[1:]
        columns = {
            "player": np.repeat(ROLES, replications * marks),
            "replication": np.tile(np.repeat(np.arange(replications), marks), 2),
            "round": np.tile(self.rounds, 2 * replications),
            "utility": self.utility.ravel(),
        }
        return as_table(columns, self.provenance)

    def regret(self, benchmark: BenchmarkLike) -> npt.NDArray[np.float64]:
        """Return the regret ``R_i(t) = alpha_i t - U_i(t)`` at the checkpoints, which can be negative.

        Parameters
        ----------
        benchmark : str, Benchmark, pair of float, or function
            The values ``(alpha_1, alpha_2)`` in units of utility per round, or a function of
            (game) or (game, horizon) that returns them, such as `stackel.stackelberg`. A function
            receives the horizon if it has a parameter named ``horizon`` or ``T``. Names are
            ``"stackelberg"``, and ``"tolerant"`` and ``"self_tolerant"`` with the `tolerance` of the horizon,
            with exponents 1/3 and 1/4. Values of `mixed_stackelberg` and `nash` fit too. Of a
            `ChangingGame`, a name or function is called for each game: ``alpha_i t`` is a sum over them.

        Returns
        -------
        ndarray of float64, shape (2, R, K)
            Regret in units of utility; player 0 is the leader.
        """
        alphas = Alphas.of(benchmark, self.game, self.horizon)
        return alphas.regret(self.rounds, (self.utility, self.remainder))

    def rescored(self, game: Game) -> Result:
        """Return what the same rounds are worth in another game: reported against true utilities, say.

        Parameters
        ----------
        game : Game
            A game of the same shape. Its noise plays no part: utilities are sums of means.

        Returns
        -------
        Result
            Its engine is ``"external"``: it cannot be repeated. It has the checkpoints of a run with
            ``trace=True``, and the last round only of one without. A SpecError says so if this game or the
            other changes, or the shapes differ.
        """
        check_other(game, self.game)
        counts = self.pulls[:, np.newaxis] if self.trace is None else self.trace.cell_counts
        rounds = np.array([self.horizon]) if self.trace is None else self.rounds
        utility, remainder = earned(game, counts)
        told = {"rounds": rounds, "utility": utility, "remainder": remainder, "engine": "external"}
        return Result(**self._values() | {"game": game} | told)

    def summary(self, benchmark: BenchmarkLike | None = None, *, confidence: float = 0.95) -> pd.DataFrame:
        """Return a tidy table with a row for each player and checkpoint (extra ``pandas``).

        Parameters
        ----------
        benchmark : str, Benchmark, pair of float, or function, optional
            Benchmark of the regret; see `regret`.
        confidence : float, default 0.95
            Level of the interval of the mean regret (Student's, over replications).

        Returns
        -------
        pandas.DataFrame
            Columns ``player``, ``round``, ``utility`` (mean over replications) and ``utility_se``
            (its standard error); with a benchmark also ``regret``, ``regret_se``, ``regret_low``,
            ``regret_high`` and ``regret_per_round``. Errors and limits are nan where the replications show
            no spread: for one replication, and where all are alike although chance takes part.
        """
        level = as_confidence(confidence)
        columns: dict[str, npt.NDArray[Any]] = {
            "player": np.repeat(ROLES, len(self.rounds)),
            "round": np.tile(self.rounds, 2),
            "utility": self.utility.mean(axis=1).ravel(),
            "utility_se": standard_error(self._spread, 1, self._alike).ravel(),
        }
        if benchmark is not None:
            regret = mean_interval(self.regret(benchmark), 1, level, self._alike)
            columns |= {
                "regret": regret.mean.ravel(),
                "regret_se": regret.error.ravel(),
                "regret_low": regret.low.ravel(),
                "regret_high": regret.high.ravel(),
                "regret_per_round": (regret.mean / self.rounds).ravel(),
            }
        return as_table(columns, self.provenance)

    def to_xarray(self) -> xr.Dataset:
        """Return all records as a dataset with named dimensions (extra ``xarray``).

        It has ``utility`` over (player, replication, round) and ``pulls`` over (replication, leader_action,
        follower_action); for a run with a trace also ``cell_counts`` over (replication, round, leader_action,
        follower_action), ``switches`` and ``last_exploration`` over (player, replication). Actions have the
        game's labels, or numbers from 0. The attributes are those of `provenance`, with the spec as JSON.
        """
        return as_dataset(**{name: getattr(self, name) for name in (*_ARRAYS, "game", "trace", "provenance")})

    def plot(
        self,
        benchmark: BenchmarkLike = stackelberg,
        *,
        ax: Axes | None = None,
        reference_slope: float | None = None,
        confidence: float = 0.95,
        scale: str = "auto",
        per_round: bool = False,
    ) -> Figure:
        """Draw the regret of both players over time; see `stackel.plotting.plot_regret`."""
        level, regrets = as_confidence(confidence), {"": regrets_of(self, benchmark)}
        return draw_regrets(regrets, ax, reference_slope, level, scale=scale, per_round=per_round)

    def best_share(self) -> npt.NDArray[np.float64]:
        """Return the share of the rounds so far in which a player played a best action, shape (2, R, K).

        For the leader these are the actions of its Stackelberg value, for the follower the best responses to
        the action that it saw. A SpecError says so if the run has no trace, or, in a changing game, no
        checkpoints at the changes.
        """
        return best_shares(self.game, self.rounds, self.cell_counts)

    def plot_best_share(self, *, ax: Axes | None = None, confidence: float = 0.95) -> Figure:
        """Draw `best_share` over time with confidence bands; arguments are as in `plot` (extra ``plot``)."""
        names = (self.leader.label, self.follower.label)
        changes = changes_of(self.game, self.horizon)
        return draw_shares(
            self.best_share(), self.rounds, names, ax, as_confidence(confidence), changes=changes
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the result to a file that `stackel.load` reads bit for bit.

        The file is a zip archive of uncompressed npy arrays (``rounds``, ``utility``, ``pulls``,
        ``game_leader``, ``game_follower``, and those of a trace), which ``numpy.load`` reads too, and of the
        JSON text ``stackel.json``. Nothing in it is pickled. Equal results give equal bytes.

        Parameters
        ----------
        path : str or path
            Path of the file in an existing directory; no suffix is added. An existing file is replaced when
            the new one is complete.

        Raises
        ------
        OSError
            If the system cannot write the file; nothing is left then.
        """
        write_result(self._values(), path)

    def __eq__(self, other: object) -> bool:
        """Return whether all fields except the platform are equal, arrays value by value."""
        if not isinstance(other, Result):
            return NotImplemented
        return (
            self._plain() == other._plain()
            and all(np.array_equal(getattr(self, name), getattr(other, name)) for name in _ARRAYS)
            and self.trace == other.trace
        )

    def __hash__(self) -> int:
        return hash(self._plain())

    def __reduce__(self) -> tuple[Any, ...]:
        # The constructor makes the arrays of copies read-only as well.
        return Result, tuple(self._values().values())

    def __repr__(self) -> str:
        return (
            f"Result({self.leader.label} vs {self.follower.label}, horizon={self.horizon}, "
            f"replications={self.replications}, seed={self.seed}, engine={self.engine!r})"
        )

    def _repr_html_(self) -> str:
        """Short table for notebooks."""
        final = self.utility[:, :, -1].mean(axis=1) / self.rounds[-1]
        errors = standard_error(self._spread, 1, self._alike)[:, -1] / self.rounds[-1]
        rows = {
            "game": repr(self.game),
            "leader": str(self.leader),
            "follower": str(self.follower),
            "horizon": f"{self.horizon} rounds",
            "replications": str(self.replications),
            "seed": str(self.seed),
            "engine": f"{self.engine}, stackel {self.version}",
        } | {
            f"{role}'s utility per round": f"{mean:.6g} ± {error:.2g}"
            for role, mean, error in zip(ROLES, final, errors, strict=True)
        }
        return as_html(rows)

    @property
    def _alike(self) -> npt.NDArray[np.bool_]:
        return alike_by_chance(self._spread, self.game, (self.leader, self.follower), self.rounds)

    @property
    def _spread(self) -> npt.NDArray[np.float64]:
        return deviations_of(np.concatenate([self.utility, self.remainder]))

    def _values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def _plain(self) -> tuple[Any, ...]:
        return tuple(value for name, value in self._values().items() if name not in _NOT_PLAIN)


def regrets_of(run: Result, benchmark: BenchmarkLike) -> Regrets:
    """Return the regrets of both players against a benchmark, which is found once."""
    alphas = Alphas.of(benchmark, run.game, run.horizon)
    return Regrets(
        learners=(run.leader.label, run.follower.label),
        rounds=run.rounds,
        regret=alphas.regret(run.rounds, (run.utility, run.remainder)),
        rounding=rounding_error(run.game, alphas.mean, run.rounds),
        alike=run._alike,  # noqa: SLF001 of this module
        alpha=alphas.mean,
        benchmark=alphas.name,
        changes=tuple(changes_of(run.game, run.horizon)),
    )
