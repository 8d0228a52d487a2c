"""Store of results in a directory.

A store is a directory:

=================  ======================================================================
``manifest.json``  format, and version of the random streams
``results/``       files of results (see `stackel.sweeps.stores.parquet`), for any reader of Parquet
``aside/``         files that were in ``results/`` and could not be used
``lock``           lock of the driver that writes
=================  ======================================================================
"""

from __future__ import annotations

import contextlib
import json
import re
import warnings
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from stackel._files.archive import DamagedError
from stackel._files.atomic import as_path, replacing, shown_path, sync_directory
from stackel._files.text import read_text
from stackel._utils.build import stream_version
from stackel._utils.validation import shown
from stackel.errors import RunError, SpecError, StackelWarning
from stackel.sweeps.stores import parquet
from stackel.sweeps.stores.labels import types_of
from stackel.sweeps.stores.lock import locked
from stackel.sweeps.stores.memory import put_together

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from stackel.sweeps.play import Key, Part, Played
    from stackel.sweeps.stores.labels import Types
    from stackel.sweeps.tasks import Task

RESULTS = "results"
MANIFEST = "manifest.json"
_LOCK = "lock"
_ASIDE = "aside"
_LARGEST_MANIFEST = 2**20
_LEFT_BEHIND = re.compile(r"\.[0-9a-f]{16}\.tmp")
"""Names of the temporary files of `replacing`."""


