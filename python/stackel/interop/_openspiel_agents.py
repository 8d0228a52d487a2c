"""Agents of OpenSpiel in a repeated matrix game, in whose loop every round is an episode."""

from __future__ import annotations

import copy
import importlib
from typing import TYPE_CHECKING, Any

import numpy as np

from stackel._utils.optional import require
from stackel._utils.players import ROLES
from stackel._utils.validation import as_count, shown
from stackel.errors import SpecError
from stackel.interop._generators import global_generators
from stackel.learners._custom import CustomLearner
from stackel.learners._own import name_or
from stackel.simulation._agent import Agent

if TYPE_CHECKING:
    from stackel._utils.seeds import Seed
    from stackel.learners import Learner


def _python(module: str) -> Any:
    require("pyspiel", "interop")
    return importlib.import_module(f"open_spiel.python.{module}")


def is_openspiel_agent(player: Any) -> bool:
    """Return whether an object is an agent of OpenSpiel."""
    classes = {cls.__module__ for cls in type(player).__mro__}
    return "open_spiel.python.rl_agent" in classes


def from_openspiel_agent(agent: Any, *, name: str | None = None) -> CustomLearner:
    """Return an agent of OpenSpiel as a learner, for `play_bimatrix`.

    Parameters
    ----------
    agent : open_spiel.python.rl_agent.AbstractAgent
        An agent that has not played yet, such as ``QLearner(0, 2)``; each instance is a copy of it. Its
        player is 0 for the row player, which is the leader, and 1 for the column player.
    name : str, optional
        Name in results, tables and figures; by default that of its class.

    Returns
    -------
    CustomLearner

    Notes
    -----
    Every round is an episode of a matrix game of OpenSpiel: the agent is given the time steps that
    ``rl_environment.Environment`` makes, with its reward in the last one, and NaN for the reward of
    the other player. What it draws from the global generators of NumPy and of Python comes from the stream
    of the player's decisions, as in `from_smpybandits`.

    Examples
    --------
    >>> import stackel as sk
    >>> from open_spiel.python.algorithms.tabular_qlearner import QLearner
    >>> from stackel.interop import from_openspiel_agent
    >>> leader = from_openspiel_agent(QLearner(0, 2))
    >>> run = sk.simulate(sk.games.etc_failure(), leader, sk.BestResponse(), 50, seed=1)
    >>> run.leader.label, int(run.pulls.sum())
    ('QLearner', 50)
    """
    if not is_openspiel_agent(agent):
        raise SpecError("agent", "an agent of OpenSpiel, of open_spiel.python.rl_agent", shown(agent))
    return CustomLearner(lambda: _Guest(agent), name=name_or(name, type(agent).__name__))


def check_player(argument: str, agent: Any, place: int) -> None:
    """Refuse an agent that is made for the other seat."""
    made_for = getattr(agent, "player_id", getattr(agent, "_player_id", place))
    if made_for != place:
        raise SpecError(argument, f"an agent made for player {place}", f"one for player {made_for}")


class _Guest:
    """An agent in its seat; all of its code runs in `choose`, which has random numbers."""

    def __init__(self, agent: Any) -> None:
        self._agent = copy.deepcopy(agent)
        self._reward: float | None = None

    def reset(self, n_arms: int, horizon: int, role: str, shape: tuple[int, int]) -> None:  # noqa: ARG002 as `Policy` has it
        self._place = ROLES.index(role)
        check_player(role, self._agent, self._place)
        nothing = np.zeros(shape)
        game = require("pyspiel", "interop").create_matrix_game(nothing, nothing)
        env = _python("rl_environment").Environment(game)
        self._first, self._last = env.reset(), env.step([0, 0])

    def choose(self, rng: np.random.Generator) -> int:
        with global_generators(rng):
            if self._reward is not None:
                rewards = [np.nan, np.nan]
                rewards[self._place] = self._reward
                self._agent.step(self._last._replace(rewards=rewards))
            return int(self._agent.step(self._first).action)

    def observe(self, arm: int, reward: float) -> None:  # noqa: ARG002 as `Policy` has it
        self._reward = reward


def to_openspiel_agent(
    learner: Learner, player_id: int, num_actions: int, horizon: int, seed: Seed = None
) -> Any:
    """Return a learner as an agent of OpenSpiel, for its loops over episodes of matrix games.

    Parameters
    ----------
    learner : Learner
        The learner; it must not need the mean utilities.
    player_id : {0, 1}
        The player.
    num_actions : int
        Number of the player's actions.
    horizon : int
        Number of episodes T, known to the learner; it learns from no more.
    seed : int, SeedSequence or Generator, optional
        Seed of the random decisions.

    Returns
    -------
    open_spiel.python.rl_agent.AbstractAgent
        Agent that learns at the last time step of an episode, unless ``is_evaluation``.

    Examples
    --------
    >>> import pyspiel
    >>> import stackel as sk
    >>> from open_spiel.python.rl_environment import Environment
    >>> from stackel.interop import to_openspiel_agent
    >>> env = Environment(pyspiel.load_game("matrix_pd"))
    >>> agents = [to_openspiel_agent(sk.UCB(), player, 2, 100, seed=1) for player in (0, 1)]
    >>> for episode in range(100):
    ...     step = env.reset()
    ...     step = env.step([agent.step(step).action for agent in agents])
    ...     for agent in agents:
    ...         end = agent.step(step)
    """
    player = as_count("player_id", player_id, 0, 1)
    n_arms = as_count("num_actions", num_actions, 1, 2**31)
    agent = Agent(learner, (n_arms, 1), horizon, seed)
    rl_agent = _python("rl_agent")

    class OpenSpielAgent(rl_agent.AbstractAgent):  # type: ignore[misc, name-defined] # OpenSpiel has no types
        """A learner of stackel."""

        def __init__(self) -> None:
            self.player_id = player

        def step(self, time_step: Any, is_evaluation: bool = False) -> Any:  # noqa: FBT001, FBT002 as theirs
            """Return the action at the first time step; learn at the last."""
            if not time_step.last():
                arm = agent.choose()
                return rl_agent.StepOutput(action=arm, probs=np.eye(n_arms)[arm])
            if not is_evaluation:
                agent.observe(time_step.rewards[player], action=agent.choose())
            return None

    return OpenSpielAgent()
