"""Gymnasium environments in which an agent of reinforcement learning plays against a learner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stackel._utils.optional import require

if TYPE_CHECKING:
    from stackel.games._changing import AnyGame
    from stackel.learners._custom import AnyLearner


def to_gymnasium(
    game: AnyGame,
    opponent: AnyLearner,
    horizon: int,
    *,
    role: str = "leader",
    render_mode: str | None = None,
) -> Any:
    """Return an environment in which an agent has one seat of the repeated game.

    An episode is a game of T rounds, and a step is a round: leader and follower act, and both receive
    their noisy rewards.

    Parameters
    ----------
    game : Game or ChangingGame
    opponent : Learner or Policy
        The learner in the other seat. A follower is one instance for each leader action; it answers
        the agent's action in the same round.
    horizon : int
        Number of rounds T of an episode, from 1 to 2**53; the opponent knows it.
    role : {"leader", "follower"}, default "leader"
        The agent's seat.
    render_mode : {"ansi", "human"}, optional
        "ansi": ``render()`` returns the last round as a line of text; "human": each round is printed.

    Returns
    -------
    gymnasium.Env
        Environment with the `stackel.Simulation` in progress as `simulation`. Its `spec` makes equal
        environments, as in ``gymnasium.make_vec(env.spec, num_envs=8)``. An action that does not exist, or a
        round after the last one, raises a SpecError.

    Notes
    -----
    Actions are ``Discrete``, those of the seat. Observations are ``Discrete`` too, and made before the
    seat acts. A follower observes the leader's action, ``Discrete(n_leader)``. A leader observes nothing,
    ``Discrete(1)``: it knows only its own actions and rewards. After the last round a follower observes
    the last leader action again. The info of a step has both actions and the opponent's reward, for
    evaluation; a leader of the theory does not see them.

    ``reset(seed=s)`` begins replication 0 of seed s, and every later ``reset()`` the next one, so that
    the k-th episode has the rewards and the opponent's random decisions of replication k of
    ``stackel.simulate(..., seed=s, engine="stepwise")``. After T rounds an episode is truncated; the
    observation of the last round does not show this.

    Examples
    --------
    An agent that always plays the same action:

    >>> import stackel as sk
    >>> from stackel.interop import to_gymnasium
    >>> env = to_gymnasium(sk.games.etc_failure(), sk.UCB(), 1000)
    >>> observation, info = env.reset(seed=7)
    >>> truncated = False
    >>> while not truncated:
    ...     observation, reward, terminated, truncated, info = env.step(1)
    >>> env.simulation.pulls.sum(axis=1)
    array([   0, 1000])
    """
    require("gymnasium", "rl")
    from stackel.interop._gymnasium_env import SeatEnv  # noqa: PLC0415 it derives from a class of the extra

    return SeatEnv(game, opponent, horizon, role, render_mode)
