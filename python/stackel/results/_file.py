"""Result files: archives (see `stackel._files.archive`) of format ``stackel-result``.

COMPATIBILITY describes their arrays and their text in every version.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._files.archive import DamagedError, Layout, faults_named, read, write
from stackel._files.atomic import as_path, kind_of, shown_path
from stackel._utils.players import ROLES
from stackel._utils.seeds import seed_of_digits
from stackel._utils.validation import MAX_HORIZON, as_crossing_tolerance, shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners import Learner
from stackel.results._trace import Trace

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import numpy.typing as npt

FORMAT = "stackel-result"
FORMAT_VERSION = 4

_SINCE_1 = ("format", "format_version", "version", "engine", "error_bound", "seed", *ROLES, "game")
_BEFORE_2: dict[str, Any] = {"stream_version": 1, "platform": "", "crossing_tolerance": 1e-18}
_PLAIN = ("version", "stream_version", "platform", "engine", "error_bound", "crossing_tolerance")
_OLD_NAME = 2
"""Version in which the key of ``crossing_tolerance`` is ``negligible``."""
_LAYOUT: Layout = {
    "rounds": ("<i8", 1),
    "utility": ("<f8", 3),
    "pulls": ("<i8", 3),
    "game_leader": ("<f8", 2),
    "game_follower": ("<f8", 2),
}
_TRACE_LAYOUT: Layout = {
    "cell_counts": ("<i8", 4),
    "switches": ("<i8", 2),
    "last_exploration": ("<i8", 2),
}
_REMAINDER_LAYOUT: Layout = {"remainder": ("<f8", 3)}
_SINCE_REMAINDERS = 4
_ROUNDING = 1e-9
"""Largest relative error of sums over all outcomes, in any order."""


def write_result(values: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the fields of a `Result` to `path`."""
    game, trace = values["game"], values["trace"]
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: values[name] for name in _PLAIN},
        "seed": str(values["seed"]),
        **{role: values[role].to_dict() for role in ROLES},
        "game": {key: value for key, value in game.to_dict().items() if key not in ROLES},
    }
    arrays = {**values, "game_leader": game.leader, "game_follower": game.follower}
    if trace is not None:
        arrays |= {name: getattr(trace, name) for name in _TRACE_LAYOUT}
    layout = _LAYOUT | _REMAINDER_LAYOUT
    write(path, layout if trace is None else layout | _TRACE_LAYOUT, text, arrays)


def existing_file(path: str | os.PathLike[str]) -> None:
    """Raise a SpecError unless there is a file at `path`."""
    file = as_path(path)
    try:
        found = "" if file.is_file() else kind_of(file) or "no file at"
    except OSError as error:  # a name that is too long
        found = f"{error.strerror or error}:"
    if found:
        raise SpecError("path", "an existing file", f"{found} {shown_path(path)}")


