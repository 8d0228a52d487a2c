"""What a policy did in one of SMPyBandits' environments, in the form that its `Evaluator` needs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.validation import CROSSING_TOLERANCE
from stackel.games._changing import ChangingGame
from stackel.interop._changing_rewards import changing_rewards
from stackel.results import BanditResult
from stackel.simulation._bandit import bandit_experiment, bandit_game
from stackel.simulation._simulate import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy.typing as npt

    from stackel.games._game import Game
    from stackel.interop._problem import Bandit
    from stackel.learners import Learner

    Floats = npt.NDArray[np.float64]

_EVERY = 50
"""Rounds from 1 on that are all recorded."""
_SPACED = 64
"""Records at even distances, and as many in even ratios, of longer runs."""


@dataclass(frozen=True)
class Played:
    """R repetitions of a policy on n arms, with C records. Numbers between records are interpolated.

    Parameters
    ----------
    rounds : ndarray, shape (C,)
        Rounds played at each record, the last one being the horizon.
    counts : ndarray, shape (n, C)
        Rounds of each arm up to a record, summed over repetitions.
    pulls : ndarray, shape (n, R)
        Rounds of each arm in the whole run.
    seconds, memory, detections : ndarray, shape (R,)
        What each repetition took, and how many changes it reported.
    path, earned : function
        Make `rewards` and `totals`, which cost as much as a short run.
    """

    rounds: npt.NDArray[np.int64]
    counts: Floats
    pulls: npt.NDArray[np.int64]
    seconds: Floats
    memory: Floats
    detections: npt.NDArray[np.int64]
    path: Callable[[], Floats]
    earned: Callable[[], Floats]

    @cached_property
    def rewards(self) -> Floats:
        """Rewards received up to a record: sum, least and largest over the repetitions, shape (3, C)."""
        return self.path()

    @cached_property
    def totals(self) -> Floats:
        """Sum of all rewards of each repetition, shape (R,)."""
        return self.earned()

    def cumulative(self, values: Floats) -> Floats:
        """Return values of the records at every round."""
        times = np.arange(1, self.rounds[-1] + 1)
        if len(times) == len(self.rounds):
            return values
        found: Floats = np.interp(times, np.append(0, self.rounds), np.append(0.0, values))
        return found

    def each_round(self, values: Floats) -> Floats:
        """Return by how much cumulative values grow in every round."""
        return np.diff(self.cumulative(values), prepend=0.0)


@cache
def records(horizon: int) -> npt.NDArray[np.int64]:
    """Return the rounds that are recorded: all of a short run."""
    first = np.arange(1, min(horizon, _EVERY) + 1)
    if horizon <= _EVERY:
        return first
    even, ratios = np.linspace(_EVERY, horizon, _SPACED), np.geomspace(_EVERY, horizon, _SPACED)
    spaced = np.concatenate([even, ratios]).round().astype(np.int64)
    return np.union1d(first, np.minimum(spaced, horizon))


def played_by_engine(
    learner: Learner,
    bandit: Bandit,
    repetitions: int,
    seed: int,
    threads: int,
    *,
    order: list[int] | None = None,
    extra: Iterable[int] = (),
) -> Played:
    """Play the learner that has the rule of a policy, on arms in another order if there is one.

    Rounds `extra` are recorded too, and so are those after which arms change.
    """
    start = time.perf_counter()
    changes = [rounds for rounds, _ in bandit.changes]
    rounds = np.union1d(records(bandit.horizon), np.array([*extra, *changes], np.int64))
    places = np.arange(len(bandit.means)) if order is None else np.argsort(order)
    game = _game(bandit, places.argsort())
    options = bandit.horizon, repetitions, seed, rounds[rounds > 0], "auto", CROSSING_TOLERANCE, True
    found = BanditResult(run(bandit_experiment(game, learner, *options), threads))
    counts = found.arm_counts[..., places]
    took, size = time.perf_counter() - start, found.run.utility.nbytes + counts.nbytes

    def received() -> Floats:
        if isinstance(game, ChangingGame):
            return changing_rewards(found.run, game, found.arm_counts)
        return found.rewards

    return Played(
        rounds=found.rounds,
        counts=counts.sum(axis=0).T.astype(np.float64),
        pulls=found.pulls[:, places].T,
        seconds=np.full(repetitions, took / repetitions),
        memory=np.full(repetitions, size / repetitions),
        detections=np.zeros(repetitions, np.int64),
        path=lambda: _extremes(received()),
        earned=lambda: received()[:, -1] if bandit.changes else found.total_rewards,
    )


def _game(bandit: Bandit, order: npt.NDArray[np.intp]) -> Game | ChangingGame:
    games = [bandit_game(means[order], bandit.noise) for means in bandit.all_means]
    return ChangingGame(games, [0, *(rounds for rounds, _ in bandit.changes)]) if bandit.changes else games[0]


def _extremes(rewards: Floats) -> Floats:
    return np.array([rewards.sum(axis=0), rewards.min(axis=0), rewards.max(axis=0)])


def put_together(results: Iterable[Any], n_arms: int, horizon: int) -> Played:
    """Return what the `Result` objects of SMPyBandits, one a repetition, say together."""
    counts, rewards = np.zeros((n_arms, horizon)), np.zeros(horizon)
    least, largest = np.full(horizon, np.inf), np.full(horizon, -np.inf)
    rows: list[Sequence[Any]] = []
    for result in results:
        total = np.cumsum(result.rewards)
        counts[result.choices, np.arange(horizon)] += 1
        rewards += total
        least, largest = np.minimum(least, total), np.maximum(largest, total)
        detections = result.number_of_cp_detections
        rows.append((result.pulls, total[-1], result.running_time, result.memory_consumption, detections))
    pulls, totals, seconds, memory, found = zip(*rows, strict=True)
    return Played(
        rounds=np.arange(1, horizon + 1),
        counts=counts.cumsum(axis=1),
        pulls=np.array(pulls).T,
        seconds=np.array(seconds),
        memory=np.array(memory),
        detections=np.array(found),
        path=lambda: np.array([rewards, least, largest]),
        earned=lambda: np.array(totals),
    )
