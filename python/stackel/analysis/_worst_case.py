"""Search for the game of a family with the largest regret, at one horizon or several."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from stackel._stats.intervals import as_confidence, mean_interval
from stackel._stats.power_law import expanded_tails, slope_weights
from stackel._stats.resampling import MAX_RESAMPLES
from stackel._utils.arguments import checks_names
from stackel._utils.players import PLAYERS, ROLES
from stackel._utils.seeds import Seed, as_seed, fresh_seed, resampling_seed
from stackel._utils.validation import MAX_HORIZON, as_count, as_real
from stackel.analysis._runs import RunOptions, alike_notes, provenance, rounding_errors
from stackel.analysis._scaling import alphas_of, as_horizons, at
from stackel.analysis._scaling_fit import fit_scaling, warn_of
from stackel.analysis._worst_case_family import instances, parameter_name
from stackel.analysis._worst_case_result import WorstCase
from stackel.analysis._worst_case_sweep import FamilyRegrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from stackel.analysis._worst_case_family import Family, FamilyGame, Grid
    from stackel.analysis._worst_case_sweep import Worst
    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.learners._custom import AnyLearner
    from stackel.simulation._experiment import Experiment

LearnerLike: TypeAlias = "AnyLearner | Callable[..., AnyLearner]"


@checks_names
def worst_case(  # noqa: PLR0917 in the order of a sentence
    family: Family,
    leader: LearnerLike,
    follower: LearnerLike,
    horizon: int | Sequence[int] | npt.NDArray[np.integer[Any]],
    benchmark: BenchmarkLike,
    grid: Grid,
    *,
    replications: int = 64,
    seed: Seed = None,
    confidence: float = 0.95,
    log_power: float = 0.0,
    engine: str = "auto",
    threads: int | None = None,
    bootstrap: int = 2000,
    progress: bool = False,
) -> WorstCase:
    """Find the largest regret over a family of games with a parameter, and the game that has it.

    Upper bounds on regret hold for the worst game, lower bounds exhibit one; and every horizon has
    its own worst game. For each player the mean regret is maximised over the grid, and over the
    family's games for a parameter, because the adversary chooses the worst one for that player.

    The largest of many noisy means is too high on average, so the selected game is played again
    with fresh seeds: ``WorstCase.regret`` has these runs, ``WorstCase.selected`` the means of the
    search.

    Parameters
    ----------
    family : function
        Function from the parameter to a Game or a sequence of Games, such as
        `stackel.games.lower_bound`. It receives the horizon if it has a parameter named
        ``horizon`` or ``T``.
    leader, follower : Learner, or function of T
        The learners. A function receives the family's parameter if it has a parameter named
        ``parameter``, for learners that need it, such as a Lipschitz constant.
    horizon : int, or increasing int
        Number of rounds T; several horizons also give the growth of the worst case.
    benchmark : str, Benchmark, pair of float, or function
        Benchmark of the regret; see `Result.regret`.
    grid : increasing float, or function of T that returns them
        Values of the parameter. The worst parameter is a value of the grid; a note says if it is
        the smallest or the largest.
    replications : int, default 64
        Independent repetitions R of each run, in the search and in the fresh runs.
    seed, confidence, log_power, engine, threads, bootstrap, progress
        As in `scaling`. All games of the search have the same seed (common random numbers).

    Returns
    -------
    WorstCase

    Warns
    -----
    StackelWarning
        If there are several horizons and a worst mean regret is not positive, or its interval
        contains zero.

    Notes
    -----
    The interval of the exponent of the worst parameter comes from resampling the replications of the
    search, the same ones for all games, with a new maximum for each resample. It shows
    the precision of the location of the maximum, and is wide if the regret hardly depends on the
    parameter.

    Examples
    --------
    >>> import stackel as sk
    >>> learners = sk.FixedAction(0), sk.BestResponse()
    >>> grid = [0.125, 0.25, 0.5]
    >>> sk.worst_case(sk.games.lower_bound, *learners, 1000, sk.stackelberg, grid, seed=1)
    WorstCase over delta, T = 1000, 64 replications
      leader: 500 [500, 500] at 0.125 (lower_bound II, b2)
      follower: 500 [500, 500] at 0.5 (lower_bound II, b2)
      max: 500 [500, 500] at 0.125 (lower_bound II, b2)
      leader: the worst delta is the smallest of the grid at T = 1000
      follower: the worst delta is the largest of the grid at T = 1000
    """
    rounds = (
        as_horizons("horizon", horizon)
        if isinstance(horizon, Iterable)
        else [as_count("horizon", horizon, 1, MAX_HORIZON)]
    )
    options = RunOptions.of(replications, engine, threads, progress)
    level, power, root = as_confidence(confidence), as_real("log_power", log_power), as_seed(seed)
    resamples = as_count("bootstrap", bootstrap, 1, MAX_RESAMPLES)
    fresh, resampled = fresh_seed(root), resampling_seed(root)
    games = [instance for T in rounds for instance in instances(family, grid, T)]
    experiments = [_described(options, instance, leader, follower, root) for instance in games]
    alpha = alphas_of(experiments, benchmark)

    runs = list(options.runs(experiments))
    sweep = FamilyRegrets.of(games, runs, alpha)
    worst = sweep.worst()
    again, places = np.unique(worst.column, return_inverse=True)
    replays = list(options.runs([experiments[k]._replace(seed=fresh) for k in again]))
    replayed = FamilyRegrets.of([games[k] for k in again], replays, alpha[:, again])
    regret = np.moveaxis(replayed.regret[worst.player, :, places.reshape(worst.column.shape)], 2, 1)

    settings: dict[str, Any] = {"confidence": level, "log_power": power, "bootstrap": resamples}
    values = {"parameter": sweep.parameter.tolist(), "benchmark": alpha.tolist()}
    origin = provenance("worst_case", [*runs, *replays], root, values | settings)
    fit = None
    if len(rounds) > 1:
        fit = fit_scaling(
            np.array(rounds),
            regret,
            alpha[worst.player, worst.column],
            rounding_errors(experiments, alpha)[worst.player, worst.column],
            alike=replayed.alike[worst.player, places.reshape(worst.column.shape)],
            seed=fresh,
            bootstrap_seed=resampled,
            provenance=origin,
            players=PLAYERS,
            **settings,
        )
        warn_of(fit)
    own = mean_interval(regret, 1, level)
    drift = _drift(sweep, worst, rounds, confidence=level, bootstrap=resamples, seed=resampled)
    alike = np.stack([sweep.alike[:, at].any(axis=1) for at in sweep.columns()], axis=1)
    name = parameter_name(family)
    return WorstCase(
        parameter_name=name,
        horizons=np.array(rounds),
        parameter=sweep.parameter[worst.column],
        attained_by=worst.player,
        game=tuple(tuple(games[k].name for k in row) for row in worst.column),
        selected=sweep.regret.mean(axis=1)[worst.player, worst.column],
        regret=regret,
        low=own.low,
        high=np.maximum(sweep.upper(level), own.high),
        scaling=fit,
        parameter_exponent=drift[:, 0],
        parameter_ci=drift[:, 1:],
        sweep=sweep,
        seed=root,
        fresh_seed=fresh,
        confidence=level,
        notes=(
            *_edges(name, sweep, worst, rounds),
            *alike_notes(ROLES, np.array(rounds), alike, " in some games"),
            *(fit.notes if fit else ()),
        ),
        provenance=origin,
    )


def _described(
    options: RunOptions, instance: FamilyGame, leader: LearnerLike, follower: LearnerLike, seed: int
) -> Experiment:
    """Return the run of an instance; keep a class as it is, for later checks to refuse."""
    first, second = (
        at(role, learner, instance.horizon, parameter=instance.parameter)
        for role, learner in zip(ROLES, (leader, follower), strict=True)
    )
    return options.experiment(instance.game, first, second, instance.horizon, seed)


def _drift(
    sweep: FamilyRegrets,
    worst: Worst,
    rounds: Sequence[int],
    *,
    confidence: float,
    bootstrap: int,
    seed: np.random.SeedSequence,
) -> npt.NDArray[np.float64]:
    """Return the slope of the log of the worst parameter on log T, and its limits, shape (3, 3)."""
    replications = sweep.regret.shape[1]
    found = np.full((len(PLAYERS), 3), math.nan)
    if len(rounds) < 2 or (sweep.parameter <= 0).any():
        return found
    weights = slope_weights(np.array(rounds))
    found[:, 0] = np.log(sweep.parameter[worst.column]) @ weights
    if replications > 1:
        slopes = np.log(sweep.resampled(bootstrap, seed)) @ weights
        tails = expanded_tails(confidence, replications)
        found[:, 1:] = np.quantile(slopes, tails, axis=1, method="inverted_cdf").T
    return found


def _edges(name: str, sweep: FamilyRegrets, worst: Worst, rounds: Sequence[int]) -> Iterator[str]:
    """Yield notes where the worst parameter is at an end of the grid: regret may be larger beyond it."""
    grids = [sweep.parameter[at] for at in sweep.columns()]
    for player, row in zip(ROLES, sweep.parameter[worst.column], strict=False):
        found = list(zip(rounds, row, grids, strict=True))
        for which, end in (("smallest", min), ("largest", max)):
            at = [str(T) for T, value, grid in found if value == end(grid) and min(grid) < max(grid)]
            if at:
                yield f"{player}: the worst {name} is the {which} of the grid at T = {', '.join(at)}"
