"""Bimatrix games of any library, played by learners of stackel and agents of OpenSpiel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.carriers import as_items
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.interop._openspiel_agents import check_player, from_openspiel_agent, is_openspiel_agent
from stackel.interop.nashpy import from_nashpy
from stackel.interop.openspiel import from_openspiel
from stackel.interop.pettingzoo import from_pettingzoo
from stackel.interop.pygambit import from_pygambit, is_tree
from stackel.interop.quantecon import from_quantecon
from stackel.learners import Blind
from stackel.learners._custom import as_learner
from stackel.noise import Deterministic
from stackel.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    import numpy.typing as npt

    from stackel._utils.seeds import Seed
    from stackel.learners import Learner
    from stackel.noise import Noise
    from stackel.results import Result

    Noises = Noise | tuple[Noise, Noise]

_SOURCES: dict[str, Callable[..., Game]] = {
    "nashpy": from_nashpy,
    "pygambit": from_pygambit,
    "pyspiel": from_openspiel,
    "quantecon": from_quantecon,
}
_ALLOWED = (
    "two payoff matrices, or a game of stackel, Nashpy, Gambit, OpenSpiel, QuantEcon or PettingZoo in which "
    "two players move at the same time"
)


def play_bimatrix(
    source: Any,
    row: Any,
    column: Any,
    horizon: int,
    *,
    noise: Noises | None = None,
    replications: int = 1,
    seed: Seed = None,
    checkpoints: int | Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    engine: str = "auto",
    trace: bool = False,
    threads: int | None = None,
) -> Result:
    """Play a bimatrix game of any library over and over: both players move at the same time, and learn.

    Parameters
    ----------
    source : Game, or a game of another library, or pair of array_like
        A game of Nashpy, Gambit (strategic), OpenSpiel (simultaneous) or QuantEcon, a parallel environment of
        PettingZoo as in `from_pettingzoo`, or the two players' payoff matrices.
    row, column : Learner, Policy or agent of OpenSpiel
        The players. Two learners of stackel are played by the engine; the code of any other player is called
        in every round. No player sees what the other does, only its own reward.
    horizon : int
        Number of rounds T.
    noise : Noise or (Noise, Noise), optional
        Reward laws of a game of another library, by default without noise. A `Game` has its own.
    replications, seed, checkpoints, engine, trace, threads
        As in `stackel.simulate`.

    Returns
    -------
    Result
        The row player is the leader; the column player is a `stackel.Blind` follower.

    Notes
    -----
    Without noise, two learners whose choices are not random may explore in step, and so never meet some pairs
    of actions: two `UCB` in the prisoner's dilemma cooperate.

    Examples
    --------
    >>> import nashpy
    >>> import stackel as sk
    >>> from stackel.interop import play_bimatrix
    >>> game = nashpy.Game([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> run = play_bimatrix(game, sk.EXP3(high=5.0), sk.EXP3(high=5.0), 100_000, seed=1)
    >>> bool(run.pulls[0, 1, 1] > 90_000)  # both defect
    True
    """
    game = _as_game(source, noise)
    return simulate(
        game,
        _as_player("row", row, 0),
        Blind(_as_player("column", column, 1)),
        horizon,
        replications=replications,
        seed=seed,
        checkpoints=checkpoints,
        engine=engine,
        trace=trace,
        threads=threads,
    )


def _as_game(source: Any, noise: Noises | None) -> Game:
    if isinstance(source, Game):
        if noise is not None:
            raise SpecError("noise", "None for a game of stackel, which has its own", shown(noise))
        return source
    law = Deterministic() if noise is None else noise
    library = type(source).__module__.partition(".")[0]
    if _takes_turns(source, library):
        raise SpecError("source", _ALLOWED, f"a game in which players take turns: {shown(source)}")
    if library in _SOURCES:
        return _SOURCES[library](source, noise=law)
    if hasattr(source, "possible_agents"):
        return from_pettingzoo(source, noise=law)
    matrices = as_items(source)
    if matrices is None or len(matrices) != 2:
        raise SpecError("source", _ALLOWED, shown(source))
    try:
        return Game(*matrices, noise=law)
    except SpecError as error:
        if error.argument not in {"leader", "follower"}:
            raise
        place = "first" if error.argument == "leader" else "second"
        raise SpecError("source", f"two matrices, the {place} one {error.allowed}", error.given) from None


def _takes_turns(source: Any, library: str) -> bool:
    if library == "pygambit":
        return is_tree(source)
    return library == "pyspiel" and source.get_type().dynamics.name == "SEQUENTIAL"


def _as_player(argument: str, player: Any, place: int) -> Learner:
    if not is_openspiel_agent(player):
        return as_learner(argument, player)
    check_player(argument, player, place)
    return from_openspiel_agent(player)
