"""Files of meta-games: archives (see `stackel._files.archive`) of format ``stackel-meta-game``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._files.archive import DamagedError, Layout, faults_named, read, write
from stackel._files.atomic import shown_path
from stackel._stats.bounded import INTERVALS
from stackel._stats.intervals import as_confidence
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, as_real, shown
from stackel.games._changing import game_of
from stackel.learners import Learner

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    import numpy.typing as npt

FORMAT = "stackel-meta-game"
FORMAT_VERSION = 1

_LAYOUT: Layout = {
    "weights": ("<f8", 1),
    "bounds": ("<f8", 2),
    "replications": ("<i8", 2),
    "samples": ("<f8", 2),
    "exact": ("|b1", 2),
}
_SETTINGS = ("horizon", "payoff_kind", "confidence", "interval", "looks", "precision", "provenance")
_NAMED = ("leaders", "followers", "games")
_MOST_LOOKS = 100


def write_meta_game(values: Mapping[str, Any], path: str | os.PathLike[str]) -> None:
    """Write the fields of a `MetaGame` to `path`."""
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        **{name: values[name] for name in _SETTINGS},
        **{kind: [[name, each.to_dict()] for name, each in values[kind].items()] for kind in _NAMED},
    }
    write(path, _LAYOUT, text, {name: values[name] for name in _LAYOUT})


def read_meta_game(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the checked arguments of a `MetaGame` from `path`."""
    with faults_named("path", "a meta-game file of stackel", f"{shown_path(path)},"):
        return _rebuild(*read(path, _LAYOUT, FORMAT, FORMAT_VERSION))


def _rebuild(text: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
    if text.keys() != {"format", "format_version", *_SETTINGS, *_NAMED}:
        raise DamagedError(f"the keys {', '.join(sorted(text))}")
    readers = (Learner.from_dict, Learner.from_dict, game_of)
    named = {kind: _named(kind, text[kind], make) for kind, make in zip(_NAMED, readers, strict=True)}
    shape = len(named["leaders"]), len(named["followers"])
    _check_arrays(arrays, shape, len(named["games"]))
    if not isinstance(text["payoff_kind"], str) or not text["payoff_kind"].isprintable():
        raise DamagedError(f"payoff_kind = {shown(text['payoff_kind'])}")
    if not isinstance(text["provenance"], dict):
        raise DamagedError(f"provenance = {shown(text['provenance'])}")
    precision = text["precision"]
    return {
        **named,
        **arrays,
        "horizon": as_count("horizon", text["horizon"], 1, MAX_HORIZON),
        "payoff_kind": text["payoff_kind"],
        "confidence": as_confidence(text["confidence"]),
        "interval": as_choice("interval", text["interval"], INTERVALS),
        "looks": as_count("looks", text["looks"], 1, _MOST_LOOKS),
        "precision": None if precision is None else as_real("precision", precision, above=0.0),
        "provenance": text["provenance"],
    }


def _named(kind: str, listed: Any, make: Any) -> dict[str, Any]:
    if not isinstance(listed, list) or not listed:
        raise DamagedError(f"{kind} = {shown(listed)}")
    found = {}
    for each in listed:
        if not isinstance(each, list) or len(each) != 2 or not isinstance(each[0], str) or each[0] in found:
            raise DamagedError(f"{kind} with {shown(each)}")
        found[each[0]] = make(each[1])
    return found


def _check_arrays(arrays: dict[str, npt.NDArray[Any]], shape: tuple[int, int], games: int) -> None:
    counts, samples, bounds = arrays["replications"], arrays["samples"], arrays["bounds"]
    fits = counts.shape == arrays["exact"].shape == shape and arrays["weights"].shape == (games,)
    if not fits or bounds.shape != (2, 2) or (counts < 1).any() or (counts > samples.size).any():
        raise DamagedError("arrays whose shapes do not fit together")
    if samples.shape != (2, int(counts.sum())):
        raise DamagedError(f"samples of shape {samples.shape} for {counts.sum()} replications")
    width = bounds[:, 1] - bounds[:, 0]
    slack = 1e-9 * np.maximum(width, np.abs(bounds).max(axis=1))
    inside = (samples >= (bounds[:, 0] - slack)[:, None]) & (samples <= (bounds[:, 1] + slack)[:, None])
    if (width < 0).any() or not inside.all():
        raise DamagedError("samples outside their bounds")
