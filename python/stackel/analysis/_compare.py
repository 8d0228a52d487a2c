"""Comparison of pairs of learners in one game with the same noise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._stats.intervals import as_confidence
from stackel._stats.paired import paired_differences
from stackel._stats.resampling import MAX_RESAMPLES
from stackel._utils.arguments import checks_names
from stackel._utils.carriers import as_items
from stackel._utils.players import ROLES
from stackel._utils.seeds import Seed, as_seed, resampling_seed
from stackel._utils.validation import MAX_HORIZON, as_count, shown
from stackel.analysis._compare_result import Comparison
from stackel.analysis._runs import RunOptions, provenance, rounding_errors
from stackel.benchmarks._benchmarks import stackelberg
from stackel.benchmarks._pieces import mean_alphas
from stackel.errors import SpecError
from stackel.games._changing import games_of
from stackel.learners import Learner
from stackel.learners._custom import with_learners
from stackel.learners._names import short
from stackel.results._chance import takes_part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from stackel.benchmarks._benchmark_like import BenchmarkLike
    from stackel.games._changing import AnyGame


@checks_names
def compare(
    game: AnyGame,
    pairs: Sequence[tuple[Learner, Learner]] | Mapping[str, tuple[Learner, Learner]],
    horizon: int,
    benchmark: BenchmarkLike = stackelberg,
    *,
    replications: int = 64,
    seed: Seed = None,
    confidence: float = 0.95,
    engine: str = "auto",
    threads: int | None = None,
    bootstrap: int = 2000,
    progress: bool = False,
) -> Comparison:
    """Compare the regrets of pairs of learners, with a test whether differences are significant.

    All pairs play under the same noise (common random numbers): in replication r the n-th pull of each arm
    brings all of them the same. Differences are taken replication by replication, and vary far less than
    those of independent runs. The intervals are paired bootstrap intervals,
    simultaneous over all differences between two pairs, because the best pair is chosen from the
    same data. A lower mean alone does not make a winner.

    Parameters
    ----------
    game : Game or ChangingGame
    pairs : sequence of (leader, follower), or mapping of name to (leader, follower)
        At least two pairs of learners. Default names are of the form ``UCB v UCB(sigma=2.0)``.
    horizon : int
        Number of rounds T.
    benchmark : str, Benchmark, pair of float, or function, default `stackel.stackelberg`
        Benchmark of the regret; see `Result.regret`. It does not change the comparison of a single
        player's regrets, only that of the larger regret of the two players.
    replications : int, default 64
        Independent repetitions R of each pair. With fewer than 24, the intervals are wider than the
        correlation of the differences would allow.
    confidence : float, default 0.95
        Probability that all intervals of a player hold.
    seed, engine, threads, bootstrap, progress
        As in `scaling`; all runs have the same seed.

    Returns
    -------
    Comparison

    Notes
    -----
    The half-width of an interval is ``c`` times the standard error of the paired difference. The
    bootstrap resamples whole replications, jointly for all pairs, and ``c`` is the quantile of the
    largest standardised deviation of any difference (single-step max-t: Westfall and Young, 1993;
    Romano and Wolf, 2005), widened to Student's quantile at the same probability. With fewer than 24
    replications ``c`` is Student's quantile for independent differences (Šidák, 1967).

    A difference that was the same in all replications has an interval of no width; a note and the column
    ``alike`` of the tables say where chance takes part in it, so that rare events may be missing.

    The effect of common random numbers depends on the learners: for close variants the variance of a
    difference is 10 to 100 times smaller than that of independent runs. ``Comparison.table`` has the
    correlation. The intervals hold for any correlation.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> pairs = {"both commit": (sk.ExploreThenCommit(), sk.ExploreThenCommit()),
    ...          "both UCB": (sk.UCB(), sk.UCB()),
    ...          "anytime": (sk.UCB(anytime=True), sk.UCB())}
    >>> found = sk.compare(game, pairs, 10_000, seed=1)
    >>> found.verdict("both commit", "both UCB")
    'worse'
    >>> sorted(found.best())
    ['anytime', 'both UCB']
    """
    learners = _as_pairs(pairs)
    horizon = as_count("horizon", horizon, 1, MAX_HORIZON)
    options = RunOptions.of(replications, engine, threads, progress)
    level, root = as_confidence(confidence), as_seed(seed)
    resamples = as_count("bootstrap", bootstrap, 1, MAX_RESAMPLES)
    experiments = [
        options.experiment(game, leader, follower, horizon, root) for leader, follower in learners.values()
    ]
    alpha = mean_alphas(benchmark, game, horizon)
    runs = list(options.runs(experiments))
    settings = {"benchmark": alpha.tolist(), "confidence": level, "bootstrap": resamples}
    return compare_regrets(
        tuple(learners),
        horizon,
        alpha,
        np.stack([run.regret(alpha) for run in runs], axis=1),
        rounding_errors(experiments[:1], alpha[:, np.newaxis])[:, 0],
        chance=chance_in_differences(game, [each.learners for each in experiments]),
        confidence=level,
        bootstrap=resamples,
        seed=resampling_seed(root),
        provenance=provenance("compare", runs, root, settings),
    )


def compare_regrets(
    names: tuple[str, ...],
    horizon: int,
    benchmark: npt.NDArray[np.float64],
    regret: npt.NDArray[np.float64],
    rounding: npt.NDArray[np.float64],
    *,
    chance: npt.NDArray[np.bool_],
    confidence: float,
    bootstrap: int,
    seed: np.random.SeedSequence,
    provenance: dict[str, Any],
) -> Comparison:
    """Compare regrets of shape (2, P, R); differences up to `rounding`, shape (2,), count as zero.

    For `chance`, shape (2, P, P), see `chance_in_differences`.
    """
    pairs = regret.shape[1]
    settings: dict[str, Any] = {"confidence": confidence, "bootstrap": bootstrap, "seed": seed}
    others = ~np.eye(pairs, dtype=bool)
    leader, follower = (
        paired_differences(samples, others, limit, **settings)
        for samples, limit in zip(regret, rounding, strict=True)
    )
    single = regret.reshape(2 * pairs, -1)
    both = paired_differences(single, np.tile(others, (2, 2)), rounding.max(), **settings)
    table = both.mean.reshape(2, pairs, 2, pairs)
    low = np.stack([leader.low, follower.low, _min_max(both.low.reshape(table.shape))])
    high = np.stack([leader.high, follower.high, _max_min(both.high.reshape(table.shape))])
    constant = (low == high) & others
    alike = constant & np.concatenate([chance, chance.any(axis=0, keepdims=True)])
    return Comparison(
        names=names,
        horizon=horizon,
        benchmark=benchmark,
        regret=regret,
        difference=np.stack([leader.mean, follower.mean, _max_min(table)]),
        low=low,
        high=high,
        alike=alike,
        confidence=confidence,
        notes=tuple(_notes(regret.shape[2], alike, constant & (low != 0))),
        provenance=provenance,
    )


# For players i of one pair and j of another, the difference of the larger regrets is
# max_i x_i - max_j y_j = max_i min_j (x_i - y_j) = min_j max_i (x_i - y_j).
# Both forms increase with each x_i - y_j, so that limits of these give limits of the difference: the
# first form gives the sharper upper limit, the second the sharper lower one.


def _max_min(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = table.min(axis=2).max(axis=0)
    return found


def _min_max(table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = table.max(axis=0).min(axis=1)
    return found


def chance_in_differences(game: AnyGame, pairs: Sequence[tuple[Learner, Learner]]) -> npt.NDArray[np.bool_]:
    """Return whether chance can make the difference of two pairs' regrets vary, shape (2, P, P)."""
    of_games = [[np.ptp(utility) > 0 for utility in (each.leader, each.follower)] for each in games_of(game)]
    varies: npt.NDArray[np.bool_] = np.array(of_games).max(axis=0)
    moved = np.array([takes_part(game, pair) for pair in pairs])
    differ = np.array([[one != other for other in pairs] for one in pairs])
    chance: npt.NDArray[np.bool_] = varies[:, None, None] & differ & (moved[:, None] | moved)
    return chance


