"""What this build of stackel is."""

from __future__ import annotations

import warnings
from typing import Any

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
