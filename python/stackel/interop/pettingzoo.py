"""PettingZoo: environments in which agents play both seats, and its repeated matrix games as games."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.optional import require
from stackel._utils.validation import shown
from stackel.errors import SpecError
from stackel.games._game import Game
from stackel.noise import Gaussian

if TYPE_CHECKING:
    import numpy.typing as npt

    from stackel.games._changing import AnyGame
    from stackel.noise import Noise

_PARALLEL = ("possible_agents", "action_space", "reset", "step")
_ALLOWED = "a parallel environment of PettingZoo with two agents and discrete actions"
_REPEATED = "a repeated matrix game: rewards follow from the actions of the round alone"


def to_pettingzoo(game: AnyGame, horizon: int, *, render_mode: str | None = None) -> Any:
    """Return the repeated game as an environment of two agents that move in turns (AEC).

    In each of T rounds ``"leader_0"`` acts, ``"follower_0"`` sees the action and answers, and both receive
    their noisy rewards. A parallel environment does not exist, because simultaneous moves are another game.

    Parameters
    ----------
    game, horizon, render_mode
        As in `to_gymnasium`.

    Returns
    -------
    pettingzoo.AECEnv
        Environment with the `stackel.Simulation` in progress as `simulation`. An action that does not exist
        raises a SpecError.

    Notes
    -----
    Actions are ``Discrete``. Observations are a ``Box`` of shape (1 + n_leader,) and float32 for both
    agents: 1 at place 1 + a if the agent sees leader action a, at place 0 if it sees none. The leader
    never sees an action; the follower sees one in each of its turns. The info has ``action_mask``, which
    allows every action. Episodes and seeds are as in `to_gymnasium`; after T rounds both agents are
    truncated.

    ``pettingzoo.utils.turn_based_aec_to_parallel`` converts the environment; ``aec_to_parallel`` refuses it,
    because simultaneous moves are another game.

    Examples
    --------
    >>> import stackel as sk
    >>> from stackel.interop import to_pettingzoo
    >>> env = to_pettingzoo(sk.games.etc_failure(), 1000)
    >>> env.reset(seed=7)
    >>> for agent in env.agent_iter():
    ...     observation, reward, terminated, truncated, info = env.last()
    ...     seen = int(observation.argmax()) - 1
    ...     env.step(None if truncated else 1 if agent == "leader_0" else seen)
    >>> env.simulation.pulls.tolist()
    [[0, 0], [0, 1000]]
    """
    wrappers = require("pettingzoo.utils.wrappers", "rl")
    from stackel.interop._pettingzoo_env import TurnsEnv  # noqa: PLC0415 it derives from a class of the extra

    return wrappers.OrderEnforcingWrapper(TurnsEnv(game, horizon, render_mode))


def from_pettingzoo(
    source: Any, *, noise: Noise | tuple[Noise, Noise] = Gaussian(1.0), name: str | None = None
) -> Game:
    """Return the stage game of a repeated matrix game of PettingZoo, whose first agent leads.

    Two learners then play it by the engine, in place of one Python call a round.

    Parameters
    ----------
    source : pettingzoo.ParallelEnv
        An environment in which two agents with ``Discrete`` actions move at the same time, and the rewards of
        a round follow from its actions alone, such as ``rps_v2.parallel_env()``. Each pair of actions is
        played four times, in two episodes, to read the rewards and to check this.
    noise, name
        As in `from_nashpy`; environments without noise need ``noise=stackel.Deterministic()``.

    Returns
    -------
    Game
        In `stackel.simulate` the follower sees the leader's action; agents of a parallel environment do not.

    Examples
    --------
    ::

        from pettingzoo.classic import rps_v2
        game = from_pettingzoo(rps_v2.parallel_env(), noise=sk.Deterministic())
        sk.nash(game)
    """
    is_parallel = all(hasattr(source, each) for each in _PARALLEL) and not hasattr(source, "agent_iter")
    if not is_parallel or len(source.possible_agents) != 2:
        raise SpecError("source", _ALLOWED, shown(source))
    spaces = [source.action_space(agent) for agent in source.possible_agents]
    if not all(hasattr(space, "n") for space in spaces):
        raise SpecError("source", _ALLOWED, f"actions {shown(spaces)}")
    rows, columns = (int(space.n) for space in spaces)
    utilities = np.zeros((2, rows, columns))
    for a in range(rows):
        for b in range(columns):
            found = np.unique(_rewards(source, (a, b)), axis=0)
            if len(found) != 1 or not np.isfinite(found).all():
                raise SpecError("source", _REPEATED, f"rewards {found.tolist()} for the actions {a}, {b}")
            utilities[:, a, b] = found[0]
    return Game(*utilities, noise=noise, name=name)


def _rewards(source: Any, actions: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Return the rewards of up to two rounds in two episodes, one row a round."""
    first, second = source.possible_agents
    rows = []
    for seed in range(2):
        source.reset(seed=seed)
        for _ in range(2):
            if not source.agents:
                break
            rewards = source.step(dict(zip((first, second), actions, strict=True)))[1]
            rows.append((float(rewards[first]), float(rewards[second])))
    return np.array(rows)
