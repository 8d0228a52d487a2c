"""Public names of the package, and their pages in the reference.

Names are found, not listed by hand. A name in ``stackel.__all__`` that no section below has goes to the
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
    """A page of the reference, with the modules whose public names it lists."""

    page: str
    title: str
    lead: str
    modules: tuple[str, ...]


SECTIONS = (
    Section("games", "Games", "Games, random games and game files.", ("games._game", "games", "games._file")),
    Section("rewards", "Reward laws", "Laws of rewards around mean utilities.", ("noise",)),
    Section(
        "benchmarks",
        "Benchmarks",
        "Values that regret is measured against.",
        ("benchmarks._benchmarks", "benchmarks._response", "benchmarks._alignment"),
    ),
    Section(
        "equilibria",
        "Equilibria",
        "Commitments to mixtures, and Nash equilibria.",
        ("benchmarks._commitment", "benchmarks._nash"),
    ),
    Section("learners", "Learners", "Built-in learners of both seats.", ("learners",)),
    Section(
        "own-learners",
        "Your own learners",
        "Learners in Python and compiled languages.",
        ("learners._custom", "learners._compiled", "learners._own"),
    ),
    Section(
        "running",
        "Running",
        "Runs, their results and games in progress.",
        (
            "simulation._simulate",
            "benchmarks._explorer",
            "results._result",
            "simulation._bandit",
            "results._bandit",
            "simulation._simulation",
            "simulation._result_of",
            "simulation._agent",
            "simulation._batch",
        ),
    ),
    Section("analysis", "Analysis", "Summaries of many runs.", ("analysis",)),
    Section(
        "meta-games",
        "Meta-games",
        "The game in which the players choose their algorithms.",
        ("sweeps.meta_game", "learners._variants", "results._meta_game", "results._meta_solution"),
    ),
    Section("sweeps", "Sweeps", "Many tasks in one call, with a store of results.", ("sweeps",)),
    Section("page", "The page", "A page in which a game can be changed and played.", ("_explorer",)),
    Section("figures", "Figures", "Figures of regret and their style.", ("plotting",)),
    Section("reproduction", "Reproduction", "The theory's claims as experiments.", ("reproduce",)),
    Section(
        "interop",
        "Other libraries",
        "Games and players of other libraries.",
        ("interop", "interop.mabwiser", "interop.smpybandits"),
    ),
    Section("errors", "Errors and warnings", "Exceptions and warnings of stackel.", ("errors",)),
    Section("more", "More", "All other public names.", ()),
)
USED_BY_PATH = ("games", "plotting", "reproduce", "interop", "interop.mabwiser", "interop.smpybandits")
"""Modules whose names users reach through the module; other names must be exported by ``stackel``."""


@dataclass(frozen=True)
class Entry:
    """A public object with its name for users, without the leading ``stackel.``."""

    path: str
    thing: Any

    @property
    def documented_as(self) -> str:
        """Name under which the object is documented: its own one if it is exported under another name."""
        own = getattr(self.thing, "__name__", self.path)
        if not self.has_page:
            return self.path
        modules = self.thing.__module__.split(".")[1:]
        at_home = ".".join([*(module for module in modules if not module.startswith("_")), own])
        return self.path if self.path.rpartition(".")[2] == own else at_home

    @property
    def has_page(self) -> bool:
        """Whether the object has its own page, as classes and functions do."""
        return callable(self.thing)


def sections() -> dict[Section, list[Entry]]:
    """Return every public name once, by section."""
    exported = {name: getattr(stackel, name) for name in stackel.__all__}
    remaining = {id(thing): name for name, thing in exported.items() if not inspect.ismodule(thing)}
    found: dict[Section, list[Entry]] = {}
    listed: set[int] = set()
    for section in SECTIONS:
        found[section] = []
        for module in section.modules:
            for name, thing in _public(importlib.import_module(f"stackel.{module}")):
                if id(thing) in remaining:
                    found[section].append(Entry(remaining.pop(id(thing)), thing))
                elif module in USED_BY_PATH and id(thing) not in listed:
                    found[section].append(Entry(f"{module}.{name}", thing))
                listed.add(id(thing))
    found[SECTIONS[-1]] += [Entry(name, exported[name]) for name in sorted(remaining.values())]
    return found


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield the names in ``__all__``, or without it the public names that the module defines."""
    defined = [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == module.__name__
    ]
    for name in getattr(module, "__all__", defined):
        yield name, getattr(module, name)
