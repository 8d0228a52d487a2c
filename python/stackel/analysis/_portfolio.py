"""Runs of every leader with every follower in every game."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import as_confidence
from stackel._stats.resampling import MAX_RESAMPLES
from stackel._utils.arguments import checks_names
from stackel._utils.seeds import Seed, as_seed, resampling_seed
from stackel._utils.validation import MAX_HORIZON, as_count, shown
from stackel.analysis._portfolio_result import Portfolio
from stackel.analysis._runs import RunOptions, provenance
from stackel.benchmarks._benchmark_like import NAMED
from stackel.benchmarks._pieces import mean_alphas
from stackel.errors import SpecError
from stackel.games._changing import named_games
from stackel.learners import Learner
from stackel.learners._custom import with_learners
from stackel.learners._names import named, short

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame


@checks_names
def portfolio(
    leaders: Learner | Sequence[Learner] | Mapping[str, Learner],
    followers: Learner | Sequence[Learner] | Mapping[str, Learner],
    games: AnyGame | Sequence[AnyGame] | Mapping[str, AnyGame],
    horizon: int,
    *,
    benchmarks: Mapping[str, BenchmarkLike] | None = None,
    replications: int = 64,
    seed: Seed = None,
    confidence: float = 0.95,
    engine: str = "auto",
    threads: int | None = None,
    bootstrap: int = 2000,
    progress: bool = False,
) -> Portfolio:
    """Measure the regret of every pair in every game, of both players, against every benchmark.

    All runs have the same seed, so that all pairs meet the same noise (common random numbers) and can be
    compared replication by replication.

    Parameters
    ----------
    leaders, followers : Learner, sequence of Learner, or mapping of name to Learner
        Learners for each seat. Default names are of the form ``UCB`` or ``UCB(sigma=2.0)``.
    games : Game or ChangingGame, sequence of them, or mapping of names to them
        Games; their default names are their own. A single game needs none.
    horizon : int
        Number of rounds T.
    benchmarks : mapping of name to str, Benchmark, pair of float, or function, optional
        Benchmarks of the regret; see `Result.regret`. By default ``"stackelberg"``,
        ``"tolerant"`` and ``"self_tolerant"`` with the tolerance gamma_T of `tolerance`, with
        exponents 1/3 and 1/4. For a fixed gamma use ``partial(sk.tolerant, gamma=0.05)``.
    replications : int, default 64
        Independent repetitions R of each run.
    confidence : float, default 0.95
        Level of the intervals, and probability that a set of best pairs contains the best one.
    seed, engine, threads, bootstrap, progress
        As in `scaling`; all runs have the same seed.

    Returns
    -------
    Portfolio

    Examples
    --------
    >>> import stackel as sk
    >>> table = sk.portfolio(
    ...     [sk.ExploreThenCommit(), sk.ExploreThenCommitThrowOut()],
    ...     [sk.ExploreThenCommit()],
    ...     sk.games.etc_failure(),
    ...     100_000,
    ...     seed=2,
    ... )
    >>> table
    Portfolio of 2 leaders x 1 followers x 1 games, T = 100000, 64 replications
      lowest of the larger regret of the two, against stackelberg:
        etc_failure: ExploreThenCommitThrowOut v ExploreThenCommit
    """
    first = named("leaders", with_learners("leaders", leaders), Learner, "a stackel learner", short)
    second = named("followers", with_learners("followers", followers), Learner, "a stackel learner", short)
    arena = named_games(games)
    horizon = as_count("horizon", horizon, 1, MAX_HORIZON)
    against = _as_benchmarks(NAMED if benchmarks is None else benchmarks)
    options = RunOptions.of(replications, engine, threads, progress)
    level, root = as_confidence(confidence), as_seed(seed)
    resamples = as_count("bootstrap", bootstrap, 1, MAX_RESAMPLES)
    experiments = [
        options.experiment(game, leader, follower, horizon, root)
        for game in arena.values()
        for leader in first.values()
        for follower in second.values()
    ]
    alpha = {
        name: np.array([mean_alphas(benchmark, game, horizon) for game in arena.values()])
        for name, benchmark in against.items()
    }
    runs = list(options.runs(experiments))
    shape = (len(arena), len(first), len(second), 2, options.replications)
    utility, remainder = (
        np.moveaxis(np.stack(each).reshape(shape), 3, 1)
        for each in zip(*((run.utility, run.remainder) for run in runs), strict=True)
    )
    return Portfolio(
        leaders=first,
        followers=second,
        games=arena,
        horizon=horizon,
        benchmarks=alpha,
        utility=utility,
        remainder=remainder,
        confidence=level,
        bootstrap=resamples,
        bootstrap_seed=resampling_seed(root),
        provenance=provenance("portfolio", runs, root, _settings(alpha, level, resamples)),
    )


def _settings(
    alpha: Mapping[str, npt.NDArray[np.float64]], confidence: float, bootstrap: int
) -> dict[str, Any]:
    values = {name: value.tolist() for name, value in alpha.items()}
    return {"benchmarks": values, "confidence": confidence, "bootstrap": bootstrap}


def _as_benchmarks(benchmarks: Any) -> Mapping[str, BenchmarkLike]:
    if (
        not isinstance(benchmarks, Mapping)
        or not benchmarks
        or not all(isinstance(name, str) for name in benchmarks)
    ):
        raise SpecError("benchmarks", "a mapping of names to benchmarks, not empty", shown(benchmarks))
    return benchmarks
