"""Game files in TOML or JSON, with the keys of a game's `to_dict`; COMPATIBILITY describes them."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from stackel._files.atomic import as_path, shown_path
from stackel._files.text import loads, read_text, write_text
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._changing import as_any_game, game_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from stackel.games._changing import AnyGame

_MAX_BYTES = 2**28


def read_game(path: str | os.PathLike[str]) -> AnyGame:
    """Read a game from a TOML or JSON file, by its suffix.

    Parameters
    ----------
    path : path-like
        A ``.toml`` or ``.json`` file of at most 256 MiB; COMPATIBILITY describes the format.

    Returns
    -------
    Game or ChangingGame

    Raises
    ------
    SpecError
        If the file does not exist or cannot be parsed, or a key is missing, unknown or not usable.
        The message names the file and the key.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import stackel as sk
    >>> text = '{"leader": [[0.6, 0.2], [0.5, 0.4]], "follower": [[0.4, 0.0], [0.3, 0.2]]}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "game.json")
    ...     _ = path.write_text(text)
    ...     sk.read_game(path)
    Game(2x2, noise=Gaussian(sigma=1.0))
    """
    file = _as_path(path, (".toml", ".json"))
    data = _parsed(file)
    try:
        return game_of(data)
    except SpecError as error:
        raise SpecError(f"{error.argument} in {file}", error.allowed, error.given) from error


def write_game(game: AnyGame, path: str | os.PathLike[str]) -> None:
    """Write a game as JSON, from which `read_game` makes an equal game; an existing file is replaced."""
    file = _as_path(path, (".json",))
    write_text(file, json.dumps(as_any_game(game).to_dict(), ensure_ascii=False) + "\n")


def _parsed(file: Path) -> Any:
    text = read_text(file, _MAX_BYTES)
    language, parse = ("JSON", _load_json) if file.suffix.lower() == ".json" else ("TOML", loads)
    try:
        return parse(text)
    except (ValueError, RecursionError) as error:
        raise SpecError("path", f"a game in {language}", f"{file} ({error})") from error


def _load_json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_repeats)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build a JSON object, and refuse repeated keys as TOML does."""
    data = dict(pairs)
    if len(data) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        repeated = max(counts, key=counts.__getitem__)
        raise ValueError(f"key {shown(repeated)} appears more than once")
    return data


def _as_path(path: str | os.PathLike[str], suffixes: tuple[str, ...]) -> Path:
    file = as_path(path)
    if file.suffix.lower() not in suffixes:
        raise SpecError("path", "a file ending in " + " or ".join(suffixes), shown_path(file))
    return file
