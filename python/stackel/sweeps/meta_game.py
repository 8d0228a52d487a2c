"""The game between algorithms, estimated by runs of every pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.bounded import INTERVALS
from stackel._stats.intervals import as_confidence
from stackel._utils.arguments import checks_names
from stackel._utils.memory import check_fits
from stackel._utils.progress import progress_bar
from stackel._utils.seeds import as_seed
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, as_flag, as_real, as_threads
from stackel.games._changing import named_games
from stackel.learners import Learner
from stackel.learners._custom import with_learners
from stackel.learners._names import named, short
from stackel.results import MetaGame
from stackel.results._payoff import MeanPayoff
from stackel.simulation._experiment import ENGINES
from stackel.sweeps._meta_runs import MetaRuns
from stackel.sweeps._meta_sampling import schedule, undecided
from stackel.sweeps.tasks import MAX_REPLICATIONS

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor

    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame

_BYTES = 16
"""Bytes that the payoffs of a replication take."""


@checks_names
def meta_game(
    leaders: Learner | Sequence[Learner] | Mapping[str, Learner],
    followers: Learner | Sequence[Learner] | Mapping[str, Learner],
    games: AnyGame | Sequence[AnyGame] | Mapping[str, AnyGame],
    horizon: int,
    *,
    weights: npt.ArrayLike | None = None,
    payoff: str | BenchmarkLike | Callable[..., Any] = "utility",
    replications: int = 64,
    seed: Seed = None,
    confidence: float = 0.95,
    precision: float | None = None,
    max_replications: int = 4096,
    interval: str = "betting",
    engine: str = "auto",
    threads: int | None = None,
    progress: bool = False,
    store: str | os.PathLike[str] | None = None,
    executor: Executor | Any | None = None,
) -> MetaGame:
    """Estimate the game in which each player chooses the algorithm that plays for it.

    All pairs of algorithms play under the same noise: in replication r the n-th pull of each arm brings all
    the same. Gains by deviating are taken replication by replication, and vary far less than payoffs.

    Parameters
    ----------
    leaders, followers : Learner, sequence of Learner, or mapping of name to Learner
        Algorithms of each seat. Default names are of the form ``UCB`` or ``UCB(sigma=2.0)``; `variants`
        makes some of one learner's parameters.
    games : Game or ChangingGame, sequence of them, or mapping of names to them
        Games; their default names are their own. A single game needs none.
    horizon : int
        Number of rounds T.
    weights : array_like, optional
        Probability of each game, shape (G,); by default all the same.
    payoff : str, benchmark or function, default "utility"
        "utility": mean utility per round, ``U(T) / T``. "regret": minus the regret per round against the
        Stackelberg benchmark. Any benchmark, as for `Result.regret`, such as "tolerant": minus the regret per
        round against it. Or a function of ``leader`` and ``follower``, the utilities per round, that returns
        both payoffs and is affine, such as ``lambda leader, follower: (leader + follower, follower)``.
    replications : int, default 64
        Repetitions of each pair in each game, from 1; with a `precision` those before the first look.
    confidence : float, default 0.95
        Probability that all limits of the result hold together, also where the data decide when to stop.
    precision : float, optional
        Wanted `MetaSolution.epsilon` of the equilibria, > 0, in units of payoff. Looks are at `replications`,
        twice as many, and so on. After each, only pairs that take part in a deviation whose gain may
        be above the precision are played further. The equilibria are the pure ones; without any, the mixed
        ones, or with more than 6 algorithms a side a coarse correlated one.
    max_replications : int, default 4096
        Largest number of replications of a pair, with a `precision`.
    interval : {"betting", "student"}, default "betting"
        Limits of payoffs and gains. "betting" holds for every law within the bounds of the payoffs, also for
        rare events that did not occur; only these limits certify. "student" is narrower for few replications
        and holds for normal samples only.
    seed, engine, threads, progress
        As in `stackel.simulate`. Replication r has the seed of replication r of a `Task`.
    store : path-like, optional
        Directory of a `stackel.sweep` (extra ``sweep``): what it has is not played again, so that a stopped
        call continues. By default results stay in memory.
    executor : None, concurrent.futures.Executor or dask.distributed.Client
        Workers that play, as in `stackel.sweep`.

    Returns
    -------
    MetaGame

    Notes
    -----
    Limits: Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS B, 2024);
    union over pairs, players, deviations and looks. Payoffs have known bounds, because utilities are means
    of the game that is played. Sampling: after Cousins, Mishra, Viqueira and Greenwald, "Learning properties
    in simulation-based games" (2022). If all payoffs are within e, each equilibrium of the true game is a
    2 e-equilibrium of the estimated one, and the other way round (Tuyls et al., 2020).

    Examples
    --------
    >>> import stackel as sk
    >>> meta = sk.meta_game(
    ...     [sk.ExploreThenCommit(), sk.ExploreThenCommitThrowOut()],
    ...     [sk.ExploreThenCommit(), sk.UCB()],
    ...     sk.games.etc_failure(),
    ...     100_000,
    ...     seed=1,
    ... )
    >>> meta.solve("pure")
    [MetaSolution(pure: ExploreThenCommit v UCB; payoffs 0.5948, 0.3948; certified to epsilon 0.035)]
    """
    first = named("leaders", with_learners("leaders", leaders), Learner, "a stackel learner", short)
    second = named("followers", with_learners("followers", followers), Learner, "a stackel learner", short)
    arena = named_games(games)
    rounds, root = as_count("horizon", horizon, 1, MAX_HORIZON), as_seed(seed)
    value = MeanPayoff.of(payoff, arena, weights, rounds)
    start = as_count("replications", replications, 1, MAX_REPLICATIONS)
    wanted = None if precision is None else as_real("precision", precision, above=0.0)
    most = (
        start if wanted is None else as_count("max_replications", max_replications, start, MAX_REPLICATIONS)
    )
    level, limits = as_confidence(confidence), as_choice("interval", interval, INTERVALS)
    show, workers = as_flag("progress", progress), as_threads(threads)
    way = as_choice("engine", engine, ENGINES)
    check_fits("replications", f"{most} of each pair", _BYTES * most * len(first) * len(second))
    runs = MetaRuns(first, second, value, root, way, workers, store, executor)
    looks = schedule(start, wanted, most)
    exact = value.exact(first.values(), second.values())
    needed = np.ones(exact.shape, bool)
    with progress_bar(show=show) as report:
        for done, look in enumerate(looks):
            runs.play(needed, look, report, (done / len(looks), 1 / len(looks)))
            meta = MetaGame(
                leaders=first,
                followers=second,
                games=arena,
                weights=value.weights,
                horizon=rounds,
                payoff_kind=value.kind,
                bounds=value.bounds,
                replications=runs.replications,
                samples=np.concatenate(list(runs.samples.values()), axis=1),
                exact=exact,
                confidence=level,
                interval=limits,
                looks=len(looks),
                precision=wanted,
                provenance=runs.provenance(),
            )
            needed = undecided(meta)
            if not needed.any():
                break
    return meta
