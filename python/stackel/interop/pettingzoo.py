"""PettingZoo environments in which agents of reinforcement learning play both seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require

if TYPE_CHECKING:
    from stackel.games._game import Game


def to_pettingzoo(game: Game, horizon: int, *, render_mode: str | None = None) -> Any:
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
