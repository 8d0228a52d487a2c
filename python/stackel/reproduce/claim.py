"""What a reproduction is made of: claims, what was found, and the numbers to draw.

Everything here is plain data. A verdict is never written down but follows from two intervals: a
prediction holds when the measured interval lies inside the predicted one, fails when it lies outside,
and is left open when they overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stackel.games._game import Game
    from stackel.reproduce.evidence import Evidence, Settings
    from stackel.reproduce.experiments.lab import Lab


@dataclass(frozen=True)
class Claim:
    """A statement of the theory and the experiments that decide it.

    Parameters
    ----------
    key : str
        Name on the command line and in files.
    title : str
        What the claim is about, in a few words.
    statement : str
        What the theory says.
    game : str
        Which games are played, and what regret is measured against.
    modes : mapping of str to Settings
        How much to play: a mode is one more entry.
    collect : callable
        Runs the experiments.
    caveat : str
        What to know when a prediction fails or is left open.
    limits : str
        What the experiment leaves out, whatever its verdicts.
    tables : tuple of Game
        Games that the report shows as tables, with gaps wide enough to be read.
    """

    key: str
    title: str
    statement: str
    game: str
    modes: Mapping[str, Settings]
    collect: Callable[[Lab, Settings], Evidence]
    caveat: str = ""
    limits: str = ""
    tables: tuple[Game, ...] = ()
