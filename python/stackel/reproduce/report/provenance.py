"""Where the numbers of a run come from."""

from __future__ import annotations

import platform
from dataclasses import dataclass

import numpy as np

from stackel._utils.build import build_info


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


@dataclass(frozen=True)
class Provenance:
    """What has to be the same for the same numbers to come out again.

    Parameters
    ----------
    mode : str
        How long was played.
    seed : int
        What everything random derives from.
    engine : str
        What drew the rewards.
    version : str
        Version of stackel.
    stream_version : int
        Version of the random streams.
    target, python, numpy : str
        Platform the core was compiled for, and versions of what ran it.
    """

    mode: str
    seed: int
    engine: str
    version: str
    stream_version: int
    target: str
    python: str
    numpy: str
