"""Files of results: Parquet, with a row for each replication and checkpoint (extra ``sweep``).

Each file says in its metadata which stretches it holds, and its name is a digest of that: what a store
has is known from the ends of its files, and a file that was renamed is told from the others.
"""

from __future__ import annotations

import contextlib
import errno
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from stackel._files.archive import DamagedError, digest_of
from stackel._files.atomic import replacing
from stackel._utils.build import stream_version
from stackel._utils.memory import check_fits
from stackel._utils.optional import require
from stackel.sweeps.play import MOST_GAMES, Key, Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from stackel.sweeps.play import Played

FORMAT = "stackel-sweep"

FORMAT_VERSION = 1

SUFFIX = ".parquet"

_LIBRARIES = ("pyarrow", "pyarrow.parquet", "pandas")

_METADATA = b"stackel"

_NAME_BYTES = 16

_OF_THE_FILE = (None, errno.ENOENT, errno.EISDIR, errno.ELOOP)
"""Errors of reading that say something of the file; None is pyarrow's for what it does not understand."""

_READ = ("task", "replication", "round", "leader_utility", "follower_utility")


class Header(NamedTuple):
    """What a file says of itself."""

    stream_version: int
    stretches: tuple[Key, ...]


def load_libraries() -> None:
    """Import what reads and writes files, in a thread: a Ctrl-C, which is for the main one, waits meanwhile.

    Libraries that are interrupted while they are being imported may be half there for as long as the process
    lives. Arrow imports pandas itself.
    """
    with ThreadPoolExecutor(1) as pool:
        for module in _LIBRARIES:
            pool.submit(require, module, "sweep").result()


def name_of(stretches: Sequence[Key]) -> str:
    """Name of the file with these stretches."""
    return digest_of(list(stretches), _NAME_BYTES) + SUFFIX


def write(directory: Path, played: Played) -> tuple[Key, ...]:
    """Write a file, whole or not at all."""
    pa, parquet = require("pyarrow", "sweep"), require("pyarrow.parquet", "sweep")
    keys = tuple(stretch.key for stretch in played.stretches)
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "stream_version": stream_version(),
        "stretches": keys,
    }
    table = pa.table(_columns(played, pa)).replace_schema_metadata({_METADATA: json.dumps(text)})
    # Some readers of directories stumble over files of another kind, however short they stay.
    with replacing(directory / name_of(keys), by_way_of=directory.parent) as file:
        parquet.write_table(table, file, compression="zstd", write_page_checksum=True)
    return keys


def _columns(played: Played, pa: Any) -> dict[str, Any]:
    marks = played.marks
    of_stretch = np.repeat(np.arange(len(played.stretches)), played.lengths)

    def by_game(values: npt.NDArray[Any]) -> Any:
        return np.repeat(values, marks)

    def by_task(values: list[Any]) -> Any:
        """Repeat what all rows of a task share, told apart once."""
        places: dict[Any, int] = {}
        indices = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
        rows = by_game(np.array(indices, np.int32)[of_stretch])
        found = pa.array(rows, mask=rows < 0)
        return pa.DictionaryArray.from_arrays(found, pa.array(list(places), pa.string()))

    tasks = [stretch.task for stretch in played.stretches]
    return {
        "task": by_task([task.id for task in tasks]),
        "game": by_task([task.game.name for task in tasks]),
        "leader": by_task([repr(task.leader) for task in tasks]),
        "follower": by_task([repr(task.follower) for task in tasks]),
        "horizon": by_game(np.array([task.horizon for task in tasks], np.int64)[of_stretch]),
        "labels": by_task([json.dumps(task.labels) for task in tasks]),
        "spec": by_task([json.dumps(task.spec) for task in tasks]),
        "engine": pa.array(by_game(played.engine)).dictionary_encode(),
        "replication": by_game(
            np.concatenate([np.arange(*stretch[1:], dtype=np.int64) for stretch in played.stretches])
        ),
        "seed": by_game(played.seeds),
        "error_bound": by_game(played.error_bound),
        "round": played.rounds,
        "leader_utility": played.utility[0],
        "follower_utility": played.utility[1],
    }


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """Tell a file that cannot be used from a system that does not let it be read, which may change."""
    try:
        yield
    except (MemoryError, DamagedError):
        raise
    except Exception as error:  # a damaged file can make pyarrow and json fail in many ways
        if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
            raise
        raise DamagedError(f"{type(error).__name__}: {error}"[:200]) from error


def read_header(path: Path) -> Header:
    """Return what a file says of itself, from its end.

    Raises
    ------
    DamagedError
        If it is no file of results, or not whole.
    OSError
        If the system does not let it be read.
    """
    parquet = require("pyarrow.parquet", "sweep")
    with _damage(), _opened(path) as file:
        return _header(parquet.read_metadata(file), path)


def _opened(path: Path) -> BinaryIO:
    """Open a file; to open a pipe would be to wait for who writes to it."""
    if not path.is_file():
        raise DamagedError("not a regular file")
    return path.open("rb")


def _header(metadata: Any, path: Path) -> Header:
    text = json.loads(metadata.metadata[_METADATA])
    if text["format"] != FORMAT or text["format_version"] != FORMAT_VERSION:
        raise DamagedError(f"format {text['format']!r}, version {text['format_version']!r}")
    stretches = tuple((str(task), int(start), int(stop)) for task, start, stop in text["stretches"])
    if path.name != name_of(stretches):
        raise DamagedError("results of something else")
    if sum(stop - start for _, start, stop in stretches) > MOST_GAMES:
        raise DamagedError(f"more than {MOST_GAMES} games, which no sweep writes together")
    return Header(int(text["stream_version"]), stretches)


def read_parts(path: Path) -> dict[Key, Part]:
    """Return the numbers of each stretch.

    Raises
    ------
    DamagedError
        If the file is none of results, or has changed since it was written.
    OSError
        If the system does not let it be read.
    """
    parquet = require("pyarrow.parquet", "sweep")
    with _damage(), _opened(path) as file:
        opened = parquet.ParquetFile(file, page_checksum_verification=True)
        rows = opened.metadata.num_rows
        # A few bytes can stand for any number of equal rows.
        check_fits("rows", rows, 8 * rows * len(_READ))
        parts = list(_parts(opened.read(columns=list(_READ)).combine_chunks()))
        if sorted(key for key, _ in parts) != sorted(_header(opened.metadata, path).stretches):
            raise DamagedError("not the results that it says")
        return dict(parts)


def _parts(table: Any) -> Iterator[tuple[Key, Part]]:
    names = table.column("task").combine_chunks()
    place, tasks = names.indices.to_numpy(), names.dictionary.to_pylist()
    replication, rounds, *utilities = (table.column(name).to_numpy() for name in _READ[1:])
    utility = np.stack(utilities)
    # A stretch begins where another task does, or where replications do not go on.
    breaks = (np.diff(place) != 0) | ~np.isin(np.diff(replication), (0, 1))
    bounds = [0, *(np.flatnonzero(breaks) + 1), len(place)]
    for low, high in pairwise(bounds):
        start, stop = int(replication[low]), int(replication[high - 1]) + 1
        marks = rounds[low : low + (high - low) // (stop - start)]
        part = start, marks, utility[:, low:high].reshape(2, stop - start, len(marks))
        yield (tasks[place[low]], start, stop), part
