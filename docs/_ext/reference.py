"""API reference in ``docs/api``, a page for each section, written before Sphinx collects sources."""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from public_names import Entry, Section, sections
from sphinx.pycode import ModuleAnalyzer

import stackel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config

_TABLE = ["", ".. currentmodule:: stackel", "", ".. autosummary::", "   :toctree: .", "   :nosignatures:", ""]
_LONGEST_VALUE = 120


def page(section: Section, entries: list[Entry]) -> str:
    """Return a page in reStructuredText for `autosummary`."""
    return "\n".join(_lines(section, entries)) + "\n"


def _lines(section: Section, entries: list[Entry]) -> Iterator[str]:
    yield from (section.title, "=" * len(section.title), "", section.lead, "")
    yield from (f".. py:module:: stackel.{module}" for module in section.modules if _is_exported(module))
    yield from _TABLE
    yield from (f"   {entry.documented_as}" for entry in entries if entry.has_page)
    yield ""
    for entry in entries:
        if not entry.has_page:
            yield from _constant(entry)
        elif entry.documented_as != entry.path:
            yield from (f"``stackel.{entry.path}`` is :py:obj:`stackel.{entry.documented_as}`.", "")


def _is_exported(module: str) -> bool:
    return module in stackel.__all__ and inspect.ismodule(getattr(stackel, module))


def _constant(entry: Entry) -> Iterator[str]:
    value = repr(entry.thing)
    yield f".. py:data:: stackel.{entry.path}"
    yield "   :no-contents-entry:"
    if len(value) <= _LONGEST_VALUE:
        yield f"   :value: {value}"
    yield ""
    yield from (f"   {line}" for line in _docstring(entry.path.rpartition(".")[2]))
    yield ""


def _docstring(constant: str) -> list[str]:
    """Return the lines of the string below an assignment, in any module of the package."""
    for module in pkgutil.walk_packages(stackel.__path__, "stackel."):
        source = importlib.util.find_spec(module.name)
        if source is not None and (source.origin or "").endswith(".py"):
            lines = ModuleAnalyzer.for_module(module.name).find_attr_docs().get(("", constant))
            if lines:
                return lines
    return []


def write(app: Sphinx, _: Config) -> None:
    """Write the reference."""
    folder = Path(app.srcdir) / "api"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for section, entries in sections().items():
        (folder / f"{section.page}.rst").write_text(page(section, entries), encoding="utf-8")


def public_bases(_app: Sphinx, _name: str, thing: type, _options: object, bases: list[type]) -> None:
    """Show the nearest base class that is public instead of a private one."""
    public = {
        entry.thing for entries in sections().values() for entry in entries if inspect.isclass(entry.thing)
    }
    nearest = next((base for base in thing.__mro__[1:] if base in public), None)
    if nearest is not None and any(
        base.__module__.startswith("stackel") and base not in public for base in bases
    ):
        bases[:] = [nearest]


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the reference before Sphinx collects sources; show public base classes only."""
    app.connect("config-inited", write)
    app.connect("autodoc-process-bases", public_bases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
