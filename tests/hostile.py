"""Result files tampered with, for tests of how they are read."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stackel as sk

if TYPE_CHECKING:
    from pathlib import Path

SLACK = 2**20
"""Bytes of memory that reading any file may take besides a multiple of its size."""


def refused(path: Path, *words: str) -> None:
    """Load, and check that the error is the right one and names the fault."""
    with pytest.raises(sk.SpecError) as caught:
        sk.load(path)
    assert caught.value.argument == "path"
    fault = str(caught.value).rpartition("with the fault: ")[2]  # the path before it bears the test's name
    for word in words:
        assert word in fault
    assert len(str(caught.value)) < 600


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.asarray(array), **options)
    return stream.getvalue()


def rebuild(
    path: Path, good: bytes, changes: dict[str, bytes | str | None], compression: int = zipfile.ZIP_STORED
) -> None:
    """Write the archive `good` to `path` with members replaced, added, or dropped where None."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | changes
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, data in members.items():
            if data is not None:
                archive.writestr(name, data)


def retext(path: Path, good: bytes, **changes: Any) -> None:
    """Write `good` to `path` with keys of its text replaced, or dropped where ``...``."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        text = json.loads(archive.read("stackel.json")) | changes
    kept = {key: value for key, value in text.items() if value is not ...}
    rebuild(path, good, {"stackel.json": json.dumps(kept)})
