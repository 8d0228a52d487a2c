"""Versions and platform of this build of stackel."""

from __future__ import annotations

import platform
import warnings
from functools import cache
from typing import Any

import numpy as np

from stackel._core import build_info as core_build_info


def build_info() -> dict[str, Any]:
    """Return version, stream version, build profile, compiler and target of the compiled core.

    Examples
    --------
    >>> import stackel as sk
    >>> sorted(sk.build_info())
    ['compiler', 'profile', 'stream_version', 'target', 'version']
    """
    return core_build_info()


if core_build_info()["profile"] == "debug":
    warnings.warn(
        "stackel was built without optimisation and is many times slower than it should be; "
        "rebuild with `maturin develop --release`",
        RuntimeWarning,
        stacklevel=2,
    )


@cache
def this_platform() -> str:
    """Return the target of the compiled core, and the versions of Python and NumPy."""
    target = core_build_info()["target"]
    return f"{target}, Python {platform.python_version()}, NumPy {np.__version__}"


def stream_version() -> int:
    """Version of the random streams of this build; see COMPATIBILITY."""
    return int(core_build_info()["stream_version"])


def provenance_of(
    spec: dict[str, Any], seed: int | None, engine: str, error_bound: float | None = None
) -> dict[str, Any]:
    """Return the origin of numbers in the shape that every result has; see `Result.provenance`."""
    return {
        "spec": spec,
        "seed": seed,
        "engine": engine,
        "error_bound": error_bound,
        "version": core_build_info()["version"],
        "stream_version": stream_version(),
        "platform": this_platform(),
    }
