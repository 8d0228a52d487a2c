"""One cell of a sweep: everything that its numbers depend on, and a name made of that."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from stackel._files.archive import digest_of
from stackel._utils.build import stream_version
from stackel._utils.numbers import as_plain
from stackel._utils.players import ROLES
from stackel._utils.seeds import game_seeds
from stackel._utils.validation import CROSSING_TOLERANCE, as_count, shown
from stackel.errors import SpecError
from stackel.learners._made import innermost
from stackel.learners._own import OwnLearner
from stackel.simulation._experiment import Experiment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.learners import Learner

MAX_REPLICATIONS = 2**31
_ID_BYTES = 16
_GAME_ID_BYTES = 8
_SHARED = Experiment._fields[:-1]
"""Fields that a task has in common with an experiment, in their order: all but `trace`."""
_VERSIONED = (
    'a learner of your own with a version, such as sk.CustomLearner(MyPolicy, version="1"): '
    "the version enters the id of the task, and is your word that the rule is the same"
)
COLUMNS = ("task", "replications", "player", "round", "utility", "utility_se")
OF_REGRET = ("regret", "regret_se", "regret_low", "regret_high")
"""Columns of a summary of tasks; labels need other names."""
_LABELS = (str, int, float, bool, type(None))


@dataclass(frozen=True)
class Task:
    """A game, who plays it, for how long and how often: one cell of a sweep.

    Replication r is the game that `stackel.simulate` plays, by itself, with the seed
    ``SeedSequence(seed).generate_state(r + 1, uint64)[r]``: as in `stackel.simulate_many`, more
    replications begin with those of fewer.

    Parameters
    ----------
    game : Game or ChangingGame
    leader, follower : Learner
        The learners. One of your own needs a version, such as ``CustomLearner(MyPolicy, version="1")``:
        it enters the `id`, and is your word that the rule is the same. A `RecordedLearner`, as `open_sweep`
        has it, describes a task that cannot be played.
    horizon : int
        Number of rounds T.
    replications : int, default 1
        Independent repetitions; the most of them where a sweep stops at a standard error.
    seed : int, default 0
        In [0, 2**64). Tasks of the same seed meet the same noise, replication by replication.
    checkpoints : None, int or increasing rounds, default 1
        As in `stackel.simulate`; by default only the horizon.
    engine, crossing_tolerance
        As in `stackel.simulate`.
    labels : dict of str to str, int, float, bool or None, optional
        What tables show besides, under other names than their columns; the `id` does not depend on it.

    Examples
    --------
    >>> import stackel as sk
    >>> task = sk.Task(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 1000, replications=5)
    >>> task.id == sk.Task(sk.games.etc_failure(), sk.UCB(), sk.UCB(), 1000).id
    True
    """

    game: AnyGame
    leader: Learner
    follower: Learner
    horizon: int
    replications: int = 1
    seed: int = 0
    checkpoints: int | Sequence[int] | None = 1
    engine: str = "auto"
    crossing_tolerance: float = CROSSING_TOLERANCE
    labels: Mapping[str, str | float | bool | None] = field(default_factory=dict)
    _resolved: dict[str, Learner] = field(init=False, repr=False, compare=False)
    _is_kept: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.seed is None:
            raise SpecError("seed", "given: without it a task is never the same again", "None")
        as_count("replications", self.replications, 1, MAX_REPLICATIONS)
        experiment = Experiment.of(
            self.game,
            self.leader,
            self.follower,
            self.horizon,
            self.replications,
            self.seed,
            self.checkpoints,
            self.engine,
            self.crossing_tolerance,
            recorded=True,
        )
        # The dataclass is frozen: this is the one place that writes its fields.
        vars(self).update(zip(_SHARED, experiment, strict=False))
        vars(self)["labels"] = as_labels(self.labels)
        for role, learner in zip(ROLES, experiment.learners, strict=True):
            own = innermost(learner)
            if isinstance(own, OwnLearner) and not own.version and self._is_kept:
                raise SpecError(role, _VERSIONED, repr(learner))
        # What cannot take its seat fails now rather than in the middle of a sweep.
        vars(self)["_resolved"] = dict(zip(ROLES, experiment.resolved(), strict=True))

    @property
    def spec(self) -> dict[str, Any]:
        """Plain description of everything that a replication depends on, but for its number.

        Learners have every parameter filled in, unless a changing game replaces them. The game has no names;
        the number of replications and the labels are not in it.
        """
        return {
            "game": _without_names(self.game.to_dict()),
            **{role: learner.to_dict() for role, learner in self._resolved.items()},
            "horizon": self.horizon,
            "seed": str(self.seed),
            "checkpoints": as_plain(self.checkpoints),
            "engine": self.engine,
            "crossing_tolerance": self.crossing_tolerance,
            "stream_version": stream_version(),
        }

    @cached_property
    def id(self) -> str:
        """Digest of `spec`, 32 hexadecimal digits; tasks that differ in replications only share it."""
        return digest_of(self.spec, _ID_BYTES)

    @cached_property
    def game_id(self) -> str:
        """Digest of the game's utilities and noise, 16 hexadecimal digits; no name or label changes it."""
        return digest_of(self.spec["game"], _GAME_ID_BYTES)

    def seeds(self, start: int, stop: int) -> npt.NDArray[np.uint64]:
        """Seeds of replications `start` to `stop - 1`, at most 2**31."""
        stop = as_count("stop", stop, 0, MAX_REPLICATIONS)
        start = as_count("start", start, 0, stop)
        return game_seeds(self.seed, stop)[start:]

    def __eq__(self, other: object) -> bool:
        """Whether both have the same runs and the same labels, also by the types of these: 1 is not True."""
        if not isinstance(other, Task):
            return NotImplemented
        return self._key() == other._key()

    def _key(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _SHARED), json.dumps(self.labels, sort_keys=True)

    def __hash__(self) -> int:
        return hash((self.id, self.replications))


class PassingTask(Task):
    """A task whose results no store keeps: learners of one's own need no version."""

    _is_kept = False


def _without_names(game: dict[str, Any]) -> dict[str, Any]:
    if "games" not in game:
        return {key: value for key, value in game.items() if key in (*ROLES, "noise")}
    games = [_without_names(each) for each in game["games"]]
    return {key: value for key, value in game.items() if key != "name"} | {"games": games}


def as_labels(labels: Any) -> dict[str, Any]:
    """Return plain values under names."""
    allowed = "a dict of names to strings, finite numbers, flags or None"
    try:
        plain = {as_plain(name): as_plain(value) for name, value in labels.items()}
        json.dumps(plain, allow_nan=False)
    except (AttributeError, TypeError, ValueError):
        raise SpecError("labels", allowed, shown(labels)) from None
    for name, value in plain.items():
        if name in (*COLUMNS, *OF_REGRET):
            columns = ", ".join((*COLUMNS, *OF_REGRET))
            raise SpecError("labels", f"under other names than the columns {columns}", repr(name))
        if not isinstance(name, str) or not isinstance(value, _LABELS):
            raise SpecError("labels", allowed, shown({name: value}))
        if isinstance(value, float) and not math.isfinite(value):
            raise SpecError("labels", allowed, shown({name: value}))
    return plain
