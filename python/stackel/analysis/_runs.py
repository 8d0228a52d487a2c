"""Runs of an analysis: all checked first, then made one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from stackel._utils.build import provenance_of
from stackel._utils.players import ROLES
from stackel._utils.progress import progress_bar
from stackel._utils.validation import as_choice, as_count, as_flag, as_threads, shown
from stackel.benchmarks._regret import deviations_of, regret_of, rounding_error
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.results._chance import alike_by_chance
from stackel.simulation._experiment import ENGINES, MAX_REPLICATIONS, Experiment
from stackel.simulation._simulate import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from stackel.results import Result

_T = TypeVar("_T")


class Run(NamedTuple):
    """Outcome of a run: utility at the end with its remainder, shape (2, R), engine and error bound."""

    experiment: Experiment
    utility: npt.NDArray[np.float64]
    remainder: npt.NDArray[np.float64]
    engine: str
    error_bound: float

    @classmethod
    def of(cls, experiment: Experiment, result: Result) -> Run:
        """Return what is kept of the result of an experiment with a single checkpoint."""
        final = result.utility[:, :, 0], result.remainder[:, :, 0]
        return cls(experiment, *final, result.engine, result.error_bound)

    def regret(self, alpha: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the regret at the end against the values alpha, shape (2, R)."""
        return regret_of(alpha[:, np.newaxis], self.experiment.horizon, self.utility, self.remainder)

    @property
    def alike(self) -> npt.NDArray[np.bool_]:
        """Whether all replications are alike by chance, for both players."""
        played, spread = self.experiment, deviations_of(np.concatenate([self.utility, self.remainder]))
        rounds = np.array([played.horizon])
        return alike_by_chance(spread[:, :, np.newaxis], played.game, played.learners, rounds)[:, 0]


@dataclass(frozen=True)
class RunOptions:
    """Checked options of `stackel.simulate` that all runs of an analysis share."""

    replications: int
    engine: str
    threads: int
    progress: bool

    @classmethod
    def of(cls, replications: Any, engine: Any, threads: Any, progress: Any) -> RunOptions:
        """Check the options."""
        return cls(
            as_count("replications", replications, 1, MAX_REPLICATIONS),
            as_choice("engine", engine, ENGINES),
            as_threads(threads),
            as_flag("progress", progress),
        )

    def experiment(self, game: Any, leader: Any, follower: Any, horizon: int, seed: int) -> Experiment:
        """Return the description of a run; refuse learners that cannot take their seats in the game."""
        if not isinstance(game, Game):
            raise SpecError("game", "a stackel.Game, or a function that returns one", shown(game))
        experiment = Experiment.of(
            game, leader, follower, horizon, self.replications, seed, engine=self.engine
        )
        experiment.resolved()
        return experiment

    def runs(self, experiments: Sequence[Experiment]) -> Iterator[Run]:
        """Make the runs, and keep only their utilities at the end."""
        with progress_bar(show=self.progress) as report:
            for done, experiment in enumerate(experiments, start=1):
                yield Run.of(experiment, run(experiment, self.threads))
                if report is not None:
                    report(done / len(experiments))


def rounding_errors(
    experiments: Sequence[Experiment], alphas: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the regret up to which it counts as zero in each run, shape (2, N); so have alphas."""
    limits = [
        rounding_error(each.game, alpha, np.array([each.horizon]))
        for each, alpha in zip(experiments, alphas.T, strict=True)
    ]
    return np.concatenate(limits, axis=1)


def alike_notes(
    players: Sequence[str],
    horizons: npt.NDArray[np.int64],
    alike: npt.NDArray[np.bool_],
    where: str = "",
) -> Iterator[str]:
    """Yield notes of the horizons at which replications are alike by chance; `alike` has shape (P, H)."""
    found: dict[str, list[str]] = {}
    for player, row in zip(players, alike, strict=True):
        if row.any():
            found.setdefault(", ".join(map(str, horizons[row])), []).append(player)
    for at, names in found.items():
        yield f"{', '.join(names)}: all replications are alike{where} at T = {at}; rare events may be missing"


def provenance(analysis: str, runs: Sequence[Run], seed: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the provenance of an analysis.

    The spec holds the settings, every game and learner once, and for each run their places in these
    lists. Error bounds of the engines are added over the runs.
    """
    experiments = [run.experiment for run in runs]
    games = _places(experiment.game for experiment in experiments)
    learners = _places(learner for experiment in experiments for learner in experiment.learners)
    spec = {
        "analysis": analysis,
        **settings,
        "games": [game.to_dict() for game in games],
        "learners": [learner.to_dict() for learner in learners],
        "runs": [
            {
                "game": games[experiment.game],
                **{role: learners[learner] for role, learner in zip(ROLES, experiment.learners, strict=True)},
                "horizon": experiment.horizon,
                "replications": experiment.replications,
                "seed": str(experiment.seed),
                "engine": run.engine,
                "crossing_tolerance": experiment.crossing_tolerance,
            }
            for experiment, run in zip(experiments, runs, strict=True)
        ],
    }
    engines = ", ".join(sorted({run.engine for run in runs}))
    return provenance_of(spec, seed, engines, sum(run.error_bound for run in runs))


def _places(things: Iterable[_T]) -> dict[_T, int]:
    """Return the place of every thing in the list of different things."""
    return {thing: place for place, thing in enumerate(dict.fromkeys(things))}
