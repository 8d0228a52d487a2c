"""Growth of regret with the horizon: exponents fitted over separate runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np

from stackel._stats.intervals import as_confidence
from stackel._stats.resampling import MAX_RESAMPLES
from stackel._utils.arguments import call, checks_names
from stackel._utils.arrays import as_rising
from stackel._utils.seeds import Seed, as_seed, resampling_seed
from stackel._utils.validation import MAX_HORIZON, as_count, as_real
from stackel.analysis._runs import Run, RunOptions, provenance, rounding_errors
from stackel.analysis._scaling_fit import fit_scaling, warn_of
from stackel.benchmarks._benchmarks import stackelberg
from stackel.benchmarks._pieces import mean_alphas
from stackel.learners._custom import is_policy

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.analysis._scaling_result import ScalingFit
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame
    from stackel.learners._custom import AnyLearner
    from stackel.simulation._experiment import Experiment

_T = TypeVar("_T")
OfHorizon: TypeAlias = _T | Callable[[int], _T]
"""A value for all horizons, or a function from a horizon to its value."""
_OF_HORIZON = "a value, or a function of T that returns one, such as lambda T: value"


@checks_names
def scaling(
    game: OfHorizon[AnyGame],
    leader: OfHorizon[AnyLearner],
    follower: OfHorizon[AnyLearner],
    horizons: Sequence[int] | npt.NDArray[np.integer[Any]],
    benchmark: BenchmarkLike = stackelberg,
    *,
    replications: int = 32,
    seed: Seed = None,
    confidence: float = 0.95,
    log_power: float = 0.0,
    engine: str = "auto",
    threads: int | None = None,
    bootstrap: int = 2000,
    progress: bool = False,
) -> ScalingFit:
    """Fit the growth of the regret at T with the horizon T.

    Learners may know T, so every horizon is run separately, all under the same noise: the run of a learner
    that does not know T begins with those of shorter horizons. The exponent is the least-squares
    slope of the log of the mean regret on log T. Its interval comes from resampling whole replications,
    the same ones at all horizons (expanded percentile bootstrap), so that it holds for any dependence
    between horizons. It covers the randomness that the replications show: not events so rare that they
    did not occur, and not the difference between the growth and a power law, which only longer horizons
    show.

    Parameters
    ----------
    game : Game or ChangingGame, or function of T
        The game, or a function that returns the game of a horizon.
    leader, follower : Learner, or function of T
        The learners.
    horizons : increasing int
        At least two horizons T of at least 2 rounds; use four decades or more.
    benchmark : str, Benchmark, pair of float, or function, default `stackel.stackelberg`
        Benchmark of the regret. A function receives the game, and the horizon if it has a
        parameter named ``horizon`` or ``T``.
    replications : int, default 32
        Independent repetitions R at each horizon.
    seed : int, SeedSequence, Generator or None
        As in `stackel.simulate`; all horizons have this seed.
    confidence : float, default 0.95
        Level of all intervals.
    log_power : float, default 0.0
        Power p of the log factor that theory predicts: ``log_adjusted_exponent`` is the slope of
        the regret divided by ``(ln T)**p``.
    engine, threads, progress
        As in `stackel.simulate`.
    bootstrap : int, default 2000
        Number of resamples.

    Returns
    -------
    ScalingFit

    Warns
    -----
    StackelWarning
        If a mean regret is not positive, so that it has no logarithm and is left out of the fit, or
        if an interval contains zero. See also ``notes``, ``excluded`` and ``reliable`` of the fit.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> fit = sk.scaling(game, sk.FixedAction(1), sk.BestResponse(), [10, 1000, 100_000], seed=1)
    >>> fit
    ScalingFit over 3 horizons
      leader: exponent 1.0000 [1.0000, 1.0000]
      follower: exponent 1.0000 [1.0000, 1.0000]
    """
    rounds = as_horizons("horizons", horizons)
    options = RunOptions.of(replications, engine, threads, progress)
    resamples = as_count("bootstrap", bootstrap, 1, MAX_RESAMPLES)
    level, power, root = as_confidence(confidence), as_real("log_power", log_power), as_seed(seed)
    experiments = [
        options.experiment(at("game", game, T), at("leader", leader, T), at("follower", follower, T), T, root)
        for T in rounds
    ]
    alpha = alphas_of(experiments, benchmark)
    runs = list(options.runs(experiments))
    fit = fit_of(runs, alpha, confidence=level, log_power=power, bootstrap=resamples)
    warn_of(fit)
    return fit


def alphas_of(experiments: Sequence[Experiment], benchmark: BenchmarkLike) -> npt.NDArray[np.float64]:
    """Return the benchmark values of experiments, shape (2, H)."""
    return np.array([mean_alphas(benchmark, each.game, each.horizon) for each in experiments]).T


def fit_of(
    runs: Sequence[Run],
    alpha: npt.NDArray[np.float64],
    *,
    confidence: float = 0.95,
    log_power: float = 0.0,
    bootstrap: int = 2000,
) -> ScalingFit:
    """Return the fit over runs of several horizons with one seed; for the other arguments see `scaling`."""
    experiments = [run.experiment for run in runs]
    root = experiments[0].seed
    options = {"confidence": confidence, "log_power": log_power, "bootstrap": bootstrap}
    return fit_scaling(
        np.array([experiment.horizon for experiment in experiments]),
        np.stack([run.regret(own) for run, own in zip(runs, alpha.T, strict=True)], axis=2),
        alpha,
        rounding_errors(experiments, alpha),
        alike=np.stack([run.alike for run in runs], axis=1),
        confidence=confidence,
        log_power=log_power,
        bootstrap=bootstrap,
        seed=root,
        bootstrap_seed=resampling_seed(root),
        provenance=provenance("scaling", runs, root, {"benchmark": alpha.T.tolist(), **options}),
    )


def at(argument: str, thing: Any, horizon: int, **offered: object) -> Any:
    """Return the value of an argument at a horizon; return a class as it is, for later checks to refuse."""
    if callable(thing) and not isinstance(thing, type) and not is_policy(thing):
        return call(argument, _OF_HORIZON, thing, horizon, **offered)
    return thing


def as_horizons(argument: str, horizons: Any) -> list[int]:
    """Return at least two increasing horizons."""
    return list(as_rising(argument, "at least two horizons", horizons, 2, MAX_HORIZON, least=2))
