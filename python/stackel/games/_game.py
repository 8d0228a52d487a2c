"""The game: two mean-utility matrices and the noise of rewards."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Protocol

from stackel._core import Game as CoreGame
from stackel._utils.arrays import as_matrices
from stackel._utils.carriers import as_items
from stackel._utils.numbers import as_plain
from stackel._utils.players import ROLES
from stackel._utils.suggestions import hint
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._text import outcome_lines
from stackel.noise import Gaussian, Noise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

_HTML_CELLS = 400
_UNCHANGING = "a stackel.Game, such as one of the games of a changing game"
_KEYS = (*ROLES, "noise", "name", "leader_labels", "follower_labels")


class Game:
    """Immutable Stackelberg game with finitely many actions.

    The leader plays row ``a``, the follower sees it and plays column ``b``; the players receive
    ``leader[a, b]`` and ``follower[a, b]`` plus noise. See section 1 of the definitions page.

    Parameters
    ----------
    leader, follower : array_like, shape (n_leader, n_follower)
        Mean utilities ``u1`` and ``u2``; they are copied. Tables (DataFrames of pandas or polars, DataArrays
        of xarray) are paired by the labels and names of their axes, in the order of the leader's table.
    noise : Noise or (Noise, Noise), default ``Gaussian(1.0)``
        One law for both players, or a (leader, follower) pair. Its scale may be a matrix of the shape of the
        utilities, without labels.
    name : str, optional
        Name in tables and figures.
    leader_labels, follower_labels : sequence of str, optional
        Names of the actions, one for each row and one for each column; by default those of a table.

    Raises
    ------
    SpecError
        If the matrices are empty, not finite or of different shapes, have masked or missing entries, units or
        labels that do not fit, or whole numbers beyond 2**53 that no float holds; if means of Bernoulli noise
        are outside [0, 1], or if the number of labels differs from that of the actions; if scales of noise
        have another shape.

    Examples
    --------
    >>> import stackel as sk
    >>> game = sk.Game([[0.6, 0.2], [0.5, 0.4]], [[0.4, 0.0], [0.3, 0.2]], name="example")
    >>> game.shape
    (2, 2)
    >>> game
    Game('example', 2x2, noise=Gaussian(sigma=1.0))
    """

    __slots__ = ("_compiled", "_follower", "_follower_labels", "_leader", "_leader_labels", "_name", "_noise")

    _compiled: CoreGame
    _leader: npt.NDArray[np.float64]
    _follower: npt.NDArray[np.float64]
    _noise: tuple[Noise, Noise]
    _name: str | None
    _leader_labels: tuple[str, ...] | None
    _follower_labels: tuple[str, ...] | None

    def __init__(
        self,
        leader: npt.ArrayLike,
        follower: npt.ArrayLike,
        *,
        noise: Noise | tuple[Noise, Noise] = Gaussian(1.0),
        name: str | None = None,
        leader_labels: Sequence[str] | None = None,
        follower_labels: Sequence[str] | None = None,
    ) -> None:
        u1, u2, found = as_matrices(leader, follower)
        laws = as_noise_pair(noise)
        if name is not None and not isinstance(name, str):
            raise SpecError("name", "a string or None", shown(name))
        core = CoreGame(u1, u2, laws[0].as_core(), laws[1].as_core())
        u1.setflags(write=False)
        u2.setflags(write=False)
        for slot, value in (
            ("_compiled", core),
            ("_leader", u1),
            ("_follower", u2),
            ("_noise", laws),
            ("_name", as_plain(name)),
            ("_leader_labels", _as_labels("leader_labels", leader_labels, u1.shape[0], found[0])),
            ("_follower_labels", _as_labels("follower_labels", follower_labels, u1.shape[1], found[1])),
        ):
            object.__setattr__(self, slot, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"Game is immutable: cannot set {name!r}; build a new Game instead")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"Game is immutable: cannot delete {name!r}")

    @property
    def leader(self) -> npt.NDArray[np.float64]:
        """Mean utilities of the leader, shape (n_leader, n_follower), read-only."""
        return self._leader

    @property
    def follower(self) -> npt.NDArray[np.float64]:
        """Mean utilities of the follower, shape (n_leader, n_follower), read-only."""
        return self._follower

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of actions, (n_leader, n_follower)."""
        return self._leader.shape[0], self._leader.shape[1]

    @property
    def noise(self) -> tuple[Noise, Noise]:
        """Reward laws of the leader and of the follower."""
        return self._noise

    @property
    def name(self) -> str | None:
        """Name in tables and figures."""
        return self._name

    @property
    def leader_labels(self) -> tuple[str, ...] | None:
        """Names of the leader's actions."""
        return self._leader_labels

    @property
    def follower_labels(self) -> tuple[str, ...] | None:
        """Names of the follower's actions."""
        return self._follower_labels

    def as_core(self) -> CoreGame:
        """Return the game in the form of the compiled core."""
        return self._compiled

    def to_dict(self) -> dict[str, Any]:
        """Return a plain description (lists, strings, numbers), as in game files."""
        return {
            "leader": self._leader.tolist(),
            "follower": self._follower.tolist(),
            "noise": [law.to_dict() for law in self._noise],
            "name": self._name,
            "leader_labels": None if self._leader_labels is None else list(self._leader_labels),
            "follower_labels": None if self._follower_labels is None else list(self._follower_labels),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Game:
        """Rebuild a game from `to_dict`; only the utilities are required, and ``noise`` may be one table."""
        if isinstance(data, dict) and "games" in data:
            raise SpecError("game", _UNCHANGING, "a table with games, of a stackel.ChangingGame")
        check_keys(data, _KEYS, ROLES)
        options = {key: value for key, value in data.items() if key not in (*ROLES, "noise")}
        if data.get("noise") is not None:
            tables = data["noise"]
            pair = isinstance(tables, list | tuple)
            options["noise"] = tuple(map(Noise.from_dict, tables)) if pair else Noise.from_dict(tables)
        return cls(data["leader"], data["follower"], **options)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Game):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __reduce__(self) -> tuple[Any, ...]:
        return Game.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        rows, columns = self.shape
        one_law = self._noise[0] == self._noise[1]
        law = str(self._noise[0]) if one_law else f"({self._noise[0]}, {self._noise[1]})"
        label = "" if self._name is None else f"{self._name!r}, "
        return f"Game({label}{rows}x{columns}, noise={law})"

    def __str__(self) -> str:
        """Return `repr`, and below it a table of (leader, follower) utilities if the game is small."""
        return "\n".join([repr(self), *outcome_lines(action_labels(self), self._leader, self._follower)])

    def _repr_html_(self) -> str:
        """Table of (leader, follower) utilities for notebooks."""
        if self._leader.size > _HTML_CELLS:
            return f"<code>{html.escape(repr(self))}</code>"
        rows, columns = self.shape
        row_names, column_names = action_labels(self)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in column_names)
        body = "".join(
            f"<tr><th>{html.escape(row_names[a])}</th>"
            + "".join(f"<td>({self._leader[a, b]:g}, {self._follower[a, b]:g})</td>" for b in range(columns))
            + "</tr>"
            for a in range(rows)
        )
        return f"<table><caption>{html.escape(repr(self))}</caption><tr><th></th>{head}</tr>{body}</table>"

    def _key(self) -> tuple[Any, ...]:
        return (
            self.shape,
            self._leader.tobytes(),
            self._follower.tobytes(),
            self._noise,
            self._name,
            self._leader_labels,
            self._follower_labels,
        )


