"""Run a pair of learners against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._core import CancelToken, version
from stackel._core import simulate as core_simulate
from stackel._utils.memory import check_memory
from stackel._utils.progress import progress_bar
from stackel._utils.validation import (
    MAX_HORIZON,
    as_choice,
    as_count,
    as_flag,
    as_negligible,
    as_seed,
    as_token,
    shown,
)
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners._custom import as_learner
from stackel.results._result import NEGLIGIBLE, Result
from stackel.results._trace import Trace
from stackel.simulation._experiment import ENGINES, as_checkpoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from stackel.learners._custom import AnyLearner


def simulate(
    game: Game,
    leader: AnyLearner,
    follower: AnyLearner,
    horizon: int,
    *,
    replications: int = 1,
    seed: int | np.random.SeedSequence | np.random.Generator | None = None,
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    engine: str = "auto",
    negligible: float = NEGLIGIBLE,
    trace: bool = False,
    threads: int | None = None,
    progress: bool = False,
    cancel: CancelToken | None = None,
) -> Result:
    """Play `leader` against `follower` for `horizon` rounds, `replications` times over.

    Replication r draws from random streams keyed by (seed, r, player): results do not depend on
    `threads` or on how many replications run beside it.

    Parameters
    ----------
    game : Game
        The game.
    leader, follower : Learner or Policy
        One learner for each seat. The follower is one independent instance for each leader action. An
        object or class of your own with the methods of `Policy` or `VectorPolicy` is wrapped in a
        `CustomLearner`.
    horizon : int
        Number of rounds T, from 1 to 2**53.
    replications : int, default 1
        Independent repetitions.
    seed : int, SeedSequence, Generator or None
        An int in [0, 2**64) is used as it is; a SeedSequence or Generator supplies one; None draws
        a fresh one. ``Result.seed`` holds the number that repeats the run.
    checkpoints : None, int or increasing rounds
        Rounds at which cumulative utilities are recorded: explicit rounds, or how many to space
        evenly in log scale (about 64 by default) with `horizon` the last.
    engine : {"auto", "stepwise", "leap", "reference"}
        ``leap`` draws whole stretches of rounds where plans and noise allow it, ``stepwise`` reward by
        reward; both decide once a stretch. ``reference`` recomputes every decision each round: the bits
        of ``stepwise``, slowly. Leaping has the same law, up to ``Result.error_bound``, in other bits,
        which depend on `checkpoints`, `negligible` and `trace` too. ``auto`` leaps unless a learner
        decides anew in every round; ``Result.engine`` says which engine it was. Policies of your own
        are always stepped.
    negligible : float, default 1e-18
        Probability, from 1e-300 to 1e-6, below which leaping takes it for impossible that a path
        between two drawn points changed a decision. ``Result.error_bound`` is this times the number of
        times it did; a smaller value is stricter and a little slower.
    trace : bool, default False
        Also record how the games went over time: ``Result.cell_counts``, ``Result.switches`` and
        ``Result.last_exploration``. Rounds are then played in their order, so that schedules, such as
        sweeps over tied actions, are not leapt over.
    threads : int or None
        Worker threads; None uses all cores. Policies of your own run on the calling thread.
    progress : bool, default False
        Show a progress bar on long runs (extra ``progress``).
    cancel : CancelToken, optional
        ``cancel.cancel()`` from another thread stops the run.

    Returns
    -------
    Result

    Raises
    ------
    SpecError
        If an argument is not usable; nothing has run then.
    RunError
        If the run was cancelled.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> run = sk.simulate(game, sk.FixedAction(1), sk.BestResponse(), 1000, checkpoints=[10, 1000])
    >>> run.utility[:, 0, :]
    array([[  5., 500.],
           [  3., 300.]])
    """
    if not isinstance(game, Game):
        raise SpecError("game", "a stackel.Game", shown(game))
    leader, follower = as_learner("leader", leader), as_learner("follower", follower)
    horizon = as_count("horizon", horizon, 1, MAX_HORIZON)
    replications = as_count("replications", replications, 1, 2**53)
    seed = as_seed(seed)
    marks = as_checkpoints(checkpoints, horizon)
    as_choice("engine", engine, ENGINES)
    workers = 0 if threads is None else as_count("threads", threads, 1, 4096)
    token = as_token(cancel)
    negligible = as_negligible(negligible)
    trace = as_flag("trace", trace)
    check_memory(replications, game.shape, marks if isinstance(marks, int) else len(marks), trace=trace)
    spec = {
        "game": game,
        "leader": leader,
        "follower": follower,
        "horizon": horizon,
        "replications": replications,
        "seed": seed,
        "checkpoints": marks or None,
        "engine": engine,
        "negligible": negligible,
        "trace": trace,
        "threads": threads,
    }
    with progress_bar(show=progress) as report:
        outcome = core_simulate(
            game.as_core(),
            leader.as_core(),
            follower.as_core(),
            horizon,
            replications,
            seed,
            marks,
            engine,
            negligible,
            trace,
            workers,
            report,
            token,
            spec,
        )
    rounds, utility, pulls, used, error_bound, traced = outcome
    return Result(
        game=game,
        leader=leader,
        follower=follower,
        rounds=rounds,
        utility=utility,
        pulls=pulls,
        seed=seed,
        engine=used,
        error_bound=error_bound,
        version=version(),
        negligible=negligible,
        trace=Trace(*traced) if traced else None,
    )
