"""The runs behind an analysis: checked all at once, made one after the other, remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import numpy as np

from stackel._core import version
from stackel._utils.build import stream_version, this_platform
from stackel._utils.progress import progress_bar
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, shown
from stackel.benchmarks._benchmark_like import rounding_error
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners._custom import as_learner
from stackel.simulation._experiment import ENGINES
from stackel.simulation._simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy.typing as npt

    from stackel.learners import Learner

MAX_RESAMPLES = 2**24
"""Most bootstrap resamples that may be asked for."""

_T = TypeVar("_T")


class Play(NamedTuple):
    """A run to be made."""

    game: Game
    leader: Learner
    follower: Learner
    horizon: int
    seed: int

    @classmethod
    def of(cls, game: object, leader: object, follower: object, horizon: int, seed: int) -> Play:
        """Return the run if the learners can play the game."""
        if not isinstance(game, Game):
            raise SpecError("game", "a stackel.Game, or a function that returns one", shown(game))
        play = cls(game, as_learner("leader", leader), as_learner("follower", follower), horizon, seed)
        play.leader.resolve("leader", horizon, *game.shape)
        play.follower.resolve("follower", horizon, *game.shape)
        return play


class Run(NamedTuple):
    """What a run gave: utility at the end, shape (2, R), and what belongs to its provenance."""

    play: Play
    utility: npt.NDArray[np.float64]
    engine: str
    error_bound: float
    negligible: float


@dataclass(frozen=True)
class Workshop:
    """How runs are made: the options of `stackel.simulate` that all runs of an analysis share."""

    replications: int
    engine: str
    threads: int | None
    progress: bool

    def __post_init__(self) -> None:
        as_count("replications", self.replications, 1, MAX_HORIZON)
        as_choice("engine", self.engine, ENGINES)
        if self.threads is not None:
            as_count("threads", self.threads, 1, 4096)

    def runs(self, plays: Sequence[Play]) -> Iterator[Run]:
        """Make the runs, and keep of each no more than utilities at the end."""
        with progress_bar(show=self.progress) as report:
            for done, play in enumerate(plays, start=1):
                result = simulate(
                    play.game,
                    play.leader,
                    play.follower,
                    play.horizon,
                    replications=self.replications,
                    seed=play.seed,
                    checkpoints=[play.horizon],
                    engine=self.engine,
                    threads=self.threads,
                )
                utility = result.utility[:, :, 0]
                yield Run(play, utility, result.engine, result.error_bound, result.negligible)
                if report is not None:
                    report(done / len(plays))


def rounding_errors(plays: Sequence[Play]) -> npt.NDArray[np.float64]:
    """Regret up to which it counts as zero in each run, shape (2, N)."""
    limits = [rounding_error(play.game, np.array([play.horizon])) for play in plays]
    return np.concatenate(limits, axis=1)


def provenance(analysis: str, runs: Sequence[Run], seed: int, settings: Mapping[str, Any]) -> dict[str, Any]:
    """Where the numbers of an analysis come from; see `stackel._utils.build`.

    The spec holds the settings, every game and learner once, and for each run their places in these
    lists. Bounds on what the engines neglect add up over the runs.
    """
    games = _places(run.play.game for run in runs)
    learners = _places(learner for run in runs for learner in (run.play.leader, run.play.follower))
    spec = {
        "analysis": analysis,
        **settings,
        "games": [game.to_dict() for game in games],
        "learners": [learner.to_dict() for learner in learners],
        "runs": [
            {
                "game": games[run.play.game],
                "leader": learners[run.play.leader],
                "follower": learners[run.play.follower],
                "horizon": run.play.horizon,
                "replications": run.utility.shape[1],
                "seed": str(run.play.seed),
                "engine": run.engine,
                "negligible": run.negligible,
            }
            for run in runs
        ],
    }
    return {
        "spec": spec,
        "seed": seed,
        "engine": ", ".join(sorted({run.engine for run in runs})),
        "error_bound": sum(run.error_bound for run in runs),
        "version": version(),
        "stream_version": stream_version(),
        "platform": this_platform(),
    }


def _places(things: Iterable[_T]) -> dict[_T, int]:
    """Place of everything in the list of different things."""
    return {thing: place for place, thing in enumerate(dict.fromkeys(things))}


def keyed(root: int, purpose: int, horizon: int) -> np.random.SeedSequence:
    """Seed that depends on nothing but these three, whatever else is run."""
    return np.random.SeedSequence(root, spawn_key=(purpose, horizon))
