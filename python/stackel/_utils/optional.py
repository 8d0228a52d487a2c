"""Optional dependencies, imported at first use."""

from __future__ import annotations

import importlib
from typing import Any

from stackel.errors import MissingExtraError


def require(module: str, extra: str) -> Any:
    """Import `module`, or raise an error that names the extra of stackel with it."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        message = f"this needs {package}, which is not installed: pip install 'stackel[{extra}]'"
        raise MissingExtraError(message, name=package) from error
