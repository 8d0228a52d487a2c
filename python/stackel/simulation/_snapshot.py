"""Games and players in progress as bytes, read without trusting them; COMPATIBILITY describes the format."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._core import version
from stackel._files.archive import MAX_TEXT, DamagedError, parse_text
from stackel._utils.build import stream_version
from stackel._utils.players import ROLES
from stackel._utils.seeds import seed_of_digits
from stackel._utils.validation import as_count, shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.learners import Learner
from stackel.learners._made import innermost
from stackel.learners._own import OwnLearner

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FORMAT_VERSION = 3

_MAGIC = b"stackel\0"

_WORD = 8

_HEAD = len(_MAGIC) + _WORD


_KEYS = {"format", "format_version", "version", "stream_version", "game"}

_DIGEST = hashlib.sha256().digest_size


def pack(text_format: str, game: Game, text: dict[str, Any], state: bytes) -> bytes:
    """Return the snapshot of `game` in a state; `text` is JSON-ready."""
    described = {
        "shape": game.shape,
        "noise": [law.to_dict() for law in game.noise],
        "name": game.name,
        "leader_labels": game.leader_labels,
        "follower_labels": game.follower_labels,
    }
    full = {
        "format": text_format,
        "format_version": FORMAT_VERSION,
        "version": version(),
        "stream_version": stream_version(),
        **text,
        "game": described,
    }
    encoded = json.dumps(full, allow_nan=False).encode()
    if len(encoded) > MAX_TEXT:
        raise SpecError("game", f"described by at most {MAX_TEXT} bytes", f"{len(encoded)} bytes of labels")
    matrices = [matrix.astype("<f8").tobytes() for matrix in (game.leader, game.follower)]
    body = b"".join((_MAGIC, len(encoded).to_bytes(_WORD, "little"), encoded, *matrices, state))
    return body + hashlib.sha256(body).digest()


def unpack(snapshot: object, text_format: str, keys: set[str]) -> tuple[Game, dict[str, Any], bytes]:
    """Return game, text and state of a snapshot whose text has `keys` besides those that all have."""
    if not isinstance(snapshot, bytes | bytearray | memoryview):
        raise DamagedError("no bytes")
    data = bytes(snapshot)
    end = len(data) - _DIGEST
    first = _HEAD + int.from_bytes(data[len(_MAGIC) : _HEAD], "little")
    if not data.startswith(_MAGIC) or not first <= min(end, _HEAD + MAX_TEXT):
        raise DamagedError("another beginning, or too few of them")
    text = parse_text(data[_HEAD:first], text_format, FORMAT_VERSION, oldest=FORMAT_VERSION)
    if hashlib.sha256(data[:end]).digest() != data[end:]:
        raise DamagedError("a checksum that does not fit them")
    streams = text.get("stream_version")
    if streams != stream_version():
        here = f"where this stackel has version {stream_version()} and would go on with other bits"
        raise DamagedError(f"random streams of version {shown(streams)}, {here}")
    if text.keys() != _KEYS | keys:
        raise DamagedError(f"the keys {', '.join(sorted(text))}")
    game, state = _parse_game(text["game"], data[first:end])
    return game, text, state


def check_kept(**learners: Learner | None) -> None:
    """Raise unless the state of every learner can be kept: it can of those that stackel brings."""
    for argument, learner in learners.items():
        if learner is not None and isinstance(innermost(learner), OwnLearner):
            allowed = (
                "a learner of stackel for a snapshot, copy or pickle, because the state of others is not "
                "known; to go on elsewhere, play the same rounds again, which the seed repeats"
            )
            raise SpecError(argument, allowed, repr(learner))


def check_t(claimed: object, played: int) -> None:
    """Raise unless the text and the state tell the same number of rounds."""
    if claimed != played:
        raise DamagedError(f"t = {shown(claimed)} and the state after {played} rounds")


def _parse_game(described: Any, data: bytes) -> tuple[Game, bytes]:
    """Return the game whose matrices `data` begins with, and the rest."""
    shape = described.pop("shape")
    rows, columns = (as_count("shape", size, 1, len(data)) for size in shape)
    size = rows * columns * _WORD
    if 2 * size > len(data):
        raise DamagedError(f"a game of {rows} x {columns} actions")
    parts = data[:size], data[size : 2 * size]
    matrices = {
        role: np.frombuffer(part, "<f8").reshape(rows, columns)
        for role, part in zip(ROLES, parts, strict=True)
    }
    if described.keys() & set(ROLES):
        raise DamagedError(f"game = {shown(described)}")
    return Game.from_dict(described | matrices), data[2 * size :]


def as_text(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments as JSON knows them: learners as tables, and the seed as decimal digits."""
    plain = {
        key: value.to_dict() if isinstance(value, Learner) else value for key, value in arguments.items()
    }
    return plain | {"seed": str(arguments["seed"])}


def arguments(text: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return the arguments under `keys` that `as_text` wrote; values other than learners and seed stay."""
    found = {key: text[key] for key in keys}
    for key in found.keys() & {*ROLES, "learner"}:
        found[key] = None if found[key] is None else Learner.from_dict(found[key])
    return found | {"seed": seed_of_digits(found["seed"])}
