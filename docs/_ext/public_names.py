"""What is public in the package, and on which page of the reference it belongs.

Nothing has to be listed by hand. A name in ``stackel.__all__`` that no section below knows gets into the
last one.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import stackel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType


class Section(NamedTuple):
    """A page of the reference, and the modules whose public names stand on it."""

    page: str
    title: str
    lead: str
    modules: tuple[str, ...]


SECTIONS = (
    Section("games", "Games", "What is played.", ("games._game", "games", "games._file")),
    Section("rewards", "Reward laws", "How rewards scatter around mean utilities.", ("noise",)),
    Section(
        "benchmarks",
        "Benchmarks",
        "What a player could hope for.",
        ("benchmarks._benchmarks", "benchmarks._response", "benchmarks._alignment"),
    ),
    Section(
        "equilibria",
        "Equilibria",
        "What a leader gains by committing.",
        ("benchmarks._commitment", "benchmarks._nash"),
    ),
    Section("learners", "Learners", "Who plays.", ("learners",)),
    Section(
        "own-learners",
        "Your own learners",
        "What takes a seat besides.",
        ("learners._custom", "learners._compiled", "learners._own"),
    ),
    Section(
        "running",
        "Running",
        "Play, look, keep.",
        (
            "simulation._simulate",
            "benchmarks._explorer",
            "results._result",
            "simulation._simulation",
            "simulation._agent",
            "simulation._batch",
        ),
    ),
    Section("analysis", "Analysis", "What many runs say together.", ("analysis",)),
    Section("sweeps", "Sweeps", "Many tasks, kept and gone on with.", ("sweeps",)),
    Section("figures", "Figures", "One style for all of them.", ("plotting",)),
    Section("reproduction", "Reproduction", "The theory's claims as experiments.", ("reproduce",)),
    Section("interop", "Other libraries", "Games and players, to and from them.", ("interop",)),
    Section("errors", "Errors and warnings", "What is raised on purpose.", ("errors",)),
    Section("more", "More", "Everything else that is public.", ()),
)
USED_BY_PATH = ("games", "plotting", "reproduce", "interop")
"""Modules whose names are reached through them; names of others count only if ``stackel`` exports them."""


@dataclass(frozen=True)
class Entry:
    """A public object and the name by which users reach it, without the leading ``stackel.``."""

    path: str
    thing: Any

    @property
    def documented_as(self) -> str:
        """Where the object is documented: for one that is exported under another name, at home."""
        own = getattr(self.thing, "__name__", self.path)
        if not self.has_page:
            return self.path
        modules = self.thing.__module__.split(".")[1:]
        at_home = ".".join([*(module for module in modules if not module.startswith("_")), own])
        return self.path if self.path.rpartition(".")[2] == own else at_home

    @property
    def has_page(self) -> bool:
        """Classes and functions have pages of their own; constants do not."""
        return callable(self.thing)


def sections() -> dict[Section, list[Entry]]:
    """Every public name once, on the page it belongs to."""
    exported = {name: getattr(stackel, name) for name in stackel.__all__}
    remaining = {id(thing): name for name, thing in exported.items() if not inspect.ismodule(thing)}
    found: dict[Section, list[Entry]] = {}
    for section in SECTIONS:
        found[section] = []
        for module in section.modules:
            for name, thing in _public(importlib.import_module(f"stackel.{module}")):
                if id(thing) in remaining:
                    found[section].append(Entry(remaining.pop(id(thing)), thing))
                elif module in USED_BY_PATH:
                    found[section].append(Entry(f"{module}.{name}", thing))
    found[SECTIONS[-1]] += [Entry(name, exported[name]) for name in sorted(remaining.values())]
    return found


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Names in ``__all__``, or without one those that the module defines and does not hide."""
    defined = [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
    ]
    for name in getattr(module, "__all__", defined):
        yield name, getattr(module, name)
