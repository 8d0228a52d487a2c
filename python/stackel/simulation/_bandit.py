"""Plain bandits: one learner and its arms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.arguments import checks_names
from stackel._utils.arrays import as_floats
from stackel._utils.carriers import as_items
from stackel._utils.progress import progress_bar
from stackel._utils.validation import CROSSING_TOLERANCE, as_threads, as_token, shown
from stackel.benchmarks._bandits import best_arms
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners import FixedAction
from stackel.noise import Bernoulli, Deterministic, Gaussian, Noise, StudentT, Uniform
from stackel.results._bandit import BanditResult
from stackel.simulation._experiment import Experiment
from stackel.simulation._simulate import run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel._core import CancelToken
    from stackel._utils.seeds import Seed
    from stackel.games._changing import AnyGame
    from stackel.learners._custom import AnyLearner

    Arms = npt.ArrayLike | Sequence[tuple[float, Noise]]

_ALLOWED = "mean rewards, or pairs (mean, noise) of one law of noise for all arms"
_SCALED = Gaussian | Uniform | StudentT
"""Laws that may have another scale for each arm."""


@checks_names
def bandit(
    arms: Arms,
    learner: AnyLearner,
    horizon: int,
    *,
    noise: Noise = Gaussian(1.0),
    replications: int = 1,
    seed: Seed = None,
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    engine: str = "auto",
    crossing_tolerance: float = CROSSING_TOLERANCE,
    trace: bool = False,
    threads: int | None = None,
    progress: bool = False,
    cancel: CancelToken | None = None,
) -> BanditResult:
    """Play a bandit: a learner alone, on arms with fixed laws of rewards.

    It is the game in which the learner leads and the follower has a single action.

    Parameters
    ----------
    arms : array_like of shape (n,), or sequence of (float, Noise)
        Mean rewards of the arms, all of the law `noise`. Or pairs of a mean and a law. All laws must be of
        one kind; their scales may differ, and ``Deterministic()`` has the scale 0. An arm that always pays 0
        or 1 may be ``Deterministic()`` beside ``Bernoulli()``.
    learner : Learner or Policy
        A learner that can lead.
    horizon : int
        Number of rounds T.
    noise : Noise, default ``Gaussian(1.0)``
        Law of the rewards of all arms; not for pairs. Scales of the arms are a column, of shape (n, 1).
    trace : bool, default False
        Also record how often each arm was played up to each checkpoint, for `BanditResult.arm_counts` and
        `BanditResult.rewards`.
    replications, seed, checkpoints, engine, crossing_tolerance, threads, progress, cancel
        As in `stackel.simulate`. Learners that play with one seed meet the same n-th reward of each arm.

    Returns
    -------
    BanditResult

    Raises
    ------
    SpecError
        If an argument is not usable; nothing has run.

    Examples
    --------
    >>> import stackel as sk
    >>> run = sk.bandit([0.0, 0.5, 1.0], sk.UCB(), 10**6, replications=20, seed=1)
    >>> run
    BanditResult(UCB on 3 arms, horizon=1000000, replications=20, seed=1, engine='leap')
    >>> bool(run.best_arm_share[:, -1].min() > 0.99)
    True

    Coins:

    >>> sk.bandit([0.4, 0.6], sk.KLUCB(family="bernoulli"), 1000, noise=sk.Bernoulli(), seed=1).pulls.sum()
    np.int64(1000)
    """
    game = bandit_game(*as_arms(arms, noise))
    options = checkpoints, engine, crossing_tolerance, trace
    experiment = bandit_experiment(game, learner, horizon, replications, seed, *options)
    workers, token = as_threads(threads), as_token(cancel)
    with progress_bar(show=progress) as report:
        return BanditResult(run(experiment, workers, report, token))


def bandit_game(means: npt.NDArray[np.float64], law: Noise) -> Game:
    """Return the bandit as a game: the follower's only action counts the rounds of the best arm for it."""
    best = best_arms(means).astype(np.float64)
    return Game(means[:, None], best[:, None], noise=(law, Deterministic()))


def bandit_experiment(game: AnyGame, learner: Any, *rest: Any) -> Experiment:
    """Return the run of a learner on the arms of a game, checked; `rest` as in `Experiment.of`."""
    try:
        experiment = Experiment.of(game, learner, FixedAction(0), *rest)
        experiment.resolved()
    except SpecError as error:
        argument = "learner" if error.argument == "leader" else error.argument
        raise SpecError(argument, error.allowed, error.given) from error
    return experiment


def as_arms(arms: Any, noise: Any = Gaussian(1.0)) -> tuple[npt.NDArray[np.float64], Noise]:
    """Return the means of some arms, and the law of their rewards."""
    items = as_items(arms)
    pairs = [pair for item in items or () if (pair := _pair(item))]
    if items and len(pairs) == len(items):
        laws = [law for _, law in pairs]
        means = as_floats("arms", _ALLOWED, [mean for mean, _ in pairs])
        law = _shared(means, laws)
    else:
        means, law = as_floats("arms", _ALLOWED, arms), noise
    if not isinstance(law, Noise):
        raise SpecError("noise", "a law of rewards, such as stackel.Bernoulli()", shown(law))
    if means.ndim != 1 or not means.size or not np.isfinite(means).all():
        raise SpecError("arms", _ALLOWED, shown(arms))
    if isinstance(law, Bernoulli) and not ((means >= 0) & (means <= 1)).all():
        wrong = int(np.argmax((means < 0) | (means > 1)))
        raise SpecError("arms", "means from 0 to 1 for Bernoulli rewards", f"{means[wrong]} for arm {wrong}")
    return means, law


def _pair(item: Any) -> tuple[Any, Noise] | None:
    if isinstance(item, (tuple, list)) and len(item) == 2 and isinstance(item[1], Noise):
        return item[0], item[1]
    return None


def _shared(means: npt.NDArray[np.float64], laws: list[Noise]) -> Noise:
    """Return the law of all arms; an arm that always pays 0 or 1 is a coin too."""
    noisy = [law for law in laws if not isinstance(law, Deterministic)] or laws
    if isinstance(noisy[0], _SCALED) and len(set(laws)) > 1:
        *_, scale = vars(noisy[0])
        scales = [vars(law).get(scale, 0.0) for law in laws]
        kind, others = type(noisy[0]), {tuple(vars(law).items())[:-1] for law in noisy}
        is_one = len(others) == len(set(map(type, noisy))) == 1
        if is_one and all(isinstance(each, float) for each in scales):
            return kind(**vars(noisy[0]) | {scale: [[each] for each in scales]})
    for arm, (mean, law) in enumerate(zip(means, laws, strict=True)):
        is_coin = isinstance(law, Deterministic) and isinstance(noisy[0], Bernoulli) and mean in {0.0, 1.0}
        if law != noisy[0] and not is_coin:
            allowed = f"of one law, such as {noisy[0]}, for an engine has one for all arms of a player"
            raise SpecError("arms", allowed, f"{law} for arm {arm}")
    return noisy[0]
