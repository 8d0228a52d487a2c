"""How regret grows with the horizon: exponents fitted over separate runs."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import numpy as np

from stackel import _against
from stackel._intervals import as_confidence
from stackel.analysis._scaling_fit import ScalingFit, fit_scaling
from stackel._validate import MAX_HORIZON, as_count, as_real, as_seed, shown
from stackel.benchmarks import stackelberg
from stackel.errors import SpecError, StackelWarning
from stackel.game import Game
from stackel.simulate import simulate

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel._against import BenchmarkLike
    from stackel.learners import Learner


_T = TypeVar("_T")
OfHorizon: TypeAlias = _T | Callable[[int], _T]
"""One thing for all horizons, or a function that gives the one for a horizon."""

_MAX_RESAMPLES = 2**24


def scaling(
    game: OfHorizon[Game],
    leader: OfHorizon[Learner],
    follower: OfHorizon[Learner],
    horizons: Sequence[int] | npt.NDArray[np.integer[Any]],
    benchmark: BenchmarkLike = stackelberg,
    *,
    replications: int = 32,
    seed: int | np.random.SeedSequence | np.random.Generator | None = None,
    confidence: float = 0.95,
    log_power: float = 0.0,
    engine: str = "auto",
    threads: int | None = None,
    bootstrap: int = 2000,
    progress: bool = False,
) -> ScalingFit:
    """Fit how the regret at T grows with the horizon T.

    The learners know T, so every horizon is run on its own. The exponent is the least-squares
    slope of the log of the mean regret on log T. Its interval comes from resampling replications
    within every horizon (expanded percentile bootstrap): it speaks of chance, not of how far the
    growth still is from a power law, which only longer horizons show.

    Parameters
    ----------
    game : Game, or function of T
        The game; a function returns the game for a horizon.
    leader, follower : Learner, or function of T
        The learners.
    horizons : increasing int
        At least two horizons T, each at least 2 rounds; four decades or more are advisable.
    benchmark : Benchmark, pair of float, or function, default `stackel.stackelberg`
        What regret is measured against. A function receives the game, and the horizon as well
        where it has a parameter named ``horizon`` or ``T``.
    replications : int, default 32
        Independent repetitions R at each horizon.
    seed : int, SeedSequence, Generator or None
        As for `stackel.simulate`. The seed at T depends on `seed` and T alone, so that another
        horizon does not change the others.
    confidence : float, default 0.95
        Level of all intervals.
    log_power : float, default 0.0
        Power p of the log factor that theory predicts: ``log_adjusted_exponent`` is the slope of
        the regret divided by ``(ln T)**p``.
    engine, threads, progress
        As for `stackel.simulate`.
    bootstrap : int, default 2000
        Number of resamples.

    Returns
    -------
    ScalingFit

    Warns
    -----
    StackelWarning
        If a mean regret is not positive, and so has no logarithm and is left out of the fit, or if
        an interval contains zero. The fit says so too, in ``notes``, ``excluded`` and ``reliable``.

    Raises
    ------
    SpecError
        If an argument is not usable.

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
    rounds = _as_horizons(horizons)
    replications = as_count("replications", replications, 1, MAX_HORIZON)
    resamples = as_count("bootstrap", bootstrap, 1, _MAX_RESAMPLES)
    level, power, root = as_confidence(confidence), as_real("log_power", log_power), as_seed(seed)
    pairings = [
        (_as_game(_at(game, horizon)), _at(leader, horizon), _at(follower, horizon)) for horizon in rounds
    ]
    alpha = np.array(
        [_against.alphas(benchmark, pair[0], horizon) for pair, horizon in zip(pairings, rounds, strict=True)]
    )
    seeds = [int(_keyed(root, 0, horizon).generate_state(1, np.uint64)[0]) for horizon in rounds]

    regret, negligible = [], []
    for horizon, pairing, (leader_alpha, follower_alpha), run_seed in zip(
        rounds, pairings, alpha, seeds, strict=True
    ):
        run = simulate(
            *pairing,
            horizon,
            replications=replications,
            seed=run_seed,
            checkpoints=[horizon],
            engine=engine,
            threads=threads,
            progress=progress,
        )
        regret.append(run.regret((leader_alpha, follower_alpha)))
        negligible.append(_against.rounding_error(run.game, run.rounds))
    fit = fit_scaling(
        np.array(rounds),
        np.concatenate(regret, axis=2),
        alpha.T,
        np.concatenate(negligible, axis=1),
        confidence=level,
        log_power=power,
        bootstrap=resamples,
        seeds=tuple(seeds),
        bootstrap_seeds=[_keyed(root, 1, horizon) for horizon in rounds],
    )
    if not fit.reliable.all() and replications > 1:
        warnings.warn("; ".join(fit.notes), StackelWarning, stacklevel=2)
    return fit


def _at(thing: OfHorizon[_T], horizon: int) -> _T:
    """Value of `thing` at a horizon; a class is left for the checks to refuse."""
    if callable(thing) and not isinstance(thing, type):
        return thing(horizon)
    return cast("_T", thing)


def _as_game(game: object) -> Game:
    if not isinstance(game, Game):
        raise SpecError("game", "a stackel.Game, or a function that returns one for a horizon", shown(game))
    return game


def _as_horizons(horizons: Any) -> list[int]:
    allowed = f"at least two increasing horizons from 2 to {MAX_HORIZON}"
    try:
        rounds = [as_count("horizons", horizon, 2, MAX_HORIZON) for horizon in horizons]
    except (TypeError, SpecError):
        raise SpecError("horizons", allowed, shown(horizons)) from None
    if len(rounds) < 2 or any(after <= before for before, after in itertools.pairwise(rounds)):
        raise SpecError("horizons", allowed, shown(horizons))
    return rounds


def _keyed(root: int, purpose: int, horizon: int) -> np.random.SeedSequence:
    """Seed that depends on nothing but these three, whatever other horizons there are."""
    return np.random.SeedSequence(root, spawn_key=(purpose, horizon))
