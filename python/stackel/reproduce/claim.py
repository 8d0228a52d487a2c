"""A claim of the theory, and the experiments that decide it.

A verdict is never written down. It follows from two intervals: a prediction holds when the measured
interval lies inside the predicted one, fails when it lies outside, and is left open when they overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stackel.games._game import Game
    from stackel.reproduce.evidence import Evidence
    from stackel.reproduce.experiments.effort import Settings
    from stackel.reproduce.experiments.lab import Lab, Matches, Played


@dataclass(frozen=True)
class Claim:
    """A statement of the theory and the experiments that decide it."""

    key: str
    """Name on the command line and in files."""
    title: str
    statement: str
    game: str
    """Games that are played, and the benchmark of their regret."""
    modes: Mapping[str, Settings]
    experiments: Callable[[Settings], Matches]
    """Experiments to run, under keys."""
    evidence: Callable[[Played], Evidence]
    """Findings and panels, from the regrets of each experiment under its key."""
    caveat: str = ""
    """What to know when a prediction fails or is left open."""
    limits: str = ""
    """What the experiments leave out at any verdict."""
    tables: tuple[Game, ...] = ()
    """Games that the report shows as tables, with gaps wide enough to be read."""

    def collect(self, lab: Lab, settings: Settings) -> Evidence:
        """Run the experiments and return what they show."""
        return self.evidence(lab.play(self.experiments(settings)))
