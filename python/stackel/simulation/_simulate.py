"""Run a pair of learners against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._core import CancelToken, version
from stackel._core import simulate as core_simulate
from stackel._utils.arguments import checks_names
from stackel._utils.memory import check_memory
from stackel._utils.progress import progress_bar
from stackel._utils.validation import CROSSING_TOLERANCE, as_threads, as_token
from stackel.results import Result, Trace
from stackel.simulation._experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.games._changing import AnyGame
    from stackel.learners._custom import AnyLearner


@checks_names
def simulate(
    game: AnyGame,
    leader: AnyLearner,
    follower: AnyLearner,
    horizon: int,
    *,
    replications: int = 1,
    seed: Seed = None,
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    engine: str = "auto",
    crossing_tolerance: float = CROSSING_TOLERANCE,
    trace: bool = False,
    threads: int | None = None,
    progress: bool = False,
    cancel: CancelToken | None = None,
) -> Result:
    """Play `leader` against `follower` for `horizon` rounds, `replications` times over.

    Noise belongs to (seed, replication, player, arm, n): the n-th pull of an arm brings the same noise in
    every run with this seed, whoever plays. Results do not depend on `threads` or on how many replications
    run beside it.

    Parameters
    ----------
    game : Game or ChangingGame
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
        evenly in log scale with `horizon` the last. By default there are about 64, and in a game that
        changes up to 1,024 times the last round before each change as well.
    engine : {"auto", "stepwise", "leap", "reference"}
        All engines play the same game, bit for bit, but for learners that leap "in law" (see
        `stackel.learner_schema`). ``leap`` passes over rounds in which no decision can
        change, ``stepwise`` reads every reward that a decision may depend on, and ``reference``
        recomputes every decision each round. ``auto`` leaps unless a learner has to decide anew each round;
        ``Result.engine`` says which engine it was. Policies of your own are always stepped.
    crossing_tolerance : float, default 1e-18
        Probability, from 1e-300 to 1e-6, below which leaping takes it for impossible that the rewards
        between two known sums changed a decision. ``Result.error_bound`` is this times the number of
        times it did; a smaller value is stricter and a little slower.
    trace : bool, default False
        Also record how the games went over time: ``Result.cell_counts``, ``Result.switches`` and
        ``Result.last_exploration``. Rounds are then played in their order, so that schedules, such as
        sweeps over tied actions, are not leapt over, at the same result.
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
    experiment = Experiment.of(
        game,
        leader,
        follower,
        horizon,
        replications,
        seed,
        checkpoints,
        engine,
        crossing_tolerance,
        trace,
    )
    workers, token = as_threads(threads), as_token(cancel)
    with progress_bar(show=progress) as report:
        return run(experiment, workers, report, token)


def run(
    experiment: Experiment,
    threads: int = 0,
    report: Callable[[float], None] | None = None,
    cancel: CancelToken | None = None,
) -> Result:
    """Run an experiment on `threads` threads, 0 for all cores; `report` is told the share that is done."""
    shape = experiment.game.shape
    check_memory(experiment.replications, shape, experiment.n_checkpoints, trace=experiment.trace)
    rounds, earned, pulls, engine, error_bound, traced = core_simulate(experiment, threads, report, cancel)
    leader, follower = experiment.learners
    return Result(
        game=experiment.game,
        leader=leader,
        follower=follower,
        rounds=rounds,
        utility=earned[:2],
        remainder=earned[2:],
        pulls=pulls,
        seed=experiment.seed,
        engine=engine,
        error_bound=error_bound,
        version=version(),
        crossing_tolerance=experiment.crossing_tolerance,
        trace=Trace(*traced) if traced else None,
    )
