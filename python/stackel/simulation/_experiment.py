"""The description of a run: everything that its numbers depend on, checked once.

`stackel.simulate`, `stackel.simulate_many`, `Simulation`, `Agent`, `Task` and the analyses make one of
their arguments. The core takes it as it is, and so does a report of a defect.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from stackel._utils.arrays import as_rising
from stackel._utils.carriers import as_items
from stackel._utils.players import ROLES
from stackel._utils.seeds import as_seed
from stackel._utils.validation import (
    CROSSING_TOLERANCE,
    MAX_HORIZON,
    as_choice,
    as_count,
    as_crossing_tolerance,
    as_flag,
    shown,
)
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners._custom import as_learner

if TYPE_CHECKING:
    from stackel.learners import Learner

ENGINES = ("auto", "leap", "stepwise", "reference")
MAX_REPLICATIONS = 2**53
_MAX_CHECKPOINTS = 2**24


class Experiment(NamedTuple):
    """What a run is; see `stackel.simulate` for the fields.

    A player is None where the caller decides for it. `checkpoints` are rounds, or their number (0: the
    default). Make one with `Experiment.of`, which checks the arguments.
    """

    game: Game
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
        if not isinstance(game, Game):
            raise SpecError("game", "a stackel.Game", shown(game))
        rounds = as_count("horizon", horizon, 1, MAX_HORIZON)
        return cls(
            game,
            None if callers and leader is None else as_learner("leader", leader, recorded=recorded),
            None if callers and follower is None else as_learner("follower", follower, recorded=recorded),
            rounds,
            as_count("replications", replications, 1, MAX_REPLICATIONS),
            as_seed(seed),
            as_checkpoints(checkpoints, rounds),
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
        """Return the learners with every default filled in for their seats."""
        first, second = (
            None if learner is None else _resolved(learner, role, self.horizon, self.game.shape)
            for role, learner in zip(ROLES, self.players, strict=True)
        )
        return first, second

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of `stackel.simulate` that ask for this run again."""
        return self._asdict() | {"checkpoints": self.checkpoints or None}


@lru_cache(maxsize=256)
def _resolved(learner: Learner, role: str, horizon: int, shape: tuple[int, int]) -> Learner:
    """Return a learner with its defaults filled in; many runs share it."""
    return learner.resolve(role, horizon, *shape)


def as_checkpoints(checkpoints: Any, horizon: int) -> int | tuple[int, ...]:
    """Return a number of log-spaced checkpoints (0: the default), or the rounds themselves."""
    if checkpoints is None:
        return 0
    rounds = None if isinstance(checkpoints, int) else as_items(checkpoints)
    if rounds is None:
        number = as_count("checkpoints", checkpoints, 1, _MAX_CHECKPOINTS)
        return (horizon,) if number == 1 else number
    return as_rising("checkpoints", "rounds", rounds, 1, horizon)
