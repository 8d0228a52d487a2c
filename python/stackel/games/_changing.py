"""Games that change: several games, one after the other."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from stackel._core import Game as CoreGame
from stackel._utils.arrays import as_rising
from stackel._utils.carriers import as_items
from stackel._utils.numbers import as_plain
from stackel._utils.players import ROLES
from stackel._utils.validation import MAX_HORIZON, as_choice, as_count, shown
from stackel.errors import SpecError
from stackel.games._game import Game, check_keys
from stackel.learners._names import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stackel.noise import Noise

_NEWCOMERS = (*ROLES, "both")
_KEYS = ("games", "starts", "newcomer", "name")

_ALONE = "game"
"""Name of a game that is the only one and has none."""
_MOST_PRINTED = 4
"""Most games of a changing one that are printed as tables."""


class Piece(NamedTuple):
    """One of the games of a changing game, and the rounds for which it is played."""

    game: Game
    start: int
    """Rounds played before it."""
    rounds: int
    """Rounds played in it."""


@dataclass(frozen=True, repr=False)
class ChangingGame:
    """A game that changes: several games of one size, one after the other. The players are not told.

    Round t is played in the last of the games whose start is below t. Learners go on with what they have
    learned, unless they are replaced. A learner that knows utilities, such as `BestResponse`, knows those of
    the game in force. Whatever plays a `Game` plays a changing game too, except for `exploit` and the page of
    `explore`; benchmarks are taken game by game, as in ``run.regret(sk.stackelberg)``. See section 1 of
    the definitions page.

    Parameters
    ----------
    games : sequence of Game
        The games in their order, with the same numbers of actions, reward laws and labels.
    starts : sequence of int
        Rounds that have been played when each game begins: 0 for the first one, then increasing. Games that
        begin at the horizon of a run or later are not played.
    newcomer : {None, "leader", "follower", "both"}, default None
        The player that each change replaces by a new one: the same learner without memory. Where players are
        replaced, each of them, the first one included, is told the length of its own stay as its horizon.
    name : str, optional
        Name in tables and figures.

    Raises
    ------
    SpecError
        If the games differ in size, reward laws or labels, or the starts do not begin with 0 and increase.

    Notes
    -----
    The n-th pull of an arm has the n-th entry of the table of rewards, whichever game it falls into, and
    newcomers go on reading where the players before them stopped. A changing game in which nothing changes
    and nobody is replaced has the bits of the plain game.

    Examples
    --------
    A chatbot whose model is replaced after 6000 rounds, when the better action becomes the worse one:

    >>> import stackel as sk
    >>> before = sk.Game([[0.9, 0.9], [0.1, 0.1]], [[1.0, 0.0], [1.0, 0.0]])
    >>> after = sk.Game([[0.1, 0.1], [0.9, 0.9]], [[1.0, 0.0], [1.0, 0.0]])
    >>> game = sk.ChangingGame([before, after], [0, 6_000])
    >>> run = sk.simulate(game, sk.FixedAction(0), sk.BestResponse(), 10_000, checkpoints=[6_000, 10_000])
    >>> run.regret(sk.stackelberg)[0].round(6).tolist()
    [[0.0, 3200.0]]
    """

    games: tuple[Game, ...]
    starts: tuple[int, ...]
    newcomer: str | None = None
    name: str | None = field(default=None, kw_only=True)

    def __init__(
        self,
        games: Sequence[Game],
        starts: Sequence[int],
        newcomer: str | None = None,
        *,
        name: str | None = None,
    ) -> None:
        several = _as_games(games)
        rounds = as_rising("starts", "rounds", starts, 0, MAX_HORIZON - 1)
        if len(rounds) != len(several) or rounds[0] != 0:
            allowed = f"{len(several)} numbers of rounds, one for each game, of which the first is 0"
            raise SpecError("starts", allowed, shown(starts))
        if name is not None and not isinstance(name, str):
            raise SpecError("name", "a string or None", shown(name))
        who = None if newcomer is None else as_choice("newcomer", newcomer, _NEWCOMERS)
        # The dataclass is frozen: this is the one place that writes its fields.
        vars(self).update(
            games=several,
            starts=rounds,
            newcomer=who,
            name=as_plain(name),
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of actions, (n_leader, n_follower)."""
        return self.games[0].shape

    @property
    def noise(self) -> tuple[Noise, Noise]:
        """Reward laws of the leader and of the follower."""
        return self.games[0].noise

    @property
    def leader_labels(self) -> tuple[str, ...] | None:
        """Names of the leader's actions."""
        return self.games[0].leader_labels

    @property
    def follower_labels(self) -> tuple[str, ...] | None:
        """Names of the follower's actions."""
        return self.games[0].follower_labels

    def pieces(self, horizon: int) -> list[Piece]:
        """Return the games that a run of `horizon` rounds plays, with their starts and numbers of rounds.

        Examples
        --------
        >>> import stackel as sk
        >>> easy, hard = sk.games.lower_bound(0.1)
        >>> [(piece.start, piece.rounds) for piece in sk.ChangingGame([easy, hard], [0, 60]).pieces(100)]
        [(0, 60), (60, 40)]
        """
        rounds = as_count("horizon", horizon, 1, MAX_HORIZON)
        ends = [*self.starts[1:], rounds]
        return [
            Piece(game, start, min(end, rounds) - start)
            for game, start, end in zip(self.games, self.starts, ends, strict=True)
            if start < rounds
        ]

    def as_core(self) -> CoreGame:
        """Return the game in the form of the compiled core."""
        return self._compiled

    @cached_property
    def _compiled(self) -> CoreGame:
        games = [game.as_core() for game in self.games]
        return CoreGame.changing(games, list(self.starts), replaced_by(self.newcomer))

    def to_dict(self) -> dict[str, Any]:
        """Return a plain description (lists, strings, numbers), as in game files."""
        return {
            "games": [game.to_dict() for game in self.games],
            "starts": list(self.starts),
            "newcomer": self.newcomer,
            "name": self.name,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> ChangingGame:
        """Rebuild a changing game from `to_dict`; only ``games`` and ``starts`` are required."""
        check_keys(data, _KEYS, _KEYS[:2])
        if not isinstance(data["games"], list | tuple):
            raise SpecError("games", "a list of games", shown(data["games"]))
        games = [
            each if isinstance(each, Game) else _of_place(place, each)
            for place, each in enumerate(data["games"])
        ]
        return cls(games, data["starts"], data.get("newcomer"), name=data.get("name"))

    def __reduce__(self) -> tuple[Any, ...]:
        return ChangingGame.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        rows, columns = self.shape
        label = "" if self.name is None else f"{self.name!r}, "
        some = ", ".join(map(str, self.starts[:3])) + (", ..." if len(self.starts) > 3 else "")
        new = "" if self.newcomer is None else f", newcomer={self.newcomer!r}"
        return f"ChangingGame({label}{len(self.games)} games {rows}x{columns}, starts=[{some}]{new})"

    def __str__(self) -> str:
        """Return `repr`, and below it the games if they are few."""
        if len(self.games) > _MOST_PRINTED:
            return repr(self)
        played = [
            f"from round {start + 1}:\n{game}" for game, start in zip(self.games, self.starts, strict=True)
        ]
        return "\n".join([repr(self), *played])

    def _repr_html_(self) -> str:
        """Line for notebooks; the tables are those of its `games`."""
        return f"<code>{html.escape(repr(self))}</code>"


AnyGame: TypeAlias = Game | ChangingGame


def as_any_game(game: object) -> AnyGame:
    """Return the argument ``game`` if it can be played."""
    if not isinstance(game, Game | ChangingGame):
        raise SpecError("game", "a stackel.Game or a stackel.ChangingGame", shown(game))
    return game


def named_games(games: object) -> dict[str, AnyGame]:
    """Return the argument ``games``, one or several, by name; without a mapping several must have names."""
    kind = cast("type[AnyGame]", AnyGame)
    if isinstance(games, kind) and games.name is None:
        return {_ALONE: games}
    return named("games", games, kind, "a stackel.Game or ChangingGame", _required_name)


def _required_name(game: AnyGame) -> str:
    if game.name is None:
        raise SpecError("games", "games that have names, or a mapping of names to games", shown(game))
    return game.name


def games_of(game: AnyGame) -> tuple[Game, ...]:
    """Return the games of a changing game, or the game itself as the only one."""
    return game.games if isinstance(game, ChangingGame) else (game,)


def pieces_of(game: AnyGame, horizon: int) -> list[Piece]:
    """Return the games that a run of `horizon` rounds plays; one that does not change is the only one."""
    return game.pieces(horizon) if isinstance(game, ChangingGame) else [Piece(game, 0, horizon)]


def changes_of(game: AnyGame, horizon: int) -> list[int]:
    """Return the last round before each change to another game within a run; one to an equal game is none."""
    pieces = pieces_of(game, horizon)
    return [after.start for before, after in pairwise(pieces) if before.game != after.game]


def stays(game: AnyGame, role: str, horizon: int) -> list[int] | None:
    """Return the horizons that the players in a seat are told; None if it is one player all the time."""
    if not isinstance(game, ChangingGame) or game.newcomer not in {role, "both"}:
        return None
    return [piece.rounds for piece in game.pieces(horizon)]


def replaced_by(newcomer: str | None) -> tuple[bool, bool]:
    """Return whether changes replace the leader, and the follower."""
    return newcomer in {"leader", "both"}, newcomer in {"follower", "both"}


def game_of(data: Any) -> AnyGame:
    """Rebuild a game from the ``to_dict`` of either kind; a changing one is known by its ``games``."""
    changes = isinstance(data, dict) and "games" in data
    return ChangingGame.from_dict(data) if changes else Game.from_dict(data)


def _of_place(place: int, data: Any) -> Game:
    try:
        return Game.from_dict(data)
    except SpecError as error:
        raise SpecError(f"games[{place}]", f"{error.argument} {error.allowed}", error.given) from error


def _as_games(games: Any) -> tuple[Game, ...]:
    """Return games that can follow each other."""
    several = as_items(games)
    if not several or not all(isinstance(game, Game) for game in several):
        raise SpecError("games", "a sequence of one or more stackel.Game", shown(games))
    first: Game = several[0]
    for place, game in enumerate(several):
        for name in ("shape", "noise", "leader_labels", "follower_labels"):
            mine, theirs = getattr(first, name), getattr(game, name)
            if mine != theirs:
                given = f"{name} = {shown(mine)}, and {shown(theirs)} at {place}"
                raise SpecError("games", "games of the same shape, noise and labels", given)
    return several
