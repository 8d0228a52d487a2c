"""Where numbers come from: enough to run them again, in one shape for every result.

A provenance has the keys ``spec`` (what was run, in plain lists, strings and numbers), ``seed``,
``engine``, ``error_bound``, ``version``, ``stream_version`` and ``platform``.
"""

from __future__ import annotations

import json
import platform
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._core import build_info
from stackel._utils.optional import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    import pandas as pd


@cache
def this_platform() -> str:
    """Target of the compiled core, and the versions of Python and NumPy that run it."""
    target = build_info()["target"]
    return f"{target}, Python {platform.python_version()}, NumPy {np.__version__}"


def stream_version() -> int:
    """Version of the random streams of this build; see COMPATIBILITY."""
    return int(build_info()["stream_version"])


def as_attributes(provenance: dict[str, Any]) -> dict[str, Any]:
    """Return a provenance as file formats take it: the spec as JSON, the seed as decimal digits."""
    return provenance | {"spec": json.dumps(provenance["spec"]), "seed": str(provenance["seed"])}


def as_table(columns: Mapping[str, npt.NDArray[Any]], provenance: dict[str, Any]) -> pd.DataFrame:
    """Return columns as a DataFrame that knows where it comes from (extra ``pandas``)."""
    table: pd.DataFrame = require("pandas", "pandas").DataFrame(columns)
    table.attrs.update(as_attributes(provenance))
    return table
