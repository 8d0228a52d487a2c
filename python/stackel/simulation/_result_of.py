"""Results of rounds that were played elsewhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._core import spaced_rounds
from stackel._utils.arrays import as_array
from stackel._utils.build import build_info
from stackel._utils.memory import check_fits
from stackel._utils.validation import MAX_HORIZON, shown
from stackel.errors import SpecError
from stackel.games._changing import as_any_game, games_of, pieces_of
from stackel.learners import Learner
from stackel.learners._own import RecordedLearner
from stackel.results._earned import earned
from stackel.results._result import Result
from stackel.results._trace import Trace
from stackel.simulation._experiment import as_checkpoints

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from stackel.games._changing import AnyGame

    Counts = npt.NDArray[np.int64]

_ACTIONS = "actions of R replications and T rounds, whole numbers from 0, of shape (T,) or (R, T)"


def result_of(
    game: AnyGame,
    leader_actions: npt.ArrayLike,
    follower_actions: npt.ArrayLike,
    *,
    utility: npt.ArrayLike | None = None,
    checkpoints: int | Sequence[int] | None = None,
    leader: Learner | str = "leader",
    follower: Learner | str = "follower",
) -> Result:
    """Return rounds that were played elsewhere as a Result, with regrets, bands, tables and figures.

    They may come from an environment of your own, from several `Agent`, or from another library.

    Parameters
    ----------
    game : Game or ChangingGame
        The game: its means are what the outcomes are worth, and benchmarks are computed from it; of one that
        changes, those of the game in force.
    leader_actions, follower_actions : array_like of int, shape (R, T) or (T,)
        What was played in each round of each replication; one row is one replication.
    utility : array_like of float, shape (2, R, T) or (2, T), optional
        Mean utilities of the rounds, leader first, where they are not those of the game: in an environment
        that drifts all the time, say. By default ``u_i(a, b)``.
    checkpoints : None, int or increasing rounds, optional
        As in `stackel.simulate`.
    leader, follower : Learner or str, default "leader" and "follower"
        Who played: a learner of stackel, or a name for tables and figures.

    Returns
    -------
    Result
        Its engine is ``"external"`` and its seed 0: it cannot be repeated. Without `utility` it has a trace.

    Raises
    ------
    SpecError
        If actions are outside the game, or shapes do not fit each other.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.games.etc_failure()
    >>> run = sk.result_of(game, [0, 1, 1, 0], [0, 0, 1, 0], checkpoints=[2, 4], leader="mine")
    >>> run
    Result(mine vs follower, horizon=4, replications=1, seed=0, engine='external')
    >>> run.regret("stackelberg").round(9).tolist()
    [[[0.1, 0.3]], [[0.1, 0.3]]]
    """
    as_any_game(game)
    actions = [
        _as_actions(name, value, count)
        for name, value, count in zip(
            ("leader_actions", "follower_actions"),
            (leader_actions, follower_actions),
            game.shape,
            strict=True,
        )
    ]
    if actions[0].shape != actions[1].shape:
        allowed = f"of the shape of leader_actions, {actions[0].shape}"
        raise SpecError("follower_actions", allowed, f"shape {actions[1].shape}")
    replications, horizon = actions[0].shape
    rounds = _rounds(checkpoints, horizon, game)
    starts = [piece.start for piece in pieces_of(game, horizon)]
    shape = len(games_of(game)), *game.shape
    cells = math.prod(shape)
    check_fits(
        "checkpoints", f"{len(rounds)} of {replications} replications", 8 * replications * len(rounds) * cells
    )
    in_force = np.searchsorted(starts, np.arange(horizon), side="right") - 1
    outcomes = np.ravel_multi_index((in_force, *actions), shape)
    counts = np.stack([_counts(row, rounds, cells) for row in outcomes]).reshape(-1, len(rounds), *shape)
    pulls = np.stack([np.bincount(row, minlength=cells) for row in outcomes]).reshape(-1, *shape).sum(axis=1)
    if utility is None:
        trace = Trace(counts.sum(axis=2), *_switches(actions[0], actions[1], game.shape[0]))
        worth = earned(game, counts)
    else:
        trace, worth = None, _summed(utility, actions[0].shape, rounds)
    return Result(
        game,
        _player("leader", leader),
        _player("follower", follower),
        rounds,
        worth[0],
        pulls,
        0,
        "external",
        0.0,
        build_info()["version"],
        trace=trace,
        remainder=worth[1],
    )


def result_so_far(
    game: AnyGame,
    players: tuple[Learner | None, Learner | None],
    pulls: Counts,
    worth: npt.NDArray[np.float64],
    **said: Any,
) -> Result:
    """Return the outcome of a game in progress; `said` are further fields of the Result.

    `worth` are the utilities and what rounding took from them, shape (4,).
    """
    rounds = np.array([pulls.sum()])
    if not rounds[0]:
        raise SpecError("t", "at least 1: there is no result before the first round", "0")
    utility, remainder = worth.reshape(2, 2, 1, 1)
    leader, follower = (
        RecordedLearner("CustomLearner", "caller") if each is None else each for each in players
    )
    version = build_info()["version"]
    return Result(
        game,
        leader,
        follower,
        rounds,
        utility,
        pulls[np.newaxis],
        version=version,
        remainder=remainder,
        **said,
    )


def _as_actions(name: str, value: Any, count: int) -> Counts:
    array = np.atleast_1d(as_array(name, _ACTIONS, value))
    if array.dtype.kind == "f":
        wide = array.astype(np.float64)
        if (abs(wide) < MAX_HORIZON).all() and (wide == np.rint(wide)).all():
            array = wide.astype(np.int64)
    table = array.reshape(1, -1) if array.ndim == 1 else array
    if table.ndim != 2 or not table.size or table.dtype.kind not in "iu":
        raise SpecError(name, _ACTIONS, f"shape {array.shape}" if array.dtype.kind in "iu" else shown(value))
    if table.min() < 0 or table.max() >= count:
        raise SpecError(name, f"actions from 0 to {count - 1}", f"{table.min()} to {table.max()}")
    return table.astype(np.int64)


def _rounds(checkpoints: Any, horizon: int, game: AnyGame) -> Counts:
    chosen = as_checkpoints(checkpoints, horizon, game)
    return np.array(spaced_rounds(horizon, chosen) if isinstance(chosen, int) else chosen, np.int64)


def _counts(row: Counts, rounds: Counts, cells: int) -> Counts:
    """Return how often each outcome was played up to each checkpoint, shape (K, cells)."""
    parts = np.split(row[: rounds[-1]], rounds[:-1])
    found: Counts = np.cumsum([np.bincount(part, minlength=cells) for part in parts], axis=0)
    return found


def _switches(leader: Counts, follower: Counts, n_leader: int) -> tuple[Counts, Counts]:
    """Return `Trace.switches` and `Trace.last_exploration`, each of shape (2, R)."""
    switches, last = np.zeros((2, 2, len(leader)), np.int64)
    for r, (own, responses) in enumerate(zip(leader, follower, strict=True)):
        switches[0, r] = np.count_nonzero(np.diff(own))
        last[0, r] = _last_other(own, np.arange(len(own)))
        for a in range(n_leader):
            at = np.flatnonzero(own == a)
            if at.size:
                switches[1, r] += np.count_nonzero(np.diff(responses[at]))
                last[1, r] = max(last[1, r], _last_other(responses[at], at))
    return switches, last


def _last_other(actions: Counts, places: Counts) -> int:
    """Return the last round, from 1, in which an action was not the final one; 0 if there is none."""
    other = np.flatnonzero(actions != actions[-1])
    return int(places[other[-1]]) + 1 if other.size else 0


def _summed(
    utility: Any, shape: tuple[int, ...], rounds: Counts
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the sums up to each checkpoint of given utilities, and zeros."""
    allowed = f"finite numbers, leader first, of shape {(2, *shape)}"
    array = as_array("utility", allowed, utility)
    if array.dtype.kind not in "iuf":
        raise SpecError("utility", allowed, shown(utility))
    if shape[0] == 1 and array.shape == (2, shape[1]):
        array = array[:, np.newaxis]
    if array.shape != (2, *shape):
        raise SpecError("utility", allowed, f"shape {array.shape}")
    values = array.astype(float)
    if not np.isfinite(values).all():
        raise SpecError("utility", allowed, "a number that is not finite")
    starts = np.concatenate([[0], rounds[:-1]])
    sums = np.cumsum(np.add.reduceat(values[:, :, : rounds[-1]], starts, axis=2), axis=2)
    return sums, np.zeros_like(sums)


def _player(argument: str, player: Any) -> Learner:
    if isinstance(player, Learner):
        return player
    if not isinstance(player, str):
        raise SpecError(argument, "a learner of stackel, or a name", shown(player))
    try:
        return RecordedLearner("CustomLearner", player)
    except SpecError as error:
        raise SpecError(argument, error.allowed, error.given) from None
