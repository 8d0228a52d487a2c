"""What is public: the names that the reference lists, and the methods and properties of their classes."""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path

from stackel.games._file import write_game
from stackel.interop import gam, nfg

LISTED_BY = Path(__file__).parents[2] / "docs" / "_ext" / "public_names.py"
READ_AND_WRITTEN = {
    "write_game": write_game,
    **{f"interop.nfg.{name}": getattr(nfg, name) for name in ("loads", "dumps")},
    **{f"interop.gam.{name}": getattr(gam, name) for name in ("loads", "dumps")},
}
"""Public names of modules for one format, which the reference leaves to the modules' own texts."""


def listed():
    """Public objects by the paths under which users reach them."""
    specification = importlib.util.spec_from_file_location("_public_names", LISTED_BY)
    module = importlib.util.module_from_spec(specification)
    # Its dataclasses look their module up.
    importlib.sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return {entry.path: entry.thing for entries in module.sections().values() for entry in entries}


def members(path, cls):
    """Public methods and properties that a class defines itself."""
    for name, member in vars(cls).items():
        if name.startswith("_"):
            continue
        if isinstance(member, staticmethod | classmethod):
            yield f"{path}.{name}", member.__func__
        elif inspect.isfunction(member) or isinstance(member, property):
            yield f"{path}.{name}", member


def names():
    """Everything public, by paths such as ``simulate``, ``Result.regret`` or ``games.random``."""
    found = listed() | READ_AND_WRITTEN
    for path, thing in list(found.items()):
        if inspect.isclass(thing):
            found |= dict(members(path, thing))
    return found


def takes_arguments(thing):
    """Whether a caller can give it something."""
    if isinstance(thing, property) or not callable(thing):
        return False
    try:
        given = inspect.signature(thing).parameters
    except ValueError:  # exceptions, which take what they are given
        return False
    return any(name != "self" for name in given)
