"""Samples kept between runs: what is complete is not played again.

A file holds the utilities of one pair in some games at all their horizons. Its name is a digest of
everything that the numbers depend on, so that it can only be found by who wants just these; its text
repeats the whole digest, which tells a file that was moved or renamed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stackel._files.archive import DamagedError, Layout, digest_of, read, write
from stackel.errors import StackelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

FORMAT = "stackel-samples"
FORMAT_VERSION = 1
_LAYOUT: Layout = {"utility": ("<f8", 4)}
_NAME_LENGTH = 32


@dataclass
class Samples:
    """A directory of samples, and what has come of asking it.

    Parameters
    ----------
    directory : Path
        Made when the first samples are kept.
    """

    directory: Path
    reused: int = 0
    played: int = 0
    faults: list[str] = field(default_factory=list)
    """Files that could not be used, and why."""

    def find(self, spec: dict[str, Any], shape: tuple[int, ...]) -> npt.NDArray[np.float64] | None:
        """Return the samples of `spec`, an array of that shape, or None where there are none."""
        digest = digest_of(spec)
        path = self._path(digest)
        if not path.is_file():
            return None
        try:
            utility = _read(path, digest, shape)
        except DamagedError as fault:
            self.faults.append(f"{path}: {fault}")
            return None
        self.reused += 1
        return utility

    def keep(self, spec: dict[str, Any], utility: npt.NDArray[np.float64]) -> None:
        """Store the samples of `spec`, whole or not at all."""
        self.directory.mkdir(parents=True, exist_ok=True)
        digest = digest_of(spec)
        text = {"format": FORMAT, "format_version": FORMAT_VERSION, "digest": digest}
        write(self._path(digest), _LAYOUT, text, {"utility": utility})
        self.played += 1

    def report(self) -> Iterator[str]:
        """Say what was reused, and which files could not be."""
        if self.reused:
            total = self.reused + self.played
            yield f"Reused {self.reused} of {total} sets of samples from {self.directory}."
        for fault in self.faults:
            yield f"Played again instead of using {fault}"

    def _path(self, digest: str) -> Path:
        return self.directory / f"{digest[:_NAME_LENGTH]}.npz"


def _read(path: Path, digest: str, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    try:
        text, arrays = read(path, _LAYOUT, FORMAT, FORMAT_VERSION)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can make zipfile, json and numpy fail in many ways
        reason = str(error) if isinstance(error, StackelError) else f"{type(error).__name__}: {error}"
        raise DamagedError(reason[:200]) from error
    utility: npt.NDArray[np.float64] = arrays["utility"]
    if text.get("digest") != digest or utility.shape != shape:
        raise DamagedError("samples of something else")
    return utility
