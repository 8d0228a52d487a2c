"""The description of a run: everything that its numbers depend on, checked once.

`stackel.simulate`, `stackel.simulate_many`, `Simulation`, `Agent`, `Task` and the analyses make one of
their arguments. The core takes it as it is, and so does a report of a defect.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from stackel._core import spaced_rounds
from stackel._utils.arrays import as_rising
from stackel._utils.carriers import as_items
from stackel._utils.seeds import as_seed
from stackel._utils.validation import (
    CROSSING_TOLERANCE,
    MAX_HORIZON,
    as_choice,
    as_count,
    as_crossing_tolerance,
    as_flag,
)
from stackel.games._changing import AnyGame, as_any_game, changes_of, stays
from stackel.learners._custom import as_learner

if TYPE_CHECKING:
    from stackel.learners import Learner

ENGINES = ("auto", "leap", "stepwise", "reference")
MAX_REPLICATIONS = 2**53
_MAX_CHECKPOINTS = 2**24
_MAX_CHANGES = 2**10
"""Most changes of a game that are checkpoints by default."""


class Experiment(NamedTuple):
    """What a run is; see `stackel.simulate` for the fields.

    A player is None where the caller decides for it. `checkpoints` are rounds, or their number (0: the
    default). Make one with `Experiment.of`, which checks the arguments.
    """

    game: AnyGame
    leader: Learner | None
    follower: Learner | None
    horizon: int
    replications: int
    seed: int
    checkpoints: int | tuple[int, ...]
    engine: str
    crossing_tolerance: float
    trace: bool

    @classmethod
    def of(  # noqa: PLR0917 in the order of `simulate`
        cls,
        game: Any,
        leader: Any,
        follower: Any,
        horizon: Any,
        replications: Any = 1,
        seed: Any = None,
        checkpoints: Any = 1,
        engine: Any = "auto",
        crossing_tolerance: Any = CROSSING_TOLERANCE,
        trace: Any = False,  # noqa: FBT002 in the order of `simulate`
        *,
        callers: bool = False,
        recorded: bool = False,
        engines: tuple[str, ...] = ENGINES,
    ) -> Experiment:
        """Check the arguments of a run, in their order.

        `callers` may decide for a player that is None. A learner that was `recorded` cannot play: it is taken
        only where the run is described and not made.
        """
        played = as_any_game(game)
        rounds = as_count("horizon", horizon, 1, MAX_HORIZON)
        return cls(
            played,
            None if callers and leader is None else as_learner("leader", leader, recorded=recorded),
            None if callers and follower is None else as_learner("follower", follower, recorded=recorded),
            rounds,
            as_count("replications", replications, 1, MAX_REPLICATIONS),
            as_seed(seed),
            as_checkpoints(checkpoints, rounds, played),
            as_choice("engine", engine, engines),
            as_crossing_tolerance(crossing_tolerance),
            as_flag("trace", trace),
        )

    @property
    def players(self) -> tuple[Learner | None, Learner | None]:
        """The learners of leader and follower."""
        return self.leader, self.follower

    @property
    def learners(self) -> tuple[Learner, Learner]:
        """The learners of leader and follower, where the caller decides for neither."""
        return cast("tuple[Learner, Learner]", self.players)

    @property
    def n_checkpoints(self) -> int:
        """Number of checkpoints; 0 stands for the default of about 64."""
        return self.checkpoints if isinstance(self.checkpoints, int) else len(self.checkpoints)

    def resolved(self) -> tuple[Learner | None, Learner | None]:
        """Return the learners with every default filled in for their seats.

        One that newcomers replace has defaults of its own in each stay, and is returned as it is.
        """
        return self._resolved("leader"), self._resolved("follower")

    def _resolved(self, role: str) -> Learner | None:
        learner: Learner | None = getattr(self, role)
        told = stays(self.game, role, self.horizon)
        if learner is None:
            return None
        several = [_resolved(learner, role, each, self.game.shape) for each in told or [self.horizon]]
        return several[0] if told is None else learner

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `stackel.simulate` that ask for this run again."""
        return self._asdict() | {"checkpoints": self.checkpoints or None}


@lru_cache(maxsize=256)
def _resolved(learner: Learner, role: str, horizon: int, shape: tuple[int, int]) -> Learner:
    """Return a learner with its defaults filled in; many runs share it."""
    return learner.resolve(role, horizon, *shape)


def as_checkpoints(checkpoints: Any, horizon: int, game: AnyGame) -> int | tuple[int, ...]:
    """Return a number of log-spaced checkpoints (0: the default), or the rounds themselves.

    By default the last round before each change of the game is one too.
    """
    if checkpoints is None:
        changes = changes_of(game, horizon)
        return (
            tuple(sorted({*spaced_rounds(horizon, 0), *changes})) if 0 < len(changes) <= _MAX_CHANGES else 0
        )
    rounds = None if isinstance(checkpoints, int) else as_items(checkpoints)
    if rounds is None:
        number = as_count("checkpoints", checkpoints, 1, _MAX_CHECKPOINTS)
        return (horizon,) if number == 1 else number
    return as_rising("checkpoints", "rounds", rounds, 1, horizon)