class Directory:
    """Store of results in Parquet files: at a store, an empty directory, or a path at which one is made."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = _as_directory(path)
        self._held: dict[Key, str] = {}
        self._types: Types = {}
        self._refusal: OSError | None = None
        parquet.load_libraries()
        if self.path.exists():
            self._check_manifest()

    @property
    def keys(self) -> Collection[Key]:
        """Ranges of replications in the store."""
        return self._held.keys()

    @contextlib.contextmanager
    def writing(self, tasks: Iterable[Task]) -> Iterator[None]:
        """Hold the lock of the store; refuse a read-only store only where results have to be written.

        Files have a column for each label of `tasks`.
        """
        with contextlib.ExitStack() as stack:
            self._refusal = None
            self._types = types_of(tasks)
            with self._noting_refusal():
                (self.path / RESULTS).mkdir(parents=True, exist_ok=True)
                stack.enter_context(locked(self.path / _LOCK))
                self._sweep_up()
            self._look(mend=self._refusal is None)
            if self._refusal is None:
                with self._noting_refusal():
                    self._write_manifest()
            yield

    @contextlib.contextmanager
    def _noting_refusal(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._refusal = error

    def read(self) -> None:
        """Look at a store that must be there, without its lock, and change nothing."""
        if not (self.path / MANIFEST).exists():
            raise SpecError("path", "a sweep in TOML, or the store of a sweep", shown_path(self.path))
        self._look(mend=False)

    def tasks(self) -> dict[str, parquet.Described]:
        """Return what the files say of the tasks, by their ids."""
        found: dict[str, parquet.Described] = {}
        for name in sorted(set(self._held.values())):
            with self._damaged_put_aside(name) as path:
                found |= parquet.read_tasks(path)
        return found

    def check_writable(self) -> None:
        """Raise before anything is played if the results could not be written."""
        if self._refusal is not None:
            given = self._fault(self._refusal)
            raise SpecError("store", "a directory that can be written", given) from self._refusal

    def add(self, played: Played) -> None:
        """Write results to a new file."""
        try:
            keys = parquet.write(self.path / RESULTS, played, self._types)
        except OSError as error:
            stays = "complete batches stay there, and the same sweep continues from them"
            raise RunError(f"the store cannot be written: {self._fault(error)}; {stays}") from error
        self._held |= dict.fromkeys(keys, parquet.name_of(keys))

    def wholes(self, ids: Collection[str]) -> dict[str, Part]:
        """Return the replications from 0 on of each of these tasks.

        Raises
        ------
        RunError
            If a file is damaged; it is moved to ``aside/``, so that the same sweep plays its part again.
        """
        wanted = {name for (task, *_), name in self._held.items() if task in ids}
        parts: dict[str, list[Part]] = {}
        for name in sorted(wanted):
            with self._damaged_put_aside(name) as path:
                found = parquet.read_parts(path)
            for (task, *_), part in found.items():
                if task in ids:
                    parts.setdefault(task, []).append(part)
        return {task: put_together(each) for task, each in parts.items()}

    @contextlib.contextmanager
    def _damaged_put_aside(self, name: str) -> Iterator[Path]:
        path = self.path / RESULTS / name
        try:
            with _reading(path):
                yield path
        except DamagedError as fault:
            moved = self._put_aside(path)
            advice = f"{moved}; the same sweep plays its part again"
            raise RunError(f"{path} is damaged ({fault}); {advice}") from fault

    def _check_manifest(self) -> None:
        path = self.path / MANIFEST
        if not self.path.is_dir():
            raise SpecError("store", "a directory", shown_path(self.path))
        if not path.exists():
            names = (each.name for each in self.path.iterdir() if not _LEFT_BEHIND.fullmatch(each.name))
            if any(name not in (_LOCK, RESULTS, _ASIDE) for name in names):
                raise SpecError("store", "empty, new, or the store of a sweep", shown_path(self.path))
            return
        try:
            text = json.loads(read_text(path, _LARGEST_MANIFEST))
            known = text["format"] == parquet.FORMAT and text["format_version"] == parquet.FORMAT_VERSION
            streams = text["stream_version"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SpecError("store", "with a manifest of stackel", f"{path} ({error})") from error
        if not known:
            allowed = f"in format {parquet.FORMAT!r}, version {parquet.FORMAT_VERSION}"
            raise SpecError("store", allowed, f"{path} in another format")
        self._check_streams(streams, path)

    def _check_streams(self, version: Any, path: Path) -> None:
        if version != stream_version():
            allowed = f"with random streams of version {stream_version()}, as this stackel has"
            raise SpecError("store", allowed, f"version {version!r} in {path}")

    def _sweep_up(self) -> None:
        """Remove temporary files that a killed driver left."""
        for path in chain(self.path.iterdir(), (self.path / RESULTS).iterdir()):
            if _LEFT_BEHIND.fullmatch(path.name):
                path.unlink()

    def _write_manifest(self) -> None:
        if (self.path / MANIFEST).exists():
            return
        text = {
            "format": parquet.FORMAT,
            "format_version": parquet.FORMAT_VERSION,
            "stream_version": stream_version(),
            "results": f"{RESULTS}/*{parquet.SUFFIX}",
        }
        with replacing(self.path / MANIFEST) as file:
            file.write((json.dumps(text, indent=2) + "\n").encode())
        sync_directory(self.path.parent)

    def _look(self, *, mend: bool) -> None:
        """Read which ranges the store has; move files that cannot be used to ``aside/`` if `mend`."""
        held: dict[Key, str] = {}
        with _reading(self.path / RESULTS):
            paths = sorted((self.path / RESULTS).iterdir()) if (self.path / RESULTS).is_dir() else []
        for path in paths:
            if path.name.startswith("."):
                continue
            try:
                with _reading(path):
                    header = parquet.read_header(path)
            except DamagedError as fault:
                done = self._put_aside(path) if mend else "the store is read-only, so it stays where it is"
                warnings.warn(f"{path} cannot be used ({fault}): {done}", StackelWarning, stacklevel=2)
                continue
            self._check_streams(header.stream_version, path)
            held |= dict.fromkeys(header.ranges, path.name)
        self._held = held

    def _put_aside(self, path: Path) -> str:
        """Move a file to ``aside/``, under a name that is free."""
        folder = self.path / _ASIDE
        names = chain([path.name], (f"{path.name}.{n}" for n in count(2)))
        try:
            folder.mkdir(exist_ok=True)
            target = next(folder / name for name in names if not (folder / name).exists())
            path.replace(target)
        except OSError as error:
            return f"and it cannot be moved aside ({error})"
        self._held = {key: name for key, name in self._held.items() if name != path.name}
        return f"it is now {target}"

    def _fault(self, error: OSError) -> str:
        return f"{shown_path(self.path)} ({error.strerror or error})"


def _as_directory(path: Any) -> Path:
    """Return the absolute path of a store."""
    try:
        found = as_path(path).absolute()
        found.exists()
    except SpecError as error:
        raise SpecError("store", error.allowed, error.given) from None
    except OSError as error:  # a name that is too long, say
        given = f"{shown(path, 200)} ({error.strerror or error})"
        raise SpecError("store", "a directory, or a place for one", given) from error
    return found


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Turn a refusal of the system to read into a RunError: such a file is not damaged."""
    try:
        yield
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror or error}") from error
