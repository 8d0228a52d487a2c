"""Where the numbers of a run come from."""

from __future__ import annotations

import platform

import numpy as np

from stackel._utils.build import build_info
from stackel.reproduce.claim import Provenance


def provenance(mode: str, seed: int, engine: str) -> Provenance:
    """Return what has to be the same for the same numbers to come out again."""
    core = build_info()
    return Provenance(
        mode=mode,
        seed=seed,
        engine=engine,
        version=core["version"],
        stream_version=core["stream_version"],
        target=core["target"],
        python=platform.python_version(),
        numpy=np.__version__,
    )