def _notes(replications: int, alike: npt.NDArray[np.bool_], constant: npt.NDArray[np.bool_]) -> Iterator[str]:
    if replications == 1:
        yield "one replication: no intervals"
    if alike.any():
        why = "by chance: their intervals have no width, and do not cover rare events that did not occur"
    else:
        why = "because chance takes no part in them"
    if (alike | constant).any():
        yield f"some differences were the same in all {replications} replications {why}"


def _as_pairs(pairs: Any) -> dict[str, tuple[Learner, Learner]]:
    allowed = "at least two (leader, follower), or a mapping of different names to them"
    if isinstance(pairs, Mapping):
        given = list(pairs.items())
    elif (items := as_items(pairs)) is not None:
        given = [(None, pair) for pair in items]
    else:
        raise SpecError("pairs", allowed, shown(pairs))
    found: dict[str, tuple[Learner, Learner]] = {}
    for name, pair in given:
        learners: Any = with_learners("pairs", pair) if isinstance(pair, tuple | list) else ()
        if len(learners) != len(ROLES) or not all(isinstance(learner, Learner) for learner in learners):
            raise SpecError("pairs", allowed, shown(pair))
        key = f"{short(learners[0])} v {short(learners[1])}" if name is None else name
        if not isinstance(key, str) or key in found:
            raise SpecError("pairs", allowed, f"the name {key!r}" + (" twice" if key in found else ""))
        found[str.__str__(key)] = (learners[0], learners[1])
    if len(found) < 2:
        raise SpecError("pairs", allowed, shown(pairs))
    return found
