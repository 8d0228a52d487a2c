"""Files of results: Parquet, with a row for each replication and checkpoint (extra ``sweep``).

The metadata at the end of each file lists its ranges of replications, and the file's name is a digest of
that list: the content of a store is known without reading rows, and a renamed file is found.
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
from stackel.sweeps.stores.labels import columns as label_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from stackel.sweeps.play import Played
    from stackel.sweeps.stores.labels import Types

FORMAT = "stackel-sweep"

FORMAT_VERSION = 1

SUFFIX = ".parquet"

_ARROW: dict[type, Callable[[Any], Any]] = {
    bool: lambda pa: pa.bool_(),
    int: lambda pa: pa.int64(),
    float: lambda pa: pa.float64(),
}
"""Types of columns, given the library."""
_LIBRARIES = ("pyarrow", "pyarrow.parquet", "pandas")

_METADATA = b"stackel"

_NAME_BYTES = 16

_OF_THE_FILE = (None, errno.ENOENT, errno.EISDIR, errno.ELOOP)
"""Numbers of errors that mean a damaged file; pyarrow uses None for content that it cannot read."""

_READ = ("task", "engine", "replication", "error_bound", "round", "leader_utility", "follower_utility")

_REMAINDERS = ("leader_remainder", "follower_remainder")
"""What rounding took from the utilities; older files are without."""


class Header(NamedTuple):
    """Metadata of a file."""

    stream_version: int
    ranges: tuple[Key, ...]


def load_libraries() -> None:
    """Import the libraries for Parquet in a thread, where Ctrl-C, which goes to the main thread, waits.

    A library whose import is interrupted can stay half loaded until the process ends. Arrow itself imports
    pandas.
    """
    with ThreadPoolExecutor(1) as pool:
        for module in _LIBRARIES:
            pool.submit(require, module, "sweep").result()


def name_of(ranges: Sequence[Key]) -> str:
    """Return the name of the file with these ranges."""
    return digest_of(list(ranges), _NAME_BYTES) + SUFFIX


def write(directory: Path, played: Played, types: Types) -> tuple[Key, ...]:
    """Write a file completely or not at all; `types` are those of the labels that become columns."""
    pa, parquet = require("pyarrow", "sweep"), require("pyarrow.parquet", "sweep")
    keys = tuple(each.key for each in played.ranges)
    text = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "stream_version": stream_version(),
        "stretches": keys,
    }
    table = pa.table(_columns(played, types, pa)).replace_schema_metadata({_METADATA: json.dumps(text)})
    # Some readers of directories fail on a temporary file beside the results.
    with replacing(directory / name_of(keys), by_way_of=directory.parent) as file:
        parquet.write_table(table, file, compression="zstd", write_page_checksum=True)
    return keys


def _columns(played: Played, types: Types, pa: Any) -> dict[str, Any]:
    marks = played.marks
    of_range = np.repeat(np.arange(len(played.ranges)), played.lengths)

    def by_game(values: npt.NDArray[Any]) -> Any:
        return np.repeat(values, marks)

    def by_task(values: list[Any]) -> Any:
        """Repeat a value of each task for all its rows, as a dictionary of the different values."""
        places: dict[Any, int] = {}
        indices = [-1 if value is None else places.setdefault(value, len(places)) for value in values]
        rows = by_game(np.array(indices, np.int32)[of_range])
        found = pa.array(rows, mask=rows < 0)
        return pa.DictionaryArray.from_arrays(found, pa.array(list(places), pa.string()))

    def by_label(kind: type, values: list[Any]) -> Any:
        if kind is str:
            return by_task(values)
        return pa.array(values, _ARROW[kind](pa)).take(pa.array(by_game(of_range)))

    tasks = [each.task for each in played.ranges]
    return {
        "task": by_task([task.id for task in tasks]),
        "game": by_task([task.game.name for task in tasks]),
        "game_id": by_task([task.game_id for task in tasks]),
        "leader": by_task([repr(task.leader) for task in tasks]),
        "follower": by_task([repr(task.follower) for task in tasks]),
        "horizon": by_game(np.array([task.horizon for task in tasks], np.int64)[of_range]),
        **{name: by_label(*column) for name, column in label_columns(tasks, types).items()},
        "labels": by_task([json.dumps(task.labels) for task in tasks]),
        "spec": by_task([json.dumps(task.spec) for task in tasks]),
        "engine": pa.array(by_game(played.engine)).dictionary_encode(),
        "replication": by_game(
            np.concatenate([np.arange(*each[1:], dtype=np.int64) for each in played.ranges])
        ),
        "seed": by_game(played.seeds),
        "error_bound": by_game(played.error_bound),
        "round": played.rounds,
        "leader_utility": played.utility[0],
        "follower_utility": played.utility[1],
        "leader_remainder": played.utility[2],
        "follower_remainder": played.utility[3],
    }


@contextlib.contextmanager
def _damage() -> Iterator[None]:
    """Raise DamagedError for a damaged file; leave errors of the system, which may pass, as they are."""
    try:
        yield
    except (MemoryError, DamagedError):
        raise
    except Exception as error:  # a damaged file can make pyarrow and json fail in many ways
        if isinstance(error, OSError) and error.errno not in _OF_THE_FILE:
            raise
        raise DamagedError(f"{type(error).__name__}: {error}"[:200]) from error


def read_header(path: Path) -> Header:
    """Return the metadata at the end of a file; a DamagedError if it is no complete file of results."""
    parquet = require("pyarrow.parquet", "sweep")
    with _damage(), _opened(path) as file:
        return _header(parquet.read_metadata(file), path)


def _opened(path: Path) -> BinaryIO:
    """Open a regular file; opening a pipe could wait without end."""
    if not path.is_file():
        raise DamagedError("not a regular file")
    return path.open("rb")


def _header(metadata: Any, path: Path) -> Header:
    text = json.loads(metadata.metadata[_METADATA])
    if text["format"] != FORMAT or text["format_version"] != FORMAT_VERSION:
        raise DamagedError(f"format {text['format']!r}, version {text['format_version']!r}")
    ranges = tuple((str(task), int(start), int(stop)) for task, start, stop in text["stretches"])
    if path.name != name_of(ranges):
        raise DamagedError("its name does not match its content")
    if sum(stop - start for _, start, stop in ranges) > MOST_GAMES:
        raise DamagedError(f"more than {MOST_GAMES} games, the largest batch")
    return Header(int(text["stream_version"]), ranges)


def read_parts(path: Path) -> dict[Key, Part]:
    """Return the results of each range; a DamagedError if the file has changed since."""
    parquet = require("pyarrow.parquet", "sweep")
    with _damage(), _opened(path) as file:
        opened = parquet.ParquetFile(file, page_checksum_verification=True)
        rows = opened.metadata.num_rows
        # A few bytes can stand for any number of equal rows.
        names = [name for name in (*_READ, *_REMAINDERS) if name in (*_READ, *opened.schema.names)]
        check_fits("rows", rows, 8 * rows * len(names))
        parts = list(_parts(opened.read(columns=names).combine_chunks(), names))
        if sorted(key for key, _ in parts) != sorted(_header(opened.metadata, path).ranges):
            raise DamagedError("its rows do not match its metadata")
        return dict(parts)


class Described(NamedTuple):
    """What a file says of a task: texts in JSON, and the name of its game."""

    game: str | None
    labels: str
    spec: str


def read_tasks(path: Path) -> dict[str, Described]:
    """Return what a file says of each of its tasks, by their ids."""
    parquet = require("pyarrow.parquet", "sweep")
    with _damage(), _opened(path) as file:
        opened = parquet.ParquetFile(file, page_checksum_verification=True)
        check_fits("rows", opened.metadata.num_rows, 32 * opened.metadata.num_rows)
        table = opened.read(columns=["task", *Described._fields]).combine_chunks()
        ids = table.column("task").combine_chunks()
        _, first = np.unique(ids.indices.to_numpy(), return_index=True)
        rows = table.take(first).to_pylist()
        return {row.pop("task"): Described(**row) for row in rows}


def _parts(table: Any, columns: list[str]) -> Iterator[tuple[Key, Part]]:
    (place, tasks), (engine, engines) = (
        (each.indices.to_numpy(), each.dictionary.to_pylist())
        for each in (table.column(name).combine_chunks() for name in columns[:2])
    )
    replication, bounds, rounds, *utilities = (table.column(name).to_numpy() for name in columns[2:])
    utility = np.zeros((4, len(rounds)))
    utility[: len(utilities)] = utilities
    # A range begins where the task changes, or where replications are not consecutive.
    breaks = (np.diff(place) != 0) | ~np.isin(np.diff(replication), (0, 1))
    for low, high in pairwise([0, *(np.flatnonzero(breaks) + 1), len(place)]):
        start, stop = int(replication[low]), int(replication[high - 1]) + 1
        marks = (high - low) // (stop - start)
        part = Part(
            start,
            rounds[low : low + marks],
            utility[:, low:high].reshape(4, stop - start, marks),
            bounds[low:high:marks],
            frozenset(engines[each] for each in np.unique(engine[low:high])),
        )
        yield (tasks[place[low]], start, stop), part