def check_keys(data: Any, known: Sequence[str], required: Sequence[str]) -> None:
    """Refuse what is no description of a game: no table, or one with keys that are unknown or missing."""
    if not isinstance(data, dict):
        raise SpecError("game", "a table", shown(data))
    for key in data:
        if key not in known:
            given = f"unknown key {key!r}{hint(key, known)}"
            raise SpecError("game", f"described by the keys {', '.join(known)}", given)
    for key in required:
        if key not in data:
            raise SpecError(key, "present in the game's description", "nothing")


class Labelled(Protocol):
    """A game, which may change."""

    @property
    def name(self) -> str | None:
        """Name in tables and figures."""

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of actions."""

    @property
    def leader_labels(self) -> tuple[str, ...] | None:
        """Names of the leader's actions."""

    @property
    def follower_labels(self) -> tuple[str, ...] | None:
        """Names of the follower's actions."""


def as_noise_pair(noise: object) -> tuple[Noise, Noise]:
    """Return the laws of leader and follower from one law for both or a pair."""
    if isinstance(noise, Noise):
        return noise, noise
    match as_items(noise):
        case (Noise() as leader, Noise() as follower):
            return leader, follower
    allowed = "a noise law such as stackel.Gaussian(1.0), or a (leader, follower) pair of them"
    raise SpecError("noise", allowed, shown(noise))


def _as_labels(
    argument: str, labels: Sequence[str] | None, count: int, found: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """Return the given labels, or those `found` in a table."""
    if labels is None:
        return found
    names = as_items(labels)
    if names is None or len(names) != count or not all(isinstance(name, str) for name in names):
        raise SpecError(argument, f"{count} strings, one for each action", shown(labels))
    names = tuple(map(as_plain, names))
    if found not in {None, names}:
        raise SpecError(
            argument, f"those of the table, {shown(list(found or ()))}, or left out", shown(labels)
        )
    return names


def action_names(game: Labelled) -> tuple[list[Any], list[Any]]:
    """Return the labels of the leader's and the follower's actions, or their numbers."""
    n_leader, n_follower = game.shape
    return list(game.leader_labels or range(n_leader)), list(game.follower_labels or range(n_follower))


def action_labels(game: Labelled) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels of the leader's and the follower's actions, by default a1, a2, ... and b1, b2, ...

    Tables of data have indices from 0 instead; see `stackel.games._game.action_names`.
    """
    rows, columns = game.shape
    return (
        game.leader_labels or tuple(f"a{a + 1}" for a in range(rows)),
        game.follower_labels or tuple(f"b{b + 1}" for b in range(columns)),
    )


def as_game(game: object, argument: str = "game") -> Game:
    """Return the argument of this name if it is a Game, which does not change."""
    if not isinstance(game, Game):
        changes = isinstance(getattr(game, "games", None), tuple)
        allowed = _UNCHANGING if changes else "a stackel.Game"
        raise SpecError(argument, allowed, shown(game))
    return game
