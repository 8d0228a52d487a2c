"""Archives of plain arrays and one JSON text, read without trust.

An archive is a zip file whose members are not compressed, so that a small file cannot expand
into a large one: ``stackel.json`` (an object, UTF-8, at most 4 MiB) and one ``NAME.npy`` an array
(npy version 1.0, C order). Reading it never executes code. ``numpy.load(path)["NAME"]`` reads the
arrays without stackel.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from stackel._files.atomic import as_path, replacing
from stackel._utils.validation import shown
from stackel.errors import SpecError, StackelError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

Layout = dict[str, tuple[str, int]]
"""For each array its dtype and its number of dimensions."""

_TEXT = "stackel.json"

MAX_TEXT = 2**22

_MAX_DIRECTORY = 2**17

_NPY_VERSION = (1, 0)


class DamagedError(StackelError):
    """Fault of a file; the message follows the word "got"."""


@contextlib.contextmanager
def faults_named(argument: str, allowed: str, given: str) -> Iterator[None]:
    """Turn whatever goes wrong while content is read into one SpecError that says what it is."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # hostile bytes can make zipfile, json and numpy fail in many ways
        reason = str(error) if isinstance(error, StackelError) else f"{type(error).__name__}: {error}"
        raise SpecError(argument, allowed, f"{given} with the fault: {reason[:300]}") from error


def write(
    path: str | os.PathLike[str], layout: Layout, text: dict[str, Any], arrays: dict[str, npt.NDArray[Any]]
) -> None:
    """Write an archive to `path`, completely or not at all; equal content gives equal bytes."""
    encoded = json.dumps(text, allow_nan=False, indent=1).encode()
    if len(encoded) > MAX_TEXT:
        raise SpecError(
            "result", f"described by at most {MAX_TEXT} bytes besides its arrays", str(len(encoded))
        )
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(_TEXT), encoded)
        for name, (dtype, _) in layout.items():
            array = np.ascontiguousarray(arrays[name], dtype=dtype)
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(cast("BinaryIO", member), array, version=_NPY_VERSION)


def read(
    path: str | os.PathLike[str],
    layout: Layout,
    text_format: str,
    newest: int,
    *,
    optional: Sequence[Layout] = (),
) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """Return the text and the arrays of an archive, finite and of the types in `layout`.

    Of each `optional` layout an archive has all arrays or none. Its text has a format version from 1 to
    `newest`. Memory stays within a small multiple of the size of the file.
    """
    with _Guarded(as_path(path)) as file:
        size = file.seek(0, io.SEEK_END)
        with zipfile.ZipFile(file) as archive:
            file.opening = False
            layouts = [layout]
            for more in optional:
                layouts += [each | more for each in layouts]
            layout = _check_members(archive, layouts, size)
            text = parse_text(archive.read(_TEXT), text_format, newest)
            arrays = {
                name: _parse_array(name, archive.read(f"{name}.npy"), dtype, dimensions)
                for name, (dtype, dimensions) in layout.items()
            }
    return text, arrays


def format_of(path: str | os.PathLike[str]) -> str | None:
    """Return the format that the text of an archive names; None for anything else."""
    with contextlib.suppress(Exception):  # hostile bytes can make zipfile and json fail in many ways
        return _format_of(path)
    return None


def _format_of(path: str | os.PathLike[str]) -> str | None:
    with _Guarded(as_path(path)) as file, zipfile.ZipFile(file) as archive:
        file.opening = False
        info = archive.getinfo(_TEXT)
        if info.compress_type != zipfile.ZIP_STORED or info.file_size > MAX_TEXT:
            return None
        found = json.loads(archive.read(info)).get("format")
    return found if isinstance(found, str) else None


class _Guarded(io.FileIO):
    """File that refuses long reads while `opening`, and so archives with a long directory.

    zipfile reads the directory of an archive at once and keeps an object for each entry.
    """

    opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = -1 if size is None else size
        if not self.opening:
            return super().read(wanted) or b""
        data = super().read(_MAX_DIRECTORY + 1 if wanted < 0 else min(wanted, _MAX_DIRECTORY + 1)) or b""
        if len(data) > _MAX_DIRECTORY:
            raise DamagedError("a zip archive with a long directory")
        return data


def _check_members(archive: zipfile.ZipFile, layouts: list[Layout], size: int) -> Layout:
    """Return the layout that fits the members of the archive."""
    members = archive.infolist()
    names = sorted(info.filename for info in members)
    fitting = [each for each in layouts if names == sorted([_TEXT, *(f"{name}.npy" for name in each)])]
    if not fitting:
        raise DamagedError(f"an archive of {', '.join(names)}")
    for info in members:
        if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
            raise DamagedError(f"{info.filename} compressed or encrypted")
        if info.file_size > (MAX_TEXT if info.filename == _TEXT else size):
            raise DamagedError(f"{info.filename} of {info.file_size} bytes")
    return fitting[0]


def parse_text(data: bytes, text_format: str, newest: int, *, oldest: int = 1) -> dict[str, Any]:
    """Return the object in a text of this format, of a version from `oldest` to `newest`."""
    text = json.loads(data.decode(), parse_constant=_refuse_constant)
    if not isinstance(text, dict) or text.get("format") != text_format:
        raise DamagedError(f"{_TEXT} without format = {text_format!r}")
    version = text.get("format_version")
    if isinstance(version, bool) or not isinstance(version, int) or not oldest <= version <= newest:
        read = f"{newest}" if oldest == newest else f"{oldest} to {newest}"
        raise DamagedError(f"format_version {shown(version)}, where this stackel reads {read}")
    return text


def _refuse_constant(constant: str) -> None:
    raise DamagedError(f"{_TEXT} with the number {constant}")


def _parse_array(name: str, data: bytes, dtype: str, dimensions: int) -> npt.NDArray[Any]:
    """View `data`, the bytes of an npy file, as an array; check its header before any allocation."""
    stream = io.BytesIO(data)
    if np.lib.format.read_magic(stream) != _NPY_VERSION:
        raise DamagedError(f"{name}.npy of another npy version than 1.0")
    shape, fortran_order, found = np.lib.format.read_array_header_1_0(stream)
    if fortran_order or found != np.dtype(dtype) or len(shape) != dimensions or min(shape) < 1:
        order = "Fortran" if fortran_order else "C"
        raise DamagedError(f"{name}.npy of {found}, shape {shape}, {order} order")
    values = (len(data) - stream.tell()) // found.itemsize
    if values != np.prod(shape, dtype=object):
        raise DamagedError(f"{name}.npy with {values} values for the shape {shape}")
    array = np.frombuffer(data, found, count=values, offset=stream.tell())
    if not np.isfinite(array).all():
        raise DamagedError(f"{name}.npy with values that are not finite")
    return array.reshape(shape).astype(found.newbyteorder("="), copy=False)


def digest_of(spec: Any, length: int = 32) -> str:
    """Return a digest of a plain description, `length` bytes in hexadecimal; keys may have any order."""
    return hashlib.blake2b(json.dumps(spec, sort_keys=True).encode(), digest_size=length).hexdigest()
