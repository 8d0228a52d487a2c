"""Changes of a game that change what is computed of it in a known way."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import strategies as st

import stackel as sk

if TYPE_CHECKING:
    from collections.abc import Callable

PENALTY = -(2.0**100)
UNITS = (2.0**-900, 2.0**-40, 3e-200, 7e60)
LARGE = 2.0**30
"""A shift by which utilities of eighths stay exact."""


@dataclasses.dataclass(frozen=True)
class Change:
    """A change with what it does: utilities become ``scale * u + shift``, old actions go to new places."""

    name: str
    game: sk.Game
    scale: tuple[float, float] = (1.0, 1.0)
    shift: tuple[float, float] = (0.0, 0.0)
    rows: Any = None
    columns: Any = None
    adds_actions: bool = False

    def places(self, shape):
        """New places of the old actions."""
        rows, columns = (np.arange(n) for n in shape)
        return rows if self.rows is None else self.rows, columns if self.columns is None else self.columns

    def values(self, player, old):
        """What becomes of utilities of a player."""
        return self.scale[player] * np.asarray(old, float) + self.shift[player]

    def cells(self, old):
        """What becomes of an array over outcomes; outcomes that are new stay empty."""
        new = np.zeros(self.game.shape, np.asarray(old).dtype)
        new[np.ix_(*self.places(np.shape(old)))] = old
        return new


def with_utilities(game, leader, follower, **labels):
    return sk.Game(leader, follower, noise=game.noise, **labels)


def scaled(draw, game, one_unit):
    first = draw(st.sampled_from(UNITS))
    second = first if one_unit else draw(st.sampled_from(UNITS))
    new = with_utilities(game, game.leader * first, game.follower * second)
    return Change("scaled", new, scale=(first, second))


def shifted(draw, game, _):
    first, second = (draw(st.sampled_from([0.0, -3.0, LARGE])) for _ in range(2))
    return Change(
        "shifted", with_utilities(game, game.leader + first, game.follower + second), shift=(first, second)
    )


def permuted(draw, game, _):
    rows, columns = (np.array(draw(st.permutations(range(n)))) for n in game.shape)
    leader, follower = np.empty((2, *game.shape))
    for new, old in ((leader, game.leader), (follower, game.follower)):
        new[np.ix_(rows, columns)] = old
    return Change("permuted", with_utilities(game, leader, follower), rows=rows, columns=columns)


def relabelled(_draw, game, _):
    labels = {"leader_labels": [f"x{i}" for i in range(game.shape[0])]}
    labels["follower_labels"] = [f"y{i}" for i in range(game.shape[1])]
    return Change("relabelled", with_utilities(game, game.leader, game.follower, name="other", **labels))


def duplicated(draw, game, _):
    axis = draw(st.integers(0, 1))
    place = draw(st.integers(0, game.shape[axis] - 1))
    parts = [np.append(u, np.take(u, [place], axis), axis) for u in (game.leader, game.follower)]
    return Change("duplicated", with_utilities(game, *parts), adds_actions=True)


def embedded(_draw, game, _):
    """One more leader action that nobody wants, and a response that nobody plays."""
    leader, follower = np.zeros((2, game.shape[0] + 1, game.shape[1] + 1))
    leader[:-1, :-1], follower[:-1, :-1] = game.leader, game.follower
    leader[-1], follower[:, -1] = PENALTY, PENALTY
    return Change("embedded", with_utilities(game, leader, follower), adds_actions=True)


CHANGES: tuple[Callable[..., Change], ...] = (scaled, shifted, permuted, relabelled, duplicated, embedded)


@st.composite
def changed(draw, games, *, one_unit=False, kinds=CHANGES):
    """A game, sometimes with a penalty in one cell, and a change of it."""
    game = draw(games)
    if draw(st.booleans()):
        pair = [game.leader.copy(), game.follower.copy()]
        pair[draw(st.integers(0, 1))][tuple(draw(st.integers(0, n - 1)) for n in game.shape)] = -1e6
        game = with_utilities(game, *pair)
    return game, draw(st.sampled_from(kinds))(draw, game, one_unit)


POWERS = dict.fromkeys(("sigma", "low", "high", "reward_range", "prior_mean", "temperature", "slack"), 1) | {
    "alpha of RoundRobinThenCommit": 2
}
"""Which power of the unit of reward a parameter has."""


def in_unit(learner, c):
    """The learner with parameters in units of reward in a unit that is c times smaller."""

    def converted(name, value):
        if isinstance(value, sk.Learner):
            return in_unit(value, c)
        power = POWERS.get(name, POWERS.get(f"{name} of {type(learner).__name__}", 0))
        return value if value is None or not power else c**power * value

    return dataclasses.replace(
        learner, **{name: converted(name, value) for name, value in vars(learner).items()}
    )


LAWS: set[str] = set()
"""Public functions that a test tries under changes."""


def law(*tried):
    """Say which public functions a test tries."""

    def note(test):
        LAWS.update(tried)
        return test

    return note
