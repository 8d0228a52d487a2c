"""Runs that the page asks for: with progress, and cancelled when nobody waits for them any more."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._explorer._caption import caption_of
from stackel._explorer._marks import marks_of
from stackel._explorer._numbers import course_of, difference_of, numbers_of, plain
from stackel._utils.players import ROLES
from stackel.analysis._runs import Run
from stackel.analysis._scaling import alphas_of, fit_of
from stackel.benchmarks._benchmarks import tolerance
from stackel.errors import SpecError
from stackel.games._game import as_game
from stackel.learners._made import innermost
from stackel.learners._own import OwnLearner
from stackel.results._result import regrets_of
from stackel.simulation._simulate import run
from stackel.simulation._simulation import Simulation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stackel._core import CancelToken
    from stackel._explorer._state import State
    from stackel._figures.curves import Regrets
    from stackel.results import Result
    from stackel.simulation._experiment import Experiment

    Report = Callable[[float], None]
    Message = dict[str, Any]

_SHOWN_OVER_TIME = 8
"""Replications whose outcomes are shown over time."""
_FIRST = 4
"""Replications that are shown before all others are played."""
_SOON = 0.02
"""Seconds that these may take without being shown: all others are then there soon."""
_KEPT = 6
_HORIZONS = 7
_DECADES = 4
_SHORTEST = 10
"""Shortest horizon of a fit of exponents."""


class Memory:
    """The last few results, so that a change of one set-up does not play the other again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Any] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, kind: str, key: str) -> bool:
        """Whether something is kept."""
        with self._lock:
            return (kind, key) in self._kept

    def get(self, kind: str, key: str, make: Callable[[], Any]) -> Any:
        """Return what is kept, or make and keep it."""
        with self._lock:
            if (kind, key) in self._kept:
                self._kept.move_to_end((kind, key))
                return self._kept[kind, key]
        made = make()
        with self._lock:
            self._kept[kind, key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made


def answer(state: State, memory: Memory, report: Report, cancel: CancelToken) -> Iterator[Message]:
    """Yield what the page shows of a state, first what is known first."""
    yield {"kind": "marks", "setups": [_known(state, place) for place in range(len(state.setups))]}
    plays = list(enumerate(zip(state.experiments, state.keys, strict=True)))
    few = [
        place for place, (experiment, key) in plays if _has_few(experiment) and not memory.has("result", key)
    ]
    shares = _shares(report, [_FIRST] * len(few) + [each.replications for each in state.experiments])
    for place in few:
        began = time.perf_counter()
        experiment = state.experiments[place]._replace(replications=_FIRST)
        result = run(experiment, 0, next(shares), cancel)
        if time.perf_counter() - began > _SOON:
            yield _told(state, place, result, regrets_of(result, state.benchmark))
    results: list[Result] = []
    regrets: list[Regrets] = []
    for place, (experiment, key) in plays:
        play = partial(run, experiment, 0, next(shares), cancel)
        results.append(memory.get("result", key, play))
        regrets.append(regrets_of(results[place], state.benchmark))
        yield _told(state, place, results[place], regrets[place])
    if len(regrets) > 1:
        yield {"kind": "difference", **difference_of(*regrets)}
    for place, (experiment, key) in plays:
        watch = partial(_course, experiment, results[place].rounds.tolist(), cancel)
        yield {"kind": "course", "setup": place, **memory.get("course", key, watch)}


def _has_few(experiment: Experiment) -> bool:
    """Whether a few replications are much fewer than all."""
    return experiment.replications >= 2 * _FIRST


def _shares(report: Report, sizes: list[int]) -> Iterator[Report]:
    """Yield for each piece of work, of these sizes, a function that reports what share of all is done."""
    for before, size in zip(accumulate([0, *sizes]), sizes, strict=False):
        yield partial(_share, report, before / sum(sizes), size / sum(sizes))


def _share(report: Report, before: float, size: float, done: float) -> None:
    report(before + done * size)


def _told(state: State, place: int, result: Result, regrets: Regrets) -> Message:
    return {
        "kind": "result",
        "setup": place,
        "replications": result.replications,
        "of": state.experiments[place].replications,
        "caption": caption_of(result, regrets),
        **numbers_of(result, regrets),
    }


def _course(experiment: Experiment, rounds: list[int], cancel: CancelToken) -> Message:
    return course_of(as_game(experiment.game), rounds, _counts(experiment, rounds, cancel))


def _known(state: State, place: int) -> Message:
    """Return what is known before anything is played."""
    setup, experiment = state.setups[place], state.experiments[place]
    gamma = state.benchmark_data.get("gamma")
    if gamma is None:
        gamma = tolerance(setup.game, experiment.horizon)
    resolved = zip(ROLES, experiment.resolved(), strict=True)
    return marks_of(setup.game, float(gamma)) | {
        "resolved": {
            role: None if learner is None or isinstance(learner, OwnLearner) else learner.to_dict()
            for role, learner in resolved
        }
    }


def _counts(experiment: Experiment, rounds: list[int], cancel: CancelToken) -> Any:
    """Return the rounds of each outcome up to each checkpoint, of the first replications."""

    def play(replication: int) -> list[Any]:
        game = Simulation(
            experiment.game,
            *experiment.learners,
            experiment.horizon,
            experiment.seed,
            replication=replication,
        )
        pulls = []
        for stretch in np.diff(rounds, prepend=0).tolist():
            game.advance(stretch, cancel=cancel)
            pulls.append(np.array(game.pulls))
        return pulls

    replications = range(min(experiment.replications, _SHOWN_OVER_TIME))
    if any(isinstance(innermost(learner), OwnLearner) for learner in experiment.learners):
        return np.array([play(replication) for replication in replications])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.array(list(pool.map(play, replications)))


def horizons_of(horizon: int) -> list[int]:
    """Return the horizons of a fit of exponents, up to `horizon`, over four decades if it can be."""
    if horizon < 10 * _SHORTEST:
        raise SpecError("horizon", f"at least {10 * _SHORTEST} for a fit of exponents", str(horizon))
    first = max(horizon / 10**_DECADES, _SHORTEST)
    return sorted({round(each) for each in np.geomspace(first, horizon, _HORIZONS).tolist()})


def fits(state: State, report: Report, cancel: CancelToken) -> Iterator[Message]:
    """Yield the growth of the regrets with the horizon, one set-up after the other."""
    horizons = horizons_of(state.experiments[0].horizon)
    shares = _shares(report, [1] * (len(state.experiments) * len(horizons)))
    for place, experiment in enumerate(state.experiments):
        shorter = [experiment._replace(horizon=horizon, checkpoints=(horizon,)) for horizon in horizons]
        for each in shorter:
            each.resolved()
        alpha = alphas_of(shorter, state.benchmark)
        runs = [Run.of(each, run(each, 0, next(shares), cancel)) for each in shorter]
        fit = fit_of(runs, alpha)
        yield {
            "kind": "fit",
            "setup": place,
            "horizons": horizons,
            "exponent": plain(fit.exponent),
            "ci": plain(fit.ci),
            "reliable": fit.reliable.tolist(),
            "notes": list(fit.notes),
        }
