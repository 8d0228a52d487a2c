"""Families of games with a parameter."""

from __future__ import annotations

import inspect
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from stackel._utils.arguments import call
from stackel._utils.carriers import as_items
from stackel._utils.numbers import as_plain
from stackel._utils.validation import as_real, shown
from stackel.errors import SpecError
from stackel.games._changing import AnyGame

if TYPE_CHECKING:
    import numpy.typing as npt

Family: TypeAlias = Callable[..., AnyGame | Sequence[AnyGame]]
"""Function from a parameter to a game, or to several games of which the worst counts."""
Grid: TypeAlias = "Sequence[float] | npt.NDArray[Any] | Callable[[int], Sequence[float] | npt.NDArray[Any]]"

_FAMILY = "a function of a parameter that returns a Game"
_HORIZON_NAMES = ("horizon", "T")


class FamilyGame(NamedTuple):
    """A game of a family."""

    horizon: int
    parameter: float
    rank: int
    """Place among the family's games for this parameter."""
    game: AnyGame

    @property
    def name(self) -> str:
        """Name of the game, or its place if it has none."""
        return self.game.name or f"instance {self.rank}"


def instances(family: Family, grid: Grid, horizon: int) -> list[FamilyGame]:
    """Return all games of the family over the grid for one horizon."""
    if not callable(family):
        raise SpecError("family", "a function of a parameter that returns games", shown(family))
    found = []
    for value in _points(grid, horizon):
        games = call("family", _FAMILY, family, value, **dict.fromkeys(_HORIZON_NAMES, horizon))
        several = [games] if isinstance(games, AnyGame) else games
        if (
            not isinstance(several, Sequence)
            or not several
            or not all(isinstance(game, AnyGame) for game in several)
        ):
            raise SpecError("family", f"{_FAMILY} or several", shown(games))
        found += [FamilyGame(horizon, float(value), rank, game) for rank, game in enumerate(several)]
    return found


def parameter_name(family: Family) -> str:
    """Return the name of the family's parameter."""
    try:
        return next(iter(inspect.signature(family).parameters), "parameter")
    except (TypeError, ValueError):
        return "parameter"


def _points(grid: Grid, horizon: int) -> list[int | float]:
    """Return the parameters as increasing plain numbers."""
    allowed = "increasing finite numbers, or a function of T that returns them"
    given = call("grid", allowed, grid, horizon) if callable(grid) else grid
    items = as_items(given)
    if items is None:
        raise SpecError("grid", allowed, shown(grid))
    points = [as_plain(value) for value in items]
    for value in points:
        as_real("grid", value)
    if not points or any(after <= before for before, after in itertools.pairwise(points)):
        raise SpecError("grid", allowed, shown(points))
    return points