def read_result(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the checked arguments of a `Result` from an existing file."""
    with faults_named("path", "a result file of stackel", f"{shown_path(path)},"):
        return _rebuild(
            *read(path, _LAYOUT, FORMAT, FORMAT_VERSION, optional=[_TRACE_LAYOUT, _REMAINDER_LAYOUT])
        )


def _rebuild(text: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    is_old = text["format_version"] == 1
    if text["format_version"] == _OLD_NAME and "negligible" in text:
        text["crossing_tolerance"] = text.pop("negligible")
    if text.keys() != {*_SINCE_1, *(() if is_old else _BEFORE_2)}:
        raise DamagedError(f"the keys {', '.join(sorted(text))}")
    text = _BEFORE_2 | text
    traced = {name: arrays.pop(name) for name in _TRACE_LAYOUT if name in arrays}
    if is_old and traced:
        raise DamagedError("a trace in a file of version 1")
    remainder = arrays.pop("remainder", None)
    if (remainder is None) == (text["format_version"] >= _SINCE_REMAINDERS):
        raise DamagedError(f"version {text['format_version']} with the arrays {', '.join(arrays)}")
    for key in ("version", "platform", "engine", "seed"):
        if not isinstance(text[key], str) or not text[key].isprintable():
            raise DamagedError(f"{key} = {shown(text[key])}")
    if not isinstance(text["game"], dict) or text["game"].keys() & set(ROLES):
        raise DamagedError(f"game = {shown(text['game'])}")
    game = Game.from_dict({**text["game"], **{role: arrays.pop(f"game_{role}") for role in ROLES}})
    horizon = _check_counts(**arrays, shape=game.shape)
    if remainder is not None:
        _check_remainder(remainder, arrays["utility"])
    learners = {role: Learner.from_dict(text[role]) for role in ROLES}
    for role, learner in learners.items():
        learner.resolve(role, horizon, *game.shape)
    return {
        "game": game,
        **learners,
        **arrays,
        "seed": seed_of_digits(text["seed"]),
        "engine": text["engine"],
        "error_bound": _parse_bound(text["error_bound"]),
        "version": text["version"],
        "stream_version": _parse_stream_version(text["stream_version"]),
        "platform": text["platform"],
        "crossing_tolerance": as_crossing_tolerance(text["crossing_tolerance"]),
        "trace": _check_trace(Trace(**traced), **arrays, game=game) if traced else None,
        "remainder": np.zeros(()) if remainder is None else remainder,
    }


def _check_counts(
    rounds: npt.NDArray[np.int64],
    utility: npt.NDArray[np.float64],
    pulls: npt.NDArray[np.int64],
    shape: tuple[int, int],
) -> int:
    """Return the horizon, the sum of the pull counts of every replication."""
    if pulls.shape[1:] != shape or utility.shape != (2, len(pulls), len(rounds)):
        shapes = f"rounds {rounds.shape}, utility {utility.shape}, pulls {pulls.shape}"
        raise DamagedError(f"arrays that do not fit each other and a game of shape {shape}: {shapes}")
    # Sums in floating point are compared first, because sums in int64 could wrap around.
    if pulls.min() < 0 or pulls.sum(axis=(1, 2), dtype=float).max() > MAX_HORIZON:
        raise DamagedError(f"pull counts below 0 or above {MAX_HORIZON} in total")
    horizon = int(pulls[0].sum())
    if (pulls.sum(axis=(1, 2)) != horizon).any():
        raise DamagedError("replications of different lengths")
    if rounds[0] < 1 or (rounds[1:] <= rounds[:-1]).any() or rounds[-1] > horizon:
        raise DamagedError(f"checkpoints that do not increase from 1 to at most {horizon}")
    return horizon


def _check_remainder(remainder: npt.NDArray[np.float64], utility: npt.NDArray[np.float64]) -> None:
    if remainder.shape != utility.shape:
        raise DamagedError(f"remainders of shape {remainder.shape} of utilities of shape {utility.shape}")


def _check_trace(
    trace: Trace,
    rounds: npt.NDArray[np.int64],
    utility: npt.NDArray[np.float64],
    pulls: npt.NDArray[np.int64],
    game: Game,
) -> Trace:
    """Return `trace` if a run with these checked arrays can have it."""
    counts, switches, last = trace.arrays()
    per_player = (2, len(pulls))
    if counts.shape != (len(pulls), len(rounds), *game.shape) or {switches.shape, last.shape} != {per_player}:
        raise DamagedError(f"a trace of shapes {', '.join(str(array.shape) for array in trace.arrays())}")
    # Counts are compared first: sums of counts between 0 and the final ones cannot wrap around.
    if counts[:, 0].min() < 0 or (counts[:, 1:] < counts[:, :-1]).any() or (counts[:, -1] > pulls).any():
        raise DamagedError("cell_counts that do not grow from 0 towards the final counts")
    if (counts.sum(axis=(2, 3)) != rounds).any():
        raise DamagedError("cell_counts that do not add up to the checkpoints")
    means = np.stack([game.leader, game.follower])
    earned = np.einsum("rkab,pab->prk", counts, means, optimize=True)
    if (abs(earned - utility) > _ROUNDING * abs(means).max() * rounds).any():
        raise DamagedError("cell_counts that do not earn the utility")
    # Every action except the first needs a switch to it, and each switch follows a different round in
    # which the final action was not played.
    seen, rows = pulls > 0, pulls.any(axis=2).sum(axis=1)
    needed = np.stack([rows - 1, seen.sum(axis=(1, 2)) - rows])
    horizon = pulls[0].sum()
    possible = (needed <= switches) & (switches <= last) & (last < horizon) & ((switches > 0) | (last == 0))
    if not possible.all():
        raise DamagedError(f"switches and last_exploration that no {horizon} rounds can have")
    return trace


def _parse_bound(bound: object) -> float:
    if isinstance(bound, bool) or not isinstance(bound, int | float) or not 0 <= bound < math.inf:
        raise DamagedError(f"error_bound = {shown(bound)}")
    return float(bound)


def _parse_stream_version(version: object) -> int:
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version < 2**31:
        raise DamagedError(f"stream_version = {shown(version)}")
    return version
